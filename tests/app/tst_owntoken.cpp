// SPDX-License-Identifier: GPL-3.0-or-later
// Access tokens from a program that the person names in the settings, to a real Dovecot that asks the identity
// provider: the whole program, with a real keyring.
#include "app/fetchcommand.h"
#include "app/running.h"
#include "support/keyring/keyringcontrol.h"
#include "support/servers/dovecotserver.h"
#include "support/web/identityprovider.h"
#include "ui/bars/notebar.h"
#include "ui/dialogs/passworddialog.h"
#include "ui/mailbox/mailboxwindow.h"
#include "ui/settings/accounteditor.h"
#include "ui/settings/settingsdialog.h"
#include "ui/settings/tokenchoice.h"

#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QDirIterator>
#include <QLineEdit>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

using namespace Qt::StringLiterals;
using namespace satchel;
using namespace satchel::test;

namespace {

constexpr int patience = 30'000;

template <class Field>
Field *control(QWidget *parent, const QString &name)
{
    for (Field *one : parent->findChildren<Field *>()) {
        if (name.isEmpty() || one->accessibleName() == name)
            return one;
    }
    return nullptr;
}

/// How often the Engine said something, as the GUI thread hears it.
struct Count {
    template <class Signal>
    Count(Running &running, Signal signal)
    {
        QObject::connect(running.application().engine(), signal, &running.window(), [times = times] { ++*times; });
    }

    std::shared_ptr<int> times = std::make_shared<int>(0);
};

bool saysInMailbox(Running &running, const QString &words)
{
    for (QWidget *window : QApplication::topLevelWidgets()) {
        if (!qobject_cast<ui::MailboxWindow *>(window))
            continue;
        for (const ui::NoteBar *bar : window->findChildren<ui::NoteBar *>()) {
            if (bar->isVisible() && bar->text().contains(words))
                return true;
        }
    }
    return running.complaint().contains(words);
}

} // namespace

class TestOwnToken : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY(m_provider.start());
        m_server = std::make_unique<DovecotServer>(DovecotOptions{.identityProvider = m_provider.url().toString()});
        QVERIFY2(m_server->start(), qPrintable(m_server->problem()));
    }

    void init()
    {
        m_profile = std::make_unique<QTemporaryDir>();
        m_programs = std::make_unique<QTemporaryDir>();
        m_user = m_server->addUser();
        m_grant = m_provider.signIn(m_user);
        m_server->deliver(m_user, {"Subject: one\n\n1\n", "Subject: two\n\n2\n"});
        m_server->clearLog();
        m_before = keyringEntries();
    }

    void cleanupTestCase() { m_server.reset(); }

    void aTokenFromAProgramSignsInAndNobodyIsAskedForAPassword_data()
    {
        QTest::addColumn<QString>("mechanism");
        for (const char *mechanism : {"XOAUTH2", "OAUTHBEARER", ""})
            QTest::addRow("%s", *mechanism ? mechanism : "automatic") << QString::fromLatin1(mechanism);
    }

    void aTokenFromAProgramSignsInAndNobodyIsAskedForAPassword()
    {
        QFETCH(QString, mechanism);
        Running running(m_profile->path());
        addAccount(running, renewing(), mechanism);
        QCOMPARE(account(running).mechanism, mechanism);
        Q_EMIT running.window().checkMailWished({});
        QTRY_COMPARE_WITH_TIMEOUT(running.shown(), 2, patience);
        QVERIFY2(m_server->log().contains("method=" + (mechanism.isEmpty() ? "OAUTHBEARER" : mechanism.toLatin1())),
            m_server->log());
        QVERIFY(!running.window().findChild<ui::PasswordDialog *>());
        QCOMPARE(running.complaint(), QString());
        QCOMPARE(keyringEntries(), m_before);
        QCOMPARE(runs(), 1);
        // The token is good for a while, and then is not.
        Q_EMIT running.window().checkMailWished({});
        QTRY_COMPARE_WITH_TIMEOUT(logins(), 2, patience);
        QCOMPARE(runs(), 1);
    }

    void Q9_anExpiredTokenIsFetchedAnewInTheSameCheck()
    {
        Running running(m_profile->path());
        // What the program hands out first is the token of an hour ago.
        m_provider.expire(m_grant.accessToken);
        addAccount(running,
            program("if [ -e \"$0.runs\" ]; then " + renewal() + "; else echo run >> \"$0.runs\"; echo "
                + m_grant.accessToken + "; fi"),
            u"XOAUTH2"_s);
        const Count checked(running, &sync::Engine::checked);
        Q_EMIT running.window().checkMailWished({});
        QTRY_COMPARE_WITH_TIMEOUT(running.shown(), 2, patience);
        QTRY_COMPARE_WITH_TIMEOUT(*checked.times, 1, patience);
        QCOMPARE(running.complaint(), QString());
        QCOMPARE(runs(), 2);
    }

    void whatTheProgramSaysIsSaid()
    {
        Running running(m_profile->path());
        addAccount(running, program("echo 'the provider wants you to sign in' >&2; exit 4"), u"XOAUTH2"_s);
        Q_EMIT running.window().checkMailWished({});
        QTRY_VERIFY_WITH_TIMEOUT(running.complaint().contains("exit status 4"_L1), patience);
        QVERIFY2(running.complaint().contains("the provider wants you to sign in"_L1), qPrintable(running.complaint()));
        QCOMPARE(logins(), 0);
        QVERIFY(!m_server->log().contains("rip="));
        // When it works again, so does the next check.
        program(renewal());
        Q_EMIT running.window().checkMailWished({});
        QTRY_COMPARE_WITH_TIMEOUT(running.shown(), 2, patience);
        QTRY_COMPARE_WITH_TIMEOUT(running.complaint(), QString(), patience);
    }

    void aCheckThatWaitsForTheProgramIsStoppedTogetherWithIt()
    {
        Running running(m_profile->path());
        addAccount(running, program("echo $$ > \"$0.pid\"; while :; do :; done"), u"XOAUTH2"_s);
        const Count checked(running, &sync::Engine::checked);
        const Count started(running, &sync::Engine::checkStarted);
        Q_EMIT running.window().checkMailWished({});
        QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(path(u".pid"_s)), patience);
        QTRY_COMPARE_WITH_TIMEOUT(*started.times, 1, patience); // so that it can be seen, and stopped
        QTRY_VERIFY_WITH_TIMEOUT(!pid().isEmpty(), patience);
        const QString process = u"/proc/%1/exe"_s.arg(QString::fromLatin1(pid()));
        Q_EMIT running.window().cancelCheckWished({});
        QTRY_COMPARE_WITH_TIMEOUT(*checked.times, 1, patience);
        QTRY_VERIFY_WITH_TIMEOUT(QFile::symLinkTarget(process).isEmpty(), patience);
        QCOMPARE(running.complaint(), QString());
    }

    void theLookAtAMailboxSignsInByATokenAndFetchesItAnewToo()
    {
        Running running(m_profile->path());
        addAccount(running, renewing(), u"OAUTHBEARER"_s);
        Q_EMIT running.window().checkMailWished({});
        QTRY_COMPARE_WITH_TIMEOUT(running.shown(), 2, patience);
        QCOMPARE(runs(), 1);
        m_provider.expire(m_provider.latest());
        const Count listed(running, &sync::Engine::mailboxListed);
        running.window().showMailbox(account(running).id);
        QTRY_COMPARE_WITH_TIMEOUT(*listed.times, 1, patience);
        QCOMPARE(runs(), 2);
    }

    void theLookAtAMailboxSaysWhyThereIsNoToken()
    {
        Running running(m_profile->path());
        addAccount(running, program("exit 5"), u"OAUTHBEARER"_s);
        running.window().showMailbox(account(running).id);
        QTRY_VERIFY_WITH_TIMEOUT(saysInMailbox(running, u"exit status 5"_s), patience);
    }

    void aProgramThatIsTakenBackLeavesNoWayFixedAndThePasswordIsAskedFor()
    {
        Running running(m_profile->path());
        addAccount(running, renewing(), u"XOAUTH2"_s);
        Q_EMIT running.window().checkMailWished({});
        QTRY_COMPARE_WITH_TIMEOUT(running.shown(), 2, patience);
        choose(running, {}, {});
        QTRY_COMPARE_WITH_TIMEOUT(account(running).tokenProgram, QString(), patience);
        QCOMPARE(account(running).mechanism, QString());
        Q_EMIT running.window().checkMailWished({});
        QTRY_VERIFY_WITH_TIMEOUT(running.window().findChild<ui::PasswordDialog *>(), patience);
        QCOMPARE(runs(), 1);
    }

    void aServerThatDoesNotTakeTokensSaysSo()
    {
        DovecotServer other;
        QVERIFY2(other.start(), qPrintable(other.problem()));
        Running running(m_profile->path());
        addAccount(running, renewing(), u"XOAUTH2"_s, &other);
        Q_EMIT running.window().checkMailWished({});
        QTRY_VERIFY_WITH_TIMEOUT(running.complaint().contains("does not offer"_L1), patience);
        QVERIFY2(running.complaint().contains("XOAUTH2"_L1), qPrintable(running.complaint()));
    }

    void theCommandTakesATokenFromTheProgramToo()
    {
        {
            Running first(m_profile->path());
            addAccount(first, renewing(), u"OAUTHBEARER"_s);
        }
        FetchCommand command(*Profile::open(m_profile->path()), {}, {}, {});
        QSignalSpy finished(&command, &FetchCommand::finished);
        command.start();
        QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, patience);
        QCOMPARE(finished.first().first().toInt(), int(FetchCommand::Success));
        QCOMPARE(logins(), 1);

        program("exit 1");
        FetchCommand again(*Profile::open(m_profile->path()), {}, {}, {});
        QSignalSpy ended(&again, &FetchCommand::finished);
        again.start();
        QTRY_COMPARE_WITH_TIMEOUT(ended.size(), 1, patience);
        QCOMPARE(ended.first().first().toInt(), int(FetchCommand::TryAgain));
    }

    void aTrialTakesATokenFromTheProgramToo()
    {
        Running running(m_profile->path());
        QTRY_VERIFY_WITH_TIMEOUT(running.window().isVisible(), patience);
        auto result = std::make_shared<std::optional<sync::TrialResult>>();
        connect(running.application().engine(), &sync::Engine::tried, &running.window(),
            [result](int, const sync::TrialResult &tried) { *result = tried; });
        AccountSettings settings = here(*m_server);
        settings.tokenProgram = renewing();
        Q_EMIT running.window().tryAccountWished(1, settings, u"not sent"_s);
        QTRY_VERIFY_WITH_TIMEOUT(result->has_value(), patience);
        QVERIFY2(!(*result)->error, (*result)->error ? qPrintable((*result)->error->text) : "");
        QCOMPARE((*result)->messages, 2);
        QCOMPARE(runs(), 1);
        // A trial that is stopped stops its program.
        settings.tokenProgram = program("echo $$ > \"$0.pid\"; while :; do :; done");
        Q_EMIT running.window().tryAccountWished(2, settings, {});
        QTRY_VERIFY_WITH_TIMEOUT(!pid().isEmpty(), patience);
        const QString process = u"/proc/%1/exe"_s.arg(QString::fromLatin1(pid()));
        QVERIFY(!QFile::symLinkTarget(process).isEmpty());
        Q_EMIT running.window().cancelTrialWished();
        QTRY_VERIFY_WITH_TIMEOUT(QFile::symLinkTarget(process).isEmpty(), patience);
    }

    void noFileOfTheProfileHoldsTheToken()
    {
        {
            Running running(m_profile->path());
            addAccount(running, renewing(), u"XOAUTH2"_s);
            Q_EMIT running.window().checkMailWished({});
            QTRY_COMPARE_WITH_TIMEOUT(running.shown(), 2, patience);
        }
        const QByteArray token = m_provider.latest();
        QVERIFY(!token.isEmpty());
        int files = 0;
        QDirIterator all(m_profile->path(), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
        while (all.hasNext()) {
            QFile file(all.next());
            QVERIFY(file.open(QIODevice::ReadOnly));
            QVERIFY2(!file.readAll().contains(token), qPrintable(file.fileName()));
            ++files;
        }
        QVERIFY(files >= 2);
    }

private:
    [[nodiscard]] QString path(const QString &suffix = {}) const { return m_programs->filePath(u"token"_s) + suffix; }
    [[nodiscard]] QByteArray content(const QString &suffix) const
    {
        QFile file(path(suffix));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    [[nodiscard]] QByteArray pid() const { return content(u".pid"_s).trimmed(); }
    [[nodiscard]] int runs() const { return int(content(u".runs"_s).count('\n')); }
    [[nodiscard]] int logins() const
    {
        return int(m_server->log().count("Logged in: user=<" + m_user.toLatin1() + '>'));
    }

    QString program(const QByteArray &script)
    {
        QFile file(path());
        if (!file.open(QIODevice::WriteOnly | QIODevice::Truncate))
            qFatal("cannot write");
        file.write("#!/bin/sh\n" + script + '\n');
        file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
        return path() + u" \"of this person\""_s;
    }

    /// What a program does that keeps a refresh token (RFC 6749 §6).
    [[nodiscard]] QByteArray renewal() const
    {
        return "echo run >> \"$0.runs\"; exec python3 -c '\n"
               "import json, urllib.request\n"
               "body = b\"grant_type=refresh_token&client_id=mail&refresh_token="
            + m_grant.refreshToken + "\"\nprint(json.load(urllib.request.urlopen(\"" + m_provider.url().toEncoded()
            + "/token\", body))[\"access_token\"])\n'";
    }
    QString renewing() { return program(renewal()); }

    static AccountSettings account(Running &running) { return running.window().accounts().value(0); }

    /// As a person does it: the tick, the command, the way to sign in, OK.
    static void choose(Running &running, const QString &command, const QString &mechanism)
    {
        running.window().editAccount(account(running).id);
        auto *dialog = running.window().findChild<ui::SettingsDialog *>();
        auto *editor = dialog->editor(account(running).id);
        auto *choice = editor->findChild<ui::TokenChoice *>();
        control<QCheckBox>(choice, {})->setChecked(!command.isEmpty());
        control<QLineEdit>(choice, {})->setText(command);
        auto *ways = control<QComboBox>(editor, u"Way to sign in"_s);
        if (!mechanism.isEmpty())
            ways->setCurrentIndex(ways->findData(mechanism));
        dialog->accept();
    }

    [[nodiscard]] AccountSettings here(const DovecotServer &server) const
    {
        AccountSettings added;
        added.name = u"Account"_s;
        added.address = m_user + u"@example.org"_s;
        added.host = u"127.0.0.1"_s;
        added.port = server.tlsPort();
        added.trustedCertificate = server.certificateSha256();
        added.userName = m_user;
        added.checkEveryMinutes = 0;
        return added;
    }

    void addAccount(
        Running &running, const QString &command, const QString &mechanism, const DovecotServer *server = nullptr)
    {
        if (!server)
            server = m_server.get();
        const AccountSettings added = here(*server);
        QTRY_VERIFY_WITH_TIMEOUT(running.window().isVisible(), patience);
        Q_EMIT running.window().addAccountWished(added, {}, false);
        QTRY_COMPARE_WITH_TIMEOUT(running.window().accounts().size(), 1, patience);
        choose(running, command, mechanism);
        QTRY_COMPARE_WITH_TIMEOUT(account(running).tokenProgram, command, patience);
    }

    IdentityProvider m_provider;
    IdentityProvider::Grant m_grant;
    std::unique_ptr<DovecotServer> m_server;
    std::unique_ptr<QTemporaryDir> m_profile;
    std::unique_ptr<QTemporaryDir> m_programs;
    QString m_user;
    qsizetype m_before = 0;
};

int main(int argc, char *argv[])
{
    if (!qEnvironmentVariableIsSet("KEYRING_PASSWORD")) {
        QCoreApplication application(argc, argv);
        return runAgainWithKeyring(u"unlocked"_s);
    }
    QApplication application(argc, argv);
    QApplication::setQuitOnLastWindowClosed(false);
    TestOwnToken tests;
    return QTest::qExec(&tests, argc, argv);
}

#include "tst_owntoken.moc"
