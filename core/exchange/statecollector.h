// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "exchange/fetchedstate.h"

#include <QHash>

#include <utility>

namespace satchel::exchange {

/// Takes the lines of a text in turn, without their ends (LF or CRLF). The bytes must outlive it.
class LineReader
{
public:
    explicit LineReader(QByteArrayView bytes);

    [[nodiscard]] bool atEnd() const { return m_position >= m_bytes.size(); }
    [[nodiscard]] QByteArrayView next();

private:
    QByteArrayView m_bytes;
    qsizetype m_position = 0;
};

/// The part of \a text before the first space or tab; \a text becomes what follows the blanks.
[[nodiscard]] QByteArrayView takeWord(QByteArrayView &text);

/// UTF-8, else Latin-1: so old files keep their names.
[[nodiscard]] QString decoded(QByteArrayView bytes);

/// Seconds since 1970; invalid unless \a text is a number between the years 1990 and 2100. Programs write 0, 1,
/// "undefined" and worse there, and a date of 1970 would make an age policy delete at once.
[[nodiscard]] QDateTime stateTime(QByteArrayView text);

/// Gathers what a parser finds, within the limits: every mailbox once, every UIDL of a mailbox once.
/// What comes later wins, as in the programs that wrote the files.
class StateCollector
{
public:
    explicit StateCollector(StateFormat format, QString program);

    /// What add() says from here on is about this mailbox. False, and nothing is taken, when the names are nonsense.
    bool enterMailbox(const QString &host, const QString &user, quint16 port = 0, const QString &mailboxName = {});
    /// Nothing is taken until the next enterMailbox().
    void leaveMailbox() { m_current = -1; }
    void add(FetchedMessage message);
    void skip(qsizetype count = 1) { m_states.skipped += count; }

    [[nodiscard]] FetchedStates take();

private:
    struct Index {
        qsizetype mailbox = 0;
        QByteArray uidl;

        friend bool operator==(const Index &, const Index &) = default;
        friend size_t qHash(const Index &index, size_t seed) { return qHashMulti(seed, index.mailbox, index.uidl); }
    };

    StateFormat m_format;
    QString m_program;
    FetchedStates m_states;
    QHash<std::pair<QString, QString>, qsizetype> m_mailboxes;
    QHash<Index, qsizetype> m_positions;
    qsizetype m_current = -1;
};

} // namespace satchel::exchange
