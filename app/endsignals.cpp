// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/endsignals.h"

#include <QGuiApplication>
#include <QSessionManager>

#ifdef Q_OS_WIN
#include <windows.h>
#else
#include <QSocketNotifier>

#include <array>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <unistd.h>
#endif

namespace satchel {

namespace {

#ifdef Q_OS_WIN
EndSignals *listener = nullptr; ///< a console handler is a plain function, called on a thread of its own

BOOL WINAPI takeSignal(DWORD)
{
    if (!listener)
        return FALSE;
    QMetaObject::invokeMethod(listener, &EndSignals::endWished, Qt::QueuedConnection);
    return TRUE;
}
#else
constexpr std::array endings{SIGTERM, SIGINT, SIGHUP};
int writeEnd = -1; ///< of a pipe: a signal handler may do no more than write to it

void takeSignal(int number)
{
    const char byte = 0;
    // When nobody reads it, the next signal ends the program all the same.
    [[maybe_unused]] const auto written = ::write(writeEnd, &byte, 1);
    std::signal(number, SIG_DFL);
}
#endif

} // namespace

#ifdef Q_OS_WIN
struct EndSignals::Private {
};

EndSignals::EndSignals(QObject *parent)
    : QObject(parent)
{
    listener = this;
    ::SetConsoleCtrlHandler(takeSignal, TRUE);
#else
struct EndSignals::Private {
    std::array<int, 2> pipe{-1, -1};
    std::unique_ptr<QSocketNotifier> notifier;
    std::array<struct sigaction, endings.size()> before{};
};

EndSignals::EndSignals(QObject *parent)
    : QObject(parent)
    , d(std::make_unique<Private>())
{
    if (::pipe(d->pipe.data()) == 0) {
        for (const int end : d->pipe) {
            ::fcntl(end, F_SETFD, FD_CLOEXEC);
            ::fcntl(end, F_SETFL, O_NONBLOCK);
        }
        writeEnd = d->pipe[1];
        d->notifier = std::make_unique<QSocketNotifier>(d->pipe[0], QSocketNotifier::Read);
        connect(d->notifier.get(), &QSocketNotifier::activated, this, [this] {
            char byte = 0;
            while (::read(d->pipe[0], &byte, 1) == 1) { }
            Q_EMIT endWished();
        });
        for (std::size_t i = 0; i < endings.size(); ++i) {
            struct sigaction action{};
            action.sa_handler = takeSignal;
            action.sa_flags = SA_RESTART;
            ::sigaction(endings[i], &action, &d->before[i]);
            // Whoever was told to ignore it (nohup) goes on doing so.
            if (d->before[i].sa_handler == SIG_IGN)
                ::sigaction(endings[i], &d->before[i], nullptr);
        }
    }
#endif
    if (auto *application = qobject_cast<QGuiApplication *>(QCoreApplication::instance())) {
        // The session ends whether or not everything was closed by then: what is to be kept is kept now.
        connect(application, &QGuiApplication::commitDataRequest, this, &EndSignals::endWished);
    }
}

EndSignals::~EndSignals()
{
#ifdef Q_OS_WIN
    ::SetConsoleCtrlHandler(takeSignal, FALSE);
    listener = nullptr;
#else
    if (d->pipe[0] < 0)
        return;
    for (std::size_t i = 0; i < endings.size(); ++i)
        ::sigaction(endings[i], &d->before[i], nullptr);
    writeEnd = -1;
    d->notifier.reset();
    ::close(d->pipe[0]);
    ::close(d->pipe[1]);
#endif
}

} // namespace satchel
