// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/mainactions.h"

#include "ui/shortcuts.h"
#include "ui/theme/icons.h"
#include "ui/theme/menubutton.h"

#include <QMainWindow>
#include <QMenu>
#include <QMenuBar>
#include <QToolBar>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace satchel::ui {

MainActions::MainActions(QMainWindow *window)
    : QObject(window)
    , m_window(window)
{
    makeFileAndEdit();
    makeView();
    makeMessageAndFolder();
    nameActions();
}

QAction *MainActions::make(
    QLatin1StringView iconName, const QString &text, const QKeySequence &keys, const QString &toolTip)
{
    auto *action = new QAction(text, this);
    if (!iconName.isEmpty())
        action->setIcon(icon(iconName));
    action->setShortcut(keys);
    showKeys(action, toolTip);
    return action;
}

QAction *MainActions::choice(QActionGroup *group, const QString &text, const QKeySequence &keys)
{
    QAction *action = make({}, text, keys);
    action->setCheckable(true);
    group->addAction(action);
    return action;
}

void MainActions::makeFileAndEdit()
{
    getMail = make("get-mail"_L1, tr("&Get mail"), Qt::Key_F5, tr("Get new mail for all accounts"));
    getMailHere = make("get-mail"_L1, tr("Get mail for t&his account"), Qt::CTRL | Qt::Key_F5);
    cancelChecks = make("close"_L1, tr("S&top getting mail"), Qt::SHIFT | Qt::Key_F5);
    workOffline = make("offline"_L1, tr("&Work offline"), Qt::CTRL | Qt::SHIFT | Qt::Key_O,
        tr("Work offline: nothing is asked of any server"));
    workOffline->setCheckable(true);
    addAccount = make("add"_L1, tr("&Add an account…"), Qt::CTRL | Qt::SHIFT | Qt::Key_A);
    accountSettings = make("settings"_L1, tr("Account &settings…"), Qt::ALT | Qt::Key_Return);
    mailbox = make("server"_L1, tr("&Mail on the server…"), Qt::CTRL | Qt::SHIFT | Qt::Key_M,
        tr("See what is on the server, and get or delete single messages"));
    openFile = make("open"_L1, tr("&Open message file…"), QKeySequence::Open);
    saveMessage = make("save"_L1, tr("Sa&ve message as…"), QKeySequence::Save, tr("Save the message as a file"));
    print = make("print"_L1, tr("&Print…"), QKeySequence::Print);
    storage = make("file-archive"_L1, tr("Mail storage and &backups…"), Qt::CTRL | Qt::SHIFT | Qt::Key_B,
        tr("Where the mail is, backups, check and repair"));
    quit = make({}, tr("&Quit"), Qt::CTRL | Qt::Key_Q);
    quit->setMenuRole(QAction::QuitRole);

    undo = make("undo"_L1, tr("&Undo"), QKeySequence::Undo);
    copy = make("copy"_L1, tr("&Copy"), QKeySequence::Copy);
    selectAll = make({}, tr("Select &all"), QKeySequence::SelectAll);
    findInMessage = make("search"_L1, tr("&Find in message…"), Qt::CTRL | Qt::SHIFT | Qt::Key_F);
    findNext = make({}, tr("Find &next"), Qt::Key_F3);
    search = make("search"_L1, tr("&Search all mail"), QKeySequence::Find);
    search->setShortcuts({QKeySequence(Qt::CTRL | Qt::Key_F), QKeySequence(Qt::CTRL | Qt::Key_K)});

    const QList<QKeySequence> native = QKeySequence::keyBindings(QKeySequence::Preferences);
    settings = make("settings"_L1, tr("S&ettings…"), native.value(0, QKeySequence(Qt::CTRL | Qt::Key_Comma)));
    settings->setMenuRole(QAction::PreferencesRole);
    deletions = make("delete"_L1, tr("&Deleted on the server…"), Qt::CTRL | Qt::SHIFT | Qt::Key_D,
        tr("What Satchel deleted on servers, and why"));
    log = make("log"_L1, tr("&Connection log"), Qt::CTRL | Qt::SHIFT | Qt::Key_L);
    about = make("information"_L1, tr("&About Satchel"), Qt::SHIFT | Qt::Key_F1);
    about->setMenuRole(QAction::AboutRole);
}

void MainActions::makeView()
{
    auto *layouts = new QActionGroup(this);
    wide = choice(layouts, tr("Message be&side the list"), Qt::CTRL | Qt::Key_1);
    wide->setIcon(icon("layout-wide"_L1));
    tall = choice(layouts, tr("Message be&low the list"), Qt::CTRL | Qt::Key_2);
    tall->setIcon(icon("layout-tall"_L1));
    auto *bodies = new QActionGroup(this);
    asHtml = choice(bodies, tr("&HTML"), Qt::CTRL | Qt::Key_3);
    asPlainText = choice(bodies, tr("&Plain text"), Qt::CTRL | Qt::Key_4);
    monospaced = make("text"_L1, tr("Plain text in &fixed width"), Qt::CTRL | Qt::Key_5);
    monospaced->setCheckable(true);
    darkHtml = make("moon"_L1, tr("&Dark message colours"), Qt::CTRL | Qt::Key_6,
        tr("In the dark, darken messages that bring their own colours"));
    darkHtml->setCheckable(true);
    zoomIn = make({}, tr("Zoom &in"), QKeySequence::ZoomIn);
    zoomIn->setShortcuts({QKeySequence(Qt::CTRL | Qt::Key_Plus), QKeySequence(Qt::CTRL | Qt::Key_Equal)});
    zoomOut = make({}, tr("Zoom &out"), Qt::CTRL | Qt::Key_Minus);
    zoomReset = make({}, tr("&Normal size"), Qt::CTRL | Qt::Key_0);
    headers = make("text"_L1, tr("All headers"), Qt::CTRL | Qt::SHIFT | Qt::Key_H);
    headers->setText(tr("All h&eaders"));
    source = make("source"_L1, tr("Message sou&rce"), Qt::CTRL | Qt::Key_U);
    auto *looks = new QActionGroup(this);
    systemLook = choice(looks, tr("As the &system"), Qt::CTRL | Qt::Key_7);
    lightLook = choice(looks, tr("&Light"), Qt::CTRL | Qt::Key_8);
    darkLook = choice(looks, tr("&Dark"), Qt::CTRL | Qt::Key_9);

    nextMessage = make("next"_L1, tr("&Next message"), Qt::CTRL | Qt::Key_Down);
    previousMessage = make("previous"_L1, tr("&Previous message"), Qt::CTRL | Qt::Key_Up);
    nextUnread = make("mail-unread"_L1, tr("Next &unread message"), Qt::Key_N);
    nextPane = make({}, tr("Next p&ane"), Qt::Key_F6);
    previousPane = make({}, tr("Previous pan&e"), Qt::SHIFT | Qt::Key_F6);
}

void MainActions::makeMessageAndFolder()
{
    openWindow = make("open"_L1, tr("&Open in own window"), Qt::CTRL | Qt::Key_Return);
    toggleRead = make("mail-read"_L1, tr("Mark as &read"), Qt::Key_M);
    toggleStar = make("star"_L1, tr("&Star"), Qt::Key_S);
    archive = make("archive"_L1, tr("&Archive"), Qt::Key_A, tr("Move to Archive"));
    junk = make("junk"_L1, tr("&Junk"), Qt::Key_J, tr("Move to Junk"));
    remove = make("delete"_L1, tr("&Delete"), QKeySequence(Qt::Key_Delete), tr("Move to Trash"));
    saveAttachments = make("save"_L1, tr("Save a&ttachments…"), Qt::CTRL | Qt::SHIFT | Qt::Key_S);
    getWhole = make("get-mail"_L1, tr("Get &whole message"), Qt::CTRL | Qt::SHIFT | Qt::Key_G,
        tr("Get the rest of messages of which only the beginning is here"));
    moveMenu = new QMenu(tr("&Move to"), m_window);
    moveMenu->setIcon(icon("move"_L1));
    moveMenu->menuAction()->setShortcut(Qt::Key_V);
    showKeys(moveMenu->menuAction(), tr("Move to another folder"));

    newFolder = make("new-folder"_L1, tr("&New folder…"), Qt::CTRL | Qt::SHIFT | Qt::Key_N);
    renameFolder = make("rename"_L1, tr("&Rename folder"), Qt::Key_F2);
    removeFolder = make("delete"_L1, tr("&Delete folder…"), Qt::CTRL | Qt::SHIFT | Qt::Key_Delete);
    emptyFolder = make("delete"_L1, tr("&Empty folder…"), Qt::CTRL | Qt::SHIFT | Qt::Key_X);
    markAllRead = make("mail-read"_L1, tr("Mark &all as read"), Qt::CTRL | Qt::SHIFT | Qt::Key_R,
        tr("Mark everything in this folder as read"));
    for (QAction *action : messageActions())
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
}

QList<QAction *> MainActions::messageActions() const
{
    return {toggleRead, toggleStar, archive, junk, remove, nextUnread, moveMenu->menuAction()};
}

QList<QAction *> MainActions::selectionActions() const
{
    return {openWindow, saveMessage, toggleRead, toggleStar, archive, junk, remove, moveMenu->menuAction()};
}

void MainActions::nameActions()
{
    // The settings file knows actions by these.
    const std::initializer_list<std::pair<QAction *, const char *>> names{{getMail, "getMail"},
        {getMailHere, "getMailHere"}, {storage, "storage"}, {cancelChecks, "cancelChecks"},
        {workOffline, "workOffline"}, {addAccount, "addAccount"}, {accountSettings, "accountSettings"},
        {deletions, "deletions"}, {mailbox, "mailbox"}, {openFile, "openFile"}, {saveMessage, "saveMessage"},
        {print, "print"}, {quit, "quit"}, {undo, "undo"}, {copy, "copy"}, {selectAll, "selectAll"}, {search, "search"},
        {findInMessage, "findInMessage"}, {findNext, "findNext"}, {settings, "settings"}, {wide, "wide"},
        {tall, "tall"}, {asHtml, "asHtml"}, {asPlainText, "asPlainText"}, {monospaced, "monospaced"},
        {darkHtml, "darkHtml"}, {zoomIn, "zoomIn"}, {zoomOut, "zoomOut"}, {zoomReset, "zoomReset"},
        {headers, "headers"}, {source, "source"}, {systemLook, "systemLook"}, {lightLook, "lightLook"},
        {darkLook, "darkLook"}, {nextUnread, "nextUnread"}, {nextMessage, "nextMessage"},
        {previousMessage, "previousMessage"}, {nextPane, "nextPane"}, {previousPane, "previousPane"},
        {openWindow, "openWindow"}, {toggleRead, "toggleRead"}, {toggleStar, "toggleStar"}, {archive, "archive"},
        {junk, "junk"}, {remove, "remove"}, {moveMenu->menuAction(), "moveTo"}, {saveAttachments, "saveAttachments"},
        {getWhole, "getWhole"}, {newFolder, "newFolder"}, {renameFolder, "renameFolder"},
        {removeFolder, "removeFolder"}, {emptyFolder, "emptyFolder"}, {markAllRead, "markAllRead"}, {log, "log"},
        {about, "about"}};
    for (const auto &[action, name] : names) {
        action->setObjectName(QLatin1StringView(name));
        m_keyed.append(action);
    }
}

void MainActions::setJunkMeansNotJunk(bool notJunk)
{
    junk->setText(notJunk ? tr("Not &junk") : tr("&Junk"));
    showKeys(junk, notJunk ? tr("Move back to the Inbox") : tr("Move to Junk"));
    junk->setIcon(icon(notJunk ? "not-junk"_L1 : "junk"_L1));
}

void MainActions::setReadState(bool allRead)
{
    toggleRead->setText(allRead ? tr("Mark as un&read") : tr("Mark as &read"));
    toggleRead->setIcon(icon(allRead ? "mail-unread"_L1 : "mail-read"_L1));
    showKeys(toggleRead, actionName(toggleRead));
}

void MainActions::setStarState(bool allStarred)
{
    toggleStar->setText(allStarred ? tr("Remove &star") : tr("&Star"));
    toggleStar->setIcon(icon(allStarred ? "star-filled"_L1 : "star"_L1));
    showKeys(toggleStar, actionName(toggleStar));
}

void MainActions::fillMenus(QMenuBar *bar, QMenu *sortMenu, const QList<QAction *> &filters, QMenu *charsetMenu)
{
    QMenu *file = bar->addMenu(tr("&File"));
    file->addActions({getMail, getMailHere, cancelChecks, workOffline, mailbox});
    file->addSeparator();
    file->addActions({addAccount, accountSettings, deletions});
    file->addSeparator();
    file->addActions({openFile, saveMessage, print});
    file->addSeparator();
    file->addAction(storage);
    file->addSeparator();
    file->addAction(quit);

    QMenu *edit = bar->addMenu(tr("&Edit"));
    edit->addAction(undo);
    edit->addSeparator();
    edit->addActions({copy, selectAll});
    edit->addSeparator();
    edit->addActions({search, findInMessage, findNext});
    edit->addSeparator();
    edit->addAction(settings);

    QMenu *view = bar->addMenu(tr("&View"));
    view->addActions({wide, tall});
    view->addSeparator();
    view->addMenu(sortMenu)->setText(tr("Sor&t by"));
    QMenu *filter = view->addMenu(icon("filter"_L1), tr("Sho&w"));
    filter->addActions(filters);
    view->addSeparator();
    QMenu *body = view->addMenu(tr("Message &body as"));
    body->addActions({asHtml, asPlainText});
    view->addMenu(charsetMenu);
    view->addActions({monospaced, darkHtml});
    QMenu *zoom = view->addMenu(tr("&Zoom"));
    zoom->addActions({zoomIn, zoomOut, zoomReset});
    view->addActions({headers, source});
    view->addSeparator();
    QMenu *look = view->addMenu(icon("sun"_L1), tr("&Appearance"));
    look->addActions({systemLook, lightLook, darkLook});

    QMenu *go = bar->addMenu(tr("&Go"));
    go->addActions({nextUnread, nextMessage, previousMessage});
    go->addSeparator();
    go->addActions({nextPane, previousPane});

    fillMessageMenu(bar->addMenu(tr("&Message")));

    QMenu *folder = bar->addMenu(tr("F&older"));
    folder->addActions({newFolder, renameFolder, removeFolder});
    folder->addSeparator();
    folder->addActions({markAllRead, emptyFolder});

    QMenu *help = bar->addMenu(tr("&Help"));
    help->addActions({log, about});
}

void MainActions::fillMessageMenu(QMenu *menu)
{
    menu->addAction(openWindow);
    menu->addSeparator();
    menu->addActions({toggleRead, toggleStar});
    menu->addSeparator();
    menu->addActions({archive, junk});
    menu->addMenu(moveMenu);
    menu->addAction(remove);
    menu->addSeparator();
    menu->addActions({saveAttachments, saveMessage, print, getWhole});
}

void MainActions::fillToolBar(QToolBar *bar)
{
    bar->addAction(getMail);
    bar->addSeparator();
    bar->addActions({archive, remove, junk});
    auto *move = new MenuButton(bar);
    move->setDefaultAction(moveMenu->menuAction());
    move->setPopupMode(QToolButton::InstantPopup);
    move->setFocusPolicy(Qt::NoFocus);
    connect(bar, &QToolBar::toolButtonStyleChanged, move, &QToolButton::setToolButtonStyle);
    connect(bar, &QToolBar::iconSizeChanged, move, &QToolButton::setIconSize);
    bar->addWidget(move);
}

} // namespace satchel::ui
