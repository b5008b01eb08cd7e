// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/terminal.h"

#include <QTextStream>

#include <cstdio>

#ifdef Q_OS_WIN
#include <io.h>
#include <windows.h>
#else
#include <array>
#include <cerrno>
#include <csignal>
#include <poll.h>
#include <termios.h>
#include <unistd.h>
#endif

namespace satchel {

namespace {

bool isTerminal(FILE *stream)
{
#ifdef Q_OS_WIN
    return _isatty(_fileno(stream)) != 0;
#else
    return ::isatty(::fileno(stream)) != 0;
#endif
}

#ifdef Q_OS_WIN
/// Keeps typed characters from being shown, for as long as it lives.
class HiddenInput
{
public:
    HiddenInput()
        : m_input(::GetStdHandle(STD_INPUT_HANDLE))
    {
        ::GetConsoleMode(m_input, &m_before);
        ::SetConsoleMode(m_input, m_before & ~DWORD(ENABLE_ECHO_INPUT));
    }
    ~HiddenInput() { ::SetConsoleMode(m_input, m_before); }

    /// A line without its end. Ctrl+C ends the program; the console belongs to it alone or keeps its modes.
    std::optional<QString> line() { return QTextStream(stdin).readLine(); }

private:
    HANDLE m_input;
    DWORD m_before = 0;
    Q_DISABLE_COPY_MOVE(HiddenInput)
};
#else
constexpr std::array interruptions{SIGINT, SIGTERM, SIGHUP, SIGQUIT};
volatile std::sig_atomic_t interruption = 0;
int wakeEnd = -1; ///< of a pipe: a signal that comes just before the wait must end it too

void noteInterruption(int number)
{
    interruption = number;
    const char byte = 0;
    [[maybe_unused]] const auto written = ::write(wakeEnd, &byte, 1);
}

/// Keeps typed characters from being shown, for as long as it lives. A signal that ends the program ends the question
/// first, so that the terminal is never left without its echo; Ctrl+Z, which would leave it so too, does nothing
/// meanwhile.
class HiddenInput
{
public:
    HiddenInput()
    {
        interruption = 0;
        if (::pipe(m_pipe.data()) == 0)
            wakeEnd = m_pipe[1];
        for (std::size_t i = 0; i < interruptions.size(); ++i) {
            struct sigaction action{};
            action.sa_handler = noteInterruption;
            ::sigaction(interruptions[i], &action, &m_handlers[i]);
        }
        ::tcgetattr(STDIN_FILENO, &m_before);
        termios hidden = m_before;
        hidden.c_lflag &= ~tcflag_t(ECHO);
        hidden.c_cc[VSUSP] = _POSIX_VDISABLE;
        ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
    }

    ~HiddenInput()
    {
        ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &m_before);
        for (std::size_t i = 0; i < interruptions.size(); ++i)
            ::sigaction(interruptions[i], &m_handlers[i], nullptr);
        wakeEnd = -1;
        for (const int end : m_pipe)
            ::close(end);
        // What was kept waiting happens now, as it would have before.
        if (interruption != 0)
            std::raise(interruption);
    }

    /// A line without its end; nothing where the question was interrupted.
    std::optional<QString> line()
    {
        QByteArray typed;
        while (interruption == 0) {
            std::array<pollfd, 2> wait{{{STDIN_FILENO, POLLIN, 0}, {m_pipe[0], POLLIN, 0}}};
            if (::poll(wait.data(), wait.size(), -1) < 0 || wait[0].revents == 0)
                continue;
            char byte = 0;
            const auto count = ::read(STDIN_FILENO, &byte, 1);
            if (count < 0 && errno == EINTR)
                continue;
            if (count <= 0 || byte == '\n')
                return QString::fromLocal8Bit(typed);
            typed.append(byte);
        }
        return std::nullopt;
    }

private:
    termios m_before{};
    std::array<int, 2> m_pipe{-1, -1};
    std::array<struct sigaction, interruptions.size()> m_handlers{};
    Q_DISABLE_COPY_MOVE(HiddenInput)
};
#endif

} // namespace

Terminal::Terminal()
    : m_interactive(isTerminal(stderr))
{
}

void Terminal::clearStatus()
{
    if (m_statusWidth == 0)
        return;
    QTextStream(stderr) << '\r' << QString(m_statusWidth, QLatin1Char(' ')) << '\r';
    m_statusWidth = 0;
}

void Terminal::line(const QString &text)
{
    clearStatus();
    QTextStream(stderr) << text << '\n';
}

void Terminal::status(const QString &text)
{
    if (!m_interactive)
        return;
    const QString fitting = text.left(79);
    QTextStream(stderr) << '\r' << fitting
                        << QString(qMax<qsizetype>(0, m_statusWidth - fitting.size()), QLatin1Char(' '));
    m_statusWidth = fitting.size();
}

std::optional<QString> Terminal::askPassword(const QString &prompt)
{
    if (!m_interactive || !isTerminal(stdin))
        return std::nullopt;
    clearStatus();
    QTextStream(stderr) << prompt << ' ';
    std::optional<QString> answer;
    {
        HiddenInput hidden;
        answer = hidden.line();
        QTextStream(stderr) << '\n';
    }
    return answer && answer->isEmpty() ? std::nullopt : answer;
}

} // namespace satchel
