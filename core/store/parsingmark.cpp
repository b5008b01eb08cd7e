// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/parsingmark.h"

#include "store/filesafety.h"

#include <QCoreApplication>
#include <QSaveFile>

using namespace Qt::StringLiterals;

namespace satchel::store {

ParsingMark::ParsingMark(const QString &file, int deaths)
    : m_file(file)
    , m_deaths(deaths)
{
    const QString quarantine = file + u".quarantine"_s;
    readQuarantine(quarantine);
    // Unbuffered: the mark must be with the system before the parser starts.
    if (!createPrivate(file) || !m_file.open(QIODevice::ReadWrite | QIODevice::Unbuffered))
        return;
    const QByteArray left = m_file.readAll();
    if (!left.isEmpty()) {
        ++m_met[left];
        writeQuarantine(quarantine);
        m_file.resize(0);
    }
}

ParsingMark::~ParsingMark()
{
    if (m_file.isOpen() && m_file.size() == 0)
        m_file.remove();
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
        const QList<QByteArray> words = line.split(' ');
        if (!words.first().isEmpty())
            m_met.insert(QByteArray::fromHex(words.first()), words.size() > 1 ? words.at(1).toInt() : 1);
    }
}

void ParsingMark::writeQuarantine(const QString &file) const
{
    // One that is there keeps who may read it.
    (void)createPrivate(file);
    QSaveFile list(file);
    if (!list.open(QIODevice::WriteOnly))
        return;
    list.write(QCoreApplication::applicationVersion().toUtf8() + '\n');
    for (auto met = m_met.cbegin(); met != m_met.cend(); ++met)
        list.write(met.key().toHex() + ' ' + QByteArray::number(met.value()) + '\n');
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
