// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/pseudotranslator.h"

#include <QCoreApplication>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace satchel::ui;

class TestPseudoTranslator : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void makesTextsLongerByTwoFifths_data();
    void makesTextsLongerByTwoFifths();
    void keepsMarkersMnemonicsAndTags();
    void leavesWhatHoldsNoWord();
    void translatesWhatAsksForIt();
};

void TestPseudoTranslator::makesTextsLongerByTwoFifths_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("a word") << u"Open"_s;
    QTest::newRow("a menu entry") << u"Get mail for this account"_s;
    QTest::newRow("a sentence") << u"Nothing is deleted from a server before it is stored safely on this computer."_s;
}

void TestPseudoTranslator::makesTextsLongerByTwoFifths()
{
    QFETCH(QString, text);
    const QString made = PseudoTranslator::lengthened(text);
    QVERIFY2(made.size() * 10 >= text.size() * 14, qPrintable(made));
    QVERIFY2(made.size() <= text.size() * 14 / 10 + 5, qPrintable(made));
    QVERIFY(made.startsWith(u'[') && made.endsWith(u']'));
    QVERIFY(!made.contains(text));
}

void TestPseudoTranslator::keepsMarkersMnemonicsAndTags()
{
    const QString made = PseudoTranslator::lengthened(u"&Ask %1 for <b class=\"one\">%n</b> of %L2 &amp; “&&”"_s);
    for (const QString &part :
        {u"&A"_s, u"%1"_s, u"%n"_s, u"%L2"_s, u"<b class=\"one\">"_s, u"</b>"_s, u"&amp;"_s, u"&&"_s})
        QVERIFY2(made.contains(part), qPrintable(made));
}

void TestPseudoTranslator::leavesWhatHoldsNoWord()
{
    QCOMPARE(PseudoTranslator::lengthened(u"%1, %2"_s), u"%1, %2"_s);
    QCOMPARE(PseudoTranslator::lengthened(QString()), QString());
}

void TestPseudoTranslator::translatesWhatAsksForIt()
{
    PseudoTranslator translator;
    QVERIFY(QCoreApplication::installTranslator(&translator));
    QCOMPARE(QCoreApplication::translate("satchel::ui::Any", "Save"), PseudoTranslator::lengthened(u"Save"_s));
    QCOMPARE(QCoreApplication::translate("QShortcut", "Ctrl"), u"Ctrl"_s);
    QCOMPARE(QCoreApplication::translate("QGuiApplication", "QT_LAYOUT_DIRECTION"), u"QT_LAYOUT_DIRECTION"_s);
}

QTEST_GUILESS_MAIN(TestPseudoTranslator)
#include "tst_pseudotranslator.moc"
