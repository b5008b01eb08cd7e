// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/folders/foldermodel.h"

#include <QTreeView>

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
    void askRemoveAccount(AccountId account);
    [[nodiscard]] AccountId currentAccount() const;
    [[nodiscard]] FolderInfo currentFolder() const;
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
    void editAccountWished(satchel::AccountId account);
    void removeAccountWished(satchel::AccountId account);

protected:
    void contextMenuEvent(QContextMenuEvent *event) override;
    void currentChanged(const QModelIndex &current, const QModelIndex &previous) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    void newFolder(AccountId account, FolderId parent);
    void removeFolder(const FolderInfo &folder);
    void emptyFolder(const FolderInfo &folder);
    [[nodiscard]] AccountSettings accountOf(AccountId account) const;
    void restoreFolding();
    [[nodiscard]] QString keyOf(const QModelIndex &index) const;

    FolderModel *m_model;
    Place m_place;
    QStringList m_folded;
    bool m_rebuilding = false;
};

} // namespace satchel::ui
