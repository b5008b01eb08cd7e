// SPDX-License-Identifier: GPL-3.0-or-later
// Messages that are too large to be held, in a whole visit: whatever happens, they are stored as they came, or stay on
// the server.
#include "support/scriptedserver.h"
#include "sync/checkharness.h"
#include "sync/smalldisk.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>
#include <QTest>

#include <cstdio>

using namespace Qt::StringLiterals;
using namespace satchel;
using namespace satchel::test;
using sync::CheckResult;

namespace {

struct Visit {
    explicit Visit(const ServerQuirks &quirks = {}, const QString &place = {})
        : harness(place)
        , server(Maildrop::generated(4, 60'000), quirks)
    {
        if (!server.listen())
            qFatal("the scripted server does not listen");
        harness.account().security = Security::Plain;
        harness.account().port = server.port();
        harness.account().userName = u"alice"_s;
        harness.account().retention = Retention::DeleteAfterDownload;
        harness.options.limits.held = 20'000;
    }

    CheckResult check() { return harness.check(u"secret"_s); }
    [[nodiscard]] QStringList leftOver() const
    {
        return QFileInfo(harness.storeFile()).dir().entryList({u"*.spool-*"_s}, QDir::Files | QDir::Hidden);
    }
    [[nodiscard]] static QByteArrayList bytes()
    {
        QByteArrayList all;
        for (const ServerMessage &message : Maildrop::generated(4, 60'000))
            all.append(message.bytes);
        return all;
    }

    CheckHarness harness;
    ScriptedServer server;
};

} // namespace

class TestSpooledMail : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void F04_isStoredByteForByteAndThenDeleted();
    void F04_whatWasCutInTheMiddleIsFetchedAgain();
    void F04_whatAProgramLeftThatWasKilledGoesAtTheNextVisit();
    void F04_aDiskWithoutRoomIsSaidAndNothingIsDeleted();
    void F04_aListingThatKnowsOtherSizesLosesNothing();
};

void TestSpooledMail::F04_isStoredByteForByteAndThenDeleted()
{
    Visit visit;
    const CheckResult result = visit.check();
    QVERIFY2(!result.error, result.error ? qPrintable(result.error->text) : "");
    QCOMPARE(result.stored, 4);
    QCOMPARE(visit.harness.sources(), Visit::bytes());
    QVERIFY(visit.server.messages().isEmpty());
    QCOMPARE(visit.leftOver(), QStringList());
}

void TestSpooledMail::F04_whatWasCutInTheMiddleIsFetchedAgain()
{
    ServerQuirks quirks;
    quirks.cutInMessage = 2;
    quirks.cutAfter = 50'000;
    Visit visit(quirks);
    QVERIFY(visit.check().error);
    QCOMPARE(visit.leftOver(), QStringList());
    QCOMPARE(visit.harness.sources(), Visit::bytes().first(1));
    visit.server.setQuirks({});
    QVERIFY(!visit.check().error);
    QCOMPARE(visit.harness.sources(), Visit::bytes());
    QVERIFY(visit.server.messages().isEmpty());
}

void TestSpooledMail::F04_whatAProgramLeftThatWasKilledGoesAtTheNextVisit()
{
    Visit visit;
    QVERIFY(!visit.check().error);
    const QString place = visit.harness.storeFile() + u".spool-%1-aBcDeF"_s.arg(visit.harness.account().id.value);
    QFile file(place);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.close();
    QCOMPARE(visit.leftOver().size(), 1);
    QVERIFY(!visit.check().error);
    QCOMPARE(visit.leftOver(), QStringList());
}

void TestSpooledMail::F04_aDiskWithoutRoomIsSaidAndNothingIsDeleted()
{
    // Less than is left to others.
    SmallDisk disk(30);
    Visit visit({}, disk.path());
    const CheckResult result = visit.check();
    QVERIFY(result.error);
    QCOMPARE(result.error->kind, ErrorKind::StoreFull);
    QCOMPARE(visit.server.messages().size(), 4);
    QVERIFY(visit.server.record().deleted.isEmpty());
    QCOMPARE(visit.leftOver(), QStringList());
    visit.harness.options.limits.held = pop3::ParserLimits().held;
    QVERIFY(!visit.check().error);
    QCOMPARE(visit.harness.sources(), Visit::bytes());
    visit.harness.close();
}

void TestSpooledMail::F04_aListingThatKnowsOtherSizesLosesNothing()
{
    ServerQuirks quirks;
    quirks.wrongSizes = true;
    Visit visit(quirks);
    for (int i = 0; i < 4; ++i)
        (void)visit.check();
    QCOMPARE(visit.harness.sources(), Visit::bytes());
    QCOMPARE(visit.leftOver(), QStringList());
}

int main(int argc, char **argv)
{
    if (!SmallDisk::enterOwnMounts()) {
        std::fputs("tst_spooledmail: neither root nor a user namespace may mount a small file system here\n", stderr);
        return 77;
    }
    QCoreApplication application(argc, argv);
    TestSpooledMail test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_spooledmail.moc"
