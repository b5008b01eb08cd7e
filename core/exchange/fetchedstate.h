// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "base/fetchedelsewhere.h"

#include <QByteArray>
#include <QDateTime>
#include <QList>
#include <QMetaType>
#include <QString>

namespace satchel::exchange {

// What other programs remember of the messages they fetched from a POP3 server, so that a switch to Satchel
// downloads nothing twice. Pure functions from bytes to plain values: nothing is executed, nothing is written,
// and the bytes may come from anyone. Any thread.

/// No larger file is read.
inline constexpr qint64 maximalStateFileSize = 64 * 1024 * 1024;
/// A longer UIDL is skipped: no server's is as long, and none is kept by the ledger (Q26).
inline constexpr qsizetype maximalStateUidl = 1024;
/// More messages of one file are skipped: they are downloaded again rather than all memory used up (Q22).
inline constexpr qsizetype maximalStateMessages = 1'000'000;

enum class StateFormat {
    Unknown,
    PopState, ///< popstate.dat of Netscape, Mozilla, SeaMonkey and Thunderbird
    UidlFile, ///< uidl/HOST-USER of Claws Mail and Sylpheed
    Oldmail, ///< oldmail-HOST-PORT-USER of getmail
    FetchIds, ///< .fetchids of fetchmail
    MpopUidls, ///< UIDLS file of mpop
    KMailSettings, ///< seenUidList of KMail, in its own files or in those of its Akonadi resource
};

struct FetchedMessage {
    QByteArray uidl; ///< as the program wrote it, see recordedUidls()
    QDateTime fetchedAt; ///< UTC; invalid when the program does not tell
    bool complete = true; ///< false: it holds the beginning only, or nothing yet (too large, "later")
    bool deletionWanted = false; ///< it would delete the message from the server at its next visit

    friend bool operator==(const FetchedMessage &, const FetchedMessage &) = default;
};

/// What is remembered of one mailbox. No UIDL occurs twice in it.
struct FetchedState {
    StateFormat format = StateFormat::Unknown;
    QString program; ///< a name to show
    QString host; ///< may be empty: not told
    QString user;
    quint16 port = 0; ///< 0: not told
    /// Of the formats that name their mailbox by the file's name alone: that part of it. It cannot be taken apart with
    /// certainty ("my-host-my-name"), so host and user are a guess then; isOfMailbox() needs none.
    QString mailboxName;
    QList<FetchedMessage> messages; ///< in the order of the file

    friend bool operator==(const FetchedState &, const FetchedState &) = default;
};

/// What was read from one file. A file may speak of several mailboxes.
struct FetchedStates {
    QList<FetchedState> mailboxes;
    qsizetype skipped = 0; ///< lines or entries that made no sense

    friend bool operator==(const FetchedStates &, const FetchedStates &) = default;
};

/// Recognises the format by content, and by name where the content has no mark of its own. \a fileName may be a whole
/// path.
[[nodiscard]] StateFormat detectFetchedState(const QString &fileName, QByteArrayView bytes);

/// Reads what detectFetchedState() recognises. Bad lines are skipped and counted. When nothing could be read:
/// ErrorKind::InvalidRequest (no such format) or ErrorKind::FileUnreadable (damaged, too large).
[[nodiscard]] Expected<FetchedStates> parseFetchedState(const QString &fileName, QByteArrayView bytes);

/// The same for a file on disk.
[[nodiscard]] Expected<FetchedStates> readFetchedState(const QString &path);

/// Whether \a state speaks of the mailbox of \a user at \a host: compares as that program names mailboxes.
[[nodiscard]] bool isOfMailbox(const FetchedState &state, const QString &host, const QString &user);

/// The form in which programs of \a format write UIDLs down.
[[nodiscard]] UidlForm uidlForm(StateFormat format);

/// How a program may write down a UIDL that a server sent as \a uidl: getmail turns "/" into "-", most end at a blank,
/// Thunderbird since 102 takes bytes for Latin-1 and writes UTF-8. One or two forms.
[[nodiscard]] QList<QByteArray> recordedUidls(StateFormat format, QByteArrayView uidl);

/// For each of \a serverUidls the index in state.messages, or -1 when it is not remembered. Also -1 when two of the
/// server's UIDLs could be meant: better to download one again than to miss one.
[[nodiscard]] QList<qsizetype> matchFetched(const FetchedState &state, const QList<QByteArray> &serverUidls);

} // namespace satchel::exchange

Q_DECLARE_METATYPE(satchel::exchange::StateFormat)
Q_DECLARE_METATYPE(satchel::exchange::FetchedState)
Q_DECLARE_METATYPE(satchel::exchange::FetchedStates)
