// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/error.h"

#include <QTest>

using namespace satchel;

class TestError : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void Q58_makesForeignWordsSafeToShow_data();
    void Q58_makesForeignWordsSafeToShow();
    void Q58_capsForeignWords();
    void neverCutsACharacterInHalf();
};

void TestError::Q58_makesForeignWordsSafeToShow_data()
{
    QTest::addColumn<QString>("words");
    QTest::addColumn<QString>("safe");
    QTest::newRow("plain") << QStringLiteral("Mailbox locked") << QStringLiteral("Mailbox locked");
    QTest::newRow("escape sequence") << QStringLiteral("a\x1b[31mb") << QStringLiteral("a [31mb");
    QTest::newRow("line breaks") << QStringLiteral("one\r\n\r\ntwo\n") << QStringLiteral("one two");
    QTest::newRow("NUL") << QString(QChar(0)) + QStringLiteral("x") << QStringLiteral("x");
    QTest::newRow("bidi override") << QStringLiteral("a\u202Eb\u2066c") << QStringLiteral("abc");
    QTest::newRow("zero width") << QStringLiteral("a\u200Bb\uFEFFc") << QStringLiteral("abc");
    QTest::newRow("soft hyphen") << QStringLiteral("a\u00ADb") << QStringLiteral("ab");
    QTest::newRow("other scripts") << QStringLiteral("Ящик занят 🙂") << QStringLiteral("Ящик занят 🙂");
}

void TestError::Q58_makesForeignWordsSafeToShow()
{
    QFETCH(QString, words);
    QFETCH(QString, safe);
    QCOMPARE(sanitised(words), safe);
}

void TestError::Q58_capsForeignWords()
{
    const QString capped = sanitised(QString(1'000'000, QLatin1Char('x')));
    QCOMPARE(capped.size(), 201);
    QVERIFY(capped.endsWith(QChar(0x2026)));
    QCOMPARE(sanitised(QString(200, QLatin1Char('x'))).size(), 200);
}

void TestError::neverCutsACharacterInHalf()
{
    const QString capped = sanitised(QString(199, QLatin1Char('x')) + QStringLiteral("🙂🙂"));
    QVERIFY(capped.isValidUtf16());
    QVERIFY(capped.endsWith(QChar(0x2026)));
}

QTEST_GUILESS_MAIN(TestError)
#include "tst_error.moc"
