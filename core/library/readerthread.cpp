// SPDX-License-Identifier: GPL-3.0-or-later
#include "library/readerthread.h"

#include "mime/parserthread.h"

using namespace Qt::StringLiterals;

namespace satchel::library {

ReadingContext::ReadingContext(QString file)
    : m_file(std::move(file))
{
}

Expected<store::Reader *> ReadingContext::reader()
{
    if (!m_reader) {
        auto opened = store::Reader::open(m_file);
        if (!opened)
            return std::unexpected(opened.error());
        m_reader = std::move(*opened);
    }
    return m_reader.get();
}

void ReadingContext::consider(const Error &error)
{
    if (error.kind == ErrorKind::Cancelled || error.kind == ErrorKind::NotFound)
        return;
    m_reader.reset();
    Q_EMIT failed(error);
}

store::ParsingMark &ReadingContext::parsingMark()
{
    if (!m_parsingMark)
        m_parsingMark.emplace(m_file + u".parsing"_s);
    return *m_parsingMark;
}

ReaderThread::ReaderThread(const QString &file, const QString &name)
    : m_context(new ReadingContext(file))
{
    m_thread.setObjectName(name);
    m_thread.setStackSize(mime::parserStackSize);
    m_context->moveToThread(&m_thread);
    QObject::connect(&m_thread, &QThread::finished, m_context, &QObject::deleteLater);
    m_thread.start();
}

ReaderThread::~ReaderThread()
{
    m_thread.requestInterruption();
    m_thread.quit();
    m_thread.wait();
}

} // namespace satchel::library
