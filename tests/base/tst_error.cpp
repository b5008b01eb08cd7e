// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/codepoint.h"
#include "base/error.h"

#include <QTest>

using namespace satchel;

class TestError : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void Q58_makesForeignWordsSafeToShow_data();
    void Q58_makesForeignWordsSafeToShow();
    void F11_looksAtCharactersNotAtHalvesOfThem_data();
    void F11_looksAtCharactersNotAtHalvesOfThem();
    void F11_leavesWhatIsSeen();
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

void TestError::F11_looksAtCharactersNotAtHalvesOfThem_data()
{
    QTest::addColumn<QString>("words");
    QTest::addColumn<QString>("safe");
    const auto points = [](std::initializer_list<char32_t> list) {
        return QString::fromUcs4(list.begin(), qsizetype(list.size()));
    };
    QTest::newRow("tags") << points({0xe0041, 0xe0042, 'a', 0xe007f}) << QStringLiteral("a");
    QTest::newRow("a language tag") << points({'a', 0xe0001, 0xe0065, 0xe006e, 'b'}) << QStringLiteral("ab");
    QTest::newRow("variation selectors") << points({'a', 0xe0100, 0xfe00, 0xe01ef, 'b'}) << QStringLiteral("ab");
    QTest::newRow("musical and shorthand controls") << points({0x1d173, 'a', 0x1bca0, 'b'}) << QStringLiteral("ab");
    QTest::newRow("Egyptian and Kaithi formats") << points({0x13430, 'a', 0x110bd, 'b'}) << QStringLiteral("ab");
    QTest::newRow("fillers") << points({0x3164, 'a', 0xffa0, 0x115f, 0x34f, 'b'}) << QStringLiteral("ab");
    QTest::newRow("half a character") << QString(QChar(0xdb40)) + QStringLiteral("a") + QString(QChar(0xdc41))
                                      << QStringLiteral("\uFFFDa\uFFFD");
    QTest::newRow("the style of a symbol stays")
        << QStringLiteral("\u2764\uFE0F b\uFE0F") << QStringLiteral("\u2764\uFE0F b");
}

void TestError::F11_looksAtCharactersNotAtHalvesOfThem()
{
    QFETCH(QString, words);
    QFETCH(QString, safe);
    QCOMPARE(sanitised(words), safe);
}

void TestError::F11_leavesWhatIsSeen()
{
    const QString hidden = QString::fromUcs4(U"p\U000E0061y\u200Bb\U000E0100ank.example\uFE0F");
    QCOMPARE(withoutUnseen(hidden), QStringLiteral("pybank.example"));
    QCOMPARE(withoutUnseen(QStringLiteral("Ящик 🙂")), QStringLiteral("Ящик 🙂"));
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
