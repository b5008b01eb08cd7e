// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/message/systemopener.h"

#include <QDesktopServices>
#include <QPointer>
#include <QProcess>
#include <QStandardPaths>

using namespace Qt::StringLiterals;

namespace satchel::ui {

void SystemOpener::open(const QUrl &url)
{
#if defined(Q_OS_UNIX) && !defined(Q_OS_DARWIN)
    // QDesktopServices starts the same program and does not look how it ended. In a sandbox it asks the desktop, which
    // asks the person.
    const bool sandboxed = qEnvironmentVariableIsSet("FLATPAK_ID") || qEnvironmentVariableIsSet("SNAP");
    const QString program = sandboxed ? QString() : QStandardPaths::findExecutable(u"xdg-open"_s);
    if (!program.isEmpty()) {
        openWith(program, url);
        return;
    }
#endif
    if (!QDesktopServices::openUrl(url))
        Q_EMIT failed(url);
}

void SystemOpener::openWith(const QString &program, const QUrl &url)
{
    // It may live as long as the program that it started, and must outlive this one: so it has no parent, and what is
    // left of it when the program ends is not destroyed.
    auto *process = new QProcess;
    process->setStandardInputFile(QProcess::nullDevice());
    process->setStandardOutputFile(QProcess::nullDevice());
    process->setStandardErrorFile(QProcess::nullDevice());
    const QPointer<SystemOpener> opener(this);
    const auto end = [opener, process, url](bool well) {
        process->deleteLater();
        if (opener && !well)
            Q_EMIT opener->failed(url);
    };
    connect(process, &QProcess::finished, process,
        [end](int status, QProcess::ExitStatus how) { end(how == QProcess::NormalExit && status == 0); });
    connect(process, &QProcess::errorOccurred, process, [end](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart)
            end(false);
    });
    process->start(program, {url.isLocalFile() ? url.toLocalFile() : QString::fromLatin1(url.toEncoded())});
}

} // namespace satchel::ui
