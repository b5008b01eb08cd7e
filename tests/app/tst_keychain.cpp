// SPDX-License-Identifier: GPL-3.0-or-later
// Keychain with a real gnome-keyring-daemon: each visit is a session of its own, as after a new sign-in.
#include <QDirIterator>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

using namespace Qt::StringLiterals;

class TestKeychain : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        // Not below TMPDIR, which may be long: names of sockets may not.
        m_home = std::make_unique<QTemporaryDir>(u"/tmp/sk-XXXXXX"_s);
        QVERIFY(m_home->isValid());
    }

    void aPasswordIsReadBackInTheNextSession()
    {
        QCOMPARE(visit(u"unlocked"_s, {u"read"_s, u"1"_s, u"write"_s, u"1"_s, m_secret, u"read"_s, u"1"_s}),
            QStringList({u"1 notFound"_s, u"1 written"_s, u"1 found "_s + m_secret}));
        QCOMPARE(visit(u"unlocked"_s, {u"read"_s, u"1"_s, u"read"_s, u"2"_s}),
            QStringList({u"1 found "_s + m_secret, u"2 notFound"_s}));
    }

    void aNewPasswordTakesThePlaceOfTheOld()
    {
        QCOMPARE(
            visit(u"unlocked"_s, {u"write"_s, u"1"_s, m_secret, u"write"_s, u"1"_s, u"another"_s, u"read"_s, u"1"_s}),
            QStringList({u"1 written"_s, u"1 written"_s, u"1 found another"_s}));
    }

    void whatIsRemovedIsGoneAndTheRestStays()
    {
        QCOMPARE(
            visit(u"unlocked"_s, {u"write"_s, u"1"_s, m_secret, u"write"_s, u"2"_s, u"two"_s, u"remove"_s, u"1"_s}),
            QStringList({u"1 written"_s, u"2 written"_s, u"1 removed"_s}));
        QCOMPARE(visit(u"unlocked"_s, {u"read"_s, u"1"_s, u"read"_s, u"2"_s, u"remove"_s, u"3"_s}),
            QStringList({u"1 notFound"_s, u"2 found two"_s, u"3 removed"_s}));
    }

    // What opens a file on this computer must never be said to a server, nor the other way round.
    void aPassphraseAndAPasswordOfOneAccountStayApart()
    {
        QCOMPARE(visit(u"unlocked"_s, {u"write"_s, u"1"_s, m_secret, u"read"_s, u"1c"_s}),
            QStringList({u"1 written"_s, u"1c notFound"_s}));
        QCOMPARE(
            visit(u"unlocked"_s,
                {u"write"_s, u"1c"_s, u"of the file"_s, u"read"_s, u"1"_s, u"read"_s, u"1c"_s, u"remove"_s, u"1"_s}),
            QStringList({u"1c written"_s, u"1 found "_s + m_secret, u"1c found of the file"_s, u"1 removed"_s}));
        QCOMPARE(visit(u"unlocked"_s, {u"read"_s, u"1c"_s, u"remove"_s, u"1c"_s, u"read"_s, u"1c"_s}),
            QStringList({u"1c found of the file"_s, u"1c removed"_s, u"1c notFound"_s}));
    }

    void twoProfilesKeepTheirPasswordsApart()
    {
        QCOMPARE(visit(u"unlocked"_s, {u"write"_s, u"1"_s, m_secret}), QStringList({u"1 written"_s}));
        QCOMPARE(visit(u"unlocked"_s, {u"read"_s, u"1"_s, u"remove"_s, u"1"_s}, u"another profile"_s),
            QStringList({u"1 notFound"_s, u"1 removed"_s}));
        QCOMPARE(visit(u"unlocked"_s, {u"read"_s, u"1"_s}), QStringList({u"1 found "_s + m_secret}));
    }

    // What holds the entry says "not found" while it is locked.
    void aLockedKeyringIsNotOneWithoutThePassword()
    {
        QCOMPARE(visit(u"unlocked"_s, {u"write"_s, u"1"_s, m_secret}), QStringList({u"1 written"_s}));
        const QStringList said =
            visit(u"started"_s, {u"read"_s, u"1"_s, u"write"_s, u"1"_s, u"other"_s, u"remove"_s, u"1"_s});
        QCOMPARE(said.size(), 3);
        QVERIFY2(said.at(0).startsWith("1 unreadable Locked: The keyring is locked, so a password saved"_L1),
            qPrintable(said.at(0)));
        QVERIFY2(said.at(1).startsWith("1 notWritten Locked: The keyring is locked, so the password is kept only"_L1),
            qPrintable(said.at(1)));
        QVERIFY2(said.at(2).startsWith("1 notRemoved Locked: "_L1), qPrintable(said.at(2)));
        QCOMPARE(visit(u"unlocked"_s, {u"read"_s, u"1"_s}), QStringList({u"1 found "_s + m_secret}));
    }

    void anEmptyKeyringHoldsNoPassword()
    {
        const QStringList said =
            visit(u"started"_s, {u"read"_s, u"1"_s, u"remove"_s, u"1"_s, u"write"_s, u"1"_s, m_secret});
        QCOMPARE(said.size(), 3);
        QCOMPARE(said.first(2), QStringList({u"1 notFound"_s, u"1 removed"_s}));
        // Nobody is there to be asked for the password of a new keyring.
        QVERIFY2(said.at(2).startsWith("1 notWritten Broken: "_L1), qPrintable(said.at(2)));
    }

    void withoutAKeyringItIsSaidThatNoneRuns_data()
    {
        QTest::addColumn<QString>("situation");
        QTest::newRow("no service") << u"absent"_s;
        QTest::newRow("no bus") << u"nobus"_s;
    }

    void withoutAKeyringItIsSaidThatNoneRuns()
    {
        QFETCH(QString, situation);
        const QStringList said =
            visit(situation, {u"read"_s, u"1"_s, u"write"_s, u"1"_s, m_secret, u"remove"_s, u"1"_s});
        QCOMPARE(said.size(), 3);
        QVERIFY2(
            said.at(0).startsWith("1 unreadable Missing: No keyring runs on this computer"_L1), qPrintable(said.at(0)));
        QVERIFY2(
            said.at(1).startsWith("1 notWritten Missing: No keyring runs on this computer"_L1), qPrintable(said.at(1)));
        QVERIFY2(said.at(2).startsWith("1 notRemoved Missing: "_L1), qPrintable(said.at(2)));
    }

    void aBrokenKeyringIsSaidToBeBroken()
    {
        const QStringList said = visit(u"absent"_s, {u"read"_s, u"1"_s, u"write"_s, u"1"_s, m_secret}, {}, true);
        QCOMPARE(said.size(), 2);
        QVERIFY2(said.at(0).startsWith("1 unreadable Broken: The keyring of this computer does not work"_L1),
            qPrintable(said.at(0)));
        QVERIFY2(said.at(1).startsWith("1 notWritten Broken: The keyring of this computer does not work"_L1),
            qPrintable(said.at(1)));
    }

    // Law 6: whatever becomes of it, a password lies in no file that can be read.
    void noFileHoldsThePassword_data()
    {
        QTest::addColumn<QString>("situation");
        for (const char *situation : {"unlocked", "started", "absent", "nobus"})
            QTest::newRow(situation) << QString::fromLatin1(situation);
    }

    void noFileHoldsThePassword()
    {
        QFETCH(QString, situation);
        QCOMPARE(visit(situation, {u"write"_s, u"1"_s, m_secret}).size(), 1);
        QByteArrayList forms{m_secret.toUtf8(), m_secret.toLatin1(), m_secret.toUtf8().toHex()};
        forms << QByteArray(reinterpret_cast<const char *>(m_secret.utf16()), m_secret.size() * 2);
        for (const QByteArray &form : QByteArrayList(forms))
            forms << form.toBase64();
        int files = 0;
        QDirIterator all(m_home->path(), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
        while (all.hasNext()) {
            QFile file(all.next());
            QVERIFY(file.open(QIODevice::ReadOnly));
            const QByteArray bytes = file.readAll();
            for (const QByteArray &form : std::as_const(forms))
                QVERIFY2(!bytes.contains(form), qPrintable(file.fileName()));
            ++files;
        }
        if (situation == "unlocked"_L1)
            QVERIFY(files > 0);
    }

private:
    /// What the visitor says, a line for each wish.
    QStringList visit(
        const QString &situation, const QStringList &wishes, const QString &profile = u"profile"_s, bool broken = false)
    {
        QProcess process;
        process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        QStringList arguments{
            situation, m_home->path(), QCoreApplication::applicationDirPath() + u"/satchel-test-keychain"_s};
        if (broken)
            arguments << u"--broken"_s;
        process.start(QStringLiteral(SATCHEL_SOURCE_DIR "/tests/support/keyring/keyring.sh"),
            arguments + QStringList{profile} + wishes);
        if (!process.waitForFinished(60'000) || process.exitCode() != 0)
            return {};
        return QString::fromUtf8(process.readAllStandardOutput()).split(u'\n', Qt::SkipEmptyParts);
    }

    const QString m_secret = u"päßwörd – 合言葉 🔑 \" '\\ $x"_s;
    std::unique_ptr<QTemporaryDir> m_home;
};

QTEST_GUILESS_MAIN(TestKeychain)
#include "tst_keychain.moc"
