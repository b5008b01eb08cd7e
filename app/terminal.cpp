// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/terminal.h"

#include <QTextStream>

#include <cstdio>

#ifdef Q_OS_WIN
#include <io.h>
#include <windows.h>
#else
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

/// Keeps typed characters from being shown, for as long as it lives.
class HiddenInput
{
public:
#ifdef Q_OS_WIN
    HiddenInput()
        : m_input(::GetStdHandle(STD_INPUT_HANDLE))
    {
        ::GetConsoleMode(m_input, &m_before);
        ::SetConsoleMode(m_input, m_before & ~DWORD(ENABLE_ECHO_INPUT));
    }
    ~HiddenInput() { ::SetConsoleMode(m_input, m_before); }

private:
    HANDLE m_input;
    DWORD m_before = 0;
#else
    HiddenInput()
    {
        ::tcgetattr(STDIN_FILENO, &m_before);
        termios hidden = m_before;
        hidden.c_lflag &= ~tcflag_t(ECHO);
        ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
    }
    ~HiddenInput() { ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &m_before); }

private:
    termios m_before{};
#endif
    Q_DISABLE_COPY_MOVE(HiddenInput)
};

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
    const HiddenInput hidden;
    const QString answer = QTextStream(stdin).readLine();
    QTextStream(stderr) << '\n';
    if (answer.isEmpty())
        return std::nullopt;
    return answer;
}

} // namespace satchel
