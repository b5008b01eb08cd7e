// SPDX-License-Identifier: GPL-3.0-or-later
// Programs that give access tokens, and programs that do anything else.
#include "app/tokenprogram.h"

#include <QElapsedTimer>
#include <QFile>
#include <QProcess>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace satchel;
using namespace std::chrono_literals;

namespace {

constexpr int patience = 30'000;

} // namespace

class TestTokenProgram : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theFirstLineIsTheToken_data()
    {
        QTest::addColumn<QByteArray>("script");
        QTest::addColumn<QString>("token");
        QTest::newRow("a line") << QByteArray("echo ya29.A0-b_c~d+e/f==") << u"ya29.A0-b_c~d+e/f=="_s;
        QTest::newRow("without its end") << QByteArray("printf token") << u"token"_s;
        QTest::newRow("with the line end of another system") << QByteArray("printf 'token\\r\\n'") << u"token"_s;
        QTest::newRow("more lines follow") << QByteArray("echo token; echo 'expires in 3600'") << u"token"_s;
        QTest::newRow("it complains all the same") << QByteArray("echo warning >&2; echo token") << u"token"_s;
        QTest::newRow("a long one") << QByteArray("printf '%5000s\\n' | tr ' ' t") << QString(5000, u't');
        QTest::newRow("it reads what is not there") << QByteArray("cat; echo token") << u"token"_s;
    }

    void theFirstLineIsTheToken()
    {
        QFETCH(QByteArray, script);
        QFETCH(QString, token);
        QTemporaryDir folder;
        TokenProgram program;
        QSignalSpy obtained(&program, &TokenSource::obtained);
        QSignalSpy failed(&program, &TokenSource::failed);
        program.request(account(made(folder, script)));
        QTRY_VERIFY_WITH_TIMEOUT(obtained.size() + failed.size() > 0, patience);
        QVERIFY2(failed.isEmpty(), failed.isEmpty() ? "" : qPrintable(failed.first().at(1).value<Error>().text));
        QCOMPARE(obtained.first().at(0).value<AccountId>(), AccountId{7});
        QCOMPARE(obtained.first().at(1).toString(), token);
        QCOMPARE(obtained.size(), 1);
    }

    void everythingElseIsAnErrorThatSaysWhatToDo_data()
    {
        QTest::addColumn<QByteArray>("script");
        QTest::addColumn<QString>("words");
        QTest::newRow("nothing") << QByteArray("true") << u"is no access token"_s;
        QTest::newRow("an empty line first") << QByteArray("echo; echo token") << u"is no access token"_s;
        QTest::newRow("words") << QByteArray("echo please sign in again") << u"is no access token"_s;
        QTest::newRow("bytes") << QByteArray("printf 'to\\001ken\\n'") << u"is no access token"_s;
        QTest::newRow("not ASCII") << QByteArray("echo tökén") << u"is no access token"_s;
        QTest::newRow("a status") << QByteArray("echo token; exit 3") << u"exit status 3"_s;
        QTest::newRow("a status and a reason")
            << QByteArray("echo first >&2; printf 'last \\033[31mword\\n' >&2; exit 1") << u"It said: last [31mword"_s;
        QTest::newRow("a crash") << QByteArray("kill -SEGV $$") << u"crashed"_s;
        QTest::newRow("much") << QByteArray("yes token") << u"prints much more"_s;
        QTest::newRow("much on a single line") << QByteArray("cat /dev/zero") << u"prints much more"_s;
    }

    void everythingElseIsAnErrorThatSaysWhatToDo()
    {
        QFETCH(QByteArray, script);
        QFETCH(QString, words);
        QTemporaryDir folder;
        const Error error = failure(made(folder, script));
        QVERIFY2(error.text.contains(words), qPrintable(error.text));
        QCOMPARE(error.kind, ErrorKind::TokenUnavailable);
        QVERIFY2(!error.text.contains("token\n"_L1), qPrintable(error.text));
        QVERIFY(error.text.contains("program"_L1));
    }

    void aProgramThatCannotBeStartedSaysSo_data()
    {
        QTest::addColumn<QString>("command");
        QTest::newRow("not there") << u"/nowhere/gives-tokens"_s;
        QTest::newRow("not to be run") << u"/etc/passwd"_s;
        QTest::newRow("nothing") << u" "_s;
        QTest::newRow("an empty name") << u"\"\" --now"_s;
    }

    void aProgramThatCannotBeStartedSaysSo()
    {
        QFETCH(QString, command);
        const Error error = failure(command);
        QVERIFY2(error.text.contains("could not be started"_L1), qPrintable(error.text));
        QCOMPARE(error.action, ErrorAction::EditAccount);
    }

    // What a shell would make of it stays what it is.
    void noShellReadsTheCommand()
    {
        QTemporaryDir folder;
        const QString touched = folder.filePath(u"touched"_s);
        const QString script = made(folder, "printf '%s|' \"$@\"");
        TokenProgram program;
        QSignalSpy obtained(&program, &TokenSource::obtained);
        program.request(account(script + u" ;touch %1 $(id) * `id` >out"_s.arg(touched)));
        QTRY_COMPARE_WITH_TIMEOUT(obtained.size(), 1, patience);
        QVERIFY(!QFile::exists(touched));
        QCOMPARE(obtained.first().at(1).toString(), u";touch|%1|$(id)|*|`id`|>out|"_s.arg(touched));
    }

    void wordsInQuotesAreOneWord()
    {
        QTemporaryDir folder;
        TokenProgram program;
        QSignalSpy obtained(&program, &TokenSource::obtained);
        program.request(account(made(folder, "printf '%s' \"$#\"") + u" \"two words\" three"_s));
        QTRY_COMPARE_WITH_TIMEOUT(obtained.size(), 1, patience);
        QCOMPARE(obtained.first().at(1).toString(), u"2"_s);
    }

    void aProgramThatHangsIsStopped()
    {
        QTemporaryDir folder;
        TokenProgram program;
        program.setTimeLimit(300ms);
        QSignalSpy failed(&program, &TokenSource::failed);
        program.request(account(made(folder, "echo $$ > \"$0.pid\"; trap '' TERM; while :; do :; done")));
        QTRY_COMPARE_WITH_TIMEOUT(failed.size(), 1, patience);
        QVERIFY(failed.first().at(1).value<Error>().text.contains("was stopped"_L1));
        if (QFile::exists(folder.filePath(u"program.pid"_s)))
            QTRY_VERIFY_WITH_TIMEOUT(!isAlive(folder), patience);
    }

    void oneThatIsCancelledIsStoppedAndSaysNothing()
    {
        QTemporaryDir folder;
        TokenProgram program;
        QSignalSpy obtained(&program, &TokenSource::obtained);
        QSignalSpy failed(&program, &TokenSource::failed);
        program.request(account(made(folder, "echo $$ > \"$0.pid\"; while :; do :; done")));
        QTRY_VERIFY_WITH_TIMEOUT(isAlive(folder), patience);
        program.cancel(AccountId{7});
        QTRY_VERIFY_WITH_TIMEOUT(!isAlive(folder), patience);
        QCOMPARE(obtained.size() + failed.size(), 0);
        // And the next one is not held up by it.
        QTemporaryDir other;
        program.request(account(made(other, "echo token")));
        QTRY_COMPARE_WITH_TIMEOUT(obtained.size(), 1, patience);
    }

    void oneThatIsRunningIsNotStartedTwice()
    {
        QTemporaryDir folder;
        const QString script = made(folder, "echo run >> \"$0.runs\"; echo token");
        TokenProgram program;
        QSignalSpy obtained(&program, &TokenSource::obtained);
        program.request(account(script));
        program.request(account(script));
        QTRY_COMPARE_WITH_TIMEOUT(obtained.size(), 1, patience);
        QFile runs(script + u".runs"_s);
        QVERIFY(runs.open(QIODevice::ReadOnly));
        QCOMPARE(runs.readAll(), "run\n");
    }

    void theEndOfTheProgramEndsIt()
    {
        QTemporaryDir folder;
        {
            TokenProgram program;
            program.request(account(made(folder, "echo $$ > \"$0.pid\"; while :; do :; done")));
            QTRY_VERIFY_WITH_TIMEOUT(isAlive(folder), patience);
        }
        QVERIFY(!isAlive(folder));
    }

private:
    static AccountSettings account(const QString &command)
    {
        AccountSettings account;
        account.id = AccountId{7};
        account.tokenProgram = command;
        return account;
    }

    /// A program of its own: not below a path that a quote would be needed for.
    static QString made(const QTemporaryDir &folder, const QByteArray &script)
    {
        QFile file(folder.filePath(u"program"_s));
        if (!file.open(QIODevice::WriteOnly))
            qFatal("cannot write");
        file.write("#!/bin/sh\n" + script + '\n');
        file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
        return file.fileName();
    }

    static bool isAlive(const QTemporaryDir &folder)
    {
        QFile file(folder.filePath(u"program.pid"_s));
        if (!file.open(QIODevice::ReadOnly))
            return false;
        const QByteArray pid = file.readAll().trimmed();
        return !pid.isEmpty() && QFile::exists(u"/proc/"_s + QString::fromLatin1(pid) + u"/exe"_s)
            && !QFile::symLinkTarget(u"/proc/"_s + QString::fromLatin1(pid) + u"/exe"_s).isEmpty();
    }

    static Error failure(const QString &command)
    {
        TokenProgram program;
        QSignalSpy failed(&program, &TokenSource::failed);
        QSignalSpy obtained(&program, &TokenSource::obtained);
        program.request(account(command));
        if (!QTest::qWaitFor([&] { return failed.size() + obtained.size() > 0; }, patience) || failed.isEmpty())
            return {};
        return failed.first().at(1).value<Error>();
    }
};

QTEST_GUILESS_MAIN(TestTokenProgram)
#include "tst_tokenprogram.moc"
