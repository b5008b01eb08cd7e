// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/tokenprogram.h"

#include <QDir>
#include <QFileInfo>
#include <QTimer>

#include <algorithm>

namespace satchel {

namespace {

constexpr qsizetype mostComplaint = 4 * 1024;

/// What may stand in a bearer token (RFC 6750) and more, but nothing that would end a command or a field.
bool isToken(const QByteArray &line)
{
    return !line.isEmpty() && std::ranges::all_of(line, [](char c) { return c > ' ' && c < 0x7f; });
}

/// Programs say last what went wrong.
QString lastLine(const QByteArray &complaint)
{
    const QByteArrayList lines = complaint.trimmed().split('\n');
    return sanitised(QString::fromUtf8(lines.constLast()));
}

} // namespace

void TokenProgram::request(const AccountSettings &account)
{
    if (m_runs.contains(account.id))
        return;
    const AccountId id = account.id;
    QStringList words = QProcess::splitCommand(account.tokenProgram);
    Run run;
    run.process = new QProcess(this);
    run.name = QFileInfo(words.value(0)).fileName();
    QProcess *process = run.process;
    process->setProgram(words.value(0));
    process->setArguments(words.mid(1));
    process->setWorkingDirectory(QDir::homePath());
    process->setStandardInputFile(QProcess::nullDevice());
    connect(process, &QProcess::readyReadStandardOutput, this, [this, id] { read(id); });
    connect(process, &QProcess::readyReadStandardError, this, [this, id] { read(id); });
    connect(process, &QProcess::finished, this,
        [this, id](int exitCode, QProcess::ExitStatus status) { conclude(id, exitCode, status); });
    connect(process, &QProcess::errorOccurred, this, [this, id, name = run.name](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart)
            giveUp(id,
                tr("The program %1, which gives the access token, could not be started; see whether its path in the "
                   "account's settings is right.")
                    .arg(name));
    });
    auto *limit = new QTimer(process);
    limit->setSingleShot(true);
    connect(limit, &QTimer::timeout, this, [this, id, name = run.name] {
        const auto seconds = std::chrono::ceil<std::chrono::seconds>(m_timeLimit);
        giveUp(id,
            tr("The program %1, which gives the access token, did not end within %Ln second(s) and was stopped; see in "
               "a "
               "terminal what it waits for.",
                nullptr, int(seconds.count()))
                .arg(name));
    });
    limit->start(m_timeLimit);
    m_runs.insert(id, run);
    // Not from within: it may fail at once.
    QTimer::singleShot(0, process, [process] { process->start(QIODevice::ReadOnly); });
}

void TokenProgram::end(AccountId account)
{
    QProcess *process = m_runs.take(account).process;
    if (!process)
        return;
    process->disconnect(this);
    if (process->state() == QProcess::NotRunning) {
        process->deleteLater();
        return;
    }
    connect(process, &QProcess::finished, process, &QObject::deleteLater);
    process->kill();
}

void TokenProgram::read(AccountId account)
{
    const auto run = m_runs.find(account);
    if (run == m_runs.end())
        return;
    run->output += run->process->readAllStandardOutput();
    run->complaint += run->process->readAllStandardError();
    if (run->complaint.size() > mostComplaint)
        run->complaint = run->complaint.last(mostComplaint);
    if (run->output.size() > mostOutput)
        giveUp(account,
            tr("The program %1 prints much more than an access token; see in a terminal what its first line is.")
                .arg(run->name));
}

void TokenProgram::conclude(AccountId account, int exitCode, QProcess::ExitStatus status)
{
    read(account);
    if (!m_runs.contains(account))
        return;
    const Run run = m_runs.value(account);
    if (status == QProcess::CrashExit) {
        giveUp(
            account, tr("The program %1, which gives the access token, crashed; see in a terminal why.").arg(run.name));
        return;
    }
    if (exitCode != 0) {
        const QString failed = tr("The program %1 gave no access token (exit status %2); see in a terminal why.")
                                   .arg(run.name)
                                   .arg(exitCode);
        const QString said = lastLine(run.complaint);
        giveUp(account, said.isEmpty() ? failed : failed + QLatin1Char(' ') + tr("It said: %1").arg(said));
        return;
    }
    const QByteArray token = run.output.split('\n').constFirst().trimmed();
    if (!isToken(token)) {
        giveUp(account,
            tr("What the program %1 prints on its first line is no access token; see in a terminal what it prints.")
                .arg(run.name));
        return;
    }
    end(account);
    Q_EMIT obtained(account, QString::fromLatin1(token));
}

void TokenProgram::giveUp(AccountId account, const QString &text)
{
    end(account);
    Q_EMIT failed(account, {ErrorKind::TokenUnavailable, text, ErrorAction::EditAccount, {}, {}});
}

} // namespace satchel
