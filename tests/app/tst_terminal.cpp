// SPDX-License-Identifier: GPL-3.0-or-later
// The question for a password on a real terminal (a pseudo terminal of this test).
#include "app/terminal.h"

#include <QByteArray>
#include <QTest>

#include <csignal>
#include <pty.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

using namespace satchel;

namespace {

/// A program that asks for a password and ends with 7 when it got the right one.
class Asking
{
public:
    Asking()
    {
        m_process = ::forkpty(&m_terminal, nullptr, nullptr, nullptr);
        if (m_process == 0) {
            Terminal terminal;
            const std::optional<QString> answer = terminal.askPassword(QStringLiteral("Password?"));
            ::_exit(answer == QStringLiteral("geheim") ? 7 : 8);
        }
        waitFor("Password? ");
    }
    ~Asking()
    {
        if (m_process > 0)
            ::kill(m_process, SIGKILL);
        ::close(m_terminal);
    }
    Q_DISABLE_COPY_MOVE(Asking)

    [[nodiscard]] bool echoes() const
    {
        termios now{};
        ::tcgetattr(m_terminal, &now);
        return (now.c_lflag & tcflag_t(ECHO)) != 0;
    }
    void type(const char *text) const
    {
        if (::write(m_terminal, text, qstrlen(text)) < 0)
            qFatal("cannot type");
    }
    void signal(int number) const { ::kill(m_process, number); }
    /// As waitpid(2) says it.
    int wait()
    {
        int status = 0;
        ::waitpid(m_process, &status, 0);
        m_process = -1;
        return status;
    }
    /// Everything that was written to the terminal so far, once it ends in \a text.
    QByteArray waitFor(const char *text)
    {
        char byte = 0;
        while (!m_shown.contains(text) && ::read(m_terminal, &byte, 1) == 1)
            m_shown.append(byte);
        return m_shown;
    }

private:
    int m_terminal = -1;
    pid_t m_process = -1;
    QByteArray m_shown;
};

} // namespace

class TestTerminal : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void takesAPasswordWithoutShowingIt()
    {
        Asking asking;
        QTRY_VERIFY(!asking.echoes());
        asking.type("geheim\n");
        const int status = asking.wait();
        QVERIFY(WIFEXITED(status));
        QCOMPARE(WEXITSTATUS(status), 7);
        QVERIFY(!asking.waitFor("\n").contains("geheim"));
        QVERIFY(asking.echoes());
    }

    void p314_leavesTheTerminalWithItsEchoWhereverItIsInterrupted_data()
    {
        QTest::addColumn<int>("number");
        QTest::newRow("Ctrl+C") << 0;
        QTest::newRow("SIGINT") << SIGINT;
        QTest::newRow("SIGTERM") << SIGTERM;
        QTest::newRow("SIGHUP") << SIGHUP;
        QTest::newRow("SIGQUIT") << SIGQUIT;
    }
    void p314_leavesTheTerminalWithItsEchoWhereverItIsInterrupted()
    {
        QFETCH(int, number);
        Asking asking;
        QTRY_VERIFY(!asking.echoes());
        if (number == 0)
            asking.type("geh\x03");
        else
            asking.signal(number);
        const int status = asking.wait();
        QVERIFY(WIFSIGNALED(status));
        QCOMPARE(WTERMSIG(status), number == 0 ? SIGINT : number);
        QVERIFY(asking.echoes());
    }

    void p314_isNotStoppedInTheMiddle()
    {
        Asking asking;
        QTRY_VERIFY(!asking.echoes());
        asking.type("\x1a");
        asking.type("\x15geheim\n"); // Ctrl+U takes back what Ctrl+Z typed
        const int status = asking.wait();
        QVERIFY(WIFEXITED(status));
        QCOMPARE(WEXITSTATUS(status), 7);
    }
};

QTEST_GUILESS_MAIN(TestTerminal)
#include "tst_terminal.moc"
