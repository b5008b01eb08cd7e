// SPDX-License-Identifier: GPL-3.0-or-later
#include "filledstore.h"
#include "ui/mainwindow.h"
#include "ui/screenshots.h"
#include "ui/theme/pseudotranslator.h"

#include <QFileInfo>
#include <QImage>
#include <QSettings>
#include <QSignalSpy>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace satchel;

/// The pictures of `satchel --screenshot`, made of the sample mailbox. SATCHEL_SCREENSHOTS names a folder to keep them
/// in; with SATCHEL_PSEUDO all texts are longer.
class TestScreenshots : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void takesEveryPictureOfAFilledWindow();
};

void TestScreenshots::takesEveryPictureOfAFilledWindow()
{
    ui::PseudoTranslator pseudo;
    if (qEnvironmentVariableIsSet("SATCHEL_PSEUDO"))
        QCoreApplication::installTranslator(&pseudo);
    test::FilledStore store;
    const AccountSettings account = store.addAccount(u"Personal"_s);
    QVERIFY(store.addSamples(account.id) > 20);
    QSettings settings(store.dir.filePath(u"settings.ini"_s), QSettings::IniFormat);
    ui::MainWindow window(*store.library, settings);
    store.connectTo(window);
    store.answerForecasts(window);
    QTemporaryDir pictures;
    const QString folder = qEnvironmentVariable("SATCHEL_SCREENSHOTS", pictures.path());
    ui::Screenshots screenshots(window, folder);
    QSignalSpy finished(&screenshots, &ui::Screenshots::finished);
    QSignalSpy failed(&screenshots, &ui::Screenshots::failed);
    screenshots.start();
    QTRY_VERIFY_WITH_TIMEOUT(!finished.isEmpty() || !failed.isEmpty(), 240000);
    QVERIFY2(failed.isEmpty(), failed.isEmpty() ? "" : qPrintable(failed.constFirst().constFirst().toString()));
    const QStringList files = finished.constFirst().constFirst().toStringList();
    QVERIFY(files.size() >= 20);
    QStringList names;
    for (const QString &file : files) {
        const QImage image(file);
        QVERIFY2(image.width() >= 640 && image.height() >= 420, qPrintable(file));
        names.append(QFileInfo(file).baseName());
    }
    for (const QString &name : {u"main-light"_s, u"main-dark"_s, u"html-light"_s, u"search"_s, u"narrow"_s,
             u"wizard-found"_s, u"certificate-dialog"_s, u"welcome"_s, u"error-bar"_s, u"settings-reading-light"_s,
             u"settings-account-2-dark"_s, u"settings-shortcuts-small"_s, u"deletion-log"_s})
        QVERIFY2(names.contains(name), qPrintable(name));
    // Light and dark are not the same picture.
    const QImage light(files.at(names.indexOf(u"main-light"_s)));
    const QImage dark(files.at(names.indexOf(u"main-dark"_s)));
    QVERIFY(light.pixelColor(640, 790).lightness() > 150);
    QVERIFY(dark.pixelColor(640, 790).lightness() < 100);
}

QTEST_MAIN(TestScreenshots)
#include "tst_screenshots.moc"
