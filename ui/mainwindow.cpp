// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/mainwindow.h"

#include "base/localaccount.h"
#include "library/files.h"
#include "ui/bars/emptystate.h"
#include "ui/folders/folderpane.h"
#include "ui/list/messagelistmodel.h"
#include "ui/list/messagelistpane.h"
#include "ui/list/messagelistview.h"
#include "ui/mailbox/mailboxwindows.h"
#include "ui/mainwindowprivate.h"
#include "ui/message/charsetmenu.h"
#include "ui/message/messagewindow.h"
#include "ui/settings/settingsdialog.h"
#include "ui/theme/appearance.h"
#include "ui/theme/icons.h"
#include "ui/theme/taborder.h"

#include <QCloseEvent>
#include <QLineEdit>
#include <QMenuBar>
#include <QMessageBox>
#include <QPushButton>
#include <QSettings>
#include <QSplitter>
#include <QStackedWidget>
#include <QToolBar>

using namespace Qt::StringLiterals;

namespace satchel::ui {

namespace {

constexpr int foldersMilliseconds =
    200; ///< counts change with every batch that arrives: asked for a few times a second
constexpr int searchMilliseconds = 200; ///< after the last key

} // namespace

MainWindow::MainWindow(library::Library &library, QSettings &settings, QWidget *parent)
    : QMainWindow(parent)
    , d(std::make_unique<Private>(*this, library, settings))
{
    // Before there is a widget that would have to change.
    applyAppearance(Appearance(qBound(0, settings.value("window/appearance"_L1).toInt(), int(Appearance::Dark))));
    setObjectName(u"mainWindow"_s);
    setWindowIcon(applicationIcon());
    d->actions = new MainActions(this);
    for (QAction *action : d->actions->keyedActions())
        d->shortcuts.add(action);
    d->makePanes();
    for (QAction *action : d->listPane->keyedActions())
        d->shortcuts.add(action);
    d->makeToolBar();
    d->makeStatusBar();
    d->showKeysInTips();
    for (const QAction *action : {d->actions->search, d->actions->undo})
        connect(action, &QAction::changed, this, [this] { d->showKeysInTips(); });
    d->actions->fillMenus(
        menuBar(), d->listPane->sortMenu(), d->listPane->filterActions(), new CharsetMenu(d->messageView, this));
    d->foldersSoon.setSingleShot(true);
    d->foldersSoon.setInterval(foldersMilliseconds);
    connect(&d->foldersSoon, &QTimer::timeout, this, [this] { d->refreshFolders(); });
    d->searchSoon.setSingleShot(true);
    d->searchSoon.setInterval(searchMilliseconds);
    connect(&d->searchSoon, &QTimer::timeout, this, [this] { d->search(); });
    d->mailboxes = new MailboxWindows(library, settings, this);
    connect(d->mailboxes, &MailboxWindows::problemActionWished, this,
        [this](AccountId account, const Error &error) { d->dealWith(account, error); });
    connect(this, &MainWindow::closing, d->mailboxes, &MailboxWindows::closeAll);
    d->restoreState();
    d->connectActions();
    d->connectPanes();
    d->connectMessageView(d->messageView);
    d->showWelcome();
    // Until the store was opened nobody knows whether there are accounts: the panes stay empty.
    d->pages->setCurrentWidget(d->outer);
    d->fitToolBar();
    d->updateActions();
    d->updateTitle();
    listenToAppearance(this);
    tabInReadingOrder(this);
}

MainWindow::~MainWindow()
{
    delete d->settingsDialog;
    // Children tell of their end (a selection that goes, a model that is reset) to lambdas that use d.
    d->folderPane->disconnect(this);
    d->listPane->disconnect(this);
    d->listPane->view()->selectionModel()->disconnect(this);
    d->listPane->messages()->disconnect(this);
    delete centralWidget();
}

QList<AccountSettings> MainWindow::accounts() const
{
    return d->accounts;
}

MailboxWindows *MainWindow::mailboxes() const
{
    return d->mailboxes;
}

void MainWindow::showMailbox(AccountId account)
{
    d->mailboxes->open(d->account(account));
}

void MainWindow::editAccount(AccountId id)
{
    const AccountSettings settings = d->account(id);
    if (!settings.id.isValid())
        addAccount();
    else if (hasServer(settings))
        d->openSettings()->showAccount(id);
}

void MainWindow::askElsewhere(const AccountSettings &account, const QString &program, int count)
{
    auto *box = new QMessageBox(QMessageBox::Question, tr("Mail that was fetched already"),
        tr("%1 has already fetched %Ln message(s) of “%2”.", nullptr, count).arg(program, account.address),
        QMessageBox::NoButton, this);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setTextFormat(Qt::PlainText);
    box->setInformativeText(
        tr("Satchel can leave these out and fetch only the others. Then they are found in %1 alone, until "
           "they are fetched here too: the settings of the account offer that. Nothing is deleted on the "
           "server either way.")
            .arg(program));
    QPushButton *newOnly = box->addButton(tr("Fetch the &others only"), QMessageBox::AcceptRole);
    QPushButton *all = box->addButton(tr("Fetch &everything"), QMessageBox::RejectRole);
    box->setDefaultButton(newOnly);
    box->setEscapeButton(all);
    connect(box, &QDialog::finished, this,
        [this, box, newOnly, account] { Q_EMIT elsewhereAnswered(account, box->clickedButton() == newOnly); });
    box->open();
}

void MainWindow::selectFolder(FolderId folder)
{
    d->folderPane->select({.folder = folder});
}

void MainWindow::showMessage(MessageId message)
{
    d->library.summaries({message}).then(this, [this](const Expected<QList<MessageSummary>> &answer) {
        if (!answer || answer->isEmpty())
            return;
        const MessageSummary summary = answer->constFirst();
        d->searchField->clear();
        d->search();
        d->folderPane->select({.folder = summary.folder});
        d->listPane->selectWhenListed(summary.id);
    });
    present();
}

MessageWindow *MainWindow::showFile(const QByteArray &raw, const QString &fileName)
{
    auto *window = new MessageWindow(d->library, d->settings);
    window->setAttribute(Qt::WA_DeleteOnClose);
    window->shareOpenedFiles(d->openedFiles);
    // The library that reads it ends with the main window.
    connect(this, &MainWindow::closing, window, &QWidget::close);
    window->showBytes(raw, fileName);
    window->show();
    return window;
}

void MainWindow::openFile(const QString &path)
{
    library::messageFile(path).then(this, [this, path](const Expected<QByteArray> &bytes) {
        if (bytes)
            showFile(*bytes, path);
        else
            failed(bytes.error());
    });
}

void MainWindow::present()
{
    if (isMinimized())
        showNormal();
    show();
    raise();
    activateWindow();
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    d->saveState();
    event->accept();
    Q_EMIT closing();
}

void MainWindow::resizeEvent(QResizeEvent *event)
{
    QMainWindow::resizeEvent(event);
    d->fitToolBar();
}

void MainWindow::changeEvent(QEvent *event)
{
    QMainWindow::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && d && d->toolBar) {
        // Icons take the palette's colour when they are painted; buttons that cached one are told to.
        for (QWidget *child : findChildren<QWidget *>())
            child->update();
    }
}

} // namespace satchel::ui
