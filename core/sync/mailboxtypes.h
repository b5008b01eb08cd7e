// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "base/ids.h"
#include "base/message.h"

#include <QDateTime>
#include <QList>
#include <QMetaType>
#include <QString>

namespace satchel::sync {

// Plain values for the window that shows what is on a server.

/// What is here of a message on a server.
enum class ServerMessageState {
    New, ///< nothing; the next check fetches it
    Stored, ///< all of it
    DeletedHere, ///< it was stored, and the person deleted it since
    Beginning, ///< the first lines
    TooLarge, ///< nothing, for its size
    Skipped, ///< nothing, by the person's wish
    Failed, ///< nothing: the server refused it; it is tried again later
    Elsewhere, ///< nothing: another program has fetched it, so it is left to that
};

/// What becomes of it there by itself.
enum class ServerFate {
    Stays,
    GoesNext, ///< the next check deletes it
    GoesOn, ///< the first check after ServerMessage::goesOn deletes it
    GoesOnceStored, ///< the check that stores it deletes it
    AsksFirst, ///< due, but the person is asked before so many are deleted (Q52)
};

/// One message on a server. \a id names it for as long as the window is open; numbers and UIDLs stay with the engine
/// (Q33).
struct ServerMessage {
    int id = 0;
    qint64 size = 0; ///< as the server says
    ServerMessageState state = ServerMessageState::New;
    ServerFate fate = ServerFate::Stays;
    QDateTime goesOn; ///< UTC
    MessageId message; ///< here, whole or in part; none: nothing to show of it without asking the server
    bool provable = false; ///< all of it is here: deleting it there loses nothing
    bool deletable = true; ///< false: it shares its name there with another one, so that none is deleted by guess (Q28)
    bool ordered = false; ///< what the person ordered for it waits for the next check
    bool fetchedNext = false; ///< the next check gets it

    friend bool operator==(const ServerMessage &, const ServerMessage &) = default;
};

/// All of them, oldest first, as the server lists them.
struct ServerListing {
    AccountId account;
    QList<ServerMessage> messages;
    QDateTime at; ///< UTC
    QString whyNoDeletion; ///< one sentence; empty: messages may be deleted there
};

/// What the header of a message on a server says.
struct ServerHeader {
    int id = 0;
    bool refused = false; ///< the server does not give it
    Mailbox from;
    QString subject;
    QDateTime date; ///< UTC

    friend bool operator==(const ServerHeader &, const ServerHeader &) = default;
};

/// The first lines of a message on a server.
struct ServerPreview {
    ServerHeader header;
    QString text; ///< plain
    bool whole = false; ///< there is no more of it
};

/// What the person marked a message for.
enum class ServerMark { None, Get, Skip, Delete, Keep };

struct ServerWish {
    int id = 0;
    ServerMark mark = ServerMark::None;
    bool agreedToLose = false; ///< with Delete: the person was told that it is not stored here
    QString sender; ///< with Delete: for the log of deletions
    QString subject;
};

/// Where the look at a mailbox stands.
enum class VisitPhase {
    Waiting, ///< for a check of this mailbox, or for a password
    Delayed, ///< the server lets nobody in before a time that is told with it (Q16)
    Connecting,
    Listing,
    Ready,
    Resting, ///< not connected; the next wish connects again
    Applying, ///< a check does what was ordered
    Offline,
};

} // namespace satchel::sync

Q_DECLARE_METATYPE(satchel::sync::ServerListing)
Q_DECLARE_METATYPE(satchel::sync::ServerHeader)
Q_DECLARE_METATYPE(QList<satchel::sync::ServerHeader>)
Q_DECLARE_METATYPE(satchel::sync::ServerPreview)
Q_DECLARE_METATYPE(QList<satchel::sync::ServerWish>)
Q_DECLARE_METATYPE(satchel::sync::VisitPhase)
