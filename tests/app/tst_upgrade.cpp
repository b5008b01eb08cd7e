// SPDX-License-Identifier: GPL-3.0-or-later
// The first start of a newer program: what is seen while the store is brought up to date.
#include "app/running.h"
#include "ui/bars/emptystate.h"

#include <QApplication>
#include <QEventLoop>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace satchel;
using namespace satchel::test;

class TestUpgrade : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void p307_theWindowSaysHowFarAnUpgradeIs();
};

void TestUpgrade::p307_theWindowSaysHowFarAnUpgradeIs()
{
    const QTemporaryDir folder;
    const auto profile = Profile::open(folder.path());
    QVERIFY(profile);
    QVERIFY(QFile::copy(QStringLiteral(SATCHEL_SOURCE_DIR "/tests/stores/schema-1.db"), profile->storeFile()));
    QVERIFY(QFile::setPermissions(profile->storeFile(), QFile::ReadOwner | QFile::WriteOwner));
    CommandLine line;
    line.offline = true;
    Application application(*profile, line);
    const auto *page = application.window().findChild<ui::EmptyState *>();
    QVERIFY(page);
    QStringList said;
    QStringList titles;
    bool opened = false;
    bool inTime = true;
    connect(application.engine(), &sync::Engine::opened, this, [&] { opened = true; });
    connect(application.engine(), &sync::Engine::upgrading, this, [&] {
        inTime = inTime && !opened && page->isVisibleTo(&application.window());
        titles.append(page->title());
        said.append(page->accessibleDescription());
    });
    application.start();
    QTRY_COMPARE_WITH_TIMEOUT(application.window().accounts().size(), 2, 60'000);
    QVERIFY(inTime);
    QVERIFY2(said.size() > 3, qPrintable(said.join(u'\n')));
    QCOMPARE(said.removeDuplicates(), 0);
    QVERIFY2(said.constFirst().contains(u" 0%"_s), qPrintable(said.constFirst()));
    QVERIFY2(said.constLast().contains(u"100%"_s), qPrintable(said.constLast()));
    titles.removeDuplicates();
    QCOMPARE(titles, QStringList{u"Your mail is being prepared"_s});
    QVERIFY(!page->isVisibleTo(&application.window()));

    QEventLoop loop;
    connect(&application, &Application::finished, &loop, &QEventLoop::quit);
    application.window().close();
    loop.exec();
}

int main(int argc, char *argv[])
{
    QApplication application(argc, argv);
    QApplication::setQuitOnLastWindowClosed(false);
    TestUpgrade tests;
    return QTest::qExec(&tests, argc, argv);
}

#include "tst_upgrade.moc"
