// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/folders/folderpane.h"

#include "base/localaccount.h"
#include "ui/folders/folderdelegate.h"
#include "ui/theme/accountcolours.h"
#include "ui/theme/icons.h"
#include "ui/theme/text.h"

#include <QActionGroup>
#include <QApplication>
#include <QContextMenuEvent>
#include <QDrag>
#include <QInputDialog>
#include <QKeyEvent>
#include <QLabel>
#include <QMenu>
#include <QMessageBox>
#include <QMimeData>
#include <QPushButton>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace satchel::ui {

namespace {

/// A question with one dangerous answer; blocks nothing, the safe answer is the default.
QMessageBox *question(
    QWidget *parent, const QString &title, const QString &text, const QString &consequence, const QString &doIt)
{
    auto *box = new QMessageBox(QMessageBox::Question, title, text, QMessageBox::Cancel, parent);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setTextFormat(Qt::PlainText);
    box->setInformativeText(consequence);
    box->addButton(doIt, QMessageBox::DestructiveRole)->setObjectName(u"doIt"_s);
    box->setDefaultButton(QMessageBox::Cancel);
    return box;
}

template <class Done>
void askThen(QMessageBox *box, QObject *context, Done done)
{
    QObject::connect(box, &QMessageBox::buttonClicked, context, [box, done](QAbstractButton *button) {
        if (box->buttonRole(button) == QMessageBox::DestructiveRole)
            done();
    });
    box->open();
}

} // namespace

FolderPane::FolderPane(QWidget *parent)
    : QTreeView(parent)
    , m_model(new FolderModel(this))
{
    setObjectName(u"folders"_s);
    setAccessibleName(tr("Folders"));
    setModel(m_model);
    setItemDelegate(new FolderDelegate(this));
    setHeaderHidden(true);
    setIndentation(14);
    setFrameShape(QFrame::NoFrame);
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setSelectionMode(QAbstractItemView::SingleSelection);
    setAcceptDrops(true);
    setDropIndicatorShown(true);
    setDragDropMode(QAbstractItemView::DropOnly);
    setAutoExpandDelay(600);
    setExpandsOnDoubleClick(true);
    setMouseTracking(true);
    setTextElideMode(Qt::ElideRight);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setIconSize(QSize(18, 18));
    setMinimumSize(140, 120);
    connect(m_model, &FolderModel::messagesDropped, this, &FolderPane::messagesDropped);
    connect(m_model, &FolderModel::accountDropped, this, &FolderPane::placeAccount);
    connect(m_model, &FolderModel::renameWished, this, &FolderPane::renameFolderWished);
    const auto remember = [this](const QModelIndex &) {
        if (!m_rebuilding)
            m_folded = foldedKeys();
    };
    connect(this, &QTreeView::collapsed, this, remember);
    connect(this, &QTreeView::expanded, this, remember);
}

QSize FolderPane::sizeHint() const
{
    return {fontMetrics().averageCharWidth() * 30, 400};
}

Place FolderPane::current() const
{
    return m_place;
}

AccountId FolderPane::currentAccount() const
{
    const QModelIndex index = currentIndex();
    if (index.isValid() && m_model->account(index).isValid())
        return m_model->account(index);
    return m_model->accounts().isEmpty() ? AccountId() : m_model->accounts().constFirst().id;
}

FolderInfo FolderPane::currentFolder() const
{
    return m_model->folder(currentIndex());
}

void FolderPane::select(const Place &place)
{
    const QModelIndex index = m_model->indexOf(place);
    if (!index.isValid())
        return;
    setCurrentIndex(index);
    scrollTo(index);
}

void FolderPane::currentChanged(const QModelIndex &current, const QModelIndex &previous)
{
    QTreeView::currentChanged(current, previous);
    if (m_rebuilding)
        return;
    const Place place = m_model->place(current);
    if (place.isValid() && !(place == m_place)) {
        m_place = place;
        Q_EMIT placeChanged(m_place);
    }
}

void FolderPane::setContent(const QList<AccountSettings> &accounts, const QList<FolderInfo> &folders)
{
    m_rebuilding = true;
    const bool rebuilt = m_model->setContent(accounts, folders);
    if (rebuilt)
        restoreFolding();
    m_rebuilding = false;
    if (!rebuilt)
        return;
    QModelIndex index = m_place.isValid() ? m_model->indexOf(m_place) : QModelIndex();
    if (index.isValid()) {
        setCurrentIndex(index);
        return;
    }
    // What was shown is gone: the first Inbox, or nothing.
    m_place = {};
    index = m_model->indexOf(Place{.folder = {}, .allInboxes = true});
    if (!index.isValid() && !accounts.isEmpty())
        index = m_model->indexOf(Place{.folder = m_model->folder(accounts.constFirst().id, FolderRole::Inbox).id});
    if (index.isValid())
        setCurrentIndex(index);
    else
        Q_EMIT placeChanged(m_place);
}

QString FolderPane::keyOf(const QModelIndex &index) const
{
    return m_model->kind(index) == FolderModel::Kind::Account ? u"a%1"_s.arg(m_model->account(index).value)
                                                              : u"f%1"_s.arg(m_model->folder(index).id.value);
}

QStringList FolderPane::foldedKeys() const
{
    QStringList keys;
    QList<QModelIndex> waiting{QModelIndex()};
    while (!waiting.isEmpty()) {
        const QModelIndex parent = waiting.takeLast();
        for (int row = 0; row < m_model->rowCount(parent); ++row) {
            const QModelIndex child = m_model->index(row, 0, parent);
            if (m_model->rowCount(child) == 0)
                continue;
            if (!isExpanded(child))
                keys.append(keyOf(child));
            waiting.append(child);
        }
    }
    return keys;
}

void FolderPane::setFoldedKeys(const QStringList &keys)
{
    m_folded = keys;
    restoreFolding();
}

void FolderPane::restoreFolding()
{
    const bool before = std::exchange(m_rebuilding, true);
    QList<QModelIndex> waiting{QModelIndex()};
    while (!waiting.isEmpty()) {
        const QModelIndex parent = waiting.takeLast();
        for (int row = 0; row < m_model->rowCount(parent); ++row) {
            const QModelIndex child = m_model->index(row, 0, parent);
            if (m_model->rowCount(child) > 0) {
                setExpanded(child, !m_folded.contains(keyOf(child)));
                waiting.append(child);
            }
        }
    }
    m_rebuilding = before;
}

void FolderPane::keyPressEvent(QKeyEvent *event)
{
    const bool moves = event->modifiers() == (Qt::AltModifier | Qt::ShiftModifier);
    if (moves && (event->key() == Qt::Key_Up || event->key() == Qt::Key_Down) && currentAccount().isValid()) {
        moveAccount(currentAccount(), event->key() == Qt::Key_Up ? -1 : 1);
        return;
    }
    QTreeView::keyPressEvent(event);
}

void FolderPane::contextMenuEvent(QContextMenuEvent *event)
{
    const bool byMouse = event->reason() == QContextMenuEvent::Mouse;
    const QModelIndex index = byMouse ? indexAt(event->pos()) : currentIndex();
    if (!index.isValid())
        return;
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const AccountId account = m_model->account(index);
    const FolderInfo folder = m_model->folder(index);
    const AccountSettings settings = settingsOf(account);
    const bool onServer = hasServer(settings);
    const auto addGetMail = [&] {
        if (!onServer)
            return;
        menu->addAction(icon("get-mail"_L1), tr("&Get mail for this account"), this,
            [this, account] { Q_EMIT checkMailWished({account}); });
        menu->addAction(
            icon("server"_L1), tr("&Mail on the server…"), this, [this, account] { Q_EMIT mailboxWished(account); });
        menu->addSeparator();
    };
    const auto addSettings = [&] {
        if (!onServer)
            return;
        menu->addAction(icon("settings"_L1), tr("Account &settings…"), this,
            [this, account] { Q_EMIT editAccountWished(account); });
    };
    switch (m_model->kind(index)) {
    case FolderModel::Kind::AllInboxes:
        menu->addAction(icon("get-mail"_L1), tr("&Get mail"), this, [this] { Q_EMIT checkMailWished({}); });
        menu->addSeparator();
        addMarkAllRead(menu, index);
        break;
    case FolderModel::Kind::Account:
        addGetMail();
        menu->addAction(icon("new-folder"_L1), tr("&New folder…"), this, [this, account] { newFolder(account, {}); });
        menu->addSeparator();
        addAccountLooks(menu, settings);
        menu->addSeparator();
        addSettings();
        menu->addAction(
            icon("delete"_L1), tr("&Remove account…"), this, [this, account] { askRemoveAccount(account); });
        break;
    case FolderModel::Kind::Folder:
        addGetMail();
        addMarkAllRead(menu, index);
        menu->addSeparator();
        if (folder.role == FolderRole::Own) {
            menu->addAction(icon("new-folder"_L1), tr("&New folder in here…"), this,
                [this, account, folder] { newFolder(account, folder.id); });
            menu->addAction(
                icon("rename"_L1), tr("&Rename"), this, [this, row = QPersistentModelIndex(index)] { edit(row); });
            menu->addAction(icon("delete"_L1), tr("&Delete folder…"), this, [this, folder] { removeFolder(folder); });
        } else {
            menu->addAction(
                icon("new-folder"_L1), tr("&New folder…"), this, [this, account] { newFolder(account, {}); });
        }
        if (folder.role == FolderRole::Trash || folder.role == FolderRole::Junk) {
            QAction *empty = menu->addAction(icon("delete"_L1),
                folder.role == FolderRole::Trash ? tr("&Empty Trash…") : tr("&Empty Junk…"), this,
                [this, folder] { emptyFolder(folder); });
            empty->setEnabled(folder.total > 0);
        }
        menu->addSeparator();
        addSettings();
        break;
    }
    menu->popup(byMouse ? event->globalPos() : viewport()->mapToGlobal(visualRect(index).center()));
}

bool FolderPane::hasUnread() const
{
    return unreadIn(currentIndex());
}

bool FolderPane::unreadIn(const QModelIndex &index) const
{
    if (index.isValid() && m_model->kind(index) == FolderModel::Kind::AllInboxes)
        return std::ranges::any_of(m_model->folders(),
            [](const FolderInfo &folder) { return folder.role == FolderRole::Inbox && folder.unread > 0; });
    return m_model->folder(index).unread > 0;
}

void FolderPane::addMarkAllRead(QMenu *menu, const QModelIndex &index)
{
    QAction *mark = menu->addAction(icon("mail-read"_L1), tr("Mark &all as read"), this,
        [this, place = m_model->place(index)] { Q_EMIT markAllReadWished(place); });
    mark->setEnabled(unreadIn(index));
}

void FolderPane::newFolder(AccountId account, FolderId parent)
{
    auto *dialog = new QInputDialog(this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("New folder"));
    dialog->setLabelText(parent.isValid() ? tr("Name of the new folder in %1:").arg(m_model->path(parent))
                                          : tr("Name of the new folder:"));
    dialog->setOkButtonText(tr("&Create"));
    for (QLabel *label : dialog->findChildren<QLabel *>())
        label->setTextFormat(Qt::PlainText);
    connect(dialog, &QInputDialog::textValueSelected, this, [this, account, parent](const QString &text) {
        const QString name = text.trimmed();
        if (!name.isEmpty())
            Q_EMIT addFolderWished(account, name, parent);
    });
    dialog->open();
}

void FolderPane::askNewFolder()
{
    const FolderInfo folder = currentFolder();
    const AccountId account = currentAccount();
    if (account.isValid())
        newFolder(account, folder.role == FolderRole::Own ? folder.id : FolderId());
}

void FolderPane::askRename()
{
    if (currentFolder().role == FolderRole::Own && currentFolder().id.isValid())
        edit(currentIndex());
}

void FolderPane::askRemove()
{
    if (currentFolder().role == FolderRole::Own && currentFolder().id.isValid())
        removeFolder(currentFolder());
}

void FolderPane::askEmpty()
{
    const FolderInfo folder = currentFolder();
    if (folder.role == FolderRole::Trash || folder.role == FolderRole::Junk)
        emptyFolder(folder);
}

void FolderPane::removeFolder(const FolderInfo &folder)
{
    askThen(question(this, tr("Delete folder"), tr("Delete the folder “%1”?").arg(folder.name),
                tr("What is in it moves to Trash."), tr("&Delete folder")),
        this, [this, folder] { Q_EMIT removeFolderWished(folder.id); });
}

void FolderPane::emptyFolder(const FolderInfo &folder)
{
    askThen(question(this, tr("Empty %1").arg(folderName(folder)),
                tr("Delete %Ln message(s) in %1?", nullptr, int(folder.total)).arg(folderName(folder)),
                tr("They are deleted for good when Satchel is closed. Until then, this can be undone."),
                tr("&Empty %1").arg(withoutMnemonic(folderName(folder)))),
        this, [this, folder] { Q_EMIT emptyFolderWished(folder.id); });
}

AccountSettings FolderPane::settingsOf(AccountId account) const
{
    const auto found = std::ranges::find(m_model->accounts(), account, &AccountSettings::id);
    return found == m_model->accounts().end() ? AccountSettings() : *found;
}

void FolderPane::addAccountLooks(QMenu *menu, const AccountSettings &settings)
{
    QMenu *colours = menu->addMenu(accountColourIcon(accountColourNumber(settings), palette()), tr("&Colour"));
    auto *group = new QActionGroup(colours);
    for (int number = 1; number <= accountColourCount; ++number) {
        QAction *action = colours->addAction(
            accountColourIcon(number, palette()), accountColourName(number), this, [this, settings, number] {
                AccountSettings changed = settings;
                changed.colour = number;
                Q_EMIT updateAccountWished(changed);
            });
        action->setCheckable(true);
        action->setChecked(number == accountColourNumber(settings));
        group->addAction(action);
    }
    const QList<AccountSettings> &all = m_model->accounts();
    QAction *up = menu->addAction(tr("Move &up"), QKeySequence(Qt::ALT | Qt::SHIFT | Qt::Key_Up), this,
        [this, settings] { moveAccount(settings.id, -1); });
    QAction *down = menu->addAction(tr("Move &down"), QKeySequence(Qt::ALT | Qt::SHIFT | Qt::Key_Down), this,
        [this, settings] { moveAccount(settings.id, 1); });
    up->setEnabled(!all.isEmpty() && all.constFirst().id != settings.id);
    down->setEnabled(!all.isEmpty() && all.constLast().id != settings.id);
}

void FolderPane::moveAccount(AccountId account, int step)
{
    const QList<AccountSettings> &all = m_model->accounts();
    placeAccount(account, int(std::ranges::find(all, account, &AccountSettings::id) - all.begin()) + step);
}

void FolderPane::placeAccount(AccountId account, int position)
{
    QList<AccountSettings> all = m_model->accounts();
    const auto at = std::ranges::find(all, account, &AccountSettings::id) - all.begin();
    if (at == all.size() || position < 0 || position >= all.size() || position == at)
        return;
    // A colour that an account has by its place goes with it.
    for (AccountSettings &settings : all)
        settings.colour = accountColourNumber(settings);
    all.move(at, position);
    for (qsizetype i = 0; i < all.size(); ++i) {
        AccountSettings moved = all.at(i);
        moved.position = int(i);
        if (moved != settingsOf(moved.id))
            Q_EMIT updateAccountWished(moved);
    }
}

void FolderPane::mousePressEvent(QMouseEvent *event)
{
    const QModelIndex index = indexAt(event->position().toPoint());
    m_pressed = event->button() == Qt::LeftButton && index.flags().testFlag(Qt::ItemIsDragEnabled)
        ? QPersistentModelIndex(index)
        : QPersistentModelIndex();
    m_pressedAt = event->position().toPoint();
    QTreeView::mousePressEvent(event);
}

void FolderPane::mouseMoveEvent(QMouseEvent *event)
{
    const QPoint way = event->position().toPoint() - m_pressedAt;
    if (event->buttons().testFlag(Qt::LeftButton) && m_pressed.isValid()) {
        if (way.manhattanLength() >= QApplication::startDragDistance())
            startDrag(Qt::MoveAction);
        return;
    }
    QTreeView::mouseMoveEvent(event);
}

void FolderPane::startDrag(Qt::DropActions)
{
    // The base drags what is selected, which an account never is.
    const QModelIndex index = std::exchange(m_pressed, {});
    QMimeData *dragged = index.isValid() ? m_model->mimeData({index}) : nullptr;
    if (!dragged)
        return;
    auto *drag = new QDrag(this);
    drag->setMimeData(dragged);
    drag->setPixmap(viewport()->grab(visualRect(index)));
    drag->setHotSpot(m_pressedAt - visualRect(index).topLeft());
    drag->exec(Qt::MoveAction);
}

void FolderPane::askRemoveAccount(AccountId account)
{
    const AccountSettings settings = settingsOf(account);
    const QString name = m_model->indexOf(account).data().toString();
    qint64 messages = 0;
    for (const FolderInfo &folder : m_model->folders())
        messages += folder.account == account && folder.role != FolderRole::Removed ? folder.total : 0;
    auto *box = question(this, tr("Remove account"), tr("Remove “%1” from Satchel?").arg(name),
        isSample(settings) ? tr("The messages that came with Satchel go, and whatever else was moved into this "
                                "mailbox. “Add an account” "
                                "brings the sample mail back.")
            : !hasServer(settings)
            ? tr("%Ln message(s) that are stored on this computer only are deleted. This cannot be undone.", nullptr,
                  int(messages))
            : tr("%Ln message(s) of it are stored on this computer. They can stay here, to be read without the "
                 "account, "
                 "or be "
                 "deleted, which cannot be undone. What is still on the server stays there. Its password is forgotten.",
                  nullptr, int(messages)),
        tr("&Delete its mail"));
    if (hasServer(settings)) {
        QPushButton *keep = box->addButton(tr("&Keep its mail here"), QMessageBox::AcceptRole);
        keep->setObjectName(u"keepMail"_s);
        connect(keep, &QPushButton::clicked, this, [this, account] { Q_EMIT retireAccountWished(account); });
    }
    askThen(box, this, [this, account] { Q_EMIT removeAccountWished(account); });
}

} // namespace satchel::ui
