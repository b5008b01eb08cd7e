// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/connection.h"
#include "store/rows.h"
#include "store/writer.h"
#include "store/writerprivate.h"

#include <array>

using namespace Qt::StringLiterals;

namespace satchel::store {

namespace {

constexpr std::array fixedRoles{FolderRole::Inbox, FolderRole::Archive, FolderRole::Sent, FolderRole::Drafts,
    FolderRole::Junk, FolderRole::Trash, FolderRole::Removed};

std::unexpected<Error> noSuchFolder()
{
    return fail(ErrorKind::NotFound, StoreText::tr("That folder does not exist any more."));
}

std::unexpected<Error> noSuchAccount()
{
    return fail(ErrorKind::NotFound, StoreText::tr("That account does not exist any more."));
}

void bindSettings(Statement &statement, const AccountSettings &a)
{
    statement.bind(a.name).bind(a.personName).bind(a.address).bind(a.host).bind(qint64(a.port));
    statement.bind(qint64(a.security)).bind(a.userName).bind(a.mechanism).bind(qint64(a.retention)).bind(a.keepDays);
    statement.bind(a.deleteWhenDeletedHere).bind(a.sizeLimit).bind(a.checkEveryMinutes).bind(a.enabled);
    statement.bind(a.trustedCertificate).bind(a.position).bind(a.keepCount).bind(a.keepMegabytes);
    statement.bind(a.deleteAtOnce).bind(a.recentMode).bind(a.colour).bind(a.oldTls).bind(a.utf8);
    statement.bind(a.certificateFile).bind(a.tokenProgram);
}

Expected<QString> usableName(
    const QList<FolderInfo> &folders, AccountId account, FolderId parent, FolderId self, const QString &wanted)
{
    const QString name = sanitised(wanted, 100).trimmed();
    if (name.isEmpty())
        return fail(ErrorKind::InvalidRequest, StoreText::tr("A folder needs a name."));
    for (const FolderInfo &other : folders) {
        if (other.id != self && other.role == FolderRole::Own && other.account == account && other.parent == parent
            && other.name.compare(name, Qt::CaseInsensitive) == 0) {
            return fail(ErrorKind::InvalidRequest,
                StoreText::tr("There is a folder “%1” already. Choose another name.").arg(name));
        }
    }
    return name;
}

} // namespace

Expected<QList<AccountSettings>> Writer::accounts() const
{
    return readAccounts(*d->connection);
}

Expected<AccountSettings> Writer::addAccount(const AccountSettings &settings)
{
    return inTransaction(*d->connection, [&]() -> Expected<AccountSettings> {
        AccountSettings added = settings;
        if (added.position == 0) {
            const auto next = d->connection->ask(u"SELECT ifnull(max(position) + 1, 0) FROM accounts"_s);
            if (!next)
                return std::unexpected(next.error());
            added.position = next->toInt();
        }
        Statement insert(*d->connection,
            u"INSERT INTO accounts (name, person_name, address, host, port, security, user_name, "
            "mechanism, retention, keep_days, delete_when_deleted_here, size_limit, check_every_minutes, "
            "enabled, trusted_certificate, position, keep_count, keep_megabytes, delete_at_once, recent_mode, colour, "
            "old_tls, utf8, certificate_file, token_program) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"_s);
        bindSettings(insert, added);
        if (auto run = insert.exec(); !run)
            return std::unexpected(run.error());
        added.id = AccountId{insert.insertedId()};
        Statement folder(*d->connection, u"INSERT INTO folders (account_id, role, name) VALUES (?, ?, '')"_s);
        for (const FolderRole role : fixedRoles) {
            if (auto run = folder.bind(added.id).bind(qint64(role)).exec(); !run)
                return std::unexpected(run.error());
        }
        return added;
    });
}

Expected<void> Writer::updateAccount(const AccountSettings &settings)
{
    return inTransaction(*d->connection, [&]() -> Expected<void> {
        Statement update(*d->connection,
            u"UPDATE accounts SET name=?, person_name=?, address=?, host=?, port=?, security=?, "
            "user_name=?, mechanism=?, retention=?, keep_days=?, delete_when_deleted_here=?, "
            "size_limit=?, check_every_minutes=?, enabled=?, trusted_certificate=?, position=?, keep_count=?, "
            "keep_megabytes=?, delete_at_once=?, recent_mode=?, colour=?, old_tls=?, utf8=?, "
            "certificate_file=?, token_program=? WHERE id=?"_s);
        bindSettings(update, settings);
        if (auto run = update.bind(settings.id).exec(); !run)
            return run;
        if (update.changedRows() != 1)
            return noSuchAccount();
        return {};
    });
}

Expected<void> Writer::removeAccount(AccountId account)
{
    return inTransaction(*d->connection, [&]() -> Expected<void> {
        const auto all = readFolders(*d->connection, true);
        if (!all)
            return std::unexpected(all.error());
        for (const FolderInfo &folder : *all) {
            if (folder.account != account)
                continue;
            const auto messages = d->messagesIn(folder.id);
            if (!messages)
                return std::unexpected(messages.error());
            if (auto erased = d->erase(*messages); !erased)
                return erased;
        }
        Statement unlink(*d->connection, u"UPDATE folders SET parent_id = NULL WHERE account_id = ? AND role <> 0"_s);
        if (auto run = unlink.bind(account).exec(); !run)
            return run;
        // Children before their parents: ids grow downwards.
        Statement folders(*d->connection, u"DELETE FROM folders WHERE id = ?"_s);
        for (auto folder = all->crbegin(); folder != all->crend(); ++folder) {
            if (folder->account != account)
                continue;
            if (auto run = folders.bind(folder->id).exec(); !run)
                return run;
        }
        Statement remove(*d->connection, u"DELETE FROM accounts WHERE id = ?"_s);
        if (auto run = remove.bind(account).exec(); !run)
            return run;
        if (remove.changedRows() != 1)
            return noSuchAccount();
        return {};
    });
}

Expected<QList<FolderInfo>> Writer::folders() const
{
    return readFolders(*d->connection, true);
}

Expected<FolderInfo> Writer::Private::folderInfo(FolderId folder)
{
    const auto all = readFolders(*connection, true);
    if (!all)
        return std::unexpected(all.error());
    for (const FolderInfo &info : *all) {
        if (info.id == folder)
            return info;
    }
    return noSuchFolder();
}

Expected<FolderId> Writer::Private::folderOf(AccountId account, FolderRole role)
{
    Statement select(*connection, u"SELECT id FROM folders WHERE account_id = ? AND role = ? AND role <> 0"_s);
    if (auto run = select.bind(account).bind(qint64(role)).exec(); !run)
        return std::unexpected(run.error());
    if (select.next())
        return select.id<FolderId>(0);
    if (auto end = select.outcome(); !end)
        return std::unexpected(end.error());
    return noSuchFolder();
}

Expected<FolderId> Writer::folder(AccountId account, FolderRole role) const
{
    return d->folderOf(account, role);
}

Expected<FolderInfo> Writer::addFolder(AccountId account, const QString &name, FolderId parent)
{
    return inTransaction(*d->connection, [&]() -> Expected<FolderInfo> {
        const auto all = readFolders(*d->connection, true);
        if (!all)
            return std::unexpected(all.error());
        bool accountFound = false;
        bool parentFound = !parent.isValid();
        for (const FolderInfo &folder : *all) {
            accountFound = accountFound || folder.account == account;
            parentFound =
                parentFound || (folder.id == parent && folder.account == account && folder.role != FolderRole::Removed);
        }
        if (!accountFound)
            return noSuchAccount();
        if (!parentFound)
            return noSuchFolder();
        const auto usable = usableName(*all, account, parent, {}, name);
        if (!usable)
            return std::unexpected(usable.error());
        Statement insert(*d->connection,
            u"INSERT INTO folders (account_id, parent_id, role, name) VALUES (?, nullif(?, 0), 0, ?)"_s);
        if (auto run = insert.bind(account).bind(parent).bind(*usable).exec(); !run)
            return std::unexpected(run.error());
        return FolderInfo{FolderId{insert.insertedId()}, account, parent, FolderRole::Own, *usable, 0, 0};
    });
}

Expected<void> Writer::renameFolder(FolderId folder, const QString &name)
{
    return inTransaction(*d->connection, [&]() -> Expected<void> {
        const auto info = d->folderInfo(folder);
        if (!info)
            return std::unexpected(info.error());
        if (info->role != FolderRole::Own)
            return fail(ErrorKind::InvalidRequest, StoreText::tr("This folder cannot be renamed."));
        const auto all = readFolders(*d->connection, true);
        if (!all)
            return std::unexpected(all.error());
        const auto usable = usableName(*all, info->account, info->parent, folder, name);
        if (!usable)
            return std::unexpected(usable.error());
        Statement update(*d->connection, u"UPDATE folders SET name = ? WHERE id = ?"_s);
        return update.bind(*usable).bind(folder).exec();
    });
}

Expected<QList<MovedMessage>> Writer::removeFolder(FolderId folder)
{
    return inTransaction(*d->connection, [&]() -> Expected<QList<MovedMessage>> {
        const auto info = d->folderInfo(folder);
        if (!info)
            return std::unexpected(info.error());
        if (info->role != FolderRole::Own)
            return fail(ErrorKind::InvalidRequest, StoreText::tr("This folder cannot be removed."));
        const auto trash = d->folderOf(info->account, FolderRole::Trash);
        if (!trash)
            return std::unexpected(trash.error());
        const auto target = d->folderInfo(*trash);
        if (!target)
            return std::unexpected(target.error());
        const auto all = readFolders(*d->connection, true);
        if (!all)
            return std::unexpected(all.error());
        // Ids grow downwards, so one pass finds all that is below.
        QList<FolderId> doomed{folder};
        for (const FolderInfo &other : *all) {
            if (other.id != folder && doomed.contains(other.parent))
                doomed.append(other.id);
        }
        QList<MovedMessage> moved;
        Statement remove(*d->connection, u"DELETE FROM folders WHERE id = ?"_s);
        for (auto id = doomed.crbegin(); id != doomed.crend(); ++id) {
            const auto messages = d->messagesIn(*id);
            if (!messages)
                return std::unexpected(messages.error());
            const auto moves = d->moveTo(*messages, *target);
            if (!moves)
                return moves;
            moved += *moves;
            if (auto run = remove.bind(*id).exec(); !run)
                return std::unexpected(run.error());
        }
        return moved;
    });
}

} // namespace satchel::store
