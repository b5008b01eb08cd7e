// SPDX-License-Identifier: GPL-3.0-or-later
#include "exchange/fetchedstatefiles.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace satchel::exchange;
using namespace Qt::StringLiterals;

namespace {

const QByteArray popState = "# POP3 State File\n*h u\nk A 1700000000\n";

} // namespace

class tst_FetchedStateFiles : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();

    void findsThePopStatesOfEveryProfileOfThunderbird_data();
    void findsThePopStatesOfEveryProfileOfThunderbird();
    void findsAProfileElsewhereOnTheDisk();
    void findsMailFoldersThatWereMovedOutOfAProfile();
    void findsTheFilesOfTheOtherPrograms_data();
    void findsTheFilesOfTheOtherPrograms();
    void leavesFilesAloneThatAreNoLists();
    void namesAFileOnceThatSeveralPlacesLeadTo();
    void findsNothingInAnEmptyHome();
    void survivesDamagedProfileLists();
    void changesNothing();

private:
    void put(const QString &path, const QByteArray &content);
    QStringList found() const;

    std::unique_ptr<QTemporaryDir> m_home;
};

void tst_FetchedStateFiles::init()
{
    m_home = std::make_unique<QTemporaryDir>();
    QVERIFY(m_home->isValid());
}

void tst_FetchedStateFiles::put(const QString &path, const QByteArray &content)
{
    const QString whole = m_home->filePath(path);
    QVERIFY(QDir().mkpath(QFileInfo(whole).path()));
    QFile file(whole);
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(content), content.size());
}

/// Relative to the made-up home.
QStringList tst_FetchedStateFiles::found() const
{
    QStringList paths;
    for (const StateFile &file : findFetchedStates(StatePlaces::below(m_home->path())))
        paths.append(QDir(m_home->path()).relativeFilePath(file.path));
    return paths;
}

void tst_FetchedStateFiles::findsThePopStatesOfEveryProfileOfThunderbird_data()
{
    QTest::addColumn<QString>("folder");
    for (const char *folder : {".thunderbird", ".icedove", ".mozilla/seamonkey", "snap/thunderbird/common/.thunderbird",
             ".var/app/org.mozilla.Thunderbird/.thunderbird", "Library/Thunderbird",
             "Library/Application Support/SeaMonkey", "AppData/Roaming/Thunderbird",
             "AppData/Roaming/Mozilla/SeaMonkey"})
        QTest::newRow(folder) << QString::fromLatin1(folder);
}

void tst_FetchedStateFiles::findsThePopStatesOfEveryProfileOfThunderbird()
{
    QFETCH(QString, folder);
    put(folder + u"/profiles.ini"_s,
        "[Install4F96D1932A9F858E]\r\nDefault=Profiles/b.other\r\n\r\n[Profile1]\r\nName=other\r\nIsRelative=1\r\n"
        "Path=Profiles/b.other\r\n\r\n[Profile0]\r\nName=default\r\nIsRelative=1\r\nPath=a.default\r\nDefault=1\r\n\r\n"
        "[General]\r\nStartWithLastProfile=1\r\n");
    put(folder + u"/a.default/Mail/pop.example.org/popstate.dat"_s, popState);
    put(folder + u"/a.default/Mail/pop.example.org/popstate-1.dat"_s, popState);
    put(folder + u"/a.default/Mail/pop.example-1.org/popstate.dat"_s, popState);
    put(folder + u"/a.default/Mail/pop.example.org/Inbox"_s, "From - x\n");
    put(folder + u"/Profiles/b.other/Mail/mail.example.net/popstate.dat"_s, popState);
    put(folder + u"/c.forgotten/Mail/mail.example.net/popstate.dat"_s, popState);
    QCOMPARE(found(),
        (QStringList{folder + u"/Profiles/b.other/Mail/mail.example.net/popstate.dat"_s,
            folder + u"/a.default/Mail/pop.example-1.org/popstate.dat"_s,
            folder + u"/a.default/Mail/pop.example.org/popstate-1.dat"_s,
            folder + u"/a.default/Mail/pop.example.org/popstate.dat"_s}));
}

void tst_FetchedStateFiles::findsAProfileElsewhereOnTheDisk()
{
    put(u".thunderbird/profiles.ini"_s,
        "[Profile0]\nIsRelative=0\nPath=" + m_home->filePath(u"disk/mein Profil ä"_s).toUtf8() + "\n");
    put(u"disk/mein Profil ä/Mail/h/popstate.dat"_s, popState);
    QCOMPARE(found(), QStringList{u"disk/mein Profil ä/Mail/h/popstate.dat"_s});
}

void tst_FetchedStateFiles::findsMailFoldersThatWereMovedOutOfAProfile()
{
    put(u".thunderbird/profiles.ini"_s, "[Profile0]\nIsRelative=1\nPath=a\n");
    put(u".thunderbird/a/prefs.js"_s,
        "// Mozilla User Preferences\nuser_pref(\"mail.server.server1.type\", \"pop3\");\n"
        "user_pref(\"mail.server.server1.directory\", \""
            + m_home->filePath(u"my \\\"mail\\\""_s).toUtf8()
            + "\");\n"
              "user_pref(\"mail.server.server2.directory-rel\", \"[ProfD]Mail/h\");\n"
              "user_pref(\"mail.server.server3.directory\", \"unclosed);\n");
    put(u"my \"mail\"/popstate.dat"_s, popState);
    QCOMPARE(found(), QStringList{u"my \"mail\"/popstate.dat"_s});
}

void tst_FetchedStateFiles::findsTheFilesOfTheOtherPrograms_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<StateFormat>("format");
    const QByteArray uidl = "A\t1700000000\n";
    const QByteArray oldmail("A\0001700000000\n", 13);
    const QByteArray mpop = " 1 h u\nA\n";
    const QByteArray kmail = "[LeaveOnServer]\nseenUidList=A\n";
    const auto row = [](const char *path, const QByteArray &content, StateFormat format) {
        QTest::newRow(path) << QString::fromLatin1(path) << content << format;
    };
    row(".claws-mail/uidl/pop.example.org-robin", uidl, StateFormat::UidlFile);
    row("AppData/Roaming/Claws-mail/uidl/pop.example.org-robin", uidl, StateFormat::UidlFile);
    row(".sylpheed-2.0/uidl/pop.example.org-robin%2fx", uidl, StateFormat::UidlFile);
    row(".sylpheed/uidl/pop.example.org-robin", "A\nB\n", StateFormat::UidlFile);
    row("AppData/Roaming/Sylpheed/uidl/pop.example.org-robin", uidl, StateFormat::UidlFile);
    row(".getmail/oldmail-pop.example.org-995-robin", oldmail, StateFormat::Oldmail);
    row(".config/getmail/oldmail-pop.example.org-995-robin", oldmail, StateFormat::Oldmail);
    row(".fetchids", "u@h A\n", StateFormat::FetchIds);
    row(".mpop_uidls", mpop, StateFormat::MpopUidls);
    row(".mpop_uidls/robin_at_pop.example.org", mpop, StateFormat::MpopUidls);
    row(".local/share/robin_at_pop.example.org", mpop, StateFormat::MpopUidls);
    row(".config/akonadi_pop3_resource_0rc", kmail, StateFormat::KMailSettings);
    row(".kde/share/config/akonadi_pop3_resource_12rc", kmail, StateFormat::KMailSettings);
    row(".kde/share/apps/kmail/robin:@pop.example.org:995", kmail, StateFormat::KMailSettings);
}

void tst_FetchedStateFiles::findsTheFilesOfTheOtherPrograms()
{
    QFETCH(QString, path);
    QFETCH(QByteArray, content);
    QFETCH(StateFormat, format);
    put(path, content);
    const QList<StateFile> files = findFetchedStates(StatePlaces::below(m_home->path()));
    QCOMPARE(files, (QList<StateFile>{{m_home->filePath(path), format}}));
    const auto states = readFetchedState(files.first().path);
    QVERIFY(states);
    QCOMPARE(states->mailboxes.first().messages.first().uidl, QByteArray("A"));
}

void tst_FetchedStateFiles::leavesFilesAloneThatAreNoLists()
{
    put(u".claws-mail/uidl/notes-of-mine"_s, "dear diary, today I wrote a line\n");
    put(u".config/akonadi_pop3_resource_0rc"_s, "[General]\nhost=h\n");
    put(u".mpop_uidls/readme"_s, "hello\n");
    QVERIFY(QDir(m_home->path()).mkpath(u".fetchids"_s)); // a folder
    QCOMPARE(found(), QStringList());
}

void tst_FetchedStateFiles::namesAFileOnceThatSeveralPlacesLeadTo()
{
    put(u".thunderbird/profiles.ini"_s,
        "[Profile0]\nIsRelative=1\nPath=a\n[Profile1]\nIsRelative=1\nPath=./a/../"
        "a\n[Profile2]\nIsRelative=1\nPath=link\n");
    put(u".thunderbird/a/Mail/h/popstate.dat"_s, popState);
    if (QFile::link(m_home->filePath(u".thunderbird/a"_s), m_home->filePath(u".thunderbird/link"_s)))
        QVERIFY(QFileInfo(m_home->filePath(u".thunderbird/link"_s)).isSymLink());
    QCOMPARE(found(), QStringList{u".thunderbird/a/Mail/h/popstate.dat"_s});
}

void tst_FetchedStateFiles::findsNothingInAnEmptyHome()
{
    QCOMPARE(found(), QStringList());
    QVERIFY(findFetchedStates(StatePlaces()).isEmpty());
}

void tst_FetchedStateFiles::survivesDamagedProfileLists()
{
    QByteArray noise;
    for (int i = 0; i < 5000; ++i)
        noise += static_cast<char>((i * 7919 + i / 13) % 256);
    put(u".thunderbird/profiles.ini"_s,
        noise + "\n[\nPath=\nIsRelative=\nPath=../../../../../../../../nowhere\n[Profile0]\nPath=a\nPath");
    put(u".thunderbird/a/prefs.js"_s,
        noise + "\nuser_pref(\"mail.server.x.directory\", \"" + noise.repeated(4) + "\");\n");
    put(u".thunderbird/a/Mail/h/popstate.dat"_s, popState);
    QCOMPARE(found(), QStringList{u".thunderbird/a/Mail/h/popstate.dat"_s});
}

void tst_FetchedStateFiles::changesNothing()
{
    put(u".fetchids"_s, "u@h A\n");
    const QDateTime before = QFileInfo(m_home->filePath(u".fetchids"_s)).lastModified();
    QCOMPARE(found().size(), 1);
    QCOMPARE(QFileInfo(m_home->filePath(u".fetchids"_s)).lastModified(), before);
    QCOMPARE(QDir(m_home->path()).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot),
        QStringList{u".fetchids"_s});
}

QTEST_GUILESS_MAIN(tst_FetchedStateFiles)
#include "tst_fetchedstatefiles.moc"
