// SPDX-License-Identifier: GPL-3.0-or-later
#include "pop3/authentication.h"
#include "pop3/commandqueue.h"
#include "pop3/listing.h"
#include "pop3/refusal.h"

#include <QElapsedTimer>
#include <QTest>

using namespace satchel;
using namespace satchel::pop3;
using namespace Qt::StringLiterals;

namespace {

QByteArray shown(const QList<ListedMessage> &messages)
{
    QByteArrayList lines;
    for (const ListedMessage &message : messages)
        lines.append(QByteArray::number(message.number) + '|' + message.uidl + '|' + QByteArray::number(message.size));
    return lines.join(' ');
}

/// As the parser hands it on.
QByteArray block(const QByteArrayList &lines)
{
    return lines.isEmpty() ? QByteArray() : lines.join('\n') + '\n';
}

QList<ListedMessage> joined(const QByteArrayList &uidl, const QByteArrayList &list)
{
    QList<ListedMessage> messages = namedListing(block(uidl));
    takeSizes(messages, block(list));
    return messages;
}

QByteArrayList names(const QList<LoginAttempt> &attempts)
{
    QByteArrayList result;
    for (const LoginAttempt &attempt : attempts)
        result.append(attempt.mechanism + (attempt.latin1 ? "/latin1" : ""));
    return result;
}

} // namespace

class TestListing : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void Q20_takesUidlForTheTruth()
    {
        QCOMPARE(shown(joined({"1 a", "3 c"}, {"1 10", "2 20", "4 40"})), "1|a|10 3|c|0");
        QCOMPARE(shown(joined({}, {"1 10"})), "");
        QCOMPARE(shown(joined({"2 b", "1 a"}, {"1 10", "2 20"})), "2|b|20 1|a|10");
        QCOMPARE(shown(joined({"1 a", "2 b", "3 c"}, {"3 30", "1 10", "3 31", "2 20"})), "1|a|10 2|b|20 3|c|30");
        QCOMPARE(shown(joined({"3 c", "1 a", "3 d", "2 b"}, {"1 10", "2 20", "3 30"})), "3|c|30 1|a|10 2|b|20");
    }

    void row8_aMessageThatUidlDoesNotNameIsThereAllTheSame()
    {
        const auto with = [](const QByteArrayList &uidl, const QByteArrayList &list, int stated) {
            QList<ListedMessage> messages = joined(uidl, list);
            addUnnamed(messages, list.join('\n') + '\n', stated);
            return shown(messages);
        };
        QCOMPARE(with({"abc def", "2 u-2", "3"}, {"1 10", "2 20", "3 30"}, 3), "2|u-2|20 3||30 1||10");
        QCOMPARE(with({"1 a"}, {"1 10", "2 20", "3 30"}, 2), "1|a|10 2||20"); // 3 came between the commands
        QCOMPARE(with({"1 a", "2 b"}, {"1 10", "2 20", "3 30"}, 2), "1|a|10 2|b|20");
        QCOMPARE(with({"1 a"}, {"1 10", "2 20"}, 0), "1|a|10"); // STAT did not say
    }

    void Q23_splitsAtTheFirstRunOfBlanks()
    {
        QCOMPARE(shown(joined({"1   a", "2\tb  ", "3 c d \t", " 4 e"}, {"1  10 ", "2\t20", "3 30 octets"})),
            "1|a|10 2|b|20 3|c d|0 4|e|0");
    }

    // As some answer UIDL with a number: what bears none belongs to no message.
    void Q34_aUidlWithoutItsNumberIsNobodys()
    {
        QCOMPARE(shown(joined({"whqtswO00WBw418f9t5JxYwZ", "2 b"}, {"1 10", "2 20"})), "2|b|20");
    }

    void Q26_keepsUidlsAsTheyAre()
    {
        const QByteArray upper(70, 'U');
        const QByteArray odd = "../../etc/passwd \xff\x01<@>";
        const auto listed =
            joined({"1 " + upper, "2 " + upper.toLower(), "3 " + odd, "4 " + QByteArray(1024, 'x')}, {});
        QCOMPARE(listed.at(0).uidl, upper);
        QCOMPARE(listed.at(1).uidl, upper.toLower());
        QCOMPARE(listed.at(2).uidl, odd);
        QCOMPARE(listed.at(3).uidl.size(), 1024);
        const auto large = joined({"1 " + QByteArray(10'000, 'x'), "2 " + QByteArray(9'999, 'x') + 'y'}, {});
        QVERIFY(large.at(0).uidl.startsWith("sha256:"));
        QVERIFY(large.at(0).uidl != large.at(1).uidl);
    }

    void Q27_Q28_keepsEmptyAndEqualUidls()
    {
        QCOMPARE(shown(joined({"1 ", "2", "3 same", "4 same"}, {"1 1"})), "1||1 2||0 3|same|0 4|same|0");
    }

    void Q21_sec_numbersAreNeverBelieved()
    {
        QCOMPARE(shown(joined({"-1 a", "+1 b", "0 c", "x d", "99999999999 e", "4294967297 f", "2147483648 g",
                                  "2147483647 h", "1 i", "1 j", ""},
                     {"1 -5", "2147483647 99999999999999999999"})),
            "2147483647|h|0 1|i|0");
        QCOMPARE(advisorySize("9223372036854775807"), Q_INT64_C(9223372036854775807));
        QCOMPARE(advisorySize("9223372036854775808"), 0);
        QCOMPARE(advisorySize("+1"), 0);
        QCOMPARE(advisorySize("-1"), 0);
        QCOMPARE(advisorySize(""), 0);
    }

    void Q22_joinsManyLinesInLinearTime()
    {
        QByteArrayList uidl;
        QByteArrayList list;
        for (int i = 1; i <= 300'000; ++i) {
            uidl.append(QByteArray::number(i) + " u" + QByteArray::number(i));
            list.append(QByteArray::number(i) + " 1000");
        }
        QElapsedTimer timer;
        timer.start();
        QCOMPARE(joined(uidl, list).size(), 300'000);
        QVERIFY2(timer.elapsed() < 10'000, "quadratic");
    }

    void readsCapabilities()
    {
        const Capabilities all = parseCapabilities({"TOP", "UIDL", "user", "Stls", "PIPELINING", "RESP-CODES",
            "AUTH-RESP-CODE", "UTF8 USER", "LANG", "SASL  plain Login\tCRAM-MD5 PLAIN", "EXPIRE 60 USER",
            "LOGIN-DELAY 10 USER", "IMPLEMENTATION Some Server 1.0"});
        QVERIFY(all.known && all.top && all.uidl && all.user && all.stls && all.pipelining && all.respCodes
            && all.authRespCode);
        QVERIFY(all.utf8 && all.utf8User && all.lang);
        QCOMPARE(all.sasl, (QByteArrayList{"PLAIN", "LOGIN", "CRAM-MD5"}));
        QCOMPARE(all.expireDays, 60);
        QVERIFY(all.expirePerUser && all.loginDelayPerUser);
        QCOMPARE(all.loginDelay, 10);
        QCOMPARE(all.implementation, "Some Server 1.0");
    }

    void Q38_readsHowLongTheServerKeepsWhatWasFetched()
    {
        QVERIFY(!parseCapabilities({"TOP"}).expireDays);
        QCOMPARE(parseCapabilities({"EXPIRE 30"}).expireDays, 30);
        QCOMPARE(parseCapabilities({"EXPIRE NEVER"}).expireDays, -1);
        QCOMPARE(parseCapabilities({"EXPIRENEVER"}).expireDays, -1);
        QCOMPARE(parseCapabilities({"EXPIRE 0"}).expireDays, 0);
        QVERIFY(!parseCapabilities({"EXPIRE"}).expireDays);
        QVERIFY(!parseCapabilities({"EXPIRE -3"}).expireDays);
    }

    void readsCapabilitiesThatMakeNoSense()
    {
        QCOMPARE(parseCapabilities({"LOGIN-DELAY 99999999999"}).loginDelay, std::numeric_limits<int>::max());
        QCOMPARE(parseCapabilities({"LOGIN-DELAY -1"}).loginDelay, 0);
        const Capabilities odd = parseCapabilities({"", " ", "STLSX", "SASL", QByteArray("T\0OP", 4)});
        QVERIFY(odd.known && !odd.stls && !odd.top && odd.sasl.isEmpty());
    }

    void Q15_Q16_Q17_refusalsAreTyped_data()
    {
        QTest::addColumn<Verb>("verb");
        QTest::addColumn<QByteArray>("code");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<ErrorKind>("kind");
        const auto row = [](const char *name, Verb verb, const char *code, const char *text, ErrorKind kind) {
            QTest::newRow(name) << verb << QByteArray(code) << QByteArray(text) << kind;
        };
        row("in use", Verb::Pass, "IN-USE", "Mailbox is locked by another POP3 session.", ErrorKind::MailboxInUse);
        row("login delay", Verb::Auth, "LOGIN-DELAY", "", ErrorKind::TooSoon);
        row("temporary", Verb::Pass, "SYS/TEMP", "x", ErrorKind::TryLater);
        row("permanent", Verb::Pass, "SYS/PERM", "account closed", ErrorKind::ServerRefused);
        row("auth", Verb::Pass, "AUTH", "mailbox locked", ErrorKind::AuthenticationFailed);
        row("words: in use", Verb::Pass, "", "Maildrop already locked by another session", ErrorKind::MailboxInUse);
        row("words: later", Verb::Greeting, "", "Too many connections, try again later.", ErrorKind::TryLater);
        row("words: too often", Verb::Pass, "", "LOGIN TOO FREQUENT!", ErrorKind::TooSoon);
        row("words: block is not lock", Verb::Pass, "", "account is blocked", ErrorKind::AuthenticationFailed);
        row("words: unlocked", Verb::Pass, "", "password is lockedout", ErrorKind::AuthenticationFailed);
        row("no words", Verb::Pass, "", "", ErrorKind::AuthenticationFailed);
        row("Courier", Verb::Pass, "", "Login failed.", ErrorKind::AuthenticationFailed);
        row("greeting", Verb::Greeting, "", "go away", ErrorKind::ServerRefused);
        row("words count at the door only", Verb::Retr, "", "message is locked", ErrorKind::ServerRefused);
        row("unknown code", Verb::Pass, "XYZ", "bad", ErrorKind::AuthenticationFailed);
    }

    void Q15_Q16_Q17_refusalsAreTyped()
    {
        QFETCH(Verb, verb);
        Reply reply;
        reply.status = Reply::Status::Err;
        QFETCH(QByteArray, code);
        QFETCH(QByteArray, text);
        reply.code = code;
        reply.text = text;
        QTEST(refusalKind(verb, reply), "kind");
        const Error error = refusal(verb, 7, reply, u"pop.example.test"_s);
        QVERIFY2((error.action == ErrorAction::EnterPassword) == (error.kind == ErrorKind::AuthenticationFailed),
            "only a refused password is asked for again");
        QVERIFY(error.text.contains(u"pop.example.test"_s));
        QVERIFY(!error.text.contains(u'%'));
    }

    void Q58_sec_wordsOfTheServerAreMadeSafe()
    {
        Reply reply;
        reply.text = "%s %n \x1b[2J\xe2\x80\xae"
                     "evil\r"
            + QByteArray(1'000'000, 'x');
        const Error error = refusal(Verb::Pass, 0, reply, u"h"_s);
        QVERIFY(error.detail.size() <= 201);
        QVERIFY(error.detail.startsWith(u"%s %n"_s));
        QVERIFY(!error.detail.contains(QChar(0x1b)));
        QVERIFY(!error.detail.contains(QChar(0x202e)));
        QCOMPARE(serverWords("J\xf6rg"), u"Jörg"_s);
        QCOMPARE(serverWords("J\xc3\xb6rg"), u"Jörg"_s);
    }

    void Q6_sec_apopOnlyWithAValidStamp_data()
    {
        QTest::addColumn<QByteArray>("greeting");
        QTest::addColumn<QByteArray>("stamp");
        QTest::newRow("RFC 1939") << QByteArray("POP3 server ready <1896.697170952@dbc.mtview.ca.us>")
                                  << QByteArray("<1896.697170952@dbc.mtview.ca.us>");
        QTest::newRow("Dovecot") << QByteArray("Dovecot ready. <5d38.2.6b03df03.D/rNFrsJBqypsj8ufQCNGw==@vm>")
                                 << QByteArray("<5d38.2.6b03df03.D/rNFrsJBqypsj8ufQCNGw==@vm>");
        QTest::newRow("none") << QByteArray("ready") << QByteArray();
        QTest::newRow("no at") << QByteArray("<ready>") << QByteArray();
        QTest::newRow("two") << QByteArray("<a@b> <c@d>") << QByteArray();
        QTest::newRow("blank") << QByteArray("<a b@c>") << QByteArray();
        QTest::newRow("two ats") << QByteArray("<a@b@c>") << QByteArray();
        QTest::newRow("8 bits") << QByteArray("<a\xff@b>") << QByteArray();
        QTest::newRow("empty") << QByteArray("<@>") << QByteArray();
        QTest::newRow("not closed") << QByteArray("<a@b") << QByteArray();
        QTest::newRow("wrong way round") << QByteArray(">a@b<") << QByteArray();
    }

    void Q6_sec_apopOnlyWithAValidStamp()
    {
        QFETCH(QByteArray, greeting);
        QTEST(apopStamp(greeting), "stamp");
    }

    void Q12_choosesWaysToSignIn()
    {
        LoginChoice choice;
        choice.credentials = {u"alice"_s, u"secret"_s, {}};
        choice.encrypted = true;
        choice.stamp = "<a@b>";
        QCOMPARE(names(loginAttempts(choice)), QByteArrayList{"USER"});
        choice.capabilities = parseCapabilities({"USER", "SASL PLAIN SCRAM-SHA-256"});
        QCOMPARE(names(loginAttempts(choice)), (QByteArrayList{"SCRAM-SHA-256", "PLAIN", "USER"}));
        choice.capabilities.user = false;
        QCOMPARE(names(loginAttempts(choice)), (QByteArrayList{"SCRAM-SHA-256", "PLAIN"}));
        choice.encrypted = false;
        QCOMPARE(names(loginAttempts(choice)), QByteArrayList{"SCRAM-SHA-256"});
        choice.mechanism = "USER";
        QVERIFY2(loginAttempts(choice).isEmpty(), "law 8");
        choice.mechanism = "APOP";
        QCOMPARE(names(loginAttempts(choice)), QByteArrayList{"APOP"});
        choice.stamp.clear();
        QVERIFY(loginAttempts(choice).isEmpty());
        choice.mechanism = "nonsense";
        QVERIFY(loginAttempts(choice).isEmpty());
        choice.mechanism.clear();
        choice.encrypted = true;
        choice.credentials = {u"alice"_s, {}, u"token"_s};
        choice.capabilities = parseCapabilities({"USER", "SASL PLAIN"});
        QCOMPARE(names(loginAttempts(choice)), QByteArrayList{"XOAUTH2"}); // Q7
    }

    void sec_aCertificateSignsInInsideTlsOnly()
    {
        LoginChoice choice;
        choice.credentials = {u"alice"_s, {}, {}};
        choice.haveClientCertificate = true;
        choice.capabilities = parseCapabilities({"USER", "SASL PLAIN EXTERNAL"});
        choice.mechanism = "EXTERNAL";
        QVERIFY(loginAttempts(choice).isEmpty());
        choice.plainAllowed = true;
        QVERIFY(loginAttempts(choice).isEmpty());
        QCOMPARE(noAttempt(choice, u"host"_s).kind, ErrorKind::SignInUnavailable);
        choice.encrypted = true;
        QCOMPARE(names(loginAttempts(choice)), QByteArrayList{"EXTERNAL"});
        choice.mechanism.clear();
        QCOMPARE(names(loginAttempts(choice)), QByteArrayList{"EXTERNAL"});
        // Nobody's password is made up where there is none.
        choice.capabilities = parseCapabilities({"USER", "SASL PLAIN"});
        QVERIFY(loginAttempts(choice).isEmpty());
        QCOMPARE(noAttempt(choice, u"host"_s).kind, ErrorKind::PasswordMissing);
        QCOMPARE(noAttempt(choice, u"host"_s).action, ErrorAction::EnterPassword);
        choice.credentials.password = u"secret"_s;
        QCOMPARE(names(loginAttempts(choice)), (QByteArrayList{"PLAIN", "USER"}));
    }

    void aFixedWayWithoutWhatItTakesIsNotTried()
    {
        LoginChoice choice;
        choice.encrypted = true;
        choice.credentials = {u"alice"_s, u"secret"_s, {}};
        choice.capabilities = parseCapabilities({"USER", "SASL PLAIN EXTERNAL XOAUTH2 OAUTHBEARER"});
        for (const char *mechanism : {"EXTERNAL", "XOAUTH2", "OAUTHBEARER", "APOP"}) {
            choice.mechanism = mechanism;
            QVERIFY2(loginAttempts(choice).isEmpty(), mechanism);
            const Error error = noAttempt(choice, u"host"_s);
            QCOMPARE(error.kind, ErrorKind::SignInUnavailable);
            QCOMPARE(error.action, ErrorAction::EditAccount);
            QVERIFY2(error.text.contains(QLatin1StringView(mechanism)), qPrintable(error.text));
        }
    }

    void afterACertificateThatIsRefusedTheStrongestOfTheOthersFollows()
    {
        const QList<LoginAttempt> attempts{{"EXTERNAL"}, {"SCRAM-SHA-256"}, {"PLAIN"}};
        QCOMPARE(nextAttempt(attempts, 0, true, "AUTH"), 1);
        QCOMPARE(nextAttempt(attempts, 0, false, {}), 1);
        QCOMPARE(nextAttempt({{"EXTERNAL"}}, 0, true, "AUTH"), -1);
    }

    void Q13_triesLatin1OnceAndOnlyForWhatIsNotAscii()
    {
        LoginChoice choice;
        choice.encrypted = true;
        choice.capabilities = parseCapabilities({"USER", "SASL PLAIN"});
        choice.credentials = {u"alice"_s, u"pässword"_s, {}};
        QCOMPARE(names(loginAttempts(choice)), (QByteArrayList{"PLAIN", "USER", "USER/latin1"}));
        choice.credentials.password = u"пароль"_s;
        QCOMPARE(names(loginAttempts(choice)), (QByteArrayList{"PLAIN", "USER"}));
        choice.credentials.password = u"pässword"_s;
        choice.latin1Password = true;
        QCOMPARE(names(loginAttempts(choice)), (QByteArrayList{"PLAIN/latin1", "USER/latin1", "USER"}));
    }

    void p305_whatIsRememberedOfTheSpellingIsUnlearnedWhereItDoesNotHelp()
    {
        LoginChoice choice;
        choice.encrypted = true;
        choice.latin1Password = true;
        choice.capabilities = parseCapabilities({"USER", "SASL PLAIN"});
        choice.credentials = {u"alice"_s, u"pässword"_s, {}};
        const QList<LoginAttempt> attempts = loginAttempts(choice);
        const qsizetype second = nextAttempt(attempts, 0, true, {});
        QCOMPARE(second, 1);
        QCOMPARE(nextAttempt(attempts, second, true, {}), 2); // as UTF-8
        QCOMPARE(nextAttempt(attempts, 0, true, "AUTH"), 2); // which is all that may help
        QCOMPARE(nextAttempt(attempts, 2, true, {}), -1);
        // What does not fit is never sent as question marks.
        choice.credentials.password = u"пароль"_s;
        QCOMPARE(names(loginAttempts(choice)), (QByteArrayList{"PLAIN", "USER"}));
        choice.credentials.password = u"secret"_s;
        choice.credentials.userName = u"алиса"_s;
        QCOMPARE(names(loginAttempts(choice)), (QByteArrayList{"PLAIN", "USER"}));
    }

    void Q18_triesAgainOnlyWhereThatMayHelp()
    {
        const QList<LoginAttempt> attempts{
            {"SCRAM-SHA-256"}, {"CRAM-MD5"}, {"PLAIN"}, {"LOGIN"}, {"USER"}, {"USER", true}};
        QCOMPARE(nextAttempt(attempts, 0, false, {}), 1); // nothing was sent yet
        QCOMPARE(nextAttempt(attempts, 0, true, "AUTH"), 2); // the password itself
        QCOMPARE(nextAttempt(attempts, 2, true, {}), 4); // another verb
        QCOMPARE(nextAttempt(attempts, 2, true, "AUTH"), 5); // other characters
        QCOMPARE(nextAttempt(attempts, 4, true, {}), 5);
        QCOMPARE(nextAttempt(attempts, 5, true, {}), -1);
        const QList<LoginAttempt> ascii{{"PLAIN"}, {"USER"}};
        QCOMPARE(nextAttempt(ascii, 0, true, "AUTH"), -1);
        QCOMPARE(nextAttempt(ascii, 1, false, {}), -1);
    }

    void Q42_theWindowIsBoundedByBytesAndRefilledEarly()
    {
        CommandQueue queue(100);
        const auto add = [&queue](const QByteArray &line, bool windowed = true) {
            Command command;
            command.line = line;
            command.windowed = windowed;
            queue.add(std::move(command));
        };
        for (int i = 0; i < 30; ++i)
            add("RETR 100"); // 10 bytes with its end
        add("QUIT", false);
        QCOMPARE(queue.refill().size(), 1); // not pipelining
        QCOMPARE(queue.refill().size(), 0);
        queue.setPipelining(true);
        QCOMPARE(queue.refill().size(), 9);
        QCOMPARE(queue.refill().size(), 0);
        static_cast<void>(queue.take());
        QVERIFY2(queue.refill().isEmpty(), "one write for many, not one each");
        static_cast<void>(queue.take());
        static_cast<void>(queue.take());
        QCOMPARE(queue.refill().size(), 3);
        while (queue.size() > 1) {
            while (queue.sent() > 0)
                static_cast<void>(queue.take());
            static_cast<void>(queue.refill());
        }
        QCOMPARE(queue.head()->line, "QUIT"); // alone, after everything else was answered
    }
};

QTEST_GUILESS_MAIN(TestListing)
#include "tst_listing.moc"
