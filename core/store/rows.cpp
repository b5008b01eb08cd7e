// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/rows.h"

#include "store/connection.h"

#include <QTimeZone>

using namespace Qt::StringLiterals;

namespace satchel::store {

Expected<QList<AccountSettings>> readAccounts(Connection &connection)
{
    Statement select(connection,
        u"SELECT id, name, person_name, address, host, port, security, user_name, mechanism, retention, "
        "keep_days, delete_when_deleted_here, size_limit, check_every_minutes, enabled, "
        "trusted_certificate, position, keep_count, keep_megabytes, delete_at_once, recent_mode, colour, "
        "old_tls, utf8, certificate_file, token_program FROM accounts ORDER BY position, id"_s);
    if (auto run = select.exec(); !run)
        return std::unexpected(run.error());
    QList<AccountSettings> accounts;
    while (select.next()) {
        AccountSettings account;
        account.id = select.id<AccountId>(0);
        account.name = select.text(1);
        account.personName = select.text(2);
        account.address = select.text(3);
        account.host = select.text(4);
        account.port = quint16(select.integer(5));
        account.security = Security(select.integer(6));
        account.userName = select.text(7);
        account.mechanism = select.text(8);
        account.retention = Retention(select.integer(9));
        account.keepDays = int(select.integer(10));
        account.deleteWhenDeletedHere = select.boolean(11);
        account.sizeLimit = select.integer(12);
        account.checkEveryMinutes = int(select.integer(13));
        account.enabled = select.boolean(14);
        account.trustedCertificate = select.bytes(15);
        account.position = int(select.integer(16));
        account.keepCount = int(select.integer(17));
        account.keepMegabytes = int(select.integer(18));
        account.deleteAtOnce = select.boolean(19);
        account.recentMode = select.boolean(20);
        account.colour = int(select.integer(21));
        account.oldTls = select.boolean(22);
        account.utf8 = select.boolean(23);
        account.certificateFile = select.text(24);
        account.tokenProgram = select.text(25);
        accounts.append(account);
    }
    if (auto end = select.outcome(); !end)
        return std::unexpected(end.error());
    return accounts;
}

Expected<QList<FolderInfo>> readFolders(Connection &connection, bool withRemoved)
{
    Statement select(connection,
        u"SELECT f.id, f.account_id, f.parent_id, f.role, f.name, f.total, f.unread FROM folders f "
        "JOIN accounts a ON a.id = f.account_id ORDER BY a.position, a.id, f.id"_s);
    if (auto run = select.exec(); !run)
        return std::unexpected(run.error());
    QList<FolderInfo> folders;
    while (select.next()) {
        const FolderInfo folder{select.id<FolderId>(0), select.id<AccountId>(1), select.id<FolderId>(2),
            FolderRole(select.integer(3)), select.text(4), select.integer(5), select.integer(6)};
        if (withRemoved || folder.role != FolderRole::Removed)
            folders.append(folder);
    }
    if (auto end = select.outcome(); !end)
        return std::unexpected(end.error());
    return folders;
}

Expected<QList<MessageSummary>> readSummaries(Connection &connection, const QList<MessageId> &ids)
{
    QList<MessageSummary> summaries;
    summaries.reserve(ids.size());
    Statement select(connection,
        u"SELECT f.account_id, m.folder_id, e.sender_name, e.sender_address, e.recipients, e.subject, "
        "e.preview, m.date, m.stored, m.size, m.flags FROM messages m JOIN envelopes e ON e.id = m.id "
        "JOIN folders f ON f.id = m.folder_id WHERE m.id = ?"_s);
    for (const MessageId id : ids) {
        if (auto run = select.bind(id).exec(); !run)
            return std::unexpected(run.error());
        if (select.next()) {
            MessageSummary summary;
            summary.id = id;
            summary.account = select.id<AccountId>(0);
            summary.folder = select.id<FolderId>(1);
            summary.from = {select.text(2), select.text(3)};
            summary.recipients = select.text(4);
            summary.subject = select.text(5);
            summary.preview = select.text(6);
            summary.date = select.time(7);
            summary.stored = select.time(8);
            summary.size = select.integer(9);
            summary.flags = MessageFlags::fromInt(quint32(select.integer(10)));
            summaries.append(summary);
        }
        if (auto end = select.outcome(); !end)
            return std::unexpected(end.error());
    }
    return summaries;
}

QDateTime listedDate(const Envelope &envelope, const QDateTime &arrived)
{
    static const QDateTime firstMail(QDate(1990, 1, 1), QTime(0, 0), QTimeZone::UTC);
    const QDateTime date = envelope.date.toUTC();
    if (!date.isValid() || date < firstMail)
        return arrived;
    // Sender and last server agree: then it is the clock here that may be wrong.
    const QDateTime received = envelope.received;
    const bool confirmed = received.isValid() && date != received && qAbs(date.secsTo(received)) < 24 * 3600;
    return date > arrived.addDays(1) && !confirmed ? arrived : date;
}

QString recipientLine(const QList<Mailbox> &recipients)
{
    constexpr qsizetype longest = 300;
    QString line;
    for (const Mailbox &mailbox : recipients) {
        if (line.size() > longest)
            break;
        if (!line.isEmpty())
            line += u", "_s;
        line += mailbox.name.isEmpty() ? mailbox.address : mailbox.name;
    }
    return line;
}

} // namespace satchel::store
