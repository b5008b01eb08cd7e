// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QFile>
#include <QHash>
#include <QString>

namespace satchel::store {

/// Sees to it that one mail can never cause a crash loop: what was being parsed when the program died is in quarantine
/// from the next start on, until another version of the program, with another parser, runs.
///
/// The key of the message at work stands in FILE; keys in quarantine and how often each was met stand in
/// FILE.quarantine. A start that cannot write there parses without the guard. Lives on the one thread that parses; each
/// such thread has a file of its own.
class ParsingMark
{
public:
    /// \a deaths: how often the program must have ended over one message before that is quarantined. Twice where a
    /// message that is not to blame (the power failed) would suffer for good.
    explicit ParsingMark(const QString &file, int deaths = 1);
    ~ParsingMark();
    ParsingMark(const ParsingMark &) = delete;
    ParsingMark &operator=(const ParsingMark &) = delete;

    [[nodiscard]] bool isQuarantined(const QByteArray &key) const { return m_met.value(key) >= m_deaths; }

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
    const int m_deaths;
    QHash<QByteArray, int> m_met; ///< deaths by key
};

} // namespace satchel::store
