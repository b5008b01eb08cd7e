// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QFile>
#include <QSet>
#include <QString>

namespace satchel::store {

/// Sees to it that one mail can never cause a crash loop: what was being parsed when the program died is in quarantine
/// from the next start on, until another version of the program, with another parser, runs.
///
/// The key of the message at work stands in FILE; keys in quarantine stand in FILE.quarantine. A start that cannot
/// write there parses without the guard. Lives on the one thread that parses; each such thread has a file of its own.
class ParsingMark
{
public:
    explicit ParsingMark(const QString &file);
    ParsingMark(const ParsingMark &) = delete;
    ParsingMark &operator=(const ParsingMark &) = delete;

    [[nodiscard]] bool isQuarantined(const QByteArray &key) const { return m_quarantined.contains(key); }

    /// While it lives, the message is marked as being parsed.
    class Work
    {
    public:
        Work(ParsingMark &mark, const QByteArray &key);
        ~Work();
        Work(const Work &) = delete;
        Work &operator=(const Work &) = delete;

    private:
        ParsingMark &m_mark;
    };

private:
    void readQuarantine(const QString &file);
    void writeQuarantine(const QString &file) const;

    QFile m_file;
    QSet<QByteArray> m_quarantined;
};

} // namespace satchel::store
