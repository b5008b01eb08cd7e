// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/ids.h"

#include <QByteArray>
#include <QDateTime>
#include <QFlags>
#include <QList>
#include <QMetaType>
#include <QString>

namespace satchel {

enum class MessageFlag : quint32 {
    Read = 1U << 0,
    Starred = 1U << 1,
    HasAttachment = 1U << 2,
    Damaged = 1U << 3, ///< the parser gave up on it: it is shown as source
    Answered = 1U << 4,
    Forwarded = 1U << 5,
    Partial = 1U << 6, ///< only the beginning is here: the whole is, or was, on the server
    RestWished = 1U << 7, ///< with Partial: the next check gets the whole
    RestRefused = 1U << 8, ///< with Partial: the person does not want the whole
    RestGone = 1U << 9, ///< with Partial: the whole has left the server
};
Q_DECLARE_FLAGS(MessageFlags, MessageFlag)
Q_DECLARE_OPERATORS_FOR_FLAGS(MessageFlags)

enum class FolderRole {
    Own = 0, ///< made by the user
    Inbox = 1,
    Archive = 2,
    Sent = 3,
    Drafts = 4,
    Junk = 5,
    Trash = 6,
    Removed = 7, ///< never shown: what was deleted for good, kept until it can no longer be undone
};

struct Mailbox {
    QString name;
    QString address;

    friend bool operator==(const Mailbox &, const Mailbox &) = default;
};

/// What a list needs to know of a message: taken from its header by `mime`, kept by `store`.
struct Envelope {
    Mailbox from; ///< the first; its address is never empty when the field held one
    QList<Mailbox> to; ///< To and Cc
    QString subject; ///< decoded, made safe to show
    QDateTime date; ///< UTC; Date, or Received where that is missing or cannot be true; else invalid
    QDateTime received; ///< UTC; when the last server took it, as that says; invalid when it does not
    QByteArray messageId; ///< without angle brackets
    QList<QByteArray> references; ///< oldest first, In-Reply-To last, without duplicates
    QString preview; ///< the first 200 characters or so of the body, white space folded
    int attachments = 0;
    bool damaged = false;

    friend bool operator==(const Envelope &, const Envelope &) = default;
};

/// The words a message can be found by, as a person would read them; `store` folds them.
struct SearchText {
    QString from;
    QString recipients;
    QString subject;
    QString body;
    QString attachmentNames;

    friend bool operator==(const SearchText &, const SearchText &) = default;
};

/// A row of the message list. Never holds the body.
struct MessageSummary {
    MessageId id;
    AccountId account;
    FolderId folder;
    Mailbox from;
    QString recipients; ///< for folders that hold what was sent
    QString subject;
    QString preview;
    QDateTime date; ///< UTC; when the message names none, when it was stored
    QDateTime stored; ///< UTC
    qint64 size = 0; ///< bytes as received; of a message that is only here in part: as the server says
    MessageFlags flags;

    friend bool operator==(const MessageSummary &, const MessageSummary &) = default;
};

struct FolderInfo {
    FolderId id;
    AccountId account;
    FolderId parent; ///< none: at the top of its account
    FolderRole role = FolderRole::Own;
    QString name; ///< of own folders; the others are named by the interface, in the user's language
    qint64 total = 0;
    qint64 unread = 0;

    friend bool operator==(const FolderInfo &, const FolderInfo &) = default;
};

enum class SortField { Date, Sender, Subject, Size, Arrived };

struct SortOrder {
    SortField field = SortField::Date;
    Qt::SortOrder direction = Qt::DescendingOrder;

    friend bool operator==(const SortOrder &, const SortOrder &) = default;
};

/// Where a message was before it was moved: what undo needs.
struct MovedMessage {
    MessageId id;
    FolderId from;
    FolderId to;

    friend bool operator==(const MovedMessage &, const MovedMessage &) = default;
};

} // namespace satchel

Q_DECLARE_METATYPE(satchel::MessageSummary)
Q_DECLARE_METATYPE(QList<satchel::MessageSummary>)
Q_DECLARE_METATYPE(QList<satchel::MessageId>)
Q_DECLARE_METATYPE(QList<satchel::FolderInfo>)
Q_DECLARE_METATYPE(QList<satchel::MovedMessage>)
