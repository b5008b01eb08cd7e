// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/engine.h"
#include "sync/engineprivate.h"

#include <QCoreApplication>

namespace satchel::sync {

namespace {

QString folderName(const FolderInfo &folder)
{
    switch (folder.role) {
    case FolderRole::Inbox:
        return Engine::tr("Inbox");
    case FolderRole::Archive:
        return Engine::tr("Archive");
    case FolderRole::Sent:
        return Engine::tr("Sent");
    case FolderRole::Drafts:
        return Engine::tr("Drafts");
    case FolderRole::Junk:
        return Engine::tr("Junk");
    case FolderRole::Trash:
        return Engine::tr("Trash");
    case FolderRole::Own:
    case FolderRole::Removed:
        break;
    }
    return folder.name;
}

QString markText(MessageFlags set, MessageFlags clear)
{
    if (set.testFlag(MessageFlag::Read))
        return Engine::tr("Mark as read");
    if (clear.testFlag(MessageFlag::Read))
        return Engine::tr("Mark as unread");
    if (set.testFlag(MessageFlag::Starred))
        return Engine::tr("Star");
    if (clear.testFlag(MessageFlag::Starred))
        return Engine::tr("Remove star");
    return Engine::tr("Mark");
}

} // namespace

void Engine::setFlags(const QList<MessageId> &messages, MessageFlags set, MessageFlags clear)
{
    if (!isOpen() || messages.isEmpty())
        return;
    const Expected<QList<MessageId>> marked = d->writer->setFlags(messages, set, clear);
    if (!succeeded(marked))
        return;
    UndoStep step;
    step.text = markText(set, clear);
    step.flagged = *marked; // what was so before is not taken back
    step.set = set;
    step.cleared = clear;
    StoreChange change;
    change.updated = messages;
    Q_EMIT changed(change);
    if (!step.isEmpty())
        Q_EMIT undoable(step);
}

void Engine::announceMoves(const QString &text, const QList<MovedMessage> &moves)
{
    if (moves.isEmpty())
        return;
    StoreChange change;
    change.moved = moves;
    Q_EMIT changed(change);
    UndoStep step;
    step.text = text;
    step.moves = moves;
    Q_EMIT undoable(step);
}

void Engine::announceFolders(bool accounts)
{
    StoreChange change;
    change.folders = true;
    change.accounts = accounts;
    Q_EMIT changed(change);
}

void Engine::moveMessages(const QList<MessageId> &messages, FolderId target)
{
    if (!isOpen() || messages.isEmpty())
        return;
    const Expected<QList<FolderInfo>> folders = d->writer->folders();
    if (!succeeded(folders))
        return;
    QString name;
    for (const FolderInfo &folder : *folders) {
        if (folder.id == target)
            name = folderName(folder);
    }
    const Expected<QList<MovedMessage>> moves = d->writer->move(messages, target);
    if (succeeded(moves))
        announceMoves(tr("Move %Ln message(s) to %1", nullptr, int(moves->size())).arg(name), *moves);
}

Engine::Places Engine::placesOf(const QList<MessageId> &messages)
{
    Places places;
    const Expected<QList<FolderInfo>> folders = d->writer->folders();
    const Expected<QList<MessageSummary>> summaries = d->reader->summaries(messages);
    if (!succeeded(folders) || !succeeded(summaries))
        return places;
    for (const FolderInfo &folder : *folders)
        places.folders.insert(folder.id, folder);
    for (const MessageSummary &summary : *summaries)
        places.byAccount[summary.account].append({summary.id, summary.folder});
    return places;
}

FolderId Engine::Places::withRole(AccountId account, FolderRole role) const
{
    for (const FolderInfo &folder : folders) {
        if (folder.account == account && folder.role == role)
            return folder.id;
    }
    return {};
}

void Engine::moveToRole(const QList<MessageId> &messages, FolderRole role)
{
    if (!isOpen() || messages.isEmpty())
        return;
    const Places places = placesOf(messages);
    QList<MovedMessage> moves;
    QString name;
    for (auto group = places.byAccount.cbegin(); group != places.byAccount.cend(); ++group) {
        const FolderId target = places.withRole(group.key(), role);
        name = folderName(places.folders.value(target));
        QList<MessageId> ids;
        for (const Place &place : group.value())
            ids.append(place.message);
        const Expected<QList<MovedMessage>> moved = d->writer->move(ids, target);
        if (!succeeded(moved))
            break;
        moves += *moved;
    }
    announceMoves(tr("Move %Ln message(s) to %1", nullptr, int(moves.size())).arg(name), moves);
}

void Engine::deleteMessages(const QList<MessageId> &messages)
{
    if (!isOpen() || messages.isEmpty())
        return;
    const Places places = placesOf(messages);
    QList<MessageId> forGood;
    QList<MovedMessage> moves;
    for (auto group = places.byAccount.cbegin(); group != places.byAccount.cend(); ++group) {
        const FolderId trash = places.withRole(group.key(), FolderRole::Trash);
        QList<MessageId> toTrash;
        for (const Place &place : group.value())
            (place.folder == trash ? forGood : toTrash).append(place.message);
        const Expected<QList<MovedMessage>> moved = d->writer->move(toTrash, trash);
        if (!succeeded(moved))
            break;
        moves += *moved;
    }
    removeForGood(forGood, moves);
}

void Engine::emptyFolder(FolderId folder)
{
    if (!isOpen())
        return;
    store::ListScope scope;
    scope.folder = folder;
    const Expected<QList<MessageId>> messages = d->reader->list(scope, {});
    if (succeeded(messages))
        removeForGood(*messages, {});
}

void Engine::removeForGood(const QList<MessageId> &messages, QList<MovedMessage> moves)
{
    if (!messages.isEmpty()) {
        const Expected<QList<MovedMessage>> removed = d->writer->remove(messages);
        if (succeeded(removed))
            moves += *removed;
    }
    announceMoves(tr("Delete %Ln message(s)", nullptr, int(moves.size())), moves);
}

void Engine::getWhole(const QList<MessageId> &messages)
{
    orderRest(messages, store::ServerOrder::Kind::Get);
}

void Engine::refuseRest(const QList<MessageId> &messages, bool deleteOnServer)
{
    orderRest(messages, deleteOnServer ? store::ServerOrder::Kind::DeleteAnyway : store::ServerOrder::Kind::Skip);
}

void Engine::orderRest(const QList<MessageId> &messages, store::ServerOrder::Kind kind)
{
    if (!isOpen() || messages.isEmpty())
        return;
    const Expected<QList<AccountId>> accounts = d->writer->orderRest(messages, kind, d->clock.now());
    if (!succeeded(accounts))
        return;
    StoreChange change;
    change.updated = messages;
    Q_EMIT changed(change);
    if (kind == store::ServerOrder::Kind::Skip)
        return;
    for (const AccountId account : *accounts)
        d->checks->carryOutOrders(account);
}

void Engine::openMailbox(AccountId account)
{
    if (isOpen())
        d->visits->open(account);
}

void Engine::closeMailbox(AccountId account)
{
    if (d->visits)
        d->visits->close(account);
}

void Engine::wantHeaders(AccountId account, const QList<int> &messages)
{
    if (d->visits)
        d->visits->wantHeaders(account, messages);
}

void Engine::wantPreview(AccountId account, int message)
{
    if (d->visits)
        d->visits->wantPreview(account, message);
}

void Engine::applyToMailbox(AccountId account, const QList<ServerWish> &wishes)
{
    if (isOpen())
        d->visits->apply(account, wishes);
}

void Engine::undo(const UndoStep &step)
{
    if (!isOpen())
        return;
    StoreChange change;
    if (!step.moves.isEmpty()) {
        if (!succeeded(d->writer->moveBack(step.moves)))
            return;
        for (const MovedMessage &move : step.moves)
            change.moved.append({move.id, move.to, move.from});
    }
    if (!step.flagged.isEmpty()) {
        if (!succeeded(d->writer->setFlags(step.flagged, step.cleared, step.set)))
            return;
        change.updated = step.flagged;
    }
    Q_EMIT changed(change);
}

void Engine::addFolder(AccountId account, const QString &name, FolderId parent)
{
    if (isOpen() && succeeded(d->writer->addFolder(account, name, parent)))
        announceFolders(false);
}

void Engine::renameFolder(FolderId folder, const QString &name)
{
    if (isOpen() && succeeded(d->writer->renameFolder(folder, name)))
        announceFolders(false);
}

void Engine::removeFolder(FolderId folder)
{
    if (!isOpen())
        return;
    const Expected<QList<MovedMessage>> moved = d->writer->removeFolder(folder);
    if (!succeeded(moved))
        return;
    StoreChange change;
    change.moved = *moved;
    change.folders = true;
    Q_EMIT changed(change);
}

} // namespace satchel::sync
