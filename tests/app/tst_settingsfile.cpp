// SPDX-License-Identifier: GPL-3.0-or-later
// What power cuts and bad disks leave of the settings, and what a full disk lets be written of them.
#include "app/profile.h"
#include "app/settingsfile.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

using namespace Qt::StringLiterals;
using namespace satchel;

namespace {

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

void put(const QString &path, const QByteArray &bytes)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        qFatal("cannot write %s", qPrintable(path));
}

} // namespace

class TestSettingsFile : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void p317_putsDamagedSettingsAsideAndGoesBackToTheLastGoodOnes_data();
    void p317_putsDamagedSettingsAsideAndGoesBackToTheLastGoodOnes();
    void p317_neverOverwritesWhatItPutAsideBefore();
    void p317_leavesSettingsAloneThatMakeSense_data();
    void p317_leavesSettingsAloneThatMakeSense();
    void p317_startsWithDefaultsWhereNoCopyIsGoodEither();
    void p318_saysOnceThatSettingsCannotBeSavedAndSavesThemLater();
};

void TestSettingsFile::p317_putsDamagedSettingsAsideAndGoesBackToTheLastGoodOnes_data()
{
    QTest::addColumn<QByteArray>("found");
    QTest::newRow("0 bytes") << QByteArray("");
    QTest::newRow("NULs alone") << QByteArray(512, '\0');
    QTest::newRow("NULs behind a good beginning") << "[profile]\nid=abc\n" + QByteArray(100, '\0');
    QTest::newRow("a NUL in a value") << QByteArray("[profile]\nid=a\0c\n", 17);
    QTest::newRow("a picture") << QByteArray("\x89PNG\r\n\x1a\n\xff\xfe=\n");
    QTest::newRow("a text of another kind") << QByteArray("Dear Robin,\n\nhere are the figures.\n");
    QTest::newRow("not UTF-8") << QByteArray("[profile]\nid=\xe4\xf6\xfc\n");
}

void TestSettingsFile::p317_putsDamagedSettingsAsideAndGoesBackToTheLastGoodOnes()
{
    QFETCH(QByteArray, found);
    const QTemporaryDir dir;
    const auto first = Profile::open(dir.path());
    QVERIFY(first);
    QVERIFY(!first->notice());
    {
        SettingsFile settings(first->settingsFile());
        settings.setValue(u"list/density"_s, 2);
        QVERIFY(settings.save());
    }
    QVERIFY(Profile::open(dir.path())); // a start that goes well
    put(first->settingsFile(), found);

    const auto after = Profile::open(dir.path());
    QVERIFY(after);
    QCOMPARE(after->id(), first->id()); // what the keychain knows its secrets by
    QVERIFY(after->notice());
    const QStringList aside = QDir(dir.path()).entryList({u"satchel.ini.damaged-*"_s}, QDir::Files);
    QCOMPARE(aside.size(), 1);
    QVERIFY2(after->notice()->contains(aside.constFirst()), qPrintable(*after->notice()));
    QCOMPARE(contentOf(dir.filePath(aside.constFirst())), found);
    QCOMPARE(SettingsFile(after->settingsFile()).value(u"list/density"_s).toInt(), 2);
    // Said once.
    QVERIFY(!Profile::open(dir.path())->notice());
}

void TestSettingsFile::p317_neverOverwritesWhatItPutAsideBefore()
{
    const QTemporaryDir dir;
    const QString file = dir.filePath(u"satchel.ini"_s);
    const QDateTime now = QDateTime::currentDateTime();
    for (const QByteArray &content : {QByteArray("one\n"), QByteArray("two\n"), QByteArray("three\n")}) {
        put(file, content);
        const auto mended = SettingsFile::mend(file, now);
        QVERIFY(mended && *mended);
    }
    QByteArrayList kept;
    for (const QString &name : QDir(dir.path()).entryList({u"satchel.ini.damaged-*"_s}, QDir::Files))
        kept.append(contentOf(dir.filePath(name)));
    std::ranges::sort(kept);
    QCOMPARE(kept, (QByteArrayList{"one\n", "three\n", "two\n"}));
}

void TestSettingsFile::p317_leavesSettingsAloneThatMakeSense_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::newRow("as QSettings writes them") << QByteArray("[General]\nx=1\n\n[profile]\nid=abc\n");
    QTest::newRow("line ends of Windows") << QByteArray("[profile]\r\nid=abc\r\n");
    QTest::newRow("a comment and a line that goes on") << QByteArray("; mine\n[profile]\nid=abc\nlong=a, \\\n  b\n");
    QTest::newRow("letters of the world") << QByteArray("[profile]\nid=abc\nname=\xc3\xa4\xe2\x82\xac\n");
}

void TestSettingsFile::p317_leavesSettingsAloneThatMakeSense()
{
    QFETCH(QByteArray, content);
    const QTemporaryDir dir;
    const QString file = dir.filePath(u"satchel.ini"_s);
    put(file, content);
    const auto mended = SettingsFile::mend(file, QDateTime::currentDateTime());
    QVERIFY(mended && !*mended);
    QCOMPARE(contentOf(file), content);
    QCOMPARE(Profile::open(dir.path())->id(), u"abc"_s);
}

void TestSettingsFile::p317_startsWithDefaultsWhereNoCopyIsGoodEither()
{
    const QTemporaryDir dir;
    const auto first = Profile::open(dir.path());
    QVERIFY(first);
    put(first->settingsFile(), QByteArray(300, '\0'));
    put(first->settingsFile() + u".last"_s, QByteArray(300, '\0'));
    const auto after = Profile::open(dir.path());
    QVERIFY(after);
    QVERIFY(after->notice());
    QVERIFY(!after->id().isEmpty());
    QVERIFY(QFileInfo(after->settingsFile()).size() > 0);
}

void TestSettingsFile::p318_saysOnceThatSettingsCannotBeSavedAndSavesThemLater()
{
    const QTemporaryDir dir;
    const QString folder = dir.filePath(u"profile"_s);
    const QString moved = dir.filePath(u"moved"_s);
    QVERIFY(QDir().mkpath(folder));
    SettingsFile settings(folder + u"/satchel.ini"_s);
    QSignalSpy notSaved(&settings, &SettingsFile::notSaved);
    settings.setValue(u"a"_s, 1);
    QVERIFY(settings.save());
    // A file stands where the folder was: nothing can be written there, not by root either.
    QVERIFY(QDir().rename(folder, moved));
    put(folder, "in the way");
    settings.setValue(u"a"_s, 2);
    QTRY_COMPARE(notSaved.size(), 1);
    QVERIFY(notSaved.constFirst().constFirst().value<Error>().text.contains(u"could not be saved"));
    settings.setValue(u"a"_s, 3);
    QVERIFY(!settings.save());
    QCOMPARE(notSaved.size(), 1);
    QVERIFY(QFile::remove(folder));
    QVERIFY(QDir().rename(moved, folder));
    QVERIFY(settings.save());
    QVERIFY(!settings.isFailing());
    QCOMPARE(QSettings(folder + u"/satchel.ini"_s, QSettings::IniFormat).value(u"a"_s).toInt(), 3);
}

QTEST_GUILESS_MAIN(TestSettingsFile)
#include "tst_settingsfile.moc"
