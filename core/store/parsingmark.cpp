// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/parsingmark.h"

#include <QCoreApplication>
#include <QSaveFile>

using namespace Qt::StringLiterals;

namespace satchel::store {

ParsingMark::ParsingMark(const QString &file)
    : m_file(file)
{
    const QString quarantine = file + u".quarantine"_s;
    readQuarantine(quarantine);
    // Unbuffered: the mark must be with the system before the parser starts.
    if (!m_file.open(QIODevice::ReadWrite | QIODevice::Unbuffered))
        return;
    const QByteArray left = m_file.readAll();
    if (!left.isEmpty()) {
        m_quarantined.insert(left);
        writeQuarantine(quarantine);
        m_file.resize(0);
    }
}

void ParsingMark::readQuarantine(const QString &file)
{
    QFile list(file);
    if (!list.open(QIODevice::ReadOnly))
        return;
    const QList<QByteArray> lines = list.readAll().split('\n');
    if (lines.first() != QCoreApplication::applicationVersion().toUtf8())
        return;
    for (const QByteArray &line : lines.sliced(1)) {
        if (!line.isEmpty())
            m_quarantined.insert(QByteArray::fromHex(line));
    }
}

void ParsingMark::writeQuarantine(const QString &file) const
{
    QSaveFile list(file);
    if (!list.open(QIODevice::WriteOnly))
        return;
    list.write(QCoreApplication::applicationVersion().toUtf8() + '\n');
    for (const QByteArray &key : m_quarantined)
        list.write(key.toHex() + '\n');
    list.commit();
}

ParsingMark::Work::Work(ParsingMark &mark, const QByteArray &key)
    : m_mark(mark)
{
    if (m_mark.m_file.isOpen()) {
        m_mark.m_file.seek(0);
        m_mark.m_file.write(key);
    }
}

ParsingMark::Work::~Work()
{
    if (m_mark.m_file.isOpen())
        m_mark.m_file.resize(0);
}

} // namespace satchel::store
