// SPDX-License-Identifier: GPL-3.0-or-later
#include "storefixture.h"

#include <QFile>

using namespace Qt::StringLiterals;
using namespace satchel;
using namespace satchel::store;

/// What opening and closing a store costs must not grow with the mail in it: there may be a million.
class TestOpening : public QObject
{
    Q_OBJECT

private Q_SLOTS:
#ifdef Q_OS_LINUX
    void readsNoMessageToFindWhatWasRemoved();
#endif

private:
    [[nodiscard]] static qint64 bytesRead();
};

/// By this process, whether or not a disk was asked for them (proc(5), "rchar").
qint64 TestOpening::bytesRead()
{
    QFile counters(u"/proc/self/io"_s);
    if (!counters.open(QIODevice::ReadOnly))
        qFatal("/proc/self/io cannot be read");
    const QByteArrayList lines = counters.readAll().split('\n');
    return lines.constFirst().mid(QByteArrayView("rchar: ").size()).toLongLong();
}

#ifdef Q_OS_LINUX
void TestOpening::readsNoMessageToFindWhatWasRemoved()
{
    StoreFixture store;
    constexpr int messages = 4000;
    QList<AppendItem> batch;
    for (int i = 0; i < messages; ++i)
        batch.append(store.item(
            {.subject = u"A subject that takes some room in the row, number %1"_s.arg(i)}, QByteArray::number(i)));
    VERIFY_OK(store.writer->append(batch));
    const MessageId gone = store.add({.subject = u"to be removed"_s}, "gone");
    VERIFY_OK(store.writer->remove({gone}));
    store.closeWriter();

    const qint64 before = bytesRead();
    store.openWriter();
    const auto removed = store.writer->removed();
    const qint64 read = bytesRead() - before;
    VERIFY_OK(removed);
    QCOMPARE(*removed, QList<MessageId>{gone});
    // A row has a hundred bytes and more.
    constexpr qint64 perMessage = 40;
    QVERIFY2(read < messages * perMessage, qPrintable(u"%1 bytes"_s.arg(read)));
}
#endif

QTEST_GUILESS_MAIN(TestOpening)
#include "tst_opening.moc"
