// SPDX-License-Identifier: GPL-3.0-or-later
// A profile in a folder of its own, moved about, and the care of its store without a window.
#include "app/profile.h"
#include "store/writer.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

#ifdef Q_OS_UNIX
#include <sys/stat.h>
#endif

using namespace Qt::StringLiterals;
using namespace satchel;

namespace {

struct Run {
    int status = -1;
    QString said;
};

Run run(const QString &folder, const QStringList &arguments)
{
    QProcess process;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.remove(u"DISPLAY"_s);
    environment.insert(u"LC_ALL"_s, u"C.UTF-8"_s);
    process.setProcessEnvironment(environment);
    process.setWorkingDirectory(folder);
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(QStringLiteral(SATCHEL_PROGRAM), arguments);
    if (!process.waitForFinished(60'000))
        return {};
    return {process.exitCode(), QString::fromUtf8(process.readAll())};
}

/// What cannot be compressed much, so that the file has some size.
QByteArray noise(QRandomGenerator &random)
{
    QByteArray bytes(3000, Qt::Uninitialized);
    random.generate(bytes.begin(), bytes.end());
    return bytes.toBase64();
}

void fill(const QString &store, int count)
{
    const auto writer = store::Writer::open(store);
    if (!writer)
        qFatal("%s", qPrintable(writer.error().text));
    AccountSettings settings;
    settings.name = u"Work"_s;
    const AccountId account = (*writer)->addAccount(settings)->id;
    QList<store::AppendItem> items;
    QRandomGenerator random(3);
    for (int i = 0; i < count; ++i) {
        const QByteArray raw = "Subject: mail " + QByteArray::number(i) + "\r\n\r\n" + noise(random) + "\r\n";
        Envelope envelope;
        envelope.subject = u"mail %1"_s.arg(i);
        items.append({account, *(*writer)->folder(account, FolderRole::Inbox), {QByteArray::number(i), 0}, raw.size(),
            QDateTime::currentDateTimeUtc(), {}, store::prepare(raw, envelope, {})});
    }
    if (!(*writer)->append(items))
        qFatal("cannot append");
}

} // namespace

class TestProfile : public QObject
{
    Q_OBJECT

private Q_SLOTS:
#ifdef Q_OS_UNIX
    void p304_theSettingsAreTheirOwnersAloneInAFolderThatWasThere()
    {
        const mode_t before = ::umask(0);
        const QTemporaryDir dir;
        const QString folder = dir.filePath(u"shared"_s);
        QVERIFY(QDir().mkdir(folder));
        QVERIFY(Profile::open(folder));
        const auto isPrivate = [&folder] {
            const QFileInfoList files = QDir(folder).entryInfoList(QDir::Files | QDir::Hidden);
            return !files.isEmpty() && std::ranges::all_of(files, [](const QFileInfo &file) {
                return (file.permissions()
                           & (QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther))
                    == 0;
            });
        };
        QVERIFY(isPrivate());
        const QString settings = Profile::open(folder)->settingsFile();
        QVERIFY(QFile::setPermissions(settings,
            QFile::ReadOwner | QFile::WriteOwner | QFile::ReadGroup | QFile::ReadOther)); // as an older program left it
        QVERIFY(!isPrivate());
        QVERIFY(Profile::open(folder));
        QVERIFY(isPrivate());
        QCOMPARE(run(folder, {u"--check"_s, u"--profile"_s, folder}).status, 3); // there is no mail
        QVERIFY(isPrivate());
        ::umask(before);
    }
#endif

    void goesOnWhenItsFolderWasMoved()
    {
        const QTemporaryDir dir;
        const QString here = dir.filePath(u"here"_s);
        const QString there = dir.filePath(u"on a stick/there"_s);
        const auto before = Profile::open(here);
        QVERIFY(before);
        QVERIFY(QDir().mkpath(dir.filePath(u"on a stick"_s)));
        QVERIFY(QDir().rename(here, there));
        const auto after = Profile::open(there);
        QVERIFY(after);
        QCOMPARE(after->id(), before->id()); // what the keychain knows its secrets by
        QVERIFY(after->instanceName() != before->instanceName());
        QFile settings(after->settingsFile());
        QVERIFY(settings.open(QIODevice::ReadOnly));
        QVERIFY(!settings.readAll().contains(dir.path().toUtf8()));
    }

    void takesAPathThatIsRelativeToWhereItIsStarted()
    {
        const QTemporaryDir dir;
        fill(dir.filePath(u"stick/mail/mail.sqlite"_s), 5);
        const Run checked = run(dir.filePath(u"stick"_s), {u"--profile"_s, u"mail"_s, u"--check"_s});
        QCOMPARE(checked.status, 0);
        // Nothing of the place is kept in it.
        QDir profile(dir.filePath(u"stick/mail"_s));
        for (const QString &name : profile.entryList({u"*.ini"_s}, QDir::Files)) {
            QFile file(profile.filePath(name));
            QVERIFY(file.open(QIODevice::ReadOnly));
            QVERIFY(!file.readAll().contains(dir.path().toUtf8()));
        }
    }

    void checksAndRepairsWithoutAWindow()
    {
        const QTemporaryDir dir;
        const QString store = dir.filePath(u"mail.sqlite"_s);
        fill(store, 200);
        QCOMPARE(run(dir.path(), {u"--profile"_s, dir.path(), u"--check"_s}).status, 0);
        QFile file(store);
        QVERIFY(file.open(QIODevice::ReadWrite));
        const qint64 size = file.size();
        QVERIFY(file.seek(200'000));
        file.write(QByteArray(30'000, '\x11'));
        file.close();
        QCOMPARE(QFileInfo(store).size(), size);
        const Run damaged = run(dir.path(), {u"--profile"_s, dir.path(), u"--check"_s});
        QCOMPARE(damaged.status, 3);
        QVERIFY2(damaged.said.contains(u"damaged"), qPrintable(damaged.said));
        const Run repaired = run(dir.path(), {u"--profile"_s, dir.path(), u"--repair"_s});
        QVERIFY2(repaired.status == 0, qPrintable(repaired.said));
        QCOMPARE(run(dir.path(), {u"--profile"_s, dir.path(), u"--check"_s}).status, 0);
        QCOMPARE(QDir(dir.path()).entryList({u"mail.sqlite.damaged-*"_s}).size(), 1);
        QCOMPARE(run(dir.path(), {u"--check"_s, u"--fetch"_s}).status, 64);
    }

    void saysThatThereIsNoMail()
    {
        const QTemporaryDir dir;
        const Run empty = run(dir.path(), {u"--profile"_s, dir.path(), u"--repair"_s});
        QCOMPARE(empty.status, 3);
        QVERIFY(!QFile::exists(dir.filePath(u"mail.sqlite"_s)));
    }
};

QTEST_GUILESS_MAIN(TestProfile)
#include "tst_profile.moc"
