// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/connection.h"
#include "store/rows.h"
#include "store/writer.h"
#include "store/writerprivate.h"

using namespace Qt::StringLiterals;

namespace satchel::store {

namespace {

/// The statements of one renewal.
class Renewer
{
public:
    explicit Renewer(Connection &connection)
        : m_stored(connection, u"SELECT stored FROM messages WHERE id = ?"_s)
        , m_message(connection,
              u"UPDATE messages SET date = ?, sender_key = ?, subject_key = ?, flags = (flags & ~?) | ? WHERE id = ?"_s)
        , m_envelope(connection,
              u"UPDATE envelopes SET sender_name = ?, sender_address = ?, recipients = ?, subject = ?, preview = ?, "
              "message_id = ?, refs = ? WHERE id = ?"_s)
        , m_forget(connection, u"DELETE FROM search WHERE rowid = ?"_s)
        , m_words(connection,
              u"INSERT INTO search (rowid, sender, recipients, subject, body, files) VALUES (?, ?, ?, ?, ?, ?)"_s)
    {
    }

    /// False when the message is gone.
    Expected<bool> row(MessageId id, const Envelope &envelope, const PreparedMessage &prepared)
    {
        if (auto run = m_stored.bind(id).exec(); !run)
            return std::unexpected(run.error());
        if (!m_stored.next())
            return false;
        const QDateTime stored = m_stored.time(0);
        if (auto end = m_stored.outcome(); !end)
            return std::unexpected(end.error());
        MessageFlags now;
        now.setFlag(MessageFlag::HasAttachment, envelope.attachments > 0);
        m_message.bind(listedDate(envelope, stored)).bind(prepared.senderKey).bind(prepared.subjectKey);
        m_message.bind(qint64(MessageFlags(MessageFlag::HasAttachment).toInt())).bind(qint64(now.toInt()));
        if (auto run = m_message.bind(id).exec(); !run)
            return std::unexpected(run.error());
        m_envelope.bind(envelope.from.name).bind(envelope.from.address).bind(recipientLine(envelope.to));
        m_envelope.bind(envelope.subject).bind(envelope.preview).bind(envelope.messageId);
        if (auto run = m_envelope.bind(envelope.references.join(' ')).bind(id).exec(); !run)
            return std::unexpected(run.error());
        return true;
    }

    Expected<void> words(MessageId id, const SearchText &folded)
    {
        if (auto run = m_forget.bind(id).exec(); !run)
            return run;
        m_words.bind(id).bind(folded.from).bind(folded.recipients).bind(folded.subject).bind(folded.body);
        return m_words.bind(folded.attachmentNames).exec();
    }

private:
    Statement m_stored;
    Statement m_message;
    Statement m_envelope;
    Statement m_forget;
    Statement m_words;
};

} // namespace

Expected<QList<MessageId>> Writer::renew(const QList<RenewedRow> &rows)
{
    return inTransaction(*d->connection, [&]() -> Expected<QList<MessageId>> {
        QList<MessageId> renewed;
        Renewer renewer(*d->connection);
        qint64 below = 0;
        QList<const RenewedRow *> kept;
        for (const RenewedRow &row : rows) {
            below = below == 0 ? row.message.value : qMin(below, row.message.value);
            if (!row.row)
                continue;
            const auto there = renewer.row(row.message, row.row->envelope, *row.row);
            if (!there)
                return std::unexpected(there.error());
            if (*there)
                kept.append(&row);
        }
        // The words last, as in append(): FTS5 writes out what it holds at every other statement.
        for (const RenewedRow *row : std::as_const(kept)) {
            if (auto run = renewer.words(row->message, row->row->folded); !run)
                return std::unexpected(run.error());
            renewed.append(row->message);
        }
        Statement next(*d->connection, u"UPDATE renewal SET below = ?"_s);
        if (auto run = next.bind(below).exec(); !run)
            return std::unexpected(run.error());
        return renewed;
    });
}

} // namespace satchel::store
