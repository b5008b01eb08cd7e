// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/fold.h"
#include "store/searchquery.h"
#include "storefixture.h"

using namespace Qt::StringLiterals;
using namespace satchel;
using namespace satchel::store;

class TestSearch : public QObject
{
    Q_OBJECT

private:
    QList<MessageId> find(const QString &query, const ListScope &scope = {}, SortOrder order = {}, int limit = 0)
    {
        const auto found = m_store.reader()->search(query, scope, order, limit);
        if (!found)
            qFatal("%s", qPrintable(found.error().text + found.error().detail));
        return *found;
    }

    StoreFixture m_store;
    QHash<QString, MessageId> m_ids;

private Q_SLOTS:
    void initTestCase()
    {
        const auto add = [&](const QString &name, const TestMail &mail, FolderId folder = {}) {
            m_ids.insert(name, m_store.add(mail, name.toUtf8(), {}, folder));
        };
        add(u"german"_s,
            {.from = u"Jürgen Groß"_s, .subject = u"Grüße aus Köln"_s, .body = u"Die Straße ist naß. Übermäßig."_s});
        add(u"greek"_s, {.from = u"Νίκος"_s, .subject = u"Καλημέρα"_s, .body = u"Ο Οδυσσεύς γύρισε στην Ιθάκη"_s});
        add(u"japanese"_s,
            {.from = u"山田太郎"_s,
                .subject = u"会議の件"_s,
                .body = u"明日の東京都庁での会議について。ガイドをﾒｰﾙします"_s});
        add(u"chinese"_s, {.subject = u"发票"_s, .body = u"请查收附件中的发票，谢谢"_s, .file = u"发票2024.pdf"_s});
        add(u"korean"_s, {.subject = u"안녕하세요"_s, .body = u"회의 자료를 보내드립니다"_s});
        add(u"thai"_s, {.subject = u"สวัสดี"_s, .body = u"ขอบคุณมากครับ"_s});
        add(u"arabic"_s, {.subject = u"مَرْحَبًا"_s, .body = u"أهلا وسهلا بكم في المكتبة"_s});
        add(u"russian"_s, {.subject = u"Ещё письмо"_s, .body = u"Съешь ещё этих мягких французских булок"_s});
        add(u"hindi"_s, {.subject = u"नमस्ते"_s, .body = u"हिन्दी में एक पत्र"_s});
        add(u"english"_s,
            {.from = u"Mary Shelley"_s,
                .to = u"Percy"_s,
                .subject = u"Frankenstein draft"_s,
                .body = u"The monster speaks; see foo.bar@example.org and don't panic. C++ rocks 100%"_s,
                .file = u"chapter-one.odt"_s});
        add(u"polish"_s, {.subject = u"Żółw"_s, .body = u"Łódź jest piękna"_s});
        add(u"emoji"_s, {.subject = u"😀 party 𝔘𝔫𝔦"_s, .body = u"see you"_s});
        add(u"removed"_s, {.subject = u"secretword"_s});
        add(u"trash"_s, {.subject = u"trashword Frankenstein"_s}, m_store.folder(FolderRole::Trash));
        VERIFY_OK(m_store.writer->remove({m_ids.value(u"removed"_s)}));
    }

    void findsWordsInManyScripts_data()
    {
        QTest::addColumn<QString>("query");
        QTest::addColumn<QString>("name");
        const auto row = [](const QString &query, const QString &name) {
            QTest::newRow(qPrintable(name + u": "_s + query)) << query << name;
        };
        for (const auto &query : {u"grüsse"_s, u"GRUSSE"_s, u"strasse"_s, u"Straße"_s, u"uberm"_s, u"ÜBERMÄSSIG"_s,
                 u"jurgen"_s, u"Ju\u0308rgen"_s, u"koln"_s})
            row(query, u"german"_s);
        for (const auto &query : {u"καλημερα"_s, u"ΚΑΛΗΜΈΡΑ"_s, u"οδυσσευσ"_s, u"Οδυσσεύς"_s, u"νικος"_s})
            row(query, u"greek"_s);
        for (const auto &query :
            {u"東京"_s, u"都庁"_s, u"東京都庁"_s, u"庁"_s, u"東"_s, u"会議の"_s, u"山田"_s, u"太郎"_s, u"メール"_s,
                u"ﾒｰﾙ"_s, u"ガイド"_s, u"カ\u3099イド"_s, u"\"都庁での会議\""_s, u"subject:会議"_s})
            row(query, u"japanese"_s);
        for (const auto &query : {u"发票"_s, u"附件中"_s, u"谢谢"_s, u"谢"_s, u"file:发票2024"_s, u"file:发票"_s})
            row(query, u"chinese"_s);
        for (const auto &query : {u"안녕"_s, u"하세요"_s, u"회의 자료"_s, u"보내"_s})
            row(query, u"korean"_s);
        for (const auto &query : {u"ขอบคุณ"_s, u"มากครับ"_s, u"สวัสดี"_s})
            row(query, u"thai"_s);
        for (const auto &query : {u"مرحبا"_s, u"اهلا"_s, u"أهلا"_s, u"المكتبة"_s, u"المكـتبة"_s})
            row(query, u"arabic"_s);
        for (const auto &query : {u"еще"_s, u"ЕЩЁ"_s, u"мягк"_s, u"французских"_s})
            row(query, u"russian"_s);
        for (const auto &query : {u"हिन्दी"_s, u"नमस्ते"_s, u"पत्र"_s})
            row(query, u"hindi"_s);
        for (const auto &query :
            {u"frank draft"_s, u"monst"_s, u"foo.bar@example.org"_s, u"\"monster speaks\""_s, u"don't pan"_s,
                u"from:mary"_s, u"FROM:\"mary shelley\""_s, u"to:percy"_s, u"subject:draft"_s, u"body:panic"_s,
                u"file:chapter"_s, u"file:chapter-one.odt"_s, u"c++ rocks"_s, u"100%"_s, u"“monster speaks”"_s})
            row(query, u"english"_s);
        for (const auto &query : {u"zolw"_s, u"żółw"_s, u"lodz"_s, u"Łódź"_s})
            row(query, u"polish"_s);
        for (const auto &query : {u"party"_s, u"uni"_s, u"😀 party"_s})
            row(query, u"emoji"_s);
    }

    void findsWordsInManyScripts()
    {
        QFETCH(QString, query);
        QFETCH(QString, name);
        QCOMPARE(find(query, {m_store.inbox}), QList{m_ids.value(name)});
    }

    void doesNotFindWhatIsNotThere_data()
    {
        QTest::addColumn<QString>("query");
        for (const auto &query : {u"ranken"_s, u"京東"_s, u"東都"_s, u"\"speaks monster\""_s, u"\"monster speak\""_s,
                 u"from:frankenstein"_s, u"subject:mary"_s, u"frank nothing"_s, u"secretword"_s, u"से"_s})
            QTest::newRow(qPrintable(query)) << query;
    }

    void doesNotFindWhatIsNotThere()
    {
        QFETCH(QString, query);
        QCOMPARE(find(query, {m_store.inbox}), {});
        if (query == "secretword"_L1)
            QCOMPARE(find(query), {});
    }

    void takesOneLetterAsAWord()
    {
        QCOMPARE(find(u"c"_s, {m_store.inbox}), QList{m_ids.value(u"english"_s)}); // C++
        QCOMPARE(find(u"m"_s, {m_store.inbox}), {}); // neither Mary nor monster
    }

    void leavesOutWhatIsExcluded()
    {
        QCOMPARE(find(u"frankenstein"_s).size(), 2);
        QCOMPARE(find(u"frankenstein -trashword"_s), QList{m_ids.value(u"english"_s)});
        QCOMPARE(find(u"frankenstein -subject:draft"_s), QList{m_ids.value(u"trash"_s)});
        const auto allButGerman = find(u"-grüße"_s);
        QVERIFY(!allButGerman.contains(m_ids.value(u"german"_s)));
        QVERIFY(!allButGerman.contains(m_ids.value(u"removed"_s)));
        QCOMPARE(allButGerman.size(), m_ids.size() - 2);
    }

    void looksOnlyWithinTheScope()
    {
        QCOMPARE(find(u"frankenstein"_s, {.allInboxes = true}), QList{m_ids.value(u"english"_s)});
        QCOMPARE(find(u"frankenstein"_s, {m_store.folder(FolderRole::Trash)}), QList{m_ids.value(u"trash"_s)});
        QCOMPARE(find(u"frankenstein"_s, {.withAttachmentOnly = true}), QList{m_ids.value(u"english"_s)});
        QCOMPARE(find(u"frankenstein"_s, {.starredOnly = true}), {});
    }

    void survivesWhateverIsTyped_data()
    {
        QTest::addColumn<QString>("query");
        const QStringList queries{u""_s, u" "_s, u"\""_s, u"\"\""_s, u"\"\"\""_s, u"-"_s, u"--"_s, u"-\""_s, u"from:"_s,
            u"from: "_s, u"-from:"_s, u"from:from:"_s, u"*"_s, u"**"_s, u"^"_s, u"(("_s, u")"_s, u"AND"_s, u"OR"_s,
            u"NOT"_s, u"NEAR"_s, u"NEAR("_s, u"NEAR(a b, 2)"_s, u"a AND"_s, u"a OR OR b"_s, u"NOT NOT"_s,
            u"{sender}: x"_s, u"sender:x"_s, u"-{a b}:c"_s, u"a + b"_s, u"'"_s, u"';DROP TABLE messages;--"_s, u"\\"_s,
            u"%"_s, u"_"_s, u"?"_s, u"?1"_s, u":a"_s, u"@a"_s, u"$a"_s, u"\u0000x"_s, QString(QChar(0)), u"\x01\x02"_s,
            QString(QChar(0xd800)), QString(QChar(0xdc00)) + u'x', u"a\u0300\u0301\u0302"_s, QString(u'\u0300'),
            u"\u202e\u2066"_s, QString(100'000, u'a'), QString(100'000, u'"'), QString(50'000, u'-'),
            QString(10'000, u'東'), u"a "_s.repeated(10'000), u"-a "_s.repeated(10'000),
            u"from:\"a\" "_s.repeated(1'000), QString(5'000, QChar(0x300)), u"\ufdfa"_s.repeated(2'000)};
        int number = 0;
        for (const QString &query : queries)
            QTest::addRow("query %d", number++) << query;
    }

    void survivesWhateverIsTyped()
    {
        QFETCH(QString, query);
        const auto reader = m_store.reader();
        for (const SortField field : {SortField::Date, SortField::Sender, SortField::Subject, SortField::Size}) {
            VERIFY_OK(reader->search(query, {}, {field}));
            VERIFY_OK(reader->search(query, {.allInboxes = true}, {field}, 5));
        }
    }

    void findsNothingForQueriesWithoutWords()
    {
        for (const QString &query : {u""_s, u"  "_s, u"\"\""_s, u"-"_s, u"***"_s, u"from:"_s, u"😀"_s})
            QCOMPARE(find(query), {});
    }

    void givesHitsInEveryOrder()
    {
        StoreFixture store;
        const auto at = [](int day) { return QDateTime(QDate(2024, 1, day), QTime(0, 0), QTimeZone::UTC); };
        const MessageId a = store.add({.from = u"Zoe"_s, .subject = u"Re: apple"_s, .body = u"word"_s, .date = at(3)});
        const MessageId b = store.add(
            {.from = u"adam"_s, .subject = u"banana"_s, .body = u"word "_s + u"x"_s.repeated(500), .date = at(1)});
        const MessageId c =
            store.add({.from = u"Émile"_s, .subject = u"AW: Re[2]: Apple"_s, .body = u"word word"_s, .date = at(2)});
        const auto reader = store.reader();
        const auto found = [&](SortField field, Qt::SortOrder direction, int limit = 0) {
            return *reader->search(u"word"_s, {}, {field, direction}, limit);
        };
        QCOMPARE(found(SortField::Date, Qt::DescendingOrder), (QList{a, c, b}));
        QCOMPARE(found(SortField::Date, Qt::AscendingOrder), (QList{b, c, a}));
        QCOMPARE(found(SortField::Date, Qt::DescendingOrder, 2), (QList{c, b})); // the last to arrive
        QCOMPARE(found(SortField::Sender, Qt::AscendingOrder), (QList{b, c, a}));
        QCOMPARE(found(SortField::Sender, Qt::DescendingOrder, 1), (QList{a}));
        QCOMPARE(found(SortField::Subject, Qt::AscendingOrder), (QList{a, c, b}));
        QCOMPARE(found(SortField::Subject, Qt::DescendingOrder), (QList{b, c, a}));
        QCOMPARE(found(SortField::Size, Qt::DescendingOrder).first(), b);
        for (const SortField field : {SortField::Sender, SortField::Subject, SortField::Size}) {
            for (const Qt::SortOrder direction : {Qt::AscendingOrder, Qt::DescendingOrder})
                QCOMPARE(found(field, direction), *reader->list({}, {field, direction}));
        }
    }

    void forgetsWordsOfPurgedMessages()
    {
        StoreFixture store;
        const MessageId id = store.add({.subject = u"ephemeral"_s}, "u1");
        VERIFY_OK(store.writer->remove({id}));
        QCOMPARE(*store.writer->purge(), 1);
        const MessageId other = store.add({.subject = u"another"_s}, "u2");
        QVERIFY(other > id); // ids are never used again
        QCOMPARE(*store.reader()->search(u"ephemeral"_s, {}, {}), {});
        QCOMPARE(*store.reader()->search(u"another"_s, {}, {}), QList{other});
    }

    void stopsWhenCancelled()
    {
        const auto reader = m_store.reader();
        VERIFY_FAILS(reader->search(u"frankenstein"_s, {}, {}, 0, [] { return true; }), ErrorKind::Cancelled);
        VERIFY_FAILS(reader->search(u"-x"_s, {}, {}, 0, [] { return true; }), ErrorKind::Cancelled);
        VERIFY_FAILS(reader->list({}, {}, [] { return true; }), ErrorKind::Cancelled);
    }

    void cutsMonstrousWordsAndTexts()
    {
        QCOMPARE(foldForSearch(QString(500, u'x')).size(), 64);
        QVERIFY(foldForSearch(u"word "_s.repeated(1'000'000)).size() <= (1 << 20) + 128);
        QCOMPARE(find(QString(500, u'x')), {});
    }

    void foldsTheSameHoweverTextIsCut()
    {
        // A run of marks longer than what is normalised at once.
        const QString text = u"é"_s.repeated(5000);
        QCOMPARE(foldForSearch(text), QString(64, u'e'));
        QCOMPARE(foldForSearch(u"東京都"_s), u"東京 京都 都"_s);
        QCOMPARE(foldForSearch(u"東京都"_s, true), u"東京 京都"_s);
        QCOMPARE(foldForSearch(u"a東b"_s), u"a 東 b"_s);
        QCOMPARE(foldForSearch(u"Ⅷ ﬁn ½"_s), u"viii fin 1 2"_s);
        QCOMPARE(foldForSorting(u"  \"Ørsted, Åse\" "_s), u"orsted ase"_s);
    }

    void row5_charactersThatDrawNothingPartNoWord_data()
    {
        QTest::addColumn<QString>("between");
        const auto row = [](const char *name, const char16_t *between) { QTest::newRow(name) << QString(between); };
        row("soft hyphen", u"\u00AD");
        row("zero-width space", u"\u200B");
        row("non-joiner", u"\u200C");
        row("joiner", u"\u200D");
        row("word joiner", u"\u2060");
        row("grapheme joiner", u"\u034F");
        row("left-to-right mark", u"\u200E");
        row("right-to-left mark", u"\u200F");
        row("an embedding", u"\u202A\u202C");
        row("an isolate", u"\u2068\u2069");
        row("byte order mark", u"\uFEFF");
        row("Mongolian vowel separator", u"\u180E");
        row("a selector of variants", u"\uFE0F");
        row("several", u"\u00AD\u200B\u00AD");
    }

    void row5_charactersThatDrawNothingPartNoWord()
    {
        QFETCH(QString, between);
        const QString with = u"Rech"_s + between + u"nungs"_s + between + u"nummer"_s;
        const QString cyrillic = u"Сче"_s + between + u"та"_s;
        const QString persian = u"می"_s + between + u"خواهم"_s;
        const QString chinese = u"会"_s + between + u"議"_s;
        QCOMPARE(foldForSearch(with), u"rechnungsnummer"_s);
        QCOMPARE(foldForSearch(cyrillic), foldForSearch(u"Счета"_s));
        QCOMPARE(foldForSearch(persian), foldForSearch(u"میخواهم"_s));
        QCOMPARE(foldForSearch(chinese), foldForSearch(u"会議"_s));
        QCOMPARE(foldForSearch(u"one"_s + between + u" "_s + between + u"two"_s), u"one two"_s);
        QCOMPARE(foldForSorting(with), u"rechnungsnummer"_s);

        StoreFixture store;
        const MessageId written = store.add({.subject = with, .body = cyrillic + u' ' + persian + u' ' + chinese});
        const MessageId plain =
            store.add({.subject = u"Rechnungsnummer"_s, .body = u"Счета میخواهم 会議"_s}, {}, {}, {});
        const auto reader = store.reader();
        for (const QString &query :
            {u"Rechnungsnummer"_s, with, u"Счета"_s, cyrillic, u"میخواهم"_s, persian, u"会議"_s, chinese})
            QCOMPARE(*reader->search(query, {}, {.direction = Qt::AscendingOrder}, 0), QList({written, plain}));
    }
};

QTEST_GUILESS_MAIN(TestSearch)
#include "tst_search.moc"
