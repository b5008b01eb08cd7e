// SPDX-License-Identifier: GPL-3.0-or-later
// How the program starts where it cannot, and how it ends when it is told to from outside. The program itself runs, on
// a platform without a screen.
#include "app/profile.h"
#include "ui/startproblem.h"

#include <QApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QProcess>
#include <QPushButton>
#include <QSettings>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>

#include <csignal>

using namespace Qt::StringLiterals;
using namespace satchel;

namespace {

constexpr int patience = 60'000; // of the slowest machine

class Program
{
public:
    explicit Program(const QStringList &arguments, const QStringList &without = {})
    {
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(u"LC_ALL"_s, u"C.UTF-8"_s);
        environment.insert(u"QT_QPA_PLATFORM"_s, u"offscreen"_s);
        for (const QString &name : without)
            environment.remove(name);
        m_process.setProcessEnvironment(environment);
        m_process.setProcessChannelMode(QProcess::MergedChannels);
        m_process.start(QStringLiteral(SATCHEL_PROGRAM), arguments);
        m_process.waitForStarted(patience);
    }
    ~Program()
    {
        signal(SIGCONT);
        m_process.kill();
        m_process.waitForFinished(patience);
    }
    Q_DISABLE_COPY_MOVE(Program)

    void signal(int number) const
    {
        if (m_process.state() == QProcess::Running)
            ::kill(pid_t(m_process.processId()), number);
    }
    /// What it has said so far.
    QString said()
    {
        m_said += m_process.readAll();
        return QString::fromUtf8(m_said);
    }
    [[nodiscard]] bool runs() const { return m_process.state() == QProcess::Running; }
    /// The exit status; -1 where it did not end by itself.
    int status()
    {
        return m_process.waitForFinished(patience) && m_process.exitStatus() == QProcess::NormalExit
            ? m_process.exitCode()
            : -1;
    }

private:
    QProcess m_process;
    QByteArray m_said;
};

} // namespace

class TestStarting : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void p318_saysInAWindowWhyItCannotStart();
    void p318_theWindowOffersToTryAgain_data();
    void p318_theWindowOffersToTryAgain();
    void p318_endsAsTheMenuDoesWhenItIsToldTo_data();
    void p318_endsAsTheMenuDoesWhenItIsToldTo();
    void p318_aSecondStartSaysThatTheFirstDoesNotAnswer();
    void p318_aSecondStartHandsItsWishToTheFirst();
    void p318_makesNoProfileInTheRootWhereThereIsNoHome();
};

void TestStarting::p318_saysInAWindowWhyItCannotStart()
{
    const QTemporaryDir dir;
    const QString inTheWay = dir.filePath(u"file"_s);
    QFile file(inTheWay);
    QVERIFY(file.open(QIODevice::WriteOnly));
    Program program({u"--profile"_s, inTheWay + u"/mail"_s});
    QTRY_VERIFY_WITH_TIMEOUT(program.said().contains(u"for your mail could not be made"), patience);
    // It waits for the person, whom the terminal would not have reached.
    QVERIFY(program.runs());
    program.signal(SIGTERM);
    QCOMPARE(program.status(), 3);
}

void TestStarting::p318_theWindowOffersToTryAgain_data()
{
    QTest::addColumn<QString>("button");
    QTest::addColumn<bool>("again");
    QTest::newRow("try again") << u"tryAgain"_s << true;
    QTest::newRow("quit") << u"quit"_s << false;
}

void TestStarting::p318_theWindowOffersToTryAgain()
{
    QFETCH(QString, button);
    QFETCH(bool, again);
    ui::StartProblem problem(u"There is no room left on the disk <b>here</b>."_s);
    QCOMPARE(problem.textFormat(), Qt::PlainText);
    QTimer::singleShot(0, &problem, [&] { problem.findChild<QPushButton *>(button)->click(); });
    QCOMPARE(problem.wishesToTryAgain(), again);
}

void TestStarting::p318_endsAsTheMenuDoesWhenItIsToldTo_data()
{
    QTest::addColumn<int>("number");
    QTest::newRow("SIGTERM") << SIGTERM;
    QTest::newRow("SIGINT") << SIGINT;
    QTest::newRow("SIGHUP") << SIGHUP;
}

void TestStarting::p318_endsAsTheMenuDoesWhenItIsToldTo()
{
    QFETCH(int, number);
    const QTemporaryDir dir;
    const QString store = dir.filePath(u"mail.sqlite"_s);
    Program program({u"--profile"_s, dir.path(), u"--offline"_s});
    QTRY_VERIFY_WITH_TIMEOUT(QFileInfo(store + u"-wal"_s).exists(), patience);
    program.signal(number);
    QCOMPARE(program.status(), 0);
    QVERIFY(QFileInfo(store).size() > 0);
    QCOMPARE(QFileInfo(store + u"-wal"_s).size(), 0); // written back: the file alone has all the mail
    QVERIFY(!QFileInfo::exists(store + u".lock"_s));
    QVERIFY(QSettings(dir.filePath(u"satchel.ini"_s), QSettings::IniFormat).contains(u"window/geometry"_s));
}

void TestStarting::p318_aSecondStartSaysThatTheFirstDoesNotAnswer()
{
    const QTemporaryDir dir;
    const QStringList arguments{u"--profile"_s, dir.path(), u"--offline"_s};
    Program first(arguments);
    QTRY_VERIFY_WITH_TIMEOUT(QFileInfo(dir.filePath(u"mail.sqlite-wal"_s)).exists(), patience);
    first.signal(SIGSTOP);
    Program second(arguments);
    QTRY_VERIFY_WITH_TIMEOUT(second.said().contains(u"does not answer"), patience);
    QVERIFY(second.runs());
    second.signal(SIGTERM);
    QCOMPARE(second.status(), 3);
    first.signal(SIGCONT);
    first.signal(SIGTERM);
    QCOMPARE(first.status(), 0);
}

void TestStarting::p318_aSecondStartHandsItsWishToTheFirst()
{
    const QTemporaryDir dir;
    const QStringList arguments{u"--profile"_s, dir.path(), u"--offline"_s};
    Program first(arguments);
    QTRY_VERIFY_WITH_TIMEOUT(QFileInfo(dir.filePath(u"mail.sqlite-wal"_s)).exists(), patience);
    Program second(arguments);
    QCOMPARE(second.status(), 0);
    QVERIFY(first.runs());
}

void TestStarting::p318_makesNoProfileInTheRootWhereThereIsNoHome()
{
    const QString place = u"/.local/share/satchel"_s;
    const bool before = QFileInfo::exists(place);
    Program program({u"--check"_s}, {u"HOME"_s, u"XDG_DATA_HOME"_s});
    QCOMPARE(program.status(), 3);
    QVERIFY2(program.said().contains(u"--profile"), qPrintable(program.said()));
    QCOMPARE(QFileInfo::exists(place), before);
}

QTEST_MAIN(TestStarting)
#include "tst_starting.moc"
