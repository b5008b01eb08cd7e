// SPDX-License-Identifier: GPL-3.0-or-later
// The settings dialog and what it changes; the windows that show what was written down.
#include "ui/dialogs/deletionlog.h"
#include "ui/dialogs/logwindow.h"
#include "ui/folders/folderpane.h"
#include "ui/list/messagelistpane.h"
#include "ui/list/messagelistview.h"
#include "ui/mainwindowprivate.h"
#include "ui/message/messageview.h"
#include "ui/message/systemopener.h"
#include "ui/settings/settingsdialog.h"

#include <QApplication>
#include <QSettings>
#include <QUrl>

using namespace Qt::StringLiterals;

namespace satchel::ui {

SettingsDialog *MainWindow::Private::openSettings()
{
    if (settingsDialog) {
        settingsDialog->raise();
        settingsDialog->activateWindow();
        return settingsDialog;
    }
    // What a menu changed is in the file; what a splitter or a list has is not, and no setting.
    auto *dialog = new SettingsDialog(settings, shortcuts, &q);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    settingsDialog = dialog;
    dialog->setKeychain(keychainAvailable, keychainReason);
    dialog->setServers(servers, elsewhere);
    dialog->setAccounts(accounts);
    auto *page = new StoragePage(dialog);
    connectStoragePage(page);
    dialog->addPage(SettingsDialog::Page::Storage, MainWindow::tr("Storage"), "save"_L1, page);
    Q_EMIT q.storeFactsWished();
    QObject::connect(dialog, &SettingsDialog::preferencesChanged, &q,
        [this](const Preferences &preferences) { takePreferences(preferences); });
    QObject::connect(dialog, &SettingsDialog::addAccountWished, &q, [this] { q.editAccount({}); });
    QObject::connect(dialog, &SettingsDialog::removeAccountWished, folderPane, &FolderPane::askRemoveAccount);
    QObject::connect(dialog, &SettingsDialog::updateAccountWished, &q, &MainWindow::updateAccountWished);
    QObject::connect(dialog, &SettingsDialog::fetchElsewhereWished, &q, &MainWindow::fetchElsewhereWished);
    QObject::connect(dialog, &SettingsDialog::passwordGiven, &q, &MainWindow::passwordGiven);
    QObject::connect(dialog, &SettingsDialog::passphraseGiven, &q, &MainWindow::passphraseGiven);
    QObject::connect(dialog, &SettingsDialog::consentWished, &q, &MainWindow::consentToDeletionsWished);
    QObject::connect(dialog, &SettingsDialog::forecastWished, &q, &MainWindow::forecastWished);
    QObject::connect(
        dialog, &SettingsDialog::deletionLogWished, &q, [this](AccountId account) { showDeletions(account); });
    QObject::connect(dialog, &SettingsDialog::logWished, actions->log, &QAction::trigger);
    auto *opener = new SystemOpener(dialog);
    QObject::connect(dialog, &SettingsDialog::folderWished, opener,
        [opener](const QString &folder) { opener->open(QUrl::fromLocalFile(folder)); });
    QObject::connect(opener, &SystemOpener::failed, &q, [this](const QUrl &folder) {
        say(MainWindow::tr("No program on this computer opens the folder %1.").arg(folder.toLocalFile()));
    });
    dialog->show();
    return dialog;
}

void MainWindow::Private::takePreferences(const Preferences &preferences)
{
    applyAppearance(preferences.appearance);
    (preferences.appearance == Appearance::Light         ? actions->lightLook
            : preferences.appearance == Appearance::Dark ? actions->darkLook
                                                         : actions->systemLook)
        ->setChecked(true);
    setTall(preferences.tall);
    (preferences.tall ? actions->tall : actions->wide)->setChecked(true);
    (preferences.plainText ? actions->asPlainText : actions->asHtml)->setChecked(true);
    actions->monospaced->setChecked(preferences.monospaced);
    actions->darkHtml->setChecked(preferences.darkHtml);
    listPane->view()->setDensity(preferences.density);
    listPane->view()->setAfterRemoval(preferences.afterRemoval);
    if (logWindow)
        logWindow->setMostLines(preferences.logLines);
    // Messages in windows of their own as well.
    for (QWidget *window : QApplication::topLevelWidgets()) {
        for (MessageView *view : window->findChildren<MessageView *>())
            view->setPreferences(preferences);
    }
    Q_EMIT q.preferencesChanged(preferences);
}

void MainWindow::Private::makeLogWindow()
{
    if (logWindow)
        return;
    logWindow = new LogWindow(&q);
    logWindow->setAccounts(accounts);
    logWindow->setServers(servers.values());
    logWindow->setMostLines(Preferences::load(settings).logLines);
}

void MainWindow::Private::showDeletions(AccountId account)
{
    if (!deletionLog) {
        deletionLog = new DeletionLog(library, &q);
        deletionLog->setAccounts(accounts);
        QObject::connect(deletionLog, &DeletionLog::messageWished, &q, &MainWindow::showMessage);
    }
    deletionLog->showAccount(account);
}

void MainWindow::openSettings()
{
    d->openSettings();
}

void MainWindow::showDeletionLog(AccountId account)
{
    d->showDeletions(account);
}

void MainWindow::forecastMade(const sync::Forecast &forecast)
{
    if (d->settingsDialog)
        d->settingsDialog->takeForecast(forecast);
}

} // namespace satchel::ui
