// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/account.h"
#include "base/clock.h"
#include "base/message.h"
#include "sync/types.h"

#include <QAbstractItemModel>
#include <QHash>

#include <memory>
#include <vector>

namespace satchel::ui {

/// What is chosen in the folder pane.
struct Place {
    FolderId folder; ///< none: all Inboxes when allInboxes, else nothing
    bool allInboxes = false;

    [[nodiscard]] bool isValid() const { return folder.isValid() || allInboxes; }
    friend bool operator==(const Place &, const Place &) = default;
};

/// Accounts with their folders, and "All inboxes" above them when there are several. Lives on the GUI thread.
/// Names of roles are given here, in the user's language. A change of counts alone changes no row.
class FolderModel : public QAbstractItemModel
{
    Q_OBJECT

public:
    enum Role { UnreadRole = Qt::UserRole + 1, TotalRole, KindRole, StateRole, TroubleRole, ColourRole };
    enum class Kind { AllInboxes, Account, Folder };

    explicit FolderModel(QObject *parent = nullptr);
    ~FolderModel() override;

    void setClock(const Clock &clock) { m_clock = clock; } ///< that says what is today

    /// True when rows came, went or changed places: the model was reset.
    bool setContent(const QList<AccountSettings> &accounts, const QList<FolderInfo> &folders);

    /// Shown below the account's name: when it was checked, when it will be, or what went wrong.
    void setState(const sync::AccountState &state);
    [[nodiscard]] QString stateText(AccountId account) const;

    [[nodiscard]] Place place(const QModelIndex &index) const;
    [[nodiscard]] QModelIndex indexOf(const Place &place) const;
    [[nodiscard]] QModelIndex indexOf(AccountId account) const;
    [[nodiscard]] Kind kind(const QModelIndex &index) const;
    [[nodiscard]] AccountId account(const QModelIndex &index) const; ///< of the row or of the folder in it
    [[nodiscard]] FolderInfo folder(const QModelIndex &index) const;
    [[nodiscard]] FolderInfo folder(FolderId id) const;
    [[nodiscard]] FolderInfo folder(AccountId account, FolderRole role) const;
    [[nodiscard]] QString title(const Place &place) const; ///< "Inbox", with the account's name when there are several
    [[nodiscard]] QString path(FolderId id) const; ///< "Account / Projects / Bridge"
    [[nodiscard]] const QList<AccountSettings> &accounts() const { return m_accounts; }
    [[nodiscard]] const QList<FolderInfo> &folders() const { return m_folders; }

    QModelIndex index(int row, int column, const QModelIndex &parent = {}) const override;
    QModelIndex parent(const QModelIndex &child) const override;
    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    bool setData(const QModelIndex &index, const QVariant &value, int role) override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;
    QStringList mimeTypes() const override;
    QMimeData *mimeData(const QModelIndexList &indexes) const override; ///< of an account, to be put elsewhere
    Qt::DropActions supportedDragActions() const override;
    Qt::DropActions supportedDropActions() const override;
    bool canDropMimeData(
        const QMimeData *data, Qt::DropAction action, int row, int column, const QModelIndex &parent) const override;
    bool dropMimeData(
        const QMimeData *data, Qt::DropAction action, int row, int column, const QModelIndex &parent) override;

Q_SIGNALS:
    void messagesDropped(const QList<satchel::MessageId> &messages, satchel::FolderId target);
    /// \a account is to stand at \a position among the accounts.
    void accountDropped(satchel::AccountId account, int position);
    void renameWished(satchel::FolderId folder, const QString &name);

private:
    struct Node;
    std::unique_ptr<Node> build() const;
    void addFolders(Node *parent, AccountId account, FolderId parentFolder) const;
    Node *nodeOf(const QModelIndex &index) const;
    QModelIndex indexFor(const Node *node) const;
    void refreshCounts(Node *node);
    /// Where among the accounts a drop there puts one; -1: nowhere.
    [[nodiscard]] int dropPosition(const QMimeData &data, int row, const QModelIndex &parent) const;
    [[nodiscard]] AccountSettings settingsOf(AccountId account) const;
    [[nodiscard]] QString stateInFull(AccountId account) const;
    static bool sameShape(const Node &a, const Node &b);

    QList<AccountSettings> m_accounts;
    QList<FolderInfo> m_folders;
    QHash<AccountId, sync::AccountState> m_states;
    std::unique_ptr<Node> m_root;
    Clock m_clock;
};

/// The clipboard form of an account that is dragged.
[[nodiscard]] QString accountMimeType();
/// The clipboard form of a list of messages that is dragged.
[[nodiscard]] QString messagesMimeType();
[[nodiscard]] QByteArray encodeMessages(const QList<MessageId> &messages);
[[nodiscard]] QList<MessageId> decodeMessages(const QByteArray &bytes);

} // namespace satchel::ui
