// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/killloop.h"

#include <QElapsedTimer>
#include <QEventLoop>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTest>
#include <QTimer>

#include <csignal>

using namespace Qt::StringLiterals;

namespace satchel::test {

DoomedProgram::DoomedProgram(QString profile, QString accountFile, QString password)
    : m_profile(std::move(profile))
    , m_accountFile(std::move(accountFile))
    , m_password(std::move(password))
{
}

DoomedProgram::End DoomedProgram::run()
{
    return start(-1, 0);
}

DoomedProgram::End DoomedProgram::killAfter(int milliseconds)
{
    return start(milliseconds, 0);
}

DoomedProgram::End DoomedProgram::killAtCommand(int count)
{
    return start(-1, count);
}

DoomedProgram::End DoomedProgram::start(int killAfter, int killAtCommand)
{
    QProcess program;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"SATCHEL_DEMO_PASSWORD"_s, m_password);
    program.setProcessEnvironment(environment);
    program.setProcessChannelMode(QProcess::MergedChannels);
    QTimer executioner;
    executioner.setSingleShot(true);
    executioner.setTimerType(Qt::PreciseTimer);
    QObject::connect(&executioner, &QTimer::timeout, &program, &QProcess::kill);
    QEventLoop loop;
    QObject::connect(&program, &QProcess::finished, &loop, &QEventLoop::quit);
    m_commands = 0;
    m_lastVerb = 0;
    m_killAt = killAtCommand;
    program.start(
        QStringLiteral(SATCHEL_PROGRAM), {u"--profile"_s, m_profile, u"--account-file"_s, m_accountFile, u"--fetch"_s});
    if (!program.waitForStarted())
        qFatal("%s cannot be started", SATCHEL_PROGRAM);
    m_pid = program.processId();
    if (killAfter >= 0)
        executioner.start(killAfter);
    if (program.state() != QProcess::NotRunning)
        loop.exec();
    m_pid = 0;
    m_said = program.readAll();
    if (program.exitStatus() == QProcess::CrashExit) {
        // Nobody else may have ended it: a crash of its own is a bug, whatever was stored.
        const bool meant =
            (killAfter >= 0 || (killAtCommand > 0 && m_commands >= killAtCommand)) && program.exitCode() == SIGKILL;
        if (!meant)
            qFatal("the program died by itself, of signal %d: %s", program.exitCode(), m_said.constData());
        return End::Killed;
    }
    return program.exitCode() == 0 ? End::Well : End::Badly;
}

void DoomedProgram::commandSeen(const QByteArray &line)
{
    // What answers a challenge is no command.
    static const QByteArrayList verbs{"CAPA", "STLS", "AUTH", "USER", "PASS", "APOP", "UTF8", "LANG", "STAT", "LIST",
        "UIDL", "RETR", "TOP ", "NOOP", "DELE", "QUIT"};
    const QByteArray verb = line.first(qMin(line.size(), qsizetype(4))).toUpper();
    if (verbs.contains(verb))
        m_lastVerb = quint32(quint8(verb[0])) << 24 | quint32(quint8(verb[1])) << 16 | quint32(quint8(verb[2])) << 8
            | quint8(verb[3]);
    const int count = ++m_commands;
    const auto pid = pid_t(m_pid.load());
    if (count == m_killAt && pid > 0)
        ::kill(pid, SIGKILL);
}

QByteArray DoomedProgram::lastVerb() const
{
    const quint32 letters = m_lastVerb;
    if (letters == 0)
        return "nothing";
    return QByteArray{}
        .append(char(letters >> 24))
        .append(char(letters >> 16))
        .append(char(letters >> 8))
        .append(char(letters))
        .trimmed();
}

void writeAccountFile(const QString &path, quint16 port, const QString &user, const QString &keep)
{
    QFile file(path);
    const QJsonObject account{{u"address"_s, u"alice@example.org"_s}, {u"user"_s, user}, {u"host"_s, u"127.0.0.1"_s},
        {u"port"_s, port}, {u"security"_s, u"plain"_s}, {u"keep"_s, keep}};
    if (!file.open(QIODevice::WriteOnly) || file.write(QJsonDocument(account).toJson()) < 0)
        qFatal("cannot write %s", qPrintable(path));
}

QByteArrayList randomMails(int count, int largest, QRandomGenerator &random)
{
    static int all = 0;
    QByteArrayList mails;
    for (int i = 0; i < count; ++i) {
        const QByteArray name = QByteArray::number(++all);
        QByteArray noise(random.bounded(100, largest), Qt::Uninitialized);
        for (char &c : noise)
            c = char('a' + random.bounded(26));
        for (qsizetype at = 70; at + 2 < noise.size(); at += 72)
            noise.replace(at, 2, "\r\n");
        mails.append("From: a@example.org\r\nSubject: " + name + "\r\nMessage-ID: <" + name
            + "@example.org>\r\n\r\n.dot\r\n" + noise + "\r\n");
    }
    return mails;
}

QByteArray KillFigures::text() const
{
    QByteArray text = "killed " + QByteArray::number(killed) + " times, " + QByteArray::number(undisturbed)
        + " visits undisturbed, " + QByteArray::number(failed) + " ended with an error, " + QByteArray::number(messages)
        + " messages, " + QByteArray::number(deletionsSeen) + " deletions: " + QByteArray::number(lost) + " lost, "
        + QByteArray::number(doubled) + " doubled, " + QByteArray::number(strange) + " changed, "
        + QByteArray::number(unproven) + " deleted before stored; last heard of them:";
    for (auto it = where.cbegin(); it != where.cend(); ++it)
        text += ' ' + it.key() + ' ' + QByteArray::number(it.value());
    return text;
}

KillLoop::KillLoop(
    DoomedProgram &program, std::function<void()> deliver, QRandomGenerator &random, KillFigures &figures)
    : m_program(program)
    , m_deliver(std::move(deliver))
    , m_random(random)
    , m_figures(figures)
{
}

bool KillLoop::run(int kills)
{
    constexpr int measureEvery = 60;
    int untilMeasured = 0;
    int inVain = 0;
    for (int killed = 0; killed < kills;) {
        // A machine that does other things too is not always equally fast.
        if (untilMeasured-- == 0) {
            if (!measure())
                return false;
            untilMeasured = measureEvery;
        }
        const DoomedProgram::End end = m_random.bounded(2) == 0
            ? m_program.killAfter(m_random.bounded(1, m_wholeMs + m_wholeMs / 20 + 2))
            : m_program.killAtCommand(m_random.bounded(1, m_wholeCommands + 1));
        inVain = end == DoomedProgram::End::Badly ? inVain + 1 : 0;
        switch (end) {
        case DoomedProgram::End::Killed:
            ++killed;
            ++m_figures.killed;
            ++m_figures.where[m_program.lastVerb()];
            break;
        case DoomedProgram::End::Well:
            ++m_figures.undisturbed;
            m_deliver();
            break;
        case DoomedProgram::End::Badly:
            ++m_figures.failed;
            if (inVain > 100) {
                qWarning("the program fails again and again: %s", m_program.said().constData());
                return false;
            }
            break;
        }
    }
    // The second one carries out what the first may only have learned.
    return finishUndisturbed() && finishUndisturbed();
}

/// A server may need a moment to notice that the program before is dead.
bool KillLoop::finishUndisturbed()
{
    constexpr int patience = 60'000;
    if (QTest::qWaitFor([this] { return m_program.run() == DoomedProgram::End::Well; }, patience))
        return true;
    qWarning("the program cannot end well: %s", m_program.said().constData());
    return false;
}

bool KillLoop::measure()
{
    if (!finishUndisturbed())
        return false;
    m_deliver();
    QElapsedTimer clock;
    clock.start();
    if (m_program.run() != DoomedProgram::End::Well) {
        qWarning("an undisturbed visit failed: %s", m_program.said().constData());
        return false;
    }
    m_wholeMs = int(clock.elapsed());
    m_wholeCommands = m_program.commands();
    m_deliver();
    return true;
}

int killsWanted(int standard)
{
    bool given = false;
    const int kills = qEnvironmentVariableIntValue("SATCHEL_KILLS", &given);
    return given ? kills : standard;
}

quint32 seedWanted()
{
    bool given = false;
    const quint32 asked = qEnvironmentVariable("SATCHEL_SEED").toUInt(&given);
    const quint32 seed = given ? asked : QRandomGenerator::global()->generate();
    qInfo("SATCHEL_SEED=%u", seed);
    return seed;
}

} // namespace satchel::test
