// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/folders/foldermodel.h"

#include <QTreeView>

class QMenu;

namespace satchel::ui {

/// The folder pane: the tree, its context menus and what may be dropped on it. Emits wishes only.
class FolderPane : public QTreeView
{
    Q_OBJECT

public:
    explicit FolderPane(QWidget *parent = nullptr);

    [[nodiscard]] FolderModel *folders() const { return m_model; }
    [[nodiscard]] Place current() const;
    void select(const Place &place);
    /// Shows the new state, keeping what is selected and folded; chooses an Inbox when nothing is left selected.
    void setContent(const QList<AccountSettings> &accounts, const QList<FolderInfo> &folders);

    void askNewFolder(); ///< in the account, or the own folder, that is current
    void askRename();
    void askRemove();
    void askEmpty();
    void moveAccount(AccountId account, int step); ///< up (-1) or down (1) among the accounts
    void placeAccount(AccountId account, int position); ///< among the accounts
    void askRemoveAccount(AccountId account); ///< and what becomes of its mail
    [[nodiscard]] AccountId currentAccount() const;
    [[nodiscard]] FolderInfo currentFolder() const;
    [[nodiscard]] bool hasUnread() const; ///< where the person is
    QSize sizeHint() const override;

    [[nodiscard]] QStringList foldedKeys() const; ///< for the settings
    void setFoldedKeys(const QStringList &keys);

Q_SIGNALS:
    void placeChanged(const satchel::ui::Place &place);
    void messagesDropped(const QList<satchel::MessageId> &messages, satchel::FolderId target);
    void checkMailWished(const QList<satchel::AccountId> &accounts);
    void addFolderWished(satchel::AccountId account, const QString &name, satchel::FolderId parent);
    void renameFolderWished(satchel::FolderId folder, const QString &name);
    void removeFolderWished(satchel::FolderId folder);
    void emptyFolderWished(satchel::FolderId folder);
    void markAllReadWished(const satchel::ui::Place &place);
    void mailboxWished(satchel::AccountId account); ///< a look at what is on the server
    void editAccountWished(satchel::AccountId account);
    void updateAccountWished(const satchel::AccountSettings &settings); ///< another place or colour
    void removeAccountWished(satchel::AccountId account);
    void retireAccountWished(satchel::AccountId account); ///< its server is forgotten, its mail stays

protected:
    void contextMenuEvent(QContextMenuEvent *event) override;
    void currentChanged(const QModelIndex &current, const QModelIndex &previous) override;
    void keyPressEvent(QKeyEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void startDrag(Qt::DropActions actions) override;

private:
    void newFolder(AccountId account, FolderId parent);
    void removeFolder(const FolderInfo &folder);
    void emptyFolder(const FolderInfo &folder);
    void addMarkAllRead(QMenu *menu, const QModelIndex &index);
    [[nodiscard]] bool unreadIn(const QModelIndex &index) const;
    void addAccountLooks(QMenu *menu, const AccountSettings &settings);
    [[nodiscard]] AccountSettings settingsOf(AccountId account) const;
    void restoreFolding();
    [[nodiscard]] QString keyOf(const QModelIndex &index) const;

    FolderModel *m_model;
    Place m_place;
    QStringList m_folded;
    bool m_rebuilding = false;
    QPersistentModelIndex m_pressed; ///< an account that may be dragged from where the mouse went down
    QPoint m_pressedAt;
};

} // namespace satchel::ui
