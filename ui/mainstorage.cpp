// SPDX-License-Identifier: GPL-3.0-or-later
// The safety of the store, as the window shows it: damage, backups, repair; a store that is open elsewhere.
#include "ui/bars/emptystate.h"
#include "ui/bars/messagebar.h"
#include "ui/folders/folderpane.h"
#include "ui/list/messagelistpane.h"
#include "ui/mainwindowprivate.h"
#include "ui/message/messageview.h"
#include "ui/settings/settingsdialog.h"

#include <QLocale>
#include <QMessageBox>
#include <QPushButton>
#include <QStackedWidget>

using namespace Qt::StringLiterals;

namespace satchel::ui {

namespace {

/// Such a task speaks only of trouble, and leaves standing what became of the last one that was asked for: a glance
/// follows each repair.
bool happensByItself(sync::CareTask task)
{
    return task == sync::CareTask::QuickCheck || task == sync::CareTask::BackUpIfDue;
}

} // namespace

void MainWindow::Private::showStorage()
{
    openSettings()->showPage(SettingsDialog::Page::Storage);
}

void MainWindow::Private::connectStoragePage(StoragePage *page)
{
    QObject::connect(page, &StoragePage::careWished, &q, &MainWindow::careWished);
    QObject::connect(page, &StoragePage::stopWished, &q, &MainWindow::stopCareWished);
    QObject::connect(page, &StoragePage::policyWished, &q, &MainWindow::backupPolicyWished);
    storagePages.append(page);
    page->show(storage);
}

void MainWindow::Private::tellStorage()
{
    storagePages.removeIf([](const QPointer<StoragePage> &page) { return page.isNull(); });
    for (const QPointer<StoragePage> &page : std::as_const(storagePages))
        page->show(storage);
}

void MainWindow::Private::askTakeOver(const Error &error)
{
    auto *box =
        new QMessageBox(QMessageBox::Warning, MainWindow::tr("Open elsewhere"), error.text, QMessageBox::Cancel, &q);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setTextFormat(Qt::PlainText);
    box->setInformativeText(
        MainWindow::tr("If Satchel does run there, both would write into one file, and mail could be damaged."));
    box->addButton(MainWindow::tr("That computer is &off: go on here"), QMessageBox::DestructiveRole)
        ->setObjectName(u"doIt"_s);
    box->setDefaultButton(QMessageBox::Cancel);
    QObject::connect(box, &QMessageBox::buttonClicked, &q, [this, box](QAbstractButton *button) {
        if (box->buttonRole(button) == QMessageBox::DestructiveRole)
            Q_EMIT q.takeOverWished();
    });
    box->open();
}

void MainWindow::upgrading(int percent)
{
    d->welcome->show("settings"_L1, tr("Your mail is being prepared"),
        tr("This version of Satchel is newer than the one that you used last, and prepares your mail for it. This "
           "happens "
           "once; %1% is done.")
            .arg(QLocale().toString(percent)));
    d->pages->setCurrentWidget(d->welcome);
}

void MainWindow::openFailed(const Error &error)
{
    d->openError = error;
    d->storage.open = false;
    d->tellStorage();
    const QString button = error.action == ErrorAction::RepairStore ? tr("&Repair or restore…")
        : error.action == ErrorAction::TakeOverStore                ? tr("&Go on here…")
        : error.action == ErrorAction::Retry                        ? tr("&Try again")
                                                                    : QString();
    d->welcome->show("error"_L1, tr("The mail on this computer cannot be opened"), error.text, button);
    d->pages->setCurrentWidget(d->welcome);
    d->updateActions();
}

void MainWindow::takeStoreFacts(const StoreFacts &facts)
{
    d->storage.facts = facts;
    d->tellStorage();
}

void MainWindow::setBackupPolicy(const BackupPolicy &policy)
{
    d->storage.policy = policy;
    d->tellStorage();
}

void MainWindow::setLastCheck(const QDateTime &checkedAt, bool well)
{
    d->storage.checkedAt = checkedAt;
    d->storage.checkedWell = well;
    d->tellStorage();
}

void MainWindow::careStarted(sync::CareTask task)
{
    d->storage.running = task;
    d->storage.percent = 0;
    if (!happensByItself(task))
        d->storage.said.clear();
    if (task == sync::CareTask::Restore || task == sync::CareTask::Repair) {
        // What is listed belongs to a file that is closed now.
        d->listPane->setPlace({});
        d->folderPane->setContent(d->accounts, {});
        d->messageView->showNothing();
        d->undoSteps = {};
        d->storage.open = false;
    }
    d->tellStorage();
    d->updateActions();
}

void MainWindow::careProgressed(sync::CareTask task, int percent)
{
    if (d->storage.running != task)
        return;
    d->storage.percent = percent;
    d->tellStorage();
}

void MainWindow::careFinished(const sync::CareResult &result)
{
    d->storage.running.reset();
    const bool asked = !happensByItself(result.task);
    if (asked || result.error)
        d->storage.said = result.text;
    if (asked && !result.text.isEmpty())
        d->say(result.text);
    const bool replaced = result.task == sync::CareTask::Restore || result.task == sync::CareTask::Repair;
    if ((replaced || result.task == sync::CareTask::FullCheck) && !result.error)
        d->messageBar->storeIsWhole(); // damage was of the file that is kept aside now
    if (result.error)
        d->messageBar->add({}, {}, *result.error);
    d->tellStorage();
}

} // namespace satchel::ui
