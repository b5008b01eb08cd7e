// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/salvagetarget.h"

#include "base/clock.h"
#include "store/rows.h"
#include "store/schema.h"

#include <QTimeZone>

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace satchel::store {

namespace {

constexpr std::array fixedRoles{FolderRole::Inbox, FolderRole::Archive, FolderRole::Sent, FolderRole::Drafts,
    FolderRole::Junk, FolderRole::Trash, FolderRole::Removed};

/// Columns of `uidls`.
enum LedgerColumn {
    Account,
    Uidl,
    Occurrence,
    State,
    ServerSize,
    Sha256,
    Message,
    FirstSeen,
    StoredAt,
    AbsentSince,
    DeleteWished,
    Skipped,
    Failures,
    LastFailure,
    HeaderHash
};

RawValue integer(qint64 value)
{
    return {RawValue::Kind::Integer, value, {}};
}

RawValue blob(const QByteArray &bytes = {})
{
    return {RawValue::Kind::Blob, 0, bytes};
}

void bind(Statement &statement, const RawValue &value)
{
    switch (value.kind) {
    case RawValue::Kind::Integer:
        statement.bind(value.integer);
        break;
    case RawValue::Kind::Text:
        statement.bind(QString::fromUtf8(value.bytes));
        break;
    case RawValue::Kind::Blob:
        statement.bind(value.bytes);
        break;
    case RawValue::Kind::Null:
    case RawValue::Kind::Real:
        statement.bindNull();
        break;
    }
}

} // namespace

Expected<std::unique_ptr<SalvageTarget>> SalvageTarget::open(const QString &file)
{
    auto connection = Connection::open(file, Connection::Mode::ReadWrite);
    if (!connection)
        return std::unexpected(connection.error());
    for (const QString &pragma : {u"PRAGMA page_size = 8192"_s, u"PRAGMA auto_vacuum = INCREMENTAL"_s,
             u"PRAGMA synchronous = FULL"_s, u"PRAGMA temp_store = MEMORY"_s, u"PRAGMA cache_size = -65536"_s}) {
        if (auto run = (*connection)->run(pragma); !run)
            return std::unexpected(run.error());
    }
    if (auto migrated = migrate(**connection); !migrated)
        return std::unexpected(migrated.error());
    // Those of the damaged file come, so that its backups stay its own.
    if (auto emptied = (*connection)->run(u"DELETE FROM store_facts"_s); !emptied)
        return std::unexpected(emptied.error());
    return std::unique_ptr<SalvageTarget>(new SalvageTarget(std::move(*connection)));
}

QStringList SalvageTarget::plainTables() const
{
    QStringList names;
    Statement select(*m_connection,
        u"SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'search%' AND name NOT LIKE 'sqlite%' "
        "AND name NOT IN ('sources', 'messages', 'envelopes', 'uidls')"_s);
    if (select.exec()) {
        while (select.next())
            names.append(select.text(0));
    }
    return names;
}

QStringList SalvageTarget::columnsOf(const QString &table)
{
    if (const auto known = m_columns.constFind(table); known != m_columns.cend())
        return *known;
    // Rows without a rowid begin with their key.
    QStringList columns;
    Statement select(*m_connection,
        u"SELECT c.name FROM pragma_table_info(?) c WHERE c.name IS NOT NULL ORDER BY "
        "CASE WHEN (SELECT wr FROM pragma_table_list(?) WHERE schema = 'main') = 1 AND c.pk > 0 THEN c.pk "
        "ELSE 1000 + c.cid END"_s);
    if (select.bind(table).bind(table).exec()) {
        while (select.next())
            columns.append(select.text(0));
    }
    m_columns.insert(table, columns);
    return columns;
}

bool SalvageTarget::insert(const QString &table, qint64 rowid, const QList<RawValue> &values)
{
    const QStringList columns = columnsOf(table);
    const qsizetype count = qMin(columns.size(), values.size());
    if (count == 0)
        return false;
    const QString places = u"?,"_s.repeated(count).chopped(1);
    Statement insert(*m_connection,
        u"INSERT OR IGNORE INTO %1 (%2) VALUES (%3)"_s.arg(table, columns.first(count).join(u','), places));
    for (qsizetype i = 0; i < count; ++i) {
        if (i == 0 && rowid > 0 && values.at(0).kind == RawValue::Kind::Null)
            insert.bind(rowid);
        else
            bind(insert, values.at(i));
    }
    return insert.exec() && insert.changedRows() == 1;
}

void SalvageTarget::takeRow(const QString &table, qint64 rowid, const QList<RawValue> &values)
{
    if (table == "folders"_L1) {
        if (values.size() < 7 || rowid <= 0)
            return;
        // The counters are counted anew; a folder within itself would never be shown.
        QList<RawValue> row = values;
        row[5] = row[6] = integer(0);
        if (!row.at(2).isInteger() || row.at(2).integer >= rowid)
            row[2] = {};
        const AccountId account{row.at(1).integer};
        if (!account.isValid() || !insert(table, rowid, row))
            return;
        m_folders.insert(FolderId{rowid}, account);
        m_missing.insert(account);
    } else if (insert(table, rowid, values) && table == "accounts"_L1) {
        m_accounts.insert(AccountId{rowid});
    }
}

Expected<void> SalvageTarget::completeAccounts()
{
    // A number that was damaged must neither send a password in the clear nor have mail deleted.
    for (const QString &repair :
        {u"UPDATE accounts SET security = 0 WHERE security NOT BETWEEN 0 AND 2 OR (security = 2 AND port = 995)"_s,
            u"UPDATE accounts SET retention = 0 WHERE retention NOT BETWEEN 0 AND 4"_s,
            u"UPDATE accounts SET port = 995 WHERE port NOT BETWEEN 1 AND 65535"_s,
            u"UPDATE folders SET parent_id = NULL WHERE parent_id NOT IN (SELECT id FROM folders)"_s,
            u"DELETE FROM folders WHERE role NOT BETWEEN 0 AND 7"_s}) {
        if (auto run = m_connection->run(repair); !run)
            return run;
    }
    if (m_accounts.isEmpty() && m_missing.isEmpty())
        m_missing.insert(AccountId{1});
    Statement account(*m_connection,
        u"INSERT INTO accounts (id, name, person_name, address, host, port, security, user_name, mechanism, retention, "
        "keep_days, delete_when_deleted_here, size_limit, check_every_minutes, enabled, trusted_certificate, position) "
        "VALUES (?, ?, '', '', '', 995, 0, '', '', 0, 14, 0, 0, 0, 0, x'', ?)"_s);
    for (const AccountId missing : std::as_const(m_missing)) {
        if (m_accounts.contains(missing))
            continue;
        account.bind(missing).bind(StoreText::tr("Recovered account")).bind(qint64(1000 + missing.value));
        if (auto run = account.exec(); !run)
            return run;
        m_accounts.insert(missing);
    }
    const auto folders = readFolders(*m_connection, true);
    if (!folders)
        return std::unexpected(folders.error());
    m_folders.clear();
    QSet<std::pair<AccountId, int>> roles;
    for (const FolderInfo &folder : *folders) {
        m_folders.insert(folder.id, folder.account);
        roles.insert({folder.account, int(folder.role)});
    }
    Statement add(*m_connection, u"INSERT INTO folders (account_id, role, name) VALUES (?, ?, '')"_s);
    for (const AccountId owner : std::as_const(m_accounts)) {
        for (const FolderRole role : fixedRoles) {
            if (roles.contains({owner, int(role)}))
                continue;
            if (auto run = add.bind(owner).bind(qint64(role)).exec(); !run)
                return run;
            m_folders.insert(FolderId{add.insertedId()}, owner);
        }
    }
    return {};
}

Expected<FolderId> SalvageTarget::refuge(AccountId account, bool damaged)
{
    if (!m_accounts.contains(account)) {
        const auto first = std::ranges::min_element(m_accounts);
        account = *first;
    }
    const auto known = m_refuges.constFind({account, damaged});
    if (known != m_refuges.cend())
        return *known;
    const QString name = damaged ? StoreText::tr("Damaged mail") : StoreText::tr("Recovered mail");
    Statement same(*m_connection,
        u"SELECT id FROM folders WHERE account_id = ? AND role = 0 AND parent_id IS NULL AND name = ?"_s);
    if (auto run = same.bind(account).bind(name).exec(); !run)
        return std::unexpected(run.error());
    FolderId folder;
    if (same.next()) {
        folder = same.id<FolderId>(0);
    } else {
        Statement add(*m_connection, u"INSERT INTO folders (account_id, role, name) VALUES (?, 0, ?)"_s);
        if (auto run = add.bind(account).bind(name).exec(); !run)
            return std::unexpected(run.error());
        folder = FolderId{add.insertedId()};
    }
    m_folders.insert(folder, account);
    m_refuges.insert({account, damaged}, folder);
    return folder;
}

Expected<bool> SalvageTarget::holds(const QByteArray &sha256)
{
    Statement select(*m_connection, u"SELECT 1 FROM sources WHERE sha256 = ?"_s);
    if (auto run = select.bind(sha256).exec(); !run)
        return std::unexpected(run.error());
    return select.next();
}

Expected<void> SalvageTarget::addMessage(qint64 id, const PreparedMessage &message, const QList<SalvagedPlace> &places)
{
    Statement source(*m_connection,
        u"INSERT INTO sources (id, sha256, content_hash, size, zstd) SELECT CASE WHEN ? > 0 AND NOT EXISTS "
        "(SELECT 1 FROM sources WHERE id = ?) THEN ? END, ?, ?, ?, ?"_s);
    source.bind(id)
        .bind(id)
        .bind(id)
        .bind(message.sha256)
        .bind(message.contentHash)
        .bind(message.size)
        .bind(message.compressed);
    if (auto run = source.exec(); !run)
        return run;
    const qint64 sourceId = source.insertedId();
    Statement row(*m_connection,
        u"INSERT INTO messages (id, folder_id, source_id, flags, date, stored, size, sender_key, subject_key) "
        "SELECT CASE WHEN ? > 0 AND NOT EXISTS (SELECT 1 FROM messages WHERE id = ?) THEN ? END, ?, ?, ?, ?, ?, ?, ?, ?"_s);
    Statement envelope(*m_connection,
        u"INSERT INTO envelopes (id, sender_name, sender_address, recipients, subject, preview, message_id, refs) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)"_s);
    Statement words(*m_connection,
        u"INSERT INTO search (rowid, sender, recipients, subject, body, files) VALUES (?, ?, ?, ?, ?, ?)"_s);
    const Envelope &e = message.envelope;
    for (const SalvagedPlace &place : places) {
        MessageFlags flags = MessageFlags::fromInt(quint32(place.flags))
            & (MessageFlag::Read | MessageFlag::Starred | MessageFlag::Answered | MessageFlag::Forwarded);
        flags.setFlag(MessageFlag::HasAttachment, e.attachments > 0);
        flags.setFlag(MessageFlag::Damaged, e.damaged);
        const qint64 now = Clock().now().toMSecsSinceEpoch();
        const qint64 stored = place.stored > 0 ? place.stored : now;
        const qint64 date = place.date != 0
            ? place.date
            : listedDate(e, QDateTime::fromMSecsSinceEpoch(stored, QTimeZone::UTC)).toMSecsSinceEpoch();
        row.bind(place.id)
            .bind(place.id)
            .bind(place.id)
            .bind(place.folder)
            .bind(sourceId)
            .bind(qint64(flags.toInt()))
            .bind(date)
            .bind(stored);
        row.bind(message.size).bind(message.senderKey).bind(message.subjectKey);
        if (auto run = row.exec(); !run)
            return run;
        const MessageId made{row.insertedId()};
        envelope.bind(made).bind(e.from.name).bind(e.from.address).bind(recipientLine(e.to)).bind(e.subject);
        envelope.bind(e.preview).bind(e.messageId);
        if (auto run = envelope.bind(e.references.join(' ')).exec(); !run)
            return run;
        const SearchText &text = message.folded;
        words.bind(made).bind(text.from).bind(text.recipients).bind(text.subject).bind(text.body);
        if (auto run = words.bind(text.attachmentNames).exec(); !run)
            return run;
    }
    return {};
}

Expected<MessageId> SalvageTarget::messageOf(const QByteArray &sha256, MessageId preferred)
{
    Statement select(*m_connection,
        u"SELECT m.id FROM sources s JOIN messages m ON m.source_id = s.id WHERE s.sha256 = ? ORDER BY m.id = ? DESC LIMIT 1"_s);
    if (auto run = select.bind(sha256).bind(preferred).exec(); !run)
        return std::unexpected(run.error());
    return select.next() ? select.id<MessageId>(0) : MessageId();
}

Expected<bool> SalvageTarget::takeLedgerRow(const QList<RawValue> &values)
{
    QList<RawValue> row = values;
    if (row.size() < HeaderHash || !m_accounts.contains(AccountId{row.at(Account).integer}))
        return true;
    // Columns that came later are found by their names; a row that is older than they are ends before them.
    const QStringList columns = columnsOf(u"uidls"_s);
    const auto set = [&row, &columns](const QString &column, const RawValue &value) {
        const qsizetype at = columns.indexOf(column);
        if (at >= 0 && at < row.size())
            row[at] = value;
    };
    row[DeleteWished] = integer(0);
    set(u"delete_order"_s, integer(0));
    row[State].integer = qBound(qint64(0), row.at(State).integer, qint64(2));
    const bool stored = row.at(StoredAt).integer != 0;
    bool kept = true;
    if (row.at(Message).isInteger()) {
        // A beginning is known by its message alone, a whole message by its hash.
        const MessageId written{row.at(Message).integer};
        const auto message = stored ? messageOf(row.at(Sha256).bytes, written) : existing(written);
        if (!message)
            return std::unexpected(message.error());
        const bool found = message->isValid();
        kept = found || !stored;
        row[Message] = found ? integer(message->value) : RawValue{};
        if (!found) {
            row[StoredAt] = integer(0);
            row[Sha256] = blob();
            set(u"header_hash"_s, blob());
            set(u"stub"_s, integer(0));
        } else if (const auto lost = m_refuges.constFind({*std::ranges::min_element(m_accounts), false});
            stored && lost != m_refuges.cend()) {
            const auto home = refuge(AccountId{row.at(Account).integer}, false);
            if (!home)
                return std::unexpected(home.error());
            Statement move(*m_connection, u"UPDATE messages SET folder_id = ? WHERE id = ? AND folder_id = ?"_s);
            if (auto run = move.bind(*home).bind(*message).bind(*lost).exec(); !run)
                return std::unexpected(run.error());
        }
    }
    (void)insert(u"uidls"_s, 0, row);
    return kept;
}

Expected<MessageId> SalvageTarget::existing(MessageId message)
{
    Statement select(*m_connection, u"SELECT id FROM messages WHERE id = ?"_s);
    if (auto run = select.bind(message).exec(); !run)
        return std::unexpected(run.error());
    return select.next() ? select.id<MessageId>(0) : MessageId();
}

Expected<void> SalvageTarget::finish()
{
    if (auto named =
            m_connection->run(u"INSERT OR IGNORE INTO store_facts (name, value) VALUES ('store', randomblob(16))"_s);
        !named)
        return named;
    return m_connection->run(u"UPDATE uidls SET doubted = 1"_s);
}

Expected<void> SalvageTarget::takeSequence(const QString &table, qint64 last)
{
    constexpr qint64 believable = 1LL << 40;
    if (last <= 0 || last > believable)
        return {};
    Statement update(*m_connection, u"UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = ?"_s);
    return update.bind(last).bind(table).exec();
}

} // namespace satchel::store
