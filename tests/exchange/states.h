// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What the tests of state files share.
#include "exchange/fetchedstate.h"

#include <QDebug>
#include <QTimeZone>

#include <algorithm>

namespace satchel::exchange {

/// What the odd server of the fixtures had, see states/README.md.
inline const QList<QByteArray> oddUidls{"0000000165f3a2b1", "<4711@mail.example.org>", "#starts.with.hash", "*star",
    "a/b/c", "comma,and\\back\"slash'quote", "%41percent%2f", "caf\xc3\xa9-utf8", "UID12-1700000000",
    QByteArray(70, 'x'), "[bracket]=;{}~"};

inline QString fixture(const QString &name)
{
    return QStringLiteral(SATCHEL_TEST_DATA "/states/") + name;
}

/// A text with NULs in it.
template <size_t size>
QByteArray withNuls(const char (&text)[size])
{
    return QByteArray(text, size - 1);
}

inline QDateTime at(qint64 seconds)
{
    return QDateTime::fromSecsSinceEpoch(seconds, QTimeZone::utc());
}

inline QList<QByteArray> uidls(const FetchedState &state)
{
    QList<QByteArray> result;
    for (const FetchedMessage &message : state.messages)
        result.append(message.uidl);
    return result;
}

inline QList<QByteArray> sorted(QList<QByteArray> list)
{
    std::ranges::sort(list);
    return list;
}

/// The mailboxes of a text that must be readable.
inline FetchedStates parsed(const QString &name, QByteArrayView bytes)
{
    const auto states = parseFetchedState(name, bytes);
    if (!states)
        qWarning() << states.error().text;
    return states.value_or(FetchedStates());
}

} // namespace satchel::exchange
