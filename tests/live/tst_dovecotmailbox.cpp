// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/tlstransport.h"
#include "store/reader.h"
#include "support/servers/dovecotserver.h"
#include "sync/engine.h"

#include <QTemporaryDir>
#include <QTest>

using namespace satchel;
using namespace satchel::test;
using sync::Engine;
using sync::ServerMark;
using sync::ServerMessageState;

namespace {

constexpr int patience = 60'000;

QByteArray mail(int number, qsizetype size = 0)
{
    return "From: Ada <ada@example.org>\r\nTo: robin@example.org\r\nSubject: Number " + QByteArray::number(number)
        + "\r\nMessage-ID: <" + QByteArray::number(number)
        + "@example.org>\r\nDate: Fri, 20 Nov 2026 10:00:00 +0000\r\n\r\n" + "Hello " + QByteArray::number(number)
        + "\r\n" + QByteArrayList(size / 100, QByteArray(98, 'x')).join("\r\n") + "\r\n";
}

} // namespace

/// The look at a mailbox, and messages above the size limit, at a real Dovecot with TLS.
class TestDovecotMailbox : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QVERIFY2(m_server.start(), qPrintable(m_server.problem())); }
    void looksMarksAndApplies();

private:
    DovecotServer m_server;
};

void TestDovecotMailbox::looksMarksAndApplies()
{
    const QString user = m_server.addUser();
    QByteArrayList first;
    for (int i = 1; i <= 40; ++i)
        first.append(mail(i, i == 40 ? 60'000 : 0));
    m_server.deliver(user, first);

    QTemporaryDir dir;
    Engine engine(dir.filePath(QStringLiteral("mail.sqlite")));
    sync::ServerListing listing;
    int listings = 0;
    QHash<int, sync::ServerHeader> headers;
    QList<sync::ServerPreview> previews;
    QList<Error> errors;
    sync::CheckResult result;
    int checks = 0;
    AccountSettings account;
    connect(&engine, &Engine::mailboxListed, this, [&](const sync::ServerListing &given) {
        listing = given;
        ++listings;
    });
    connect(&engine, &Engine::mailboxHeadersKnown, this, [&](AccountId, const QList<sync::ServerHeader> &known) {
        for (const sync::ServerHeader &header : known)
            headers.insert(header.id, header);
    });
    connect(&engine, &Engine::mailboxPreviewed, this,
        [&](AccountId, const sync::ServerPreview &preview) { previews.append(preview); });
    connect(&engine, &Engine::mailboxFailed, this, [&](AccountId, const Error &error) { errors.append(error); });
    connect(&engine, &Engine::checked, this, [&](const sync::CheckResult &given) {
        result = given;
        ++checks;
    });
    connect(&engine, &Engine::accountAdded, this, [&](const AccountSettings &added) { account = added; });
    engine.open();
    account.name = QStringLiteral("Dovecot");
    account.host = QStringLiteral("127.0.0.1");
    account.port = m_server.tlsPort();
    account.security = Security::ImplicitTls;
    account.trustedCertificate = m_server.certificateSha256();
    account.userName = user;
    account.retention = Retention::Keep;
    account.sizeLimit = 30'000;
    net::Credentials credentials;
    credentials.userName = user;
    credentials.password = DovecotServer::password();
    engine.addAccount(account, credentials);
    QVERIFY(account.id.isValid());

    engine.openMailbox(account.id);
    QTRY_COMPARE_WITH_TIMEOUT(listings, 1, patience);
    QCOMPARE(listing.messages.size(), 40);
    QList<int> all;
    for (const sync::ServerMessage &message : listing.messages)
        all.append(message.id);
    engine.wantHeaders(account.id, all);
    QTRY_COMPARE_WITH_TIMEOUT(headers.size(), 40, patience);
    for (int i = 0; i < 40; ++i)
        QCOMPARE(headers.value(all.at(i)).subject, QStringLiteral("Number %1").arg(i + 1));
    engine.wantPreview(account.id, all.at(2));
    QTRY_COMPARE_WITH_TIMEOUT(previews.size(), 1, patience);
    QVERIFY(previews.constFirst().text.contains(QStringLiteral("Hello 3")));

    // A check goes on with the session of the look: Dovecot lets one in at a time.
    engine.checkMail({account.id});
    QTRY_COMPARE_WITH_TIMEOUT(checks, 1, patience);
    QVERIFY2(!result.error, result.error ? qPrintable(result.error->text) : "");
    QCOMPARE(result.stored, 40);
    QCOMPARE(result.beginnings, 1);
    QTRY_COMPARE_WITH_TIMEOUT(listings, 2, patience);
    QCOMPARE(listing.messages.constLast().state, ServerMessageState::Beginning);
    QCOMPARE(listing.messages.constFirst().state, ServerMessageState::Stored);

    // One that is stored goes, one that is not goes by agreement, and the large one comes whole.
    m_server.deliver(user, {mail(41), mail(42)});
    engine.openMailbox(account.id);
    QTRY_COMPARE_WITH_TIMEOUT(listings, 3, patience);
    QCOMPARE(listing.messages.size(), 42);
    const int large = listing.messages.at(39).id;
    const int unstored = listing.messages.at(40).id;
    engine.applyToMailbox(account.id,
        {{listing.messages.at(0).id, ServerMark::Delete, false, {}, {}}, {unstored, ServerMark::Delete, true, {}, {}},
            {large, ServerMark::Get, false, {}, {}}});
    QTRY_COMPARE_WITH_TIMEOUT(checks, 2, patience);
    QVERIFY2(!result.error, result.error ? qPrintable(result.error->text) : "");
    QVERIFY(result.ordersOnly);
    QCOMPARE(result.deletedOnServer, 2);
    QCOMPARE(result.completed, 1);
    QCOMPARE(result.stored, 0); // number 42 waits for an ordinary check
    QTRY_COMPARE_WITH_TIMEOUT(listings, 4, patience);
    QCOMPARE(listing.messages.size(), 40);
    for (const sync::ServerMessage &message : listing.messages) {
        QVERIFY(message.id != unstored);
        QCOMPARE(message.state == ServerMessageState::New, message.id == listing.messages.constLast().id);
    }
    QVERIFY(errors.isEmpty());
    const auto reader = *store::Reader::open(dir.filePath(QStringLiteral("mail.sqlite")));
    const auto ids = reader->list({}, {});
    QCOMPARE(ids->size(), 40);
    const auto summaries = reader->summaries(*ids);
    for (const MessageSummary &summary : *summaries)
        QVERIFY(!summary.flags.testFlag(MessageFlag::Partial));
    engine.close();
}

QTEST_GUILESS_MAIN(TestDovecotMailbox)
#include "tst_dovecotmailbox.moc"
