// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/rowrenewal.h"

#include "mime/message.h"
#include "mime/parserthread.h"
#include "store/parsingmark.h"
#include "store/reader.h"

#include <QtConcurrentRun>

#include <chrono>

namespace satchel::sync {

namespace {

constexpr int atOnce = 50;
constexpr qint64 bytesAtOnce = 4 * 1024 * 1024;
constexpr std::chrono::milliseconds pause(200);

} // namespace

RowRenewal::RowRenewal(store::Writer &writer, QObject *parent)
    : QObject(parent)
    , m_writer(writer)
{
    mime::prepareForParsing(m_worker);
    m_worker.setThreadPriority(QThread::LowPriority);
    m_pause.setSingleShot(true);
    m_pause.setInterval(pause);
    connect(&m_pause, &QTimer::timeout, this, &RowRenewal::read);
    connect(&m_watcher, &QFutureWatcherBase::finished, this, [this] { finish(m_watcher.result()); });
}

RowRenewal::~RowRenewal()
{
    m_watcher.disconnect(this);
    m_worker.waitForDone();
}

void RowRenewal::start()
{
    m_pause.start();
}

void RowRenewal::read()
{
    m_watcher.setFuture(QtConcurrent::run(&m_worker, &RowRenewal::readSome, m_writer.file()));
}

Expected<QList<store::RenewedRow>> RowRenewal::readSome(const QString &file)
{
    const auto reader = store::Reader::open(file);
    if (!reader)
        return std::unexpected(reader.error());
    const Expected<QList<MessageId>> messages = (*reader)->stale(atOnce);
    if (!messages)
        return std::unexpected(messages.error());
    QList<store::RenewedRow> rows;
    if (messages->isEmpty())
        return rows;
    store::ParsingMark mark(file + QStringLiteral(".renewing-mark"), 2);
    qint64 bytes = 0;
    for (const MessageId message : *messages) {
        if (bytes > bytesAtOnce)
            break;
        store::RenewedRow &row = rows.emplaceBack();
        row.message = message;
        const Expected<QByteArray> raw = (*reader)->source(message);
        const QByteArray name = QByteArray::number(message.value);
        if (!raw || mark.isQuarantined(name))
            continue;
        bytes += raw->size();
        const store::ParsingMark::Work work(mark, name);
        const mime::Indexed indexed = mime::index(*raw);
        row.row = store::prepareRow(indexed.envelope, indexed.words);
    }
    return rows;
}

void RowRenewal::finish(const Expected<QList<store::RenewedRow>> &rows)
{
    if (!rows || rows->isEmpty())
        return;
    const Expected<QList<MessageId>> done = m_writer.renew(*rows);
    if (!done)
        return;
    m_pause.start();
    if (!done->isEmpty())
        Q_EMIT renewed(*done);
}

} // namespace satchel::sync
