// SPDX-License-Identifier: GPL-3.0-or-later
#include "exchange/states.h"

#include <QTest>

using namespace satchel;
using namespace satchel::exchange;
using namespace Qt::StringLiterals;

class tst_FetchedState : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    // Files that the programs wrote themselves
    void readsEveryFormatAsItsProgramWroteIt_data();
    void readsEveryFormatAsItsProgramWroteIt();
    void downloadsNothingTwiceFromTheServerOfTheFixture_data();
    void downloadsNothingTwiceFromTheServerOfTheFixture();
    void knowsWhereOnlyTheBeginningOfALargeMessageIsHeld();
    void readsTheTimesThatProgramsWrote();
    void readsTheMailboxesOfMpopWithTheirOwnUidls();
    void readsTheMailboxesOfFetchmailWithTheirOwnUidls();
    void readsKMailsListsWithTheirEscapesAndTimes();

    // Thunderbird
    void readsAPopStateWithItsFlags();
    void keepsTheMailboxesOfOnePopStateApart();
    void readsOldPopStatesWithoutTimes();
    void readsPopStatesOfWindows();
    void readsAPopStateThatWasCutInTheMiddleOfALine();
    void keepsBlanksInAUsersName();
    void takesNoMessageUnderABrokenMailboxLine();
    void tellsNetscapeAndSeaMonkey();

    // Claws Mail and Sylpheed
    void readsMarksInPlaceOfTimes();
    void takesUidlsWithoutATimeInAUidlFolder();
    void guessesHostAndUserOfAUidlFile_data();
    void guessesHostAndUserOfAUidlFile();
    void comparesAMailboxAsItsProgramNamesIt_data();
    void comparesAMailboxAsItsProgramNamesIt();

    // The others
    void findsThePortOfAGetmailFile();
    void readsGetmailLinesWithoutATime();
    void keepsAFetchmailUserWithBlanksAndAnAtSign();
    void readsAUidlOfMpopThatBeginsWithAHash();
    void takesNoMoreUidlsOfMpopThanItsListHas();
    void takesNoTimesOfKMailWhenTheListsDiffer();
    void marksWhatKMailPutOffAsIncomplete();
    void readsKMailFilesFromBeforeAkonadi();
};

void tst_FetchedState::readsEveryFormatAsItsProgramWroteIt_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<StateFormat>("format");
    QTest::addColumn<QString>("program");
    QTest::addColumn<QString>("host");
    QTest::addColumn<QString>("user");
    QTest::addColumn<int>("port");
    QTest::addColumn<QList<QByteArray>>("expected");

    QList<QByteArray> withoutSlashes = oddUidls;
    withoutSlashes.replace(4, "a-b-c");
    QList<QByteArray> ascii = oddUidls;
    ascii.removeAt(7);
    ascii.append("two words");
    QTest::newRow("claws") << u"claws-mail/uidl/localhost-robin_x"_s << StateFormat::UidlFile << u"Claws Mail"_s
                           << u"localhost"_s << u"robin_x"_s << 0 << oddUidls;
    QTest::newRow("sylpheed") << u"sylpheed/uidl/localhost-robin%2fx"_s << StateFormat::UidlFile << u"Sylpheed"_s
                              << u"localhost"_s << u"robin/x"_s << 0 << oddUidls;
    QTest::newRow("getmail") << u"getmail/oldmail-localhost-21100-robin"_s << StateFormat::Oldmail << u"getmail"_s
                             << u"localhost"_s << u"robin"_s << 21100 << withoutSlashes;
    QTest::newRow("fetchmail") << u"fetchmail/fetchids"_s << StateFormat::FetchIds << u"fetchmail"_s << u"localhost"_s
                               << u"robin"_s << 0 << oddUidls;
    QList<QByteArray> recoded = oddUidls;
    recoded.replace(7, "caf\xc3\x83\xc2\xa9-utf8");
    QTest::newRow("thunderbird") << u"thunderbird/popstate.dat"_s << StateFormat::PopState << u"Thunderbird"_s
                                 << u"localhost"_s << u"robin@example.org"_s << 0 << recoded;
    QTest::newRow("mpop") << u"mpop/uidls"_s << StateFormat::MpopUidls << u"mpop"_s << u"localhost"_s << u"robin"_s << 0
                          << ascii;
}

void tst_FetchedState::readsEveryFormatAsItsProgramWroteIt()
{
    QFETCH(QString, file);
    QFETCH(StateFormat, format);
    QFETCH(QString, program);
    QFETCH(QString, host);
    QFETCH(QString, user);
    QFETCH(int, port);
    QFETCH(QList<QByteArray>, expected);

    const auto states = readFetchedState(fixture(file));
    QVERIFY2(states, qPrintable(states.error().text));
    QCOMPARE(states->skipped, 0);
    const auto state = std::ranges::find_if(states->mailboxes,
        [&](const FetchedState &candidate) { return candidate.host == host && candidate.user == user; });
    QVERIFY(state != states->mailboxes.end());
    QCOMPARE(state->format, format);
    QCOMPARE(state->program, program);
    QCOMPARE(int(state->port), port);
    QCOMPARE(sorted(uidls(*state)), sorted(expected));
}

void tst_FetchedState::downloadsNothingTwiceFromTheServerOfTheFixture_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("user");
    QTest::newRow("claws") << u"claws-mail/uidl/localhost-robin_x"_s << u"robin/x"_s;
    QTest::newRow("sylpheed") << u"sylpheed/uidl/localhost-robin%2fx"_s << u"robin/x"_s;
    QTest::newRow("getmail") << u"getmail/oldmail-localhost-21100-robin"_s << u"robin"_s;
    QTest::newRow("fetchmail") << u"fetchmail/fetchids"_s << u"robin"_s;
    QTest::newRow("thunderbird") << u"thunderbird/popstate.dat"_s << u"robin@example.org"_s;
}

void tst_FetchedState::downloadsNothingTwiceFromTheServerOfTheFixture()
{
    QFETCH(QString, file);
    QFETCH(QString, user);
    const auto states = readFetchedState(fixture(file));
    QVERIFY2(states, qPrintable(states.error().text));
    const auto state = std::ranges::find_if(
        states->mailboxes, [&](const FetchedState &candidate) { return isOfMailbox(candidate, u"LOCALHOST"_s, user); });
    QVERIFY(state != states->mailboxes.end());
    const QList<qsizetype> matches = matchFetched(*state, oddUidls + QList<QByteArray>{"new"});
    QCOMPARE(matches.size(), oddUidls.size() + 1);
    QCOMPARE(matches.count(-1), 1);
    QCOMPARE(matches.last(), -1);
}

void tst_FetchedState::knowsWhereOnlyTheBeginningOfALargeMessageIsHeld()
{
    for (const QString &file : {u"claws-mail/uidl/localhost-robin_x"_s, u"thunderbird/popstate.dat"_s}) {
        const auto states = readFetchedState(fixture(file));
        QVERIFY(states);
        for (const FetchedMessage &message : states->mailboxes.first().messages)
            QCOMPARE(message.complete, message.uidl != "<4711@mail.example.org>");
    }
}

void tst_FetchedState::readsTheTimesThatProgramsWrote()
{
    for (const QString &file : {u"thunderbird/popstate.dat"_s, u"claws-mail/uidl/localhost-robin_x"_s,
             u"sylpheed/uidl/localhost-robin%2fx"_s, u"getmail/oldmail-localhost-21100-robin"_s}) {
        const auto states = readFetchedState(fixture(file));
        QVERIFY(states);
        for (const FetchedMessage &message : states->mailboxes.first().messages) {
            QCOMPARE(message.fetchedAt.timeZone(), QTimeZone::utc());
            QCOMPARE(message.fetchedAt.date(), QDate(2026, 11, 23));
        }
    }
}

void tst_FetchedState::readsTheMailboxesOfMpopWithTheirOwnUidls()
{
    const auto states = readFetchedState(fixture(u"mpop/uidls"_s));
    QVERIFY(states);
    QCOMPARE(states->mailboxes.size(), 2);
    QCOMPARE(states->mailboxes[0].user, u"robin@example.org"_s);
    QCOMPARE(
        uidls(states->mailboxes[0]), QList<QByteArray>({"000000016b048ae1", "000000026b048ae1", "000000036b048ae1"}));
    QCOMPARE(states->mailboxes[1].user, u"robin"_s);
    QCOMPARE(states->mailboxes[1].messages.size(), 11);
}

void tst_FetchedState::readsTheMailboxesOfFetchmailWithTheirOwnUidls()
{
    const auto states = readFetchedState(fixture(u"fetchmail/fetchids"_s));
    QVERIFY(states);
    QCOMPARE(states->mailboxes.size(), 3);
    QCOMPARE(states->mailboxes[1].user, u"robin@example.org"_s);
    QCOMPARE(states->mailboxes[1].host, u"localhost"_s);
    QCOMPARE(states->mailboxes[1].messages.size(), 3);
    QCOMPARE(states->mailboxes[2].host, u"127.0.0.1"_s);
    QVERIFY(!states->mailboxes[2].messages.first().fetchedAt.isValid());
}

void tst_FetchedState::readsKMailsListsWithTheirEscapesAndTimes()
{
    const auto states = readFetchedState(fixture(u"kmail/akonadi_pop3_resource_0rc"_s));
    QVERIFY2(states, qPrintable(states.error().text));
    QCOMPARE(states->mailboxes.size(), 1);
    const FetchedState &state = states->mailboxes.first();
    QCOMPARE(state.program, u"KMail"_s);
    QCOMPARE(state.host, u"pop.example.org"_s);
    QCOMPARE(state.user, u"robin@example.org"_s);
    QCOMPARE(state.port, 995);
    QCOMPARE(uidls(state),
        QList<QByteArray>({"0000000165f3a2b1", "<4711@mail.example.org>", "#starts.with.hash", "comma,and\\back\"slash",
            "[bracket]=;{}~", "caf\xc3\xa9-utf8", "0000000199999999"}));
    for (qsizetype i = 0; i < state.messages.size(); ++i) {
        QCOMPARE(state.messages[i].fetchedAt, at(1'700'000'000 + 100 * i));
        QCOMPARE(state.messages[i].complete, i != 6);
    }
    QVERIFY(isOfMailbox(state, u"pop.example.org"_s, u"robin@example.org"_s));
    QVERIFY(!isOfMailbox(state, u"pop.example.org"_s, u"robin"_s));
}

void tst_FetchedState::readsAPopStateWithItsFlags()
{
    const FetchedStates states = parsed(u"popstate.dat"_s,
        "# POP3 State File\n# This is a generated file!  Do not edit.\n\n"
        "*pop.example.org robin\n"
        "k AAA 1700000000\nd BBB 1700000001\nb CCC 1700000002\nf DDD 1700000003\n"
        "x EEE 1700000004\nkk FFF 1\n");
    QCOMPARE(states.skipped, 2);
    QCOMPARE(states.mailboxes.size(), 1);
    const FetchedState &state = states.mailboxes.first();
    QCOMPARE(state.program, u"Thunderbird"_s);
    QCOMPARE(state.host, u"pop.example.org"_s);
    QCOMPARE(state.user, u"robin"_s);
    QCOMPARE(state.port, 0);
    QCOMPARE(state.messages,
        QList<FetchedMessage>({{"AAA", at(1'700'000'000), true, false}, {"BBB", at(1'700'000'001), true, true},
            {"CCC", at(1'700'000'002), false, false}, {"DDD", at(1'700'000'003), false, false}}));
}

void tst_FetchedState::keepsTheMailboxesOfOnePopStateApart()
{
    const FetchedStates states = parsed(u"popstate.dat"_s,
        "# POP3 State File\n*a.example.org one\nk SAME 1700000000\n"
        "*b.example.org two\nk SAME 1700000001\n*a.example.org one\nk OTHER\n");
    QCOMPARE(states.mailboxes.size(), 2);
    QCOMPARE(uidls(states.mailboxes[0]), QList<QByteArray>({"SAME", "OTHER"}));
    QCOMPARE(states.mailboxes[0].messages.first().fetchedAt, at(1'700'000'000));
    QCOMPARE(uidls(states.mailboxes[1]), QList<QByteArray>{"SAME"});
}

void tst_FetchedState::readsOldPopStatesWithoutTimes()
{
    const FetchedStates states =
        parsed(u"popstate.dat"_s, "# POP3 State File\n*h u\nk AAA\nk BBB undefined\nk\tCCC\t0\n");
    QCOMPARE(uidls(states.mailboxes.first()), QList<QByteArray>({"AAA", "BBB", "CCC"}));
    for (const FetchedMessage &message : states.mailboxes.first().messages)
        QVERIFY(!message.fetchedAt.isValid());
}

void tst_FetchedState::readsPopStatesOfWindows()
{
    const FetchedStates states =
        parsed(u"popstate.dat"_s, "\xEF\xBB\xBF# POP3 State File\r\n\r\n*h u\r\nk AAA 1700000000\r\nb BBB\r\n");
    QCOMPARE(states.skipped, 0);
    QCOMPARE(states.mailboxes.first().user, u"u"_s);
    QCOMPARE(uidls(states.mailboxes.first()), QList<QByteArray>({"AAA", "BBB"}));
}

void tst_FetchedState::readsAPopStateThatWasCutInTheMiddleOfALine()
{
    const FetchedStates states = parsed(u"popstate.dat"_s, "# POP3 State File\n*h u\nk AAA 1700000000\nk");
    QCOMPARE(states.skipped, 1);
    QCOMPARE(uidls(states.mailboxes.first()), QList<QByteArray>{"AAA"});
}

void tst_FetchedState::keepsBlanksInAUsersName()
{
    const FetchedStates states = parsed(u"popstate.dat"_s, "# POP3 State File\n*h Robin Hood\nk AAA 1700000000\n");
    QCOMPARE(states.mailboxes.first().user, u"Robin Hood"_s);
}

void tst_FetchedState::takesNoMessageUnderABrokenMailboxLine()
{
    const FetchedStates states =
        parsed(u"popstate.dat"_s, "# POP3 State File\n*a one\nk AAA\n*nouser\nk BBB\n*b two\nk CCC\n");
    QCOMPARE(states.skipped, 2);
    QCOMPARE(states.mailboxes.size(), 2);
    QCOMPARE(uidls(states.mailboxes[0]), QList<QByteArray>{"AAA"});
    QCOMPARE(uidls(states.mailboxes[1]), QList<QByteArray>{"CCC"});
}

void tst_FetchedState::tellsNetscapeAndSeaMonkey()
{
    const QByteArray rest = "POP3 State File\n*h u\nk A\n";
    QCOMPARE(parsed(u"popstate.dat"_s, "# Netscape " + rest).mailboxes.first().program, u"Netscape"_s);
    QCOMPARE(parsed(u"/home/r/.mozilla/seamonkey/x/Mail/h/popstate.dat"_s, "# " + rest).mailboxes.first().program,
        u"SeaMonkey"_s);
}

void tst_FetchedState::readsMarksInPlaceOfTimes()
{
    const FetchedStates states = parsed(u"uidl/pop.example.org-robin"_s,
        "A\t0\t0\nB\t1\t0\nC\t2\t0\nD\t3\t0\nE\t1700000000\t1\n"
        "F\t1700000000\t#mh/Mail/inbox:17\nG\t1700000000\t0\n");
    const QList<FetchedMessage> &messages = states.mailboxes.first().messages;
    QCOMPARE(messages.size(), 7);
    for (int i = 0; i < 4; ++i) {
        QVERIFY(!messages[i].fetchedAt.isValid());
        QCOMPARE(messages[i].deletionWanted, i == 3);
        QVERIFY(messages[i].complete);
    }
    QVERIFY(!messages[4].complete);
    QVERIFY(!messages[5].complete);
    QVERIFY(messages[6].complete);
    QCOMPARE(messages[6].fetchedAt, at(1'700'000'000));
}

void tst_FetchedState::takesUidlsWithoutATimeInAUidlFolder()
{
    const FetchedStates states = parsed(u"/h/.sylpheed/uidl/pop.example.org-robin"_s, "A\nB\n");
    QCOMPARE(uidls(states.mailboxes.first()), QList<QByteArray>({"A", "B"}));
    QCOMPARE(detectFetchedState(u"/h/notes/pop.example.org-robin"_s, "A\nB\n"), StateFormat::Unknown);
}

void tst_FetchedState::guessesHostAndUserOfAUidlFile_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("host");
    QTest::addColumn<QString>("user");
    QTest::newRow("plain") << u"pop.example.org-robin"_s << u"pop.example.org"_s << u"robin"_s;
    QTest::newRow("user with a hyphen") << u"pop.example.org-robin-hood"_s << u"pop.example.org"_s << u"robin-hood"_s;
    QTest::newRow("user like a host") << u"pop.example.org-robin.hood-jr"_s << u"pop.example.org"_s
                                      << u"robin.hood-jr"_s;
    QTest::newRow("host with a hyphen") << u"pop.my-isp.com-robin"_s << u"pop.my-isp.com"_s << u"robin"_s;
    QTest::newRow("host begins with a hyphened label")
        << u"my-mail.example.org-robin"_s << u"my-mail.example.org"_s << u"robin"_s;
    QTest::newRow("two labels") << u"example.org-robin"_s << u"example.org"_s << u"robin"_s;
    QTest::newRow("address") << u"pop.my-isp.com-robin@my-isp.com"_s << u"pop.my-isp.com"_s << u"robin@my-isp.com"_s;
    QTest::newRow("IPv4") << u"192.0.2.1-robin"_s << u"192.0.2.1"_s << u"robin"_s;
    QTest::newRow("localhost") << u"localhost-robin-hood"_s << u"localhost"_s << u"robin-hood"_s;
    QTest::newRow("escaped") << u"pop.example.org-robin%3ax%2525"_s << u"pop.example.org"_s << u"robin:x%25"_s;
    QTest::newRow("no hyphen") << u"backup"_s << QString() << QString();
    QTest::newRow("ends with a hyphen") << u"host-"_s << QString() << QString();
    QTest::newRow("of old") << u"uidl-pop.example.org-robin"_s << u"pop.example.org"_s << u"robin"_s;
}

void tst_FetchedState::guessesHostAndUserOfAUidlFile()
{
    QFETCH(QString, name);
    QFETCH(QString, host);
    QFETCH(QString, user);
    const FetchedStates states = parsed(u"/uidl/"_s + name, "A\t1700000000\n");
    QCOMPARE(states.mailboxes.size(), 1);
    QCOMPARE(states.mailboxes.first().host, host);
    QCOMPARE(states.mailboxes.first().user, user);
}

void tst_FetchedState::comparesAMailboxAsItsProgramNamesIt_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QString>("host");
    QTest::addColumn<QString>("user");
    QTest::addColumn<bool>("same");
    const QByteArray claws = "A\t1700000000\t0\n";
    const QByteArray sylpheed = "A\t1700000000\n";
    const QByteArray getmail = withNuls("A\0001700000000\n");
    QTest::newRow("claws, hyphens everywhere")
        << u"/uidl/my-pop.my-isp.com-my-name"_s << claws << u"my-pop.my-isp.com"_s << u"my-name"_s << true;
    QTest::newRow("claws, substituted") << u"/uidl/h-DOM_robin"_s << claws << u"h"_s << u"DOM\\robin"_s << true;
    QTest::newRow("claws, other user") << u"/uidl/h-robin"_s << claws << u"h"_s << u"robin2"_s << false;
    QTest::newRow("claws, no user") << u"/uidl/h-robin"_s << claws << u"h"_s << QString() << false;
    QTest::newRow("sylpheed, escaped") << u"/uidl/h-DOM%5crobin"_s << sylpheed << u"H"_s << u"DOM\\robin"_s << true;
    QTest::newRow("sylpheed, host ends early") << u"/uidl/h-robin"_s << sylpheed << u"h-r"_s << u"obin"_s << false;
    QTest::newRow("getmail") << u"oldmail-my-pop.example.org-995-my-name"_s << getmail << u"MY-pop.example.org"_s
                             << u"my-name"_s << true;
    QTest::newRow("getmail, substituted")
        << u"oldmail-h-110-DOM-robin"_s << getmail << u"h"_s << u"DOM\\\\robin"_s << true;
    QTest::newRow("getmail, no port") << u"oldmail-h-x-robin"_s << getmail << u"h"_s << u"robin"_s << false;
    QTest::newRow("getmail, part of a user") << u"oldmail-h-110-my-name"_s << getmail << u"h"_s << u"name"_s << false;
    QTest::newRow("fetchmail, case") << u".fetchids"_s << QByteArray("Robin@POP.example.org A\n")
                                     << u"pop.example.org"_s << u"robin"_s << true;
    QTest::newRow("mpop") << u"x"_s << QByteArray(" 1 pop.example.org robin\nA\n") << u"pop.example.ORG"_s << u"robin"_s
                          << true;
    QTest::newRow("mpop, case of the user")
        << u"x"_s << QByteArray(" 1 pop.example.org Robin\nA\n") << u"pop.example.org"_s << u"robin"_s << false;
}

void tst_FetchedState::comparesAMailboxAsItsProgramNamesIt()
{
    QFETCH(QString, file);
    QFETCH(QByteArray, content);
    QFETCH(QString, host);
    QFETCH(QString, user);
    QFETCH(bool, same);
    const FetchedStates states = parsed(file, content);
    QCOMPARE(states.mailboxes.size(), 1);
    QCOMPARE(isOfMailbox(states.mailboxes.first(), host, user), same);
}

void tst_FetchedState::findsThePortOfAGetmailFile()
{
    const FetchedStates states =
        parsed(u"/x/oldmail-my-pop.example.org-995-robin-7@example.org"_s, withNuls("A\0001\n"));
    QCOMPARE(states.mailboxes.first().host, u"my-pop.example.org"_s);
    QCOMPARE(states.mailboxes.first().port, 995);
    QCOMPARE(states.mailboxes.first().user, u"robin-7@example.org"_s);
}

void tst_FetchedState::readsGetmailLinesWithoutATime()
{
    const QByteArray text = withNuls("A\0001700000000\nB\0\nno separator\nC\000x\n");
    const FetchedStates states = parsed(u"oldmail-h-995-u"_s, text);
    QCOMPARE(uidls(states.mailboxes.first()), QList<QByteArray>({"A", "B", "C"}));
    QCOMPARE(states.skipped, 1);
    QVERIFY(!states.mailboxes.first().messages[1].fetchedAt.isValid());
}

void tst_FetchedState::keepsAFetchmailUserWithBlanksAndAnAtSign()
{
    const FetchedStates states = parsed(u".fetchids"_s,
        "Robin Hood/Sherwood@pop.example.org <1@x>\n"
        "  robin@example.org@pop.example.org A@B \n\nnonsense\n@h A\nu@ A\nu@h\n"
        "u@h A\nu@h B\nu@h C\nu@h D\nu@h E\nu@h F\nu@h G\nu@h H\nu@h I\nu@h J\n");
    QCOMPARE(states.skipped, 4);
    QCOMPARE(states.mailboxes.size(), 3);
    QCOMPARE(states.mailboxes[0].user, u"Robin Hood/Sherwood"_s);
    QCOMPARE(states.mailboxes[0].host, u"pop.example.org"_s);
    QCOMPARE(uidls(states.mailboxes[0]), QList<QByteArray>{"<1@x>"});
    QCOMPARE(states.mailboxes[1].user, u"robin@example.org"_s);
    QCOMPARE(uidls(states.mailboxes[1]), QList<QByteArray>{"A@B"});
    QCOMPARE(states.mailboxes[2].messages.size(), 10);
}

void tst_FetchedState::readsAUidlOfMpopThatBeginsWithAHash()
{
    const FetchedStates states = parsed(u"x"_s, "# comment\n 2 h u\n#one\ntwo words\n");
    QCOMPARE(states.skipped, 0);
    QCOMPARE(uidls(states.mailboxes.first()), QList<QByteArray>({"#one", "two words"}));
}

void tst_FetchedState::takesNoMoreUidlsOfMpopThanItsListHas()
{
    const FetchedStates states =
        parsed(u"x"_s, " 1 h u\nA\nB\n 3 h v\nC\n bad head\nD\n 99999999999999999999 h w\nE\n");
    QCOMPARE(states.mailboxes.size(), 2);
    QCOMPARE(uidls(states.mailboxes[0]), QList<QByteArray>{"A"});
    QCOMPARE(uidls(states.mailboxes[1]), QList<QByteArray>{"C"});
    QCOMPARE(states.skipped, 5);
}

void tst_FetchedState::takesNoTimesOfKMailWhenTheListsDiffer()
{
    const FetchedStates states = parsed(u"akonadi_pop3_resource_1rc"_s,
        "[General]\nhost=h\nlogin=u\n\n[LeaveOnServer]\nseenUidList[$e]=A,B\\,C,\\sD\n"
        "seenUidTimeList=1700000000,1700000000\n");
    const FetchedState &state = states.mailboxes.first();
    QCOMPARE(uidls(state), QList<QByteArray>({"A", "B,C", " D"}));
    for (const FetchedMessage &message : state.messages)
        QVERIFY(!message.fetchedAt.isValid());
}

void tst_FetchedState::marksWhatKMailPutOffAsIncomplete()
{
    const FetchedStates states = parsed(u"rc"_s, "seenUidList=A,B\ndownloadLater=B,C\n");
    QCOMPARE(uidls(states.mailboxes.first()), QList<QByteArray>({"A", "B"}));
    QVERIFY(states.mailboxes.first().messages[0].complete);
    QVERIFY(!states.mailboxes.first().messages[1].complete);
}

void tst_FetchedState::readsKMailFilesFromBeforeAkonadi()
{
    const FetchedStates states = parsed(u"/h/.kde/share/apps/kmail/robin:x:@pop.example.org:995"_s,
        "seenUidList=A\\\\,B\nseenUidTimeList=1700000000\n");
    const FetchedState &state = states.mailboxes.first();
    QCOMPARE(state.host, u"pop.example.org"_s);
    QCOMPARE(state.user, u"robin:x"_s);
    QCOMPARE(state.port, 995);
    QCOMPARE(state.messages, QList<FetchedMessage>({{"A,B", at(1'700'000'000), true, false}}));
}

QTEST_GUILESS_MAIN(tst_FetchedState)
#include "tst_fetchedstate.moc"
