// SPDX-License-Identifier: GPL-3.0-or-later
#include "library/files.h"
#include "sync/smalldisk.h"

#include <QCoreApplication>
#include <QDir>
#include <QTest>

#include <cstdio>

using namespace Qt::StringLiterals;
using namespace satchel;
using namespace satchel::test;
using namespace satchel::library;

/// Attachments that are saved on a disk with little room, which is a real one.
class TestFullAttachment : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void p320_anAttachmentThatFindsNoRoomSaysSo_data()
    {
        QTest::addColumn<qint64>("room");
        QTest::addColumn<int>("size");
        QTest::newRow("a part fits") << qint64(200'000) << 1'000'000;
        QTest::newRow("a byte is missing") << qint64(512 * 1024) << 512 * 1024 + 1;
        QTest::newRow("nothing fits") << qint64(0) << 5000;
        QTest::newRow("a small one, written when it is closed") << qint64(0) << 10;
    }

    void p320_anAttachmentThatFindsNoRoomSaysSo()
    {
        QFETCH(qint64, room);
        QFETCH(int, size);
        SmallDisk disk(4);
        disk.leaveFree(room);
        const QString path = disk.path() + u"/picture.jpg"_s;
        const Expected<void> saved = saveFile(path, QByteArray(size, 'x'));
        QVERIFY(!saved);
        QVERIFY2(saved.error().text.contains(u"there is no room left on the disk"_s), qPrintable(saved.error().text));
        // Nothing is left of it.
        QCOMPARE(QDir(disk.path()).entryList({u"picture*"_s, u".satchel*"_s}, QDir::Files | QDir::Hidden).size(), 0);
        disk.makeRoom();
        QVERIFY(saveFile(path, QByteArray(size, 'x')).has_value());
        QCOMPARE(QFileInfo(path).size(), size);
    }

    void p320_oneThatIsOpenedSaysSoToo()
    {
        SmallDisk disk(4);
        disk.leaveFree(100'000);
        const Expected<QString> opened = writeForOpening(disk.path(), u"picture.jpg"_s, QByteArray(1'000'000, 'x'));
        QVERIFY(!opened);
        QVERIFY2(opened.error().text.contains(u"there is no room left on the disk"_s), qPrintable(opened.error().text));
    }
};

int main(int argc, char **argv)
{
    if (!SmallDisk::enterOwnMounts()) {
        std::fputs("tst_fullattachment: neither root nor a user namespace may mount a small disk here\n", stderr);
        return 77;
    }
    QCoreApplication application(argc, argv);
    TestFullAttachment test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_fullattachment.moc"
