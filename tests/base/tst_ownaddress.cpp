// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/ownaddress.h"

#include <QTest>

using namespace satchel;
using namespace Qt::StringLiterals;

class TestOwnAddress : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void Q55_choosesTheAddressThatAMessageCameTo_data();
    void Q55_choosesTheAddressThatAMessageCameTo();
};

void TestOwnAddress::Q55_choosesTheAddressThatAMessageCameTo_data()
{
    QTest::addColumn<QStringList>("delivered");
    QTest::addColumn<QStringList>("named");
    QTest::addColumn<QStringList>("own");
    QTest::addColumn<QString>("chosen");

    const QString robin = u"robin@robin.example"_s;
    const QString shop = u"shop@robin.example"_s;
    const QString work = u"robin@work.example"_s;
    QTest::newRow("the server writes nothing down")
        << QStringList{} << QStringList{robin} << QStringList{robin} << robin;
    QTest::newRow("nothing names the person")
        << QStringList{} << QStringList{u"list@lists.example"_s} << QStringList{robin, work} << robin;
    QTest::newRow("everything of a domain")
        << QStringList{shop, robin} << QStringList{shop} << QStringList{robin} << shop;
    QTest::newRow("everything of a domain, hidden copy")
        << QStringList{shop, robin} << QStringList{u"others@list.example"_s} << QStringList{robin} << shop;
    QTest::newRow("everything of a domain, with letters of any size")
        << QStringList{u"Shop@Robin.Example"_s} << QStringList{shop} << QStringList{robin} << u"Shop@Robin.Example"_s;
    QTest::newRow("a word behind a plus") << QStringList{u"robin+shop@robin.example"_s} << QStringList{u"x@y.example"_s}
                                          << QStringList{robin} << u"robin+shop@robin.example"_s;
    QTest::newRow("the mailbox has another name inside its server")
        << QStringList{u"mbox17@robin.example"_s} << QStringList{robin} << QStringList{robin} << robin;
    QTest::newRow("forwarded from another account")
        << QStringList{robin} << QStringList{work} << QStringList{robin, work} << work;
    QTest::newRow("written to two accounts")
        << QStringList{robin} << QStringList{work, robin} << QStringList{robin, work} << robin;
    QTest::newRow("a mailing list, where the server named is a stranger's")
        << QStringList{u"robin=robin.example@lists.example"_s} << QStringList{u"club@lists.example"_s}
        << QStringList{robin} << robin;
    QTest::newRow("a neighbour at the same provider is named, which proves nothing")
        << QStringList{} << QStringList{u"neighbour@robin.example"_s} << QStringList{robin} << robin;
    QTest::newRow("a domain that only ends alike")
        << QStringList{u"shop@notrobin.example"_s} << QStringList{} << QStringList{robin} << robin;
    QTest::newRow("an account without an address")
        << QStringList{shop} << QStringList{shop} << QStringList{} << QString();
}

void TestOwnAddress::Q55_choosesTheAddressThatAMessageCameTo()
{
    QFETCH(QStringList, delivered);
    QFETCH(QStringList, named);
    QFETCH(QStringList, own);
    QFETCH(QString, chosen);
    QList<Mailbox> mailboxes;
    for (const QString &address : std::as_const(named))
        mailboxes.append({u"A name"_s, address});
    QCOMPARE(addressedAs(delivered, mailboxes, own), chosen);
}

QTEST_GUILESS_MAIN(TestOwnAddress)
#include "tst_ownaddress.moc"
