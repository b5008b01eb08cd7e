// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/folders/foldermodel.h"

#include "base/localaccount.h"
#include "ui/theme/accountcolours.h"
#include "ui/theme/icons.h"
#include "ui/theme/text.h"

#include <QCollator>
#include <QDataStream>
#include <QFont>
#include <QIODevice>
#include <QMimeData>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace satchel::ui {

struct FolderModel::Node {
    Kind kind = Kind::Folder;
    AccountId account;
    FolderInfo info;
    QString name;
    Node *parent = nullptr;
    int row = 0;
    std::vector<std::unique_ptr<Node>> children;

    Node *add(Kind childKind, AccountId childAccount, const QString &childName)
    {
        auto child = std::make_unique<Node>();
        child->kind = childKind;
        child->account = childAccount;
        child->name = childName;
        child->parent = this;
        child->row = int(children.size());
        children.push_back(std::move(child));
        return children.back().get();
    }

    template <class Visit>
    const Node *find(const Visit &visit) const
    {
        for (const auto &child : children) {
            if (visit(*child))
                return child.get();
            if (const Node *found = child->find(visit))
                return found;
        }
        return nullptr;
    }
};

QString messagesMimeType()
{
    return u"application/x-satchel-messages"_s;
}

QString accountMimeType()
{
    return u"application/x-satchel-account"_s;
}

QByteArray encodeMessages(const QList<MessageId> &messages)
{
    QByteArray bytes;
    QDataStream stream(&bytes, QIODevice::WriteOnly);
    for (const MessageId id : messages)
        stream << id.value;
    return bytes;
}

QList<MessageId> decodeMessages(const QByteArray &bytes)
{
    QList<MessageId> messages;
    QDataStream stream(bytes);
    while (!stream.atEnd()) {
        MessageId id;
        stream >> id.value;
        if (stream.status() == QDataStream::Ok && id.isValid())
            messages.append(id);
    }
    return messages;
}

FolderModel::FolderModel(QObject *parent)
    : QAbstractItemModel(parent)
    , m_root(std::make_unique<Node>())
{
}

FolderModel::~FolderModel() = default;

void FolderModel::addFolders(Node *parent, AccountId account, FolderId parentFolder) const
{
    QList<FolderInfo> here;
    for (const FolderInfo &folder : m_folders) {
        if (folder.account == account && folder.parent == parentFolder && folder.role != FolderRole::Removed)
            here.append(folder);
    }
    QCollator collator;
    collator.setNumericMode(true);
    collator.setCaseSensitivity(Qt::CaseInsensitive);
    std::stable_sort(here.begin(), here.end(), [&collator](const FolderInfo &a, const FolderInfo &b) {
        // Fixed folders first, in the order of their roles; own ones after them by name.
        const int left = a.role == FolderRole::Own ? 100 : int(a.role);
        const int right = b.role == FolderRole::Own ? 100 : int(b.role);
        return left != right ? left < right : collator.compare(a.name, b.name) < 0;
    });
    for (const FolderInfo &folder : std::as_const(here)) {
        Node *node = parent->add(Kind::Folder, account, folderName(folder));
        node->info = folder;
        addFolders(node, account, folder.id);
    }
}

std::unique_ptr<FolderModel::Node> FolderModel::build() const
{
    auto root = std::make_unique<Node>();
    if (m_accounts.size() > 1) {
        Node *all = root->add(Kind::AllInboxes, {}, tr("All inboxes"));
        for (const FolderInfo &folder : m_folders) {
            if (folder.role == FolderRole::Inbox) {
                all->info.unread += folder.unread;
                all->info.total += folder.total;
            }
        }
    }
    for (const AccountSettings &account : m_accounts) {
        Node *node = root->add(Kind::Account, account.id, account.name.isEmpty() ? account.address : account.name);
        addFolders(node, account.id, {});
    }
    return root;
}

bool FolderModel::sameShape(const Node &a, const Node &b)
{
    if (a.kind != b.kind || a.account != b.account || a.info.id != b.info.id || a.name != b.name
        || a.children.size() != b.children.size())
        return false;
    for (size_t i = 0; i < a.children.size(); ++i) {
        if (!sameShape(*a.children[i], *b.children[i]))
            return false;
    }
    return true;
}

bool FolderModel::setContent(const QList<AccountSettings> &accounts, const QList<FolderInfo> &folders)
{
    const bool looksChange = m_accounts != accounts;
    m_accounts = accounts;
    m_folders = folders;
    std::unique_ptr<Node> fresh = build();
    if (!sameShape(*m_root, *fresh)) {
        beginResetModel();
        m_root = std::move(fresh);
        endResetModel();
        return true;
    }
    refreshCounts(m_root.get());
    // A colour is no shape.
    if (looksChange && !m_root->children.empty())
        Q_EMIT dataChanged(index(0, 0), index(int(m_root->children.size()) - 1, 0));
    return false;
}

void FolderModel::refreshCounts(Node *node)
{
    for (const auto &child : node->children) {
        FolderInfo info = child->info;
        if (child->kind == Kind::Folder) {
            info = folder(child->info.id);
        } else if (child->kind == Kind::AllInboxes) {
            info.unread = info.total = 0;
            for (const FolderInfo &inbox : std::as_const(m_folders)) {
                if (inbox.role == FolderRole::Inbox) {
                    info.unread += inbox.unread;
                    info.total += inbox.total;
                }
            }
        }
        if (info != child->info) {
            child->info = info;
            const QModelIndex changedIndex = indexFor(child.get());
            Q_EMIT dataChanged(changedIndex, changedIndex);
        }
        refreshCounts(child.get());
    }
}

void FolderModel::setState(const sync::AccountState &state)
{
    m_states.insert(state.account, state);
    if (const QModelIndex changed = indexOf(state.account); changed.isValid())
        Q_EMIT dataChanged(changed, changed);
}

AccountSettings FolderModel::settingsOf(AccountId account) const
{
    const auto found = std::ranges::find(m_accounts, account, &AccountSettings::id);
    return found == m_accounts.end() ? AccountSettings() : *found;
}

QString FolderModel::stateText(AccountId account) const
{
    if (!hasServer(settingsOf(account)))
        return tr("On this computer only");
    const sync::AccountState state = m_states.value(account);
    const QDateTime now = m_clock.now();
    if (state.running)
        return tr("Getting mail…");
    if (state.error)
        return state.error->text;
    if (!state.checkedAt.isValid())
        return tr("Not checked yet");
    const QString checked = shortDate(state.checkedAt, now);
    return state.nextAt.isValid() ? tr("Checked %1 · next %2").arg(checked, shortDate(qMax(state.nextAt, now), now))
                                  : tr("Checked %1").arg(checked);
}

QString FolderModel::stateInFull(AccountId account) const
{
    const sync::AccountState state = m_states.value(account);
    if (!hasServer(settingsOf(account)))
        return stateText(account);
    const auto time = [](const QDateTime &when) {
        return QLocale().toString(when.toLocalTime(), QLocale::ShortFormat);
    };
    QStringList lines;
    if (state.running)
        lines.append(tr("Getting mail…"));
    lines.append(state.checkedAt.isValid() ? tr("Last check: %1").arg(time(state.checkedAt)) : tr("Not checked yet"));
    if (state.error)
        lines.append(state.error->text);
    if (!state.running)
        lines.append(state.nextAt.isValid() ? tr("Next check: %1").arg(time(state.nextAt))
                                            : tr("Next check: when you ask for it"));
    return lines.join(u'\n');
}

FolderModel::Node *FolderModel::nodeOf(const QModelIndex &index) const
{
    return index.isValid() ? static_cast<Node *>(index.internalPointer()) : m_root.get();
}

QModelIndex FolderModel::indexFor(const Node *node) const
{
    return node && node != m_root.get() ? createIndex(node->row, 0, node) : QModelIndex();
}

Place FolderModel::place(const QModelIndex &index) const
{
    if (!index.isValid())
        return {};
    const Node *node = nodeOf(index);
    return {.folder = node->info.id, .allInboxes = node->kind == Kind::AllInboxes};
}

QModelIndex FolderModel::indexOf(const Place &place) const
{
    return indexFor(m_root->find([&place](const Node &node) {
        return place.allInboxes ? node.kind == Kind::AllInboxes
                                : node.kind == Kind::Folder && node.info.id == place.folder;
    }));
}

QModelIndex FolderModel::indexOf(AccountId account) const
{
    return indexFor(
        m_root->find([account](const Node &node) { return node.kind == Kind::Account && node.account == account; }));
}

FolderModel::Kind FolderModel::kind(const QModelIndex &index) const
{
    return nodeOf(index)->kind;
}

AccountId FolderModel::account(const QModelIndex &index) const
{
    return nodeOf(index)->account;
}

FolderInfo FolderModel::folder(const QModelIndex &index) const
{
    return index.isValid() ? nodeOf(index)->info : FolderInfo();
}

FolderInfo FolderModel::folder(FolderId id) const
{
    const auto found = std::ranges::find(m_folders, id, &FolderInfo::id);
    return found != m_folders.end() ? *found : FolderInfo();
}

FolderInfo FolderModel::folder(AccountId account, FolderRole role) const
{
    const auto found = std::ranges::find_if(
        m_folders, [&](const FolderInfo &folder) { return folder.account == account && folder.role == role; });
    return found != m_folders.end() ? *found : FolderInfo();
}

QString FolderModel::title(const Place &place) const
{
    if (place.allInboxes)
        return tr("All inboxes");
    return folderName(folder(place.folder));
}

QString FolderModel::path(FolderId id) const
{
    QStringList names;
    FolderInfo info = folder(id);
    const AccountId owner = info.account;
    while (info.id.isValid() && names.size() < 32) {
        names.prepend(folderName(info));
        info = folder(info.parent);
    }
    if (m_accounts.size() > 1) {
        const auto account = std::ranges::find(m_accounts, owner, &AccountSettings::id);
        if (account != m_accounts.end())
            names.prepend(account->name);
    }
    return names.join(u" / "_s);
}

QModelIndex FolderModel::index(int row, int column, const QModelIndex &parent) const
{
    if (column != 0 || row < 0 || parent.column() > 0)
        return {};
    const Node *node = nodeOf(parent);
    if (size_t(row) >= node->children.size())
        return {};
    return createIndex(row, 0, node->children[size_t(row)].get());
}

QModelIndex FolderModel::parent(const QModelIndex &child) const
{
    return child.isValid() ? indexFor(nodeOf(child)->parent) : QModelIndex();
}

int FolderModel::rowCount(const QModelIndex &parent) const
{
    return parent.column() > 0 ? 0 : int(nodeOf(parent)->children.size());
}

int FolderModel::columnCount(const QModelIndex &) const
{
    return 1;
}

QVariant FolderModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const Node *node = nodeOf(index);
    switch (role) {
    case Qt::DisplayRole:
    case Qt::EditRole:
        return node->name;
    case Qt::DecorationRole:
        return node->kind == Kind::AllInboxes ? icon("inboxes"_L1)
            : node->kind == Kind::Account     ? icon("account"_L1)
                                              : icon(roleIconName(node->info.role));
    case Qt::FontRole: {
        QFont font;
        font.setBold(node->kind == Kind::Account || node->info.unread > 0);
        return font;
    }
    case Qt::ToolTipRole:
        if (node->kind == Kind::Account)
            return asPlainRichText(node->name + u'\n' + stateInFull(node->account));
        return asPlainRichText(tr("%1\n%Ln message(s), %2 unread", nullptr, int(node->info.total))
                .arg(node->name, QLocale().toString(node->info.unread)));
    case Qt::AccessibleTextRole:
        if (node->info.unread > 0)
            return tr("%1, %Ln unread", nullptr, int(node->info.unread)).arg(node->name);
        return node->name;
    case Qt::AccessibleDescriptionRole:
        return node->kind == Kind::Account ? QVariant(stateInFull(node->account)) : QVariant();
    case StateRole:
        return node->kind == Kind::Account ? QVariant(stateText(node->account)) : QVariant();
    case TroubleRole:
        return node->kind == Kind::Account && m_states.value(node->account).error.has_value()
            && !m_states.value(node->account).running;
    case ColourRole:
        return node->kind == Kind::Account ? accountColourNumber(settingsOf(node->account)) : 0;
    case UnreadRole:
        return node->info.unread;
    case TotalRole:
        return node->info.total;
    case KindRole:
        return int(node->kind);
    default:
        return {};
    }
}

bool FolderModel::setData(const QModelIndex &index, const QVariant &value, int role)
{
    // The new name is a wish: the row changes when the store says so.
    const QString name = value.toString().trimmed();
    const FolderInfo info = folder(index);
    if (role != Qt::EditRole || info.role != FolderRole::Own || !info.id.isValid() || name.isEmpty()
        || name == info.name)
        return false;
    Q_EMIT renameWished(info.id, name);
    return true;
}

Qt::ItemFlags FolderModel::flags(const QModelIndex &index) const
{
    const bool severalAccounts = m_accounts.size() > 1;
    if (!index.isValid()) // accounts are put between others
        return severalAccounts ? Qt::ItemIsDropEnabled : Qt::NoItemFlags;
    const Node *node = nodeOf(index);
    switch (node->kind) {
    case Kind::Account:
        return severalAccounts ? Qt::ItemIsEnabled | Qt::ItemIsDragEnabled | Qt::ItemIsDropEnabled : Qt::ItemIsEnabled;
    case Kind::AllInboxes:
        return Qt::ItemIsEnabled | Qt::ItemIsSelectable;
    case Kind::Folder:
        break;
    }
    Qt::ItemFlags flags = Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsDropEnabled;
    flags.setFlag(Qt::ItemIsEditable, node->info.role == FolderRole::Own);
    return flags;
}

QStringList FolderModel::mimeTypes() const
{
    return {messagesMimeType(), accountMimeType()};
}

QMimeData *FolderModel::mimeData(const QModelIndexList &indexes) const
{
    if (indexes.size() != 1 || kind(indexes.constFirst()) != Kind::Account)
        return nullptr;
    auto *data = new QMimeData;
    data->setData(accountMimeType(), QByteArray::number(account(indexes.constFirst()).value));
    return data;
}

Qt::DropActions FolderModel::supportedDragActions() const
{
    return Qt::MoveAction;
}

Qt::DropActions FolderModel::supportedDropActions() const
{
    return Qt::MoveAction | Qt::CopyAction;
}

int FolderModel::dropPosition(const QMimeData &data, int row, const QModelIndex &parent) const
{
    if (!data.hasFormat(accountMimeType()))
        return -1;
    const AccountId dragged{data.data(accountMimeType()).toLongLong()};
    const auto from = int(std::ranges::find(m_accounts, dragged, &AccountSettings::id) - m_accounts.begin());
    if (from == int(m_accounts.size())) // of another window
        return -1;
    if (parent.isValid()) {
        // On another account: into its place.
        if (row >= 0 || kind(parent) != Kind::Account)
            return -1;
        return int(std::ranges::find(m_accounts, account(parent), &AccountSettings::id) - m_accounts.begin());
    }
    const auto count = int(m_accounts.size());
    const int above = rowCount() - count; // "All inboxes"
    const int between = row < 0 ? count : qBound(0, row - above, count);
    return between > from ? between - 1 : between;
}

bool FolderModel::canDropMimeData(const QMimeData *data, Qt::DropAction, int row, int, const QModelIndex &parent) const
{
    if (!data)
        return false;
    if (data->hasFormat(accountMimeType()))
        return dropPosition(*data, row, parent) >= 0;
    return data->hasFormat(messagesMimeType()) && row < 0 && parent.isValid() && kind(parent) == Kind::Folder;
}

bool FolderModel::dropMimeData(
    const QMimeData *data, Qt::DropAction action, int row, int column, const QModelIndex &parent)
{
    if (!canDropMimeData(data, action, row, column, parent))
        return false;
    if (data->hasFormat(accountMimeType())) {
        Q_EMIT accountDropped(AccountId{data->data(accountMimeType()).toLongLong()}, dropPosition(*data, row, parent));
        return true;
    }
    const QList<MessageId> messages = decodeMessages(data->data(messagesMimeType()));
    if (messages.isEmpty())
        return false;
    Q_EMIT messagesDropped(messages, folder(parent).id);
    return true;
}

} // namespace satchel::ui
