// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QByteArrayList>
#include <QMap>
#include <QRandomGenerator>
#include <QString>

#include <atomic>
#include <functional>

namespace satchel::test {

/// The program itself (`satchel --fetch`), to be killed with SIGKILL.
class DoomedProgram
{
public:
    enum class End {
        Well, ///< by itself, and all went well
        Badly, ///< by itself, with an error that it told
        Killed
    };

    DoomedProgram(QString profile, QString accountFile, QString password);

    End run(); ///< undisturbed
    End killAfter(int milliseconds);
    End killAtCommand(int count); ///< the moment the server sees its command with that number, before it acts on it
    /// For the server's thread: each command line of the program, before anything is done about it.
    void commandSeen(const QByteArray &line);

    // Of the last run
    [[nodiscard]] int commands() const { return m_commands; }
    [[nodiscard]] QByteArray lastVerb() const;
    [[nodiscard]] QByteArray said() const { return m_said; }

private:
    End start(int killAfter, int killAtCommand);

    QString m_profile;
    QString m_accountFile;
    QString m_password;
    QByteArray m_said;
    std::atomic<qint64> m_pid = 0;
    std::atomic_int m_killAt = 0;
    std::atomic_int m_commands = 0;
    std::atomic<quint32> m_lastVerb = 0; ///< its four letters
};

/// The account of a DoomedProgram, with the password given aside. \a keep: "delete" or "forever".
void writeAccountFile(const QString &path, quint16 port, const QString &user, const QString &keep);

/// Messages unlike any other of this run, of some hundred bytes to \a largest.
[[nodiscard]] QByteArrayList randomMails(int count, int largest, QRandomGenerator &random);

struct KillFigures {
    int killed = 0;
    int undisturbed = 0; ///< it was faster than its executioner
    int failed = 0; ///< ended by itself with an error, as where the mailbox was still in use
    int messages = 0;
    int lost = 0;
    int doubled = 0;
    int strange = 0;
    int unproven = 0; ///< deleted before stored
    int deletionsSeen = 0;
    QMap<QByteArray, int> where; ///< kills by the last command that the server had seen

    [[nodiscard]] bool isGood() const { return lost == 0 && doubled == 0 && strange == 0 && unproven == 0; }
    [[nodiscard]] QByteArray text() const;
};

/// Kills a program again and again, half by the clock, half by what it says to the server; brings new mail to the
/// server whenever all was fetched; at the end lets the program finish its work.
class KillLoop
{
public:
    KillLoop(DoomedProgram &program, std::function<void()> deliver, QRandomGenerator &random, KillFigures &figures);

    /// False when the program cannot end well any more: what it said is in the log.
    [[nodiscard]] bool run(int kills);

private:
    [[nodiscard]] bool finishUndisturbed();
    [[nodiscard]] bool measure();

    DoomedProgram &m_program;
    std::function<void()> m_deliver;
    QRandomGenerator &m_random;
    KillFigures &m_figures;
    int m_wholeMs = 0; ///< what an undisturbed visit takes
    int m_wholeCommands = 0; ///< what it says
};

/// Fresh stores so often that they stay small: the kills of one of them.
constexpr int killsPerStore = 250;
/// SATCHEL_KILLS says how often the program is killed in all rows together, SATCHEL_SEED repeats a run.
[[nodiscard]] int killsWanted(int standard);
[[nodiscard]] quint32 seedWanted();

} // namespace satchel::test
