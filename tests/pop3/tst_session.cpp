// SPDX-License-Identifier: GPL-3.0-or-later
#include "pop3/session.h"
#include "support/transcriptrun.h"

#include <QDir>
#include <QSignalSpy>
#include <QTest>
#include <QTimer>

using namespace satchel;
using namespace satchel::pop3;
using namespace satchel::test;
using namespace std::chrono_literals;

namespace {

// How most of these conversations begin.
const QByteArray Hello = "S: +OK ready\nC: CAPA\nS: +OK\nS: UIDL\nS: TOP\nS: USER\nS: .\nE: ready\n";
const QByteArray Pipelined = "S: +OK ready\nC: CAPA\nS: +OK\nS: UIDL\nS: PIPELINING\nS: .\nE: ready\n";
const QByteArray NoCapa = "S: +OK ready\nC: CAPA\nS: -ERR\nE: ready\n";
const QByteArray SignIn = "D: login alice secret\nC: USER alice\nS: +OK\nC: PASS secret\nS: +OK\n";
const QByteArray CapaAgain = "C: CAPA\nS: +OK\nS: UIDL\nS: TOP\nS: .\nE: loggedIn USER\n";
const QByteArray CapaAgainPipelined = "C: CAPA\nS: +OK\nS: UIDL\nS: PIPELINING\nS: .\nE: loggedIn USER\n";
const QByteArray LoggedIn = Hello + SignIn + CapaAgain;
const QByteArray LoggedInPipelined = Pipelined + SignIn + CapaAgainPipelined;
const QByteArray Quit = "D: quit\nC: QUIT\nS: +OK\nX\nE: finished\n";

} // namespace

class TestSession : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void goesAsTheTranscriptSays_data()
    {
        QTest::addColumn<QByteArray>("text");
        const auto row = [](const char *name, const QByteArray &text) { QTest::newRow(name) << text; };

        row("signsInListsFetchesDeletesAndQuits",
            LoggedIn
                + "D: stat\nC: STAT\nS: +OK 1 12\nE: stated 1 12\nD: list\nC: UIDL\nS: +OK\nS: 1 abc\nS: .\nC: "
                  "LIST\nS: +OK\nS: 1 12\nS: .\n"
                  "E: listed 1 abc 12\nE: listed 1 uidl\n"
                  "D: retr 1\nC: RETR 1\nS: +OK\nS: a: b\nS: \nS: ..x\nS: .\nC: NOOP\nS: +OK\nE: retrieved 1 12 "
                + "fec238912c761db6" + "\nD: dele 1\nC: DELE 1\nS: +OK\nE: deleted 1\n" + Quit);
        row("Q1_connectsAgainWithoutCapaWhenTheServerHangsUpOnIt",
            "S: +OK ready\nC: CAPA\nX\nN\nS: +OK ready\nE: ready\n" + SignIn + "E: loggedIn USER\n" + Quit);
        row("Q1_sec_failsClosedWhenCapaHangsUpAndThereIsNoTls",
            "# security: starttls\nS: +OK ready\nC: CAPA\nX\nN\nS: +OK ready\nC: STLS\nS: -ERR what\nE: failed "
            "EncryptionUnavailable\n");
        row("F06_asksForCapaAfterAllWhereTheLoginIsRefusedWithoutIt",
            "# security: tls\nS: +OK ready\nC: CAPA\nX\nN\nS: +OK ready\nE: ready\nD: login alice secret\nC: USER "
            "alice\n"
            "S: -ERR [AUTH] use SASL\nX\nN\nS: +OK ready\nC: CAPA\nS: +OK\nS: SASL PLAIN\nS: .\nC: AUTH PLAIN\nS: +\n"
            "C: AGFsaWNlAHNlY3JldA==\nS: +OK\nC: CAPA\nS: +OK\nS: SASL PLAIN\nS: .\nE: loggedIn PLAIN\n"
                + Quit);
        row("F06_saysThatTheLoginWasRefusedWhereCapaTellsNothingNew",
            "# security: tls\nS: +OK ready\nC: CAPA\nX\nN\nS: +OK ready\nE: ready\nD: login alice secret\nC: USER "
            "alice\n"
            "S: +OK\nC: PASS secret\nS: -ERR no\nX\nN\nS: +OK ready\nC: CAPA\nS: +OK\nS: USER\nS: .\n"
            "E: refused Pass 0 AuthenticationFailed\n");
        row("F06_saysThatTheLoginWasRefusedWhereTheServerDoesHangUpOnCapa",
            "# security: tls\nS: +OK ready\nC: CAPA\nX\nN\nS: +OK ready\nE: ready\nD: login alice secret\nC: USER "
            "alice\n"
            "S: +OK\nC: PASS secret\nS: -ERR no\nX\nN\nS: +OK ready\nC: CAPA\nX\nN\nS: +OK ready\n"
            "E: refused Pass 0 AuthenticationFailed\n");
        row("Q1_doesWithoutCapaWhereItIsRefused", NoCapa + SignIn + "E: loggedIn USER\n" + Quit);
        row("Q2_asksCapaAgainAfterTlsAndAfterTheLogin",
            "# security: starttls\nS: +OK ready\nC: CAPA\nS: +OK\nS: STLS\nS: SASL CRAM-MD5\nS: .\nC: STLS\nS: +OK\nT\n"
            "C: CAPA\nS: +OK\nS: USER\nS: .\nE: ready\n"
                + SignIn + CapaAgainPipelined
                + "D: noop\nD: rset\nC: NOOP\nC: RSET\nS: +OK\nS: +OK\nE: idled\nE: reset\n" + Quit);
        row("Q3_triesUidlAndTopThoughCapaDoesNotNameThem",
            "S: +OK ready\nC: CAPA\nS: +OK\nS: USER\nS: .\nE: ready\n" + SignIn
                + "C: CAPA\nS: +OK\nS: .\nE: loggedIn USER\n"
                  "D: list\nC: UIDL\nS: +OK\nS: 1 u\nS: .\nC: LIST\nS: +OK\nS: 1 5\nS: .\nE: listed 1 u 5\nE: listed 1 "
                  "uidl\n"
                  "D: top 1 0\nC: TOP 1 0\nS: +OK\nS: a: b\nS: \nS: .\nE: topped 1 8\n"
                + Quit);
        row("Q31_doesWithoutUidlWhereThereIsNone",
            NoCapa + SignIn
                + "E: loggedIn USER\nD: list\nC: UIDL\nS: -ERR what\nC: LIST\nS: +OK\nS: 1 5\nS: .\nE: listed 1  5\nE: "
                  "listed 1 no-uidl\n"
                + Quit);
        row("Q31_UidlThatIsAnnouncedAndRefusedIsTroubleOfTheMoment",
            LoggedIn + "D: list\nC: UIDL\nS: -ERR oops\nC: LIST\nS: +OK\nS: 1 5\nS: .\nE: refused Uidl 0 TryLater\n"
                + Quit);
        row("Q31_anEmptyMailboxNeedsNoUidl",
            LoggedIn + "D: list\nC: UIDL\nS: -ERR empty\nC: LIST\nS: +OK\nS: .\nE: listed 0 uidl\n" + Quit);
        row("listsNamesAloneAndAddsSizesLater",
            LoggedIn
                + "D: names\nC: UIDL\nS: +OK\nS: 1 u\nS: 2 v\nS: .\nE: listed 1 u 0\nE: listed 2 v 0\nE: listed 2 "
                  "uidl\n"
                  "D: sizes\nC: LIST\nS: +OK\nS: 1 5\nS: 2 6\nS: 3 7\nS: .\nE: listed 1 u 5\nE: listed 2 v 6\n"
                  "E: listed 2 uidl\n"
                + Quit);
        row("Q31_listsWithoutNamesWhereThereAreNone",
            NoCapa + SignIn
                + "E: loggedIn USER\nD: names\nC: UIDL\nS: -ERR what\nC: LIST\nS: +OK\nS: 1 5\nS: .\nE: listed 1  5\n"
                  "E: listed 1 no-uidl\n"
                + Quit);
        row("Q20_goesOnWithUidlWhenListIsRefused",
            LoggedIn + "D: list\nC: UIDL\nS: +OK\nS: 1 u\nS: .\nC: LIST\nS: -ERR\nE: listed 1 u 0\nE: listed 1 uidl\n"
                + Quit);
        row("Q21_acceptsAnyStat",
            LoggedIn
                + "D: stat\nC: STAT\nS: +OK 3 -17\nE: stated 3 0\nD: stat\nC: STAT\nS: +OK lots\nE: refused Stat 0 "
                  "ProtocolError\n"
                + Quit);
        row("Q39_oneMessageThatIsRefusedOrEmptyStopsNothing",
            LoggedIn
                + "D: retr 1\nD: retr 2\nD: retr 3\nC: RETR 1\nS: -ERR no\nE: refused Retr 1 ServerRefused\nC: RETR "
                  "2\nS: +OK\nS: .\nC: RETR 3\n"
                  "S: +OK\nS: x\nS: .\nE: refused Retr 2 ServerRefused\nC: NOOP\nS: -ERR\nE: retrieved 3 3 "
                  "b35e09fa2ced9ebc\n"
                + Quit);
        row("Q47_aDeletionThatIsRefusedStopsNothing",
            LoggedIn + "D: retr 1\nC: RETR 1\nS: +OK\nS: x\nS: .\nC: NOOP\nS: +OK\nE: retrieved 1 3 "
                + "b35e09fa2ced9ebc" + "\nD: dele 1\nC: DELE 1\nS: -ERR expired\nE: refused Dele 1 ServerRefused\n"
                + Quit);
        row("Q40_topThatIsAnsweredTwiceEndsTheSession",
            LoggedIn
                + "D: top 1 0\nC: TOP 1 0\nS: +OK\nS: a: b\nS: .\nS: +OK\nE: topped 1 6\nE: failed ProtocolError\n");
        row("Q40_severalTopsGoTogetherOnceNothingWasLeftOver",
            LoggedInPipelined
                + "D: top 1 0\nD: top 2 0\nD: top 3 0\nC: TOP 1 0\nS: +OK\nS: a: b\nS: .\nE: topped 1 6\n"
                  "C: STAT\nS: +OK 3 300\nC: TOP 2 0\nC: TOP 3 0\nS: +OK\nS: a: b\nS: .\nE: topped 2 6\n"
                  "S: +OK\nS: c: d\nS: .\nE: topped 3 6\n"
                + Quit);
        row("Q40_aSecondAnswerToTopIsFoundBeforeSeveralGoTogether",
            LoggedInPipelined
                + "D: top 1 0\nD: top 2 0\nD: top 3 0\nC: TOP 1 0\nS: +OK\nS: a: b\nS: .\nE: topped 1 6\n"
                  "C: STAT\nS: +OK 120 octets\nE: failed ProtocolError\n");
        row("Q42_sendsManyCommandsAtOnceWhereTheServerSaysSo",
            LoggedInPipelined
                + "D: retr 1\nD: retr 2\nD: stat\nC: RETR 1\nC: RETR 2\nC: STAT\nS: +OK\nS: x\nS: .\nS: -ERR\nS: +OK 1 "
                  "1\n"
                  "E: retrieved 1 3 b35e09fa2ced9ebc\nE: refused Retr 2 ServerRefused\nE: stated 1 1\n"
                + Quit);
        row("Q25_aMessageWithJunkBehindItIsNotWhole",
            LoggedIn
                + "D: retr 1\nC: RETR 1\nS: +OK\nS: x\nS: .\nC: NOOP\nS: the rest of the message\nS: .\nS: +OK\nE: "
                  "refused Retr 1 ProtocolError\nE: failed ProtocolError\n");
        row("Q25_inAPipelineToo",
            LoggedInPipelined
                + "D: retr 1\nD: retr 2\nC: RETR 1\nC: RETR 2\nS: +OK\nS: x\nS: .\nS: the rest of the message\nS: "
                  ".\nS: +OK\nS: y\nS: .\n"
                  "E: refused Retr 1 ProtocolError\nE: failed ProtocolError\n");
        row("Q25_whatWasWholeStaysWholeWhenTheConnectionEnds",
            LoggedIn
                + "D: retr 1\nC: RETR 1\nS: +OK\nS: x\nS: .\nC: NOOP\nX\nE: retrieved 1 3 b35e09fa2ced9ebc\nE: failed "
                  "ConnectionLost\n");
        row("Q46_aMessageThatIsCutIsNoMessage",
            LoggedInPipelined
                + "D: retr 1\nD: retr 2\nC: RETR 1\nC: RETR 2\nS: +OK\nS: x\nS: .\nS: +OK\nS: half of it\nX\nE: "
                  "retrieved 1 3 "
                + "b35e09fa2ced9ebc" + "\nE: failed ConnectionLost\n");
        row("Q46_orTheLineDrops",
            LoggedIn + "D: retr 1\nC: RETR 1\nS: +OK\nS: half\nS: .\\\nF\nE: failed ConnectionLost\n");
        row("Q48_quitRefused",
            LoggedIn + "D: quit\nC: QUIT\nS: -ERR some messages not removed\nE: refused Quit 0 ServerRefused\n");
        row("Q48_quitNeverAnswered", LoggedIn + "D: quit\nC: QUIT\nX\nE: refused Quit 0 ConnectionLost\n");
        row("Q33_Q34_numbersAreOfOneSession",
            LoggedIn
                + "D: list\nC: UIDL\nS: +OK\nS: 7 a\nS: 3 b\nS: .\nC: LIST\nS: +OK\nS: 3 1\nS: 7 2\nS: .\nE: listed 7 "
                  "a 2\nE: listed 3 b 1\nE: listed 2 uidl\n"
                + Quit);

        // The door.
        row("Q15_mailboxInUse",
            Hello
                + "D: login alice secret\nC: USER alice\nS: +OK\nC: PASS secret\nS: -ERR [IN-USE] locked\nE: refused "
                  "Pass 0 MailboxInUse\n");
        row("Q16_tooEarly",
            Hello
                + "D: login alice secret\nC: USER alice\nS: +OK\nC: PASS secret\nS: -ERR [LOGIN-DELAY] wait\nE: "
                  "refused Pass 0 TooSoon\n");
        row("anOlderProtocolIsNamed", "S: + POP2 mail.example.test server ready\nE: failed ProtocolError\n");
        row("Q14_utf8AndLanguageAreAskedForAndMayBeRefused",
            "# client: language=de\nS: +OK\nC: CAPA\nS: +OK\nS: USER\nS: UTF8\nS: LANG\nS: .\nD: login alice "
            "secret\nC: UTF8\nS: -ERR no\n"
            "C: LANG de\nS: -ERR no\nC: USER alice\nS: +OK\nC: PASS secret\nS: -ERR [AUTH] Falsches Kennwort\n"
            "E: ready\nE: refused Pass 0 AuthenticationFailed\n");
        row("Q17_temporaryAtTheGreeting", "S: -ERR [SYS/TEMP] later\nE: failed TryLater\n");
        row("Q17_wrongPassword",
            Hello
                + "D: login alice wrong\nC: USER alice\nS: +OK\nC: PASS wrong\nS: -ERR [AUTH] no\nE: refused Pass 0 "
                  "AuthenticationFailed\n");
        const QByteArray helloAgain = "N\n" + QByteArray(Hello).replace("E: ready\n", "");
        row("Q11_aHangUpInsteadOfAnAnswerToThePasswordIsARefusalTheSecondTime",
            Hello + "D: login alice wrong\nC: USER alice\nS: +OK\nC: PASS wrong\nX\n" + helloAgain
                + "C: USER alice\nS: +OK\nC: PASS wrong\nX\nE: failed AuthenticationFailed\n");
        row("Q11_aLineThatIsLostDuringTheLoginIsNoRefusal",
            Hello + "D: login alice secret\nC: USER alice\nS: +OK\nC: PASS secret\nX\n" + helloAgain
                + "C: USER alice\nS: +OK\nC: PASS secret\nS: +OK\n" + CapaAgain + Quit);
        row("Q11_aLineThatIsLostDuringTheLoginAndAgainBeforeItIsNoRefusal",
            Hello
                + "D: login alice secret\nC: USER alice\nS: +OK\nC: PASS secret\nX\nN\nX\nE: failed ConnectionLost\n");
        row("Q11_aHangUpBeforeThePasswordIsNot",
            Hello + "D: login alice secret\nC: USER alice\nX\nE: failed ConnectionLost\n");
        row("Q12_fallsFromPlainToUserOnANewConnection",
            "# security: tls\nS: +OK\nC: CAPA\nS: +OK\nS: SASL PLAIN\nS: USER\nS: .\nE: ready\nD: login alice "
            "secret\nC: AUTH PLAIN\nS: + \nC: AGFsaWNlAHNlY3JldA==\nS: -ERR no\nX\n"
            "N\nS: +OK\nC: CAPA\nS: +OK\nS: SASL PLAIN\nS: USER\nS: .\nC: USER alice\nS: +OK\nC: PASS secret\nS: +OK\n"
                + CapaAgain + Quit);
        row("Q12_fallsToTheNextOnTheSameConnectionWhereNothingWasSent",
            "# security: tls\nS: +OK\nC: CAPA\nS: +OK\nS: SASL PLAIN LOGIN\nS: .\nE: ready\nD: login alice secret\nC: "
            "AUTH PLAIN\nS: -ERR unknown\nC: AUTH LOGIN\n"
            "S: + VXNlcm5hbWU6\nC: YWxpY2U=\nS: + UGFzc3dvcmQ6\nC: c2VjcmV0\nS: +OK\nC: CAPA\nS: +OK\nS: .\nE: "
            "loggedIn LOGIN\n"
                + Quit);
        row("Q18_doesNotTryAWrongPasswordTwice",
            "# security: tls\nS: +OK\nC: CAPA\nS: +OK\nS: SASL PLAIN LOGIN\nS: USER\nS: .\nE: ready\nD: login alice "
            "secret\nC: AUTH PLAIN\nS: +\nC: AGFsaWNlAHNlY3JldA==\n"
            "S: -ERR [AUTH] no\nE: refused Auth 0 AuthenticationFailed\n");
        row("Q13_utf8FirstThenLatin1",
            "S: +OK\nC: CAPA\nS: -ERR\nE: ready\nD: login alice p\\xc3\\xa4ss\nC: USER alice\nS: +OK\nC: PASS "
            "p\\xc3\\xa4ss\nS: -ERR no\nX\n"
            "N\nS: +OK\nC: CAPA\nS: -ERR\nC: USER alice\nS: +OK\nC: PASS p\\xe4ss\nS: +OK\nE: loggedIn USER\n"
                + Quit);
        row("Q10_okWhereAPlusIsDue",
            "# security: tls\nS: +OK\nC: CAPA\nS: +OK\nS: SASL PLAIN\nS: .\nE: ready\nD: login alice secret\nC: AUTH "
            "PLAIN\nS: +OK go on\nC: AGFsaWNlAHNlY3JldA==\nS: +OK\n"
            "C: CAPA\nS: +OK\nS: .\nE: loggedIn PLAIN\n"
                + Quit);
        row("Q10_wordsBehindThePlus",
            "# security: tls\nS: +OK\nC: CAPA\nS: +OK\nS: SASL PLAIN\nS: .\nE: ready\nD: login alice secret\nC: AUTH "
            "PLAIN\nS: + go ahead!\nC: AGFsaWNlAHNlY3JldA==\nS: +OK\n"
            "C: CAPA\nS: +OK\nS: .\nE: loggedIn PLAIN\n"
                + Quit);
        row("aChallengeThatMakesNoSenseIsCancelled",
            "S: +OK\nC: CAPA\nS: +OK\nS: SASL CRAM-MD5\nS: .\nE: ready\nD: login alice secret CRAM-MD5\nC: AUTH "
            "CRAM-MD5\nS: + !!!\nC: *\nS: -ERR\nE: refused Auth 0 ProtocolError\n");
        row("Q12_fallsFromACertificateToTheStrongestOfTheOthers",
            "# security: tls with a certificate\nS: +OK\nC: CAPA\nS: +OK\nS: SASL PLAIN CRAM-MD5 EXTERNAL\nS: .\nE: "
            "ready\n"
            "D: login alice secret\nC: AUTH EXTERNAL\nS: +\nC: YWxpY2U=\nS: -ERR [AUTH] not yours\nX\n"
            "N\nS: +OK\nC: CAPA\nS: +OK\nS: SASL PLAIN CRAM-MD5 EXTERNAL\nS: .\nC: AUTH PLAIN\nS: +\n"
            "C: AGFsaWNlAHNlY3JldA==\nS: +OK\nC: CAPA\nS: +OK\nS: .\nE: loggedIn PLAIN\n"
                + Quit);
        row("aCertificateAloneThatIsNotTakenLeadsToThePassword",
            "# security: tls with a certificate\nS: +OK\nC: CAPA\nS: +OK\nS: SASL PLAIN\nS: USER\nS: .\nE: ready\n"
            "D: login alice token:\nE: refused Auth 0 PasswordMissing\n");
        const QByteArray fixed = "# security: tls\nS: +OK\nC: CAPA\nS: +OK\nS: SASL PLAIN\nS: .\nE: ready\n";
        row("aFixedWayThatTheServerDoesNotOfferIsSaidToBeThat",
            fixed
                + "D: login alice secret CRAM-MD5\nC: AUTH CRAM-MD5\nS: -ERR no such mechanism\n"
                  "E: refused Auth 0 SignInUnavailable\n");
        row("aFixedWayThatTheServerRefusesForGoodIsSaidToBeThatToo",
            fixed
                + "D: login alice secret SCRAM-SHA-256\nC: AUTH SCRAM-SHA-256 …\nS: -ERR [AUTH] unsupported\n"
                  "E: refused Auth 0 SignInUnavailable\n");
        row("Q7_aFixedWayThatIsNotAnnouncedIsTriedAllTheSame",
            fixed
                + "D: login alice secret LOGIN\nC: AUTH LOGIN\nS: + VXNlcm5hbWU6\nC: YWxpY2U=\nS: + UGFzc3dvcmQ6\n"
                  "C: c2VjcmV0\nS: -ERR [AUTH] no\nE: refused Auth 0 AuthenticationFailed\n");
        row("Q8_Q9_tokenOnItsOwnLineAndTheErrorBehindTheJson",
            "# security: tls\nS: +OK\nC: CAPA\nS: +OK\nS: SASL XOAUTH2\nS: .\nE: ready\nD: login alice token:old\nC: "
            "AUTH XOAUTH2\nS: +\n"
            "C: dXNlcj1hbGljZQFhdXRoPUJlYXJlciBvbGQBAQ==\nS: + eyJzdGF0dXMiOiI0MDEifQ==\nC: \nS: -ERR [AUTH] "
            "expired\nE: refused Auth 0 AuthenticationFailed\n");
        const QByteArray scram = "# security: tls\nS: +OK\nC: CAPA\nS: +OK\nS: SASL SCRAM-SHA-256\nS: .\nE: ready\n"
                                 "D: login alice secret\nC: AUTH SCRAM-SHA-256 …\n";
        const QByteArray nonsense = "S: + bm9uc2Vuc2U=\nC: *\nS: -ERR\nE: refused Auth 0 ProtocolError\n";
        row("scramBeginsTogetherWithAuth", scram + nonsense);
        row("scramIsSentInTwoLinesWhereOneIsRefused",
            scram + "S: -ERR no such command\nC: AUTH SCRAM-SHA-256\nS: +\nC: biws…\n" + nonsense);
        row("scramIsSentAgainWhereTheServerReadTheFirstWordOnly", scram + "S: +\nC: biws…\n" + nonsense);
        row("scramThatIsRefusedForGoodIsNotTriedAgain",
            scram + "S: -ERR [AUTH] no\nE: refused Auth 0 AuthenticationFailed\n");
        row("asksCapaAgainTogetherWithTheFirstCommandsWhereTheServerPipelines",
            Pipelined + SignIn
                + "E: loggedIn USER\nD: stat\nD: noop\nC: CAPA\nC: STAT\nC: NOOP\nS: +OK\nS: PIPELINING\nS: .\n"
                  "S: +OK 1 2\nS: +OK\nE: stated 1 2\nE: idled\n"
                + Quit);
        row("stopsPipeliningWhereTheServerDoesSoAfterTheLogin",
            Pipelined + SignIn
                + "E: loggedIn USER\nC: CAPA\nS: +OK\nS: .\nD: stat\nD: noop\nC: STAT\nS: +OK 1 2\nC: NOOP\n"
                  "S: +OK\nE: stated 1 2\nE: idled\n"
                + Quit);
        row("Q14_saysUtf8WhereItIsAnnouncedAndDoesNotMindARefusal",
            "S: +OK\nC: CAPA\nS: +OK\nS: USER\nS: UTF8 USER\nS: .\nE: ready\nD: login alice secret\nC: UTF8\nS: -ERR "
            "no\nC: USER alice\nS: +OK\nC: PASS secret\nS: +OK\n"
                + CapaAgain + Quit);

        // On the wire, and a hostile server.
        row("sec_capaWithoutStls",
            "# security: starttls\nS: +OK\nC: CAPA\nS: +OK\nS: SASL PLAIN\nS: USER\nS: .\nE: failed "
            "EncryptionUnavailable\n");
        row("sec_stlsRefused",
            "# security: starttls\nS: +OK <a@b>\nC: CAPA\nS: +OK\nS: STLS\nS: SASL PLAIN\nS: .\nC: STLS\nS: -ERR "
            "no\nE: failed EncryptionUnavailable\n");
        row("sec_capaFailsAndStlsSucceeds",
            "# security: starttls\nS: +OK\nC: CAPA\nS: -ERR\nC: STLS\nS: +OK\nT\nC: CAPA\nS: +OK\nS: USER\nS: .\nE: "
            "ready\n"
                + SignIn + CapaAgain + Quit);
        row("sec_greetingDoYou", "S: +Do you come here often\nE: failed ProtocolError\n");
        row("sec_greetingOkay", "S: +Okay\nE: failed ProtocolError\n");
        row("sec_greetingWithACodeIsJustAGreeting",
            "S: +OK [IN-USE] hello\nC: CAPA\nS: -ERR\nE: ready\n" + SignIn + "E: loggedIn USER\n" + Quit);
        row("sec_listingBehindTheBanner", "S: +OK ready\nS: 1 120\nS: .\nE: failed ProtocolError\n");
        row("sec_listingBehindCapa", Hello.left(Hello.indexOf("E:")) + "S: 1 120\nE: ready\nE: failed ProtocolError\n");
        row("aWordBeforeTheServerHangsUp",
            LoggedIn + "S: -ERR Disconnected for inactivity.\nX\nE: failed ConnectionLost\n");
        row("Q58_sec_noise", LoggedIn + "D: retr 1\nC: RETR 1\nS: \\x1b[2J\\x00\nE: failed ProtocolError\n");
    }

    void goesAsTheTranscriptSays()
    {
        QFETCH(QByteArray, text);
        const auto transcript = parseTranscript(text);
        QVERIFY2(transcript, transcript ? "" : qPrintable(transcript.error()));
        const QByteArray complaint = playWithAllCuttings(*transcript, transcript->client);
        QVERIFY2(complaint.isEmpty(), complaint.constData());
    }

    void replaysRealServers_data()
    {
        QTest::addColumn<QString>("path");
        const QDir folder(QStringLiteral(SATCHEL_SOURCE_DIR "/tests/transcripts"));
        const auto files = folder.entryInfoList({QStringLiteral("*.pop3")});
        QVERIFY(!files.isEmpty());
        for (const QFileInfo &file : files)
            QTest::newRow(qPrintable(file.fileName())) << file.filePath();
    }

    void replaysRealServers()
    {
        QFETCH(QString, path);
        const auto transcript = loadTranscript(path);
        QVERIFY2(transcript, transcript ? "" : qPrintable(transcript.error()));
        const QByteArray complaint = playWithAllCuttings(*transcript);
        QVERIFY2(complaint.isEmpty(), complaint.constData());
    }

    void sec_escapeSequencesInTheGreetingAreNeverShown()
    {
        const auto refused = parseTranscript("S: -ERR \\x1b[2J\\x1b]0;evil\\x07go away\nE: failed ServerRefused\n");
        TranscriptRun door(*refused, {});
        door.play();
        QCOMPARE(door.complaint(), "");
        QVERIFY(door.errors().last().detail.contains(QLatin1String("go away")));
        const auto nonsense = parseTranscript("S: \\x1b[2J+OK ready\nE: failed ProtocolError\n");
        TranscriptRun junk(*nonsense, {});
        junk.play();
        QCOMPARE(junk.complaint(), "");
        for (const Error &error : door.errors() + junk.errors()) {
            for (const QChar c : error.text + error.detail)
                QVERIFY2(c.category() != QChar::Other_Control, qPrintable(error.detail));
        }
    }

    void Q4_sec_bytesBehindTheReplyToStlsEndTheSession()
    {
        const auto transcript = parseTranscript("# security: starttls\nS: +OK\nC: CAPA\nS: +OK\nS: STLS\nS: .\nC: "
                                                "STLS\nS: +OK go\nS: +OK injected\nE: failed TlsFailed\n");
        TranscriptRun run(*transcript, {});
        run.play();
        QCOMPARE(run.complaint(), "");
    }

    void Q25_junkThatLooksLikeAnAnswerIsJunkToo()
    {
        // As long as it comes with the message: what comes later cannot be told from the answer to NOOP.
        const auto transcript = parseTranscript(LoggedIn
            + "D: retr 1\nC: RETR 1\nS: +OK\nS: x\nS: .\nS: +OK said the mail\nS: .\n"
              "E: refused Retr 1 ProtocolError\nE: failed ProtocolError\n");
        TranscriptRun run(*transcript, {});
        run.play();
        QCOMPARE(run.complaint(), "");
    }

    void Q13_sec_nothingIsSentOfCredentialsWithALineEnd()
    {
        const auto transcript =
            parseTranscript(Hello + "D: login alice se\\r\\nDELE\nE: refused Auth 0 InvalidRequest\n");
        TranscriptRun run(*transcript, {});
        run.play();
        QCOMPARE(run.complaint(), "");
        QCOMPARE(run.conversation().sent, QByteArrayList{"CAPA"});
    }

    void Q41_saysNoopWhileNothingElseIsSaid()
    {
        SessionOptions options;
        options.keepAlive = 20ms;
        const auto transcript = parseTranscript(LoggedIn
            + "C: NOOP\nS: +OK\nC: NOOP\nS: -ERR what\nC: NOOP\nS: +OK\nD: stat\nC: STAT\nS: +OK 1 1\nE: stated 1 1\n");
        TranscriptRun run(*transcript, {}, options);
        run.play();
        QCOMPARE(run.complaint(), "");
    }

    void Q41_saysNoNoopBeforeTheLogin()
    {
        SessionOptions options;
        options.keepAlive = 10ms;
        const auto transcript = parseTranscript(Hello + "W 100\n"
            + "D: login alice secret\nC: USER alice\nS: -ERR no\n"
              "E: refused User 0 AuthenticationFailed\n");
        TranscriptRun run(*transcript, {}, options);
        run.play();
        QCOMPARE(run.complaint(), "");
        QVERIFY(!run.conversation().sent.contains("NOOP"));
    }

    void Q43_sec_silenceEndsTheSession()
    {
        SessionOptions options;
        options.silence = 50ms;
        options.slowSilence = 50ms;
        const auto transcript =
            parseTranscript(LoggedIn + "D: retr 1\nC: RETR 1\nS: +OK\nS: half\nW 100000\nE: failed Timeout\n");
        TranscriptRun run(*transcript, {}, options);
        run.play();
        QCOMPARE(run.events().last(), "failed Timeout");
        QCOMPARE(run.session().interruptedMessage(), 1);
    }

    void Q43_slowVerbsMayTakeLonger()
    {
        SessionOptions options;
        options.silence = 20ms;
        options.slowSilence = 60s;
        const auto transcript =
            parseTranscript(LoggedIn + "D: stat\nC: STAT\nW 150\nS: +OK 1 1\nE: stated 1 1\n" + Quit);
        TranscriptRun run(*transcript, {}, options);
        run.play();
        QCOMPARE(run.complaint(), "");
    }

    // A server rewrites the mailbox before it answers.
    void Q50_quitMayTakeLong()
    {
        SessionOptions options;
        options.silence = 20ms;
        options.slowSilence = 60s;
        const auto transcript = parseTranscript(LoggedIn + "D: quit\nC: QUIT\nW 150\nS: +OK\nX\nE: finished\n");
        TranscriptRun run(*transcript, {}, options);
        run.play();
        QCOMPARE(run.complaint(), "");
        QVERIFY(SessionOptions().slowSilence >= 5min);
    }

    void sec_aByteNowAndThenIsNotEnough()
    {
        SessionOptions options;
        options.silence = 60s;
        options.trickle = 60ms;
        const auto transcript = parseTranscript(
            LoggedIn + "D: retr 1\nC: RETR 1\nS: +OK\nW 40\nS: a\nW 40\nS: b\nW 40\nS: c\nW 40\nS: d\nW 100000\n");
        TranscriptRun run(*transcript, {}, options);
        run.play();
        QCOMPARE(run.events().last(), "failed Timeout");
    }

    void sec_aMessageWithoutAnEndIsCapped()
    {
        SessionOptions options;
        options.limits.message = 1000;
        const auto transcript = parseTranscript(LoggedIn + "D: retr 1\nC: RETR 1\nS: +OK\nS: " + QByteArray(2000, 'x')
            + "\nE: refused Retr 1 MessageTooLarge\nE: failed MessageTooLarge\n");
        TranscriptRun run(*transcript, {}, options);
        run.play();
        QCOMPARE(run.complaint(), "");
    }

    void Q42_remembersThatPipeliningIsSuspect()
    {
        const auto transcript = parseTranscript(
            LoggedInPipelined + "D: retr 1\nD: retr 2\nC: RETR 1\nC: RETR 2\nS: huh\nE: failed ProtocolError\n");
        TranscriptRun run(*transcript, {});
        run.play();
        QCOMPARE(run.complaint(), "");
        QVERIFY(run.session().pipeliningSuspect());

        SessionOptions options;
        options.pipelining = false;
        const auto again = parseTranscript(LoggedInPipelined
            + "D: retr 1\nD: retr 2\nC: RETR 1\nS: -ERR\nE: refused Retr 1 ServerRefused\nC: RETR 2\nS: -ERR\nE: "
              "refused Retr 2 ServerRefused\n"
            + Quit);
        TranscriptRun second(*again, {}, options);
        second.play();
        QCOMPARE(second.complaint(), "");
        QVERIFY(!second.session().pipeliningSuspect());
    }

    void sec_law6_theLogHoldsNoSecret()
    {
        const auto transcript =
            parseTranscript("# security: tls\nS: +OK\nC: CAPA\nS: +OK\nS: SASL PLAIN\nS: USER\nS: .\nE: ready\nD: "
                            "login alice secret\nC: AUTH PLAIN\nS: + c2VjcmV0\nC: AGFsaWNlAHNlY3JldA==\n"
                            "S: -ERR what is AGFsaWNlAHNlY3JldA==\nX\nN\nS: +OK\nC: CAPA\nS: +OK\nS: USER\nS: .\nC: "
                            "USER alice\nS: +OK\nC: PASS secret\nS: -ERR [AUTH] secret is wrong\n"
                            "E: refused Pass 0 AuthenticationFailed\n");
        TranscriptRun run(*transcript, {});
        QByteArray log;
        connect(&run.session(), &Session::wire, this, [&log](const net::WireLine &line) { log += line.bytes + '\n'; });
        run.play();
        // The second connection offers no SASL: what was chosen at the first holds for the login.
        QCOMPARE(run.complaint(), "");
        QVERIFY(log.contains("AUTH PLAIN"));
        QVERIFY(log.contains("PASS ****"));
        QVERIFY(log.contains("-ERR [AUTH] **** is wrong"));
        QVERIFY2(!log.contains("secret") && !log.contains("c2VjcmV0") && !log.contains("AGFsaWNl"), log.constData());
        for (const Error &error : run.errors())
            QVERIFY(!error.detail.contains(QLatin1String("secret")));
    }

    void F08_capabilitiesWithoutAnEndAreGivenUpSoon_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<int>("lines");
        QTest::addColumn<bool>("afterTls");
        QTest::newRow("long lines") << QByteArray(1000, 'x') << 200 << false;
        QTest::newRow("short lines") << QByteArray("X-FILLER") << 15'000 << false;
        QTest::newRow("empty lines") << QByteArray() << 110'000 << false;
        QTest::newRow("one line") << QByteArray(70'000, 'x') << 2 << false;
        QTest::newRow("inside TLS") << QByteArray(1000, 'x') << 200 << true;
    }

    void F08_capabilitiesWithoutAnEndAreGivenUpSoon()
    {
        QFETCH(const QByteArray, line);
        QFETCH(const int, lines);
        QFETCH(const bool, afterTls);
        QByteArray text = afterTls ? "# security: tls\n" : "# security: starttls\n";
        text += "S: +OK ready\nC: CAPA\nS: +OK\nS: STLS\n";
        for (int i = 0; i < lines; ++i)
            text += "S: " + line + '\n';
        // With an end and without one: it is not the end that makes it believable.
        for (const bool ends : {false, true}) {
            const auto transcript = parseTranscript(text + (ends ? "S: .\n" : "") + "E: failed ProtocolError\n");
            QVERIFY(transcript);
            for (const Cutting &cutting : {Cutting{}, Cutting{Cutting::Kind::Random, 5000, 3}}) {
                TranscriptRun run(*transcript, cutting);
                run.play();
                QCOMPARE(run.events(), QByteArrayList{"failed ProtocolError"});
            }
        }
    }

    void F08_capabilitiesOfManyLinesAreRead()
    {
        QByteArray text = "S: +OK ready\nC: CAPA\nS: +OK\nS: USER\n";
        for (int i = 0; i < 1000; ++i)
            text += "S: X-FILLER-" + QByteArray::number(i) + '\n';
        const auto transcript =
            parseTranscript(text + "S: .\nE: ready\n" + SignIn + "C: CAPA\nS: +OK\nS: .\nE: loggedIn USER\n" + Quit);
        QVERIFY(transcript);
        QCOMPARE(playWithAllCuttings(*transcript), "");
    }

    void F08_aGreetingWithoutAnEndIsGivenUp()
    {
        const auto transcript = parseTranscript("S: +OK " + QByteArray(9000, 'x') + "\\\nE: failed ProtocolError\n");
        QVERIFY(transcript);
        QCOMPARE(playWithAllCuttings(*transcript), "");
    }

    void theLogNeverHoldsABody()
    {
        const auto transcript = parseTranscript(LoggedIn
            + "D: retr 1\nC: RETR 1\nS: +OK\nS: private words\nS: .\nC: NOOP\nS: +OK\nE: retrieved 1 15 x\n" + Quit);
        TranscriptRun run(*transcript, {});
        QByteArray log;
        connect(&run.session(), &Session::wire, this, [&log](const net::WireLine &line) { log += line.bytes + '\n'; });
        run.play();
        QVERIFY(log.contains("(15 bytes)"));
        QVERIFY(!log.contains("private"));
    }

    void saysNothingAfterAbort()
    {
        const auto transcript = parseTranscript(
            LoggedInPipelined + "D: retr 1\nD: retr 2\nC: RETR 1\nC: RETR 2\nS: +OK\nS: x\nS: .\nS: +OK\nS: y\nS: .\n");
        TranscriptRun run(*transcript, {});
        connect(&run.session(), &Session::retrieved, &run.session(), [&run] {
            run.session().abort();
            QTimer::singleShot(100ms, &run, &TranscriptRun::stop); // time for a signal that must not come
        });
        run.play();
        QCOMPARE(run.events().last(), "retrieved 1 3 b35e09fa2ced9ebc");
        QCOMPARE(run.session().commandsInFlight(), 0);
    }

    void law1_theScriptNoticesADeletionOfWhatWasNeverReceived()
    {
        const auto transcript = parseTranscript(LoggedIn + "D: dele 1\nC: DELE 1\nS: +OK\nE: deleted 1\n");
        TranscriptRun run(*transcript, {});
        run.play();
        QVERIFY(run.complaint().contains("never received"));
    }
};

QTEST_GUILESS_MAIN(TestSession)
#include "tst_session.moc"
