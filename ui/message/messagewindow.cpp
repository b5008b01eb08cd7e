// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/message/messagewindow.h"

#include "library/library.h"
#include "ui/bars/messagebar.h"
#include "ui/message/attachmentbar.h"
#include "ui/message/attachments.h"
#include "ui/message/bodyview.h"
#include "ui/message/charsetmenu.h"
#include "ui/message/messageview.h"
#include "ui/message/systemopener.h"
#include "ui/shortcuts.h"
#include "ui/theme/editing.h"
#include "ui/theme/icons.h"

#include <QCloseEvent>
#include <QFileInfo>
#include <QMenuBar>
#include <QSettings>
#include <QStatusBar>
#include <QTemporaryDir>
#include <QToolBar>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace satchel::ui {

struct MessageWindow::Private {
    library::Library &library;
    QSettings &settings;
    MessageSummary summary;
    MessageView *view = nullptr;
    MessageBar *bar = nullptr;
    QToolBar *toolBar = nullptr;
    QList<QAction *> storeActions; ///< for messages of the store alone
    QAction *saveAll = nullptr;
};

MessageWindow::MessageWindow(library::Library &library, QSettings &settings, QWidget *parent)
    : QMainWindow(parent, Qt::Window)
    , d(new Private{library, settings, {}, nullptr, nullptr, nullptr, {}, nullptr})
{
    setWindowIcon(applicationIcon());
    d->view = new MessageView(settings);
    d->bar = new MessageBar;
    auto *middle = new QWidget(this);
    auto *column = new QVBoxLayout(middle);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(d->bar);
    column->addWidget(d->view, 1);
    setCentralWidget(middle);

    const auto add = [this](QMenu *menu, QLatin1StringView iconName, const QString &text, const QKeySequence &keys,
                         auto &&slot) {
        QAction *action = menu->addAction(text, keys, this, std::forward<decltype(slot)>(slot));
        if (!iconName.isEmpty())
            action->setIcon(icon(iconName));
        return action;
    };
    MessageView *view = d->view;
    QMenu *message = menuBar()->addMenu(tr("&Message"));
    QAction *archive = add(message, "archive"_L1, tr("&Archive"), Qt::Key_A, [this] {
        Q_EMIT moveToRoleWished({d->summary.id}, FolderRole::Archive);
        close();
    });
    QAction *remove = add(message, "delete"_L1, tr("&Delete"), QKeySequence(Qt::Key_Delete), [this] {
        Q_EMIT deleteMessagesWished({d->summary.id});
        close();
    });
    QAction *junk = add(message, "junk"_L1, tr("&Junk"), Qt::Key_J, [this] {
        Q_EMIT moveToRoleWished({d->summary.id}, FolderRole::Junk);
        close();
    });
    QAction *unread = add(message, "mail-unread"_L1, tr("Mark as &unread"), Qt::Key_M, [this] {
        Q_EMIT setFlagsWished({d->summary.id}, {}, MessageFlag::Read);
        close();
    });
    d->storeActions = {archive, remove, junk, unread};
    for (QAction *action : std::as_const(d->storeActions)) {
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        view->addAction(action);
    }
    message->addSeparator();
    d->saveAll = add(message, "save"_L1, tr("Save a&ttachments…"), Qt::CTRL | Qt::SHIFT | Qt::Key_S, [view] {
        const QList<mime::Part> parts = view->attachmentBar()->attachments();
        if (parts.size() == 1)
            view->attachments()->save(parts.constFirst());
        else if (!parts.isEmpty())
            view->attachments()->saveAll(parts);
    });
    QAction *save = add(message, "save"_L1, tr("Sa&ve message as…"), QKeySequence::Save, [view] { view->save(); });
    QAction *print = add(message, "print"_L1, tr("&Print…"), QKeySequence::Print, [view] { view->print(); });
    const std::initializer_list<std::pair<QAction *, QString>> twins{{archive, u"archive"_s}, {remove, u"remove"_s},
        {junk, u"junk"_s}, {unread, u"toggleRead"_s}, {save, u"saveMessage"_s}, {print, u"print"_s}};
    for (const auto &[action, name] : twins)
        Shortcuts::follow(settings, name, action);
    message->addSeparator();
    add(message, "close"_L1, tr("&Close"), QKeySequence(Qt::Key_Escape), [this] { close(); });

    QMenu *edit = menuBar()->addMenu(tr("&Edit"));
    add(edit, "copy"_L1, tr("&Copy"), QKeySequence::Copy, [] { copyFocusedText(); });
    add(edit, {}, tr("Select &all"), QKeySequence::SelectAll, [view] {
        if (!selectFocusedText())
            view->body()->selectAll();
    });
    edit->addSeparator();
    QAction *find = add(edit, "search"_L1, tr("&Find in message…"), QKeySequence::Find, [view] { view->find(); });
    add(edit, {}, tr("Find &next"), Qt::Key_F3, [view] { view->findNext(); });

    QMenu *look = menuBar()->addMenu(tr("&View"));
    QAction *plain = add(look, "text"_L1, tr("As &plain text"), Qt::CTRL | Qt::Key_4, [] { });
    plain->setCheckable(true);
    plain->setChecked(view->prefersPlainText());
    connect(plain, &QAction::toggled, view, &MessageView::setPrefersPlainText);
    look->addMenu(new CharsetMenu(view, this));
    QAction *dark = add(look, "moon"_L1, tr("&Dark message colours"), Qt::CTRL | Qt::Key_6, [] { });
    dark->setCheckable(true);
    dark->setChecked(view->isDarkHtml());
    connect(dark, &QAction::toggled, view, &MessageView::setDarkHtml);
    look->addSeparator();
    add(look, {}, tr("Zoom &in"), QKeySequence(Qt::CTRL | Qt::Key_Plus), [view] {
        view->zoom(1);
    })->setShortcuts({QKeySequence(Qt::CTRL | Qt::Key_Plus), QKeySequence(Qt::CTRL | Qt::Key_Equal)});
    add(look, {}, tr("Zoom &out"), QKeySequence(Qt::CTRL | Qt::Key_Minus), [view] { view->zoom(-1); });
    add(look, {}, tr("&Normal size"), QKeySequence(Qt::CTRL | Qt::Key_0), [view] { view->zoom(0); });
    look->addSeparator();
    add(look, {}, tr("All h&eaders"), Qt::CTRL | Qt::SHIFT | Qt::Key_H, [view] { view->viewHeaders(); });
    QAction *source =
        add(look, "source"_L1, tr("Message &source"), Qt::CTRL | Qt::Key_U, [view] { view->viewSource(); });
    view->body()->setMenuActions({find, source, save, print});

    d->toolBar = addToolBar(tr("Tool bar"));
    d->toolBar->setObjectName(u"messageToolBar"_s);
    d->toolBar->setMovable(false);
    d->toolBar->setContextMenuPolicy(Qt::PreventContextMenu);
    d->toolBar->setIconSize(QSize(20, 20));
    d->toolBar->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    d->toolBar->addActions({archive, remove, junk, unread});

    connect(view, &MessageView::openWished, view->opener(), &SystemOpener::open);
    connect(view, &MessageView::linkHovered, this, [this](const QString &target) { statusBar()->showMessage(target); });
    connect(view, &MessageView::notice, this, [this](const QString &text) { statusBar()->showMessage(text); });
    connect(view, &MessageView::failed, this, [this](const Error &error) {
        // There is nothing here to act with: the sentence says what to do.
        Error shown = error;
        shown.action = ErrorAction::None;
        d->bar->add({}, {}, shown);
    });
    connect(view, &MessageView::wholeWished, this, [this](MessageId id) { Q_EMIT getWholeWished({id}); });
    connect(view, &MessageView::restRefused, this,
        [this](MessageId id, bool onServer) { Q_EMIT refuseRestWished({id}, onServer); });
    connect(view, &MessageView::shown, this, [this] {
        const QString subject = d->view->message().subject;
        setWindowTitle(subject.isEmpty() ? tr("(no subject)") : subject);
        d->saveAll->setEnabled(!d->view->attachmentBar()->attachments().isEmpty());
    });
    statusBar()->setSizeGripEnabled(false);
    if (!restoreGeometry(settings.value("messageWindow/geometry"_L1).toByteArray()))
        resize(820, 700);
}

MessageWindow::~MessageWindow() = default;

void MessageWindow::showMessage(const MessageSummary &summary)
{
    d->summary = summary;
    setWindowTitle(summary.subject.isEmpty() ? tr("(no subject)") : summary.subject);
    d->view->showMessage(MessageSource(d->library, summary.id));
    d->view->setSummary(summary);
    d->view->body()->setFocus();
}

void MessageWindow::showBytes(const QByteArray &raw, const QString &fileName)
{
    d->summary = {};
    for (QAction *action : std::as_const(d->storeActions)) {
        action->setEnabled(false);
        action->setVisible(false);
    }
    d->toolBar->hide();
    setWindowTitle(QFileInfo(fileName).fileName());
    d->view->showMessage(MessageSource(d->library, raw));
    d->view->body()->setFocus();
}

void MessageWindow::setAccounts(const QList<AccountSettings> &accounts)
{
    d->view->setAccounts(accounts);
}

void MessageWindow::shareOpenedFiles(const std::shared_ptr<QTemporaryDir> &folder)
{
    d->view->attachments()->setFolder(folder);
}

void MessageWindow::changed(const sync::StoreChange &change)
{
    const MessageId id = d->summary.id;
    if (!id.isValid() || !change.updated.contains(id))
        return;
    d->library.summaries({id}).then(this, [this, id](const Expected<QList<MessageSummary>> &answer) {
        if (answer && !answer->isEmpty() && d->summary.id == id) {
            d->summary = answer->constFirst();
            d->view->setSummary(d->summary);
        }
    });
}

MessageView *MessageWindow::view() const
{
    return d->view;
}

void MessageWindow::closeEvent(QCloseEvent *event)
{
    d->settings.setValue("messageWindow/geometry"_L1, saveGeometry());
    event->accept();
    Q_EMIT closed();
}

} // namespace satchel::ui
