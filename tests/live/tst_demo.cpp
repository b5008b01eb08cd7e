// SPDX-License-Identifier: GPL-3.0-or-later
// packaging/demo.sh with a visitor in place of the program: what it is given, and what is left afterwards.
#include <QDir>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>

using namespace Qt::StringLiterals;

class TestDemo : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_demo = std::make_unique<QProcess>();
        m_demo->setProcessChannelMode(QProcess::SeparateChannels);
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(u"SATCHEL_SAMPLES"_s, samples());
        environment.remove(u"DISPLAY"_s);
        environment.remove(u"WAYLAND_DISPLAY"_s);
        environment.remove(u"QT_QPA_PLATFORM"_s);
        m_demo->setProcessEnvironment(environment);
        m_demo->setWorkingDirectory(m_elsewhere.path());
    }

    void givesTheProgramAServerWithAllSamples()
    {
        const QJsonObject seen = run({u"--screenshot"_s, u"shots"_s, u"--other=1"_s}, 7);
        QCOMPARE(seen.value("same"_L1).toInt(), QDir(samples(), u"*.eml"_s).count());
        QCOMPARE(seen.value("count"_L1), seen.value("same"_L1));
        QVERIFY(seen.value("count"_L1).toInt() >= 40);
        QVERIFY(seen.value("trusted"_L1).toBool());
        QCOMPARE(seen.value("here"_L1).toString(), QDir(m_elsewhere.path()).canonicalPath());
        QVERIFY(seen.value("profile"_L1).toArray().isEmpty());
        const QStringList arguments = seen.value("arguments"_L1).toVariant().toStringList();
        QVERIFY(arguments.contains("--fetch-at-start"_L1));
        QCOMPARE(arguments.last(3), QStringList({u"--screenshot"_s, u"shots"_s, u"--other=1"_s}));
        const QJsonObject account = seen.value("account"_L1).toObject();
        QCOMPARE(account.value("security"_L1).toString(), u"tls"_s);
        QVERIFY(!QJsonDocument(account).toJson().contains("password"));

        QTcpSocket socket;
        socket.connectToHost(u"127.0.0.1"_s, quint16(account.value("port"_L1).toInt()));
        QVERIFY2(!socket.waitForConnected(2000), "the server is still there");
        QVERIFY2(!QFileInfo::exists(arguments.at(arguments.indexOf("--profile"_L1) + 1)), "the profile is still there");
    }

    void takesPicturesOnAScreenOfItsOwn()
    {
        const QJsonObject seen = run({u"--screenshot=shots"_s}, 7);
        QCOMPARE(seen.value("platform"_L1).toString(), u"xcb"_s);
        QVERIFY(seen.value("display"_L1).toString().startsWith(u':'));
    }

    void fetchesWithoutAWindow()
    {
        const QJsonObject seen = run({u"--fetch"_s}, 7);
        QVERIFY(!seen.value("arguments"_L1).toVariant().toStringList().contains("--fetch-at-start"_L1));
        QVERIFY(seen.value("display"_L1).toString().isEmpty());
    }

    void saysSoWithoutADisplay()
    {
        m_demo->start(demo(), {visitor()});
        QVERIFY(m_demo->waitForFinished(30'000));
        QCOMPARE(m_demo->exitCode(), 69);
        QVERIFY(m_demo->readAllStandardError().contains("--screenshot"));
    }

    void saysSoWithoutAProgram()
    {
        m_demo->start(demo(), {u"/nowhere/satchel"_s, u"--fetch"_s});
        QVERIFY(m_demo->waitForFinished(30'000));
        QCOMPARE(m_demo->exitCode(), 1);
        QVERIFY(m_demo->readAllStandardError().contains("/nowhere/satchel"));
    }

    void leavesNothingWhenItIsToldToEnd_data()
    {
        QTest::addColumn<int>("signal");
        QTest::newRow("TERM") << SIGTERM;
        QTest::newRow("HUP") << SIGHUP;
    }

    void leavesNothingWhenItIsToldToEnd()
    {
        QFETCH(int, signal);
        // A program that stays until it is told to go, and says where its profile is when it has started.
        QFile stays(m_elsewhere.filePath(u"stays"_s));
        QVERIFY(stays.open(QIODevice::WriteOnly));
        stays.write("#!/bin/sh\necho $2\nexec sleep 600\n");
        stays.close();
        QVERIFY(stays.setPermissions(stays.permissions() | QFile::ExeOwner));
        m_demo->start(demo(), {stays.fileName(), u"--fetch"_s});
        QVERIFY(m_demo->waitForReadyRead(30'000));
        const QString profile = QString::fromUtf8(m_demo->readAllStandardOutput().trimmed());
        QVERIFY(QFileInfo::exists(profile));
        QCOMPARE(::kill(pid_t(m_demo->processId()), signal), 0);
        QVERIFY(m_demo->waitForFinished(30'000));
        QCOMPARE(m_demo->exitCode(), 143);
        QVERIFY(!QFileInfo::exists(profile));
        QVERIFY(!QFileInfo::exists(QFileInfo(profile).path()));
    }

private:
    static QString demo() { return QStringLiteral(SATCHEL_SOURCE_DIR "/packaging/demo.sh"); }
    static QString visitor() { return QStringLiteral(SATCHEL_TEST_DATA "/demo-visitor.py"); }
    static QString samples() { return QStringLiteral(SATCHEL_SOURCE_DIR "/resources/sample"); }

    QJsonObject run(const QStringList &arguments, int status)
    {
        m_demo->start(demo(), QStringList{visitor()} + arguments);
        if (!m_demo->waitForFinished(60'000) || m_demo->exitCode() != status) {
            QTest::qFail(m_demo->readAllStandardError().constData(), __FILE__, __LINE__);
            return {};
        }
        return QJsonDocument::fromJson(m_demo->readAllStandardOutput()).object();
    }

    QTemporaryDir m_elsewhere;
    std::unique_ptr<QProcess> m_demo;
};

QTEST_GUILESS_MAIN(TestDemo)
#include "tst_demo.moc"
