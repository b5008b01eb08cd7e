// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "base/ids.h"
#include "base/message.h"

#include <QDateTime>
#include <QMetaType>
#include <QString>
#include <QStringList>

#include <optional>

namespace satchel::sync {

// Plain values of the writing half that windows show.

enum class CheckPhase { Waiting, Connecting, LoggingIn, Listing, Receiving, Deleting, Finishing };

/// Where one account's check stands. Sent some ten times a second at most.
struct CheckProgress {
    AccountId account;
    CheckPhase phase = CheckPhase::Waiting;
    int messagesDone = 0;
    int messagesTotal = 0;
    qint64 bytesDone = 0;
    qint64 bytesTotal = 0; ///< advisory (Q21): may be exceeded
};

/// How it stands with the checks of an account: what its row in the folder pane tells.
struct AccountState {
    AccountId account;
    bool running = false; ///< or waiting for its turn
    QDateTime checkedAt; ///< UTC; when the last check ended; invalid: never
    std::optional<Error> error; ///< of the last check; what the person cancelled is none
    QDateTime nextAt; ///< UTC; invalid: not by itself

    friend bool operator==(const AccountState &, const AccountState &) = default;
};

/// What a server said of itself when it was last visited; kept with the account. Words are made safe to show.
struct ServerAnnouncement {
    static constexpr int never = -1;

    AccountId account;
    QDateTime loginAt; ///< UTC; invalid: the server was never visited
    QString implementation; ///< its program, as it calls itself; may be empty
    QStringList capabilities; ///< lines of CAPA
    /// Days after which the server itself deletes messages; 0: as soon as they were fetched; `never`; nullopt: not
    /// said.
    std::optional<int> expireDays;
    int loginDelay = 0; ///< seconds that must pass between logins; 0: not said
    bool loginDelayLearned = false; ///< it does not say so, but it refused a login that came sooner
    QString mechanism; ///< by which the login went: a SASL name, "USER" or "APOP"
    bool encrypted = false;

    friend bool operator==(const ServerAnnouncement &, const ServerAnnouncement &) = default;
};

/// A message that a server did not hand out (Q39). What is known of it is little.
struct FailedMessage {
    QString from; ///< empty: not known
    QString subject;
    qint64 size = 0; ///< as LIST said
    QString reason; ///< the server's words, or ours
};

/// What the wall clock did of late, that nothing else confirms.
enum class ClockDoubt {
    None,
    Stepped, ///< the boot clock did not: somebody has set it
    Unconfirmed, ///< the computer was off, or so it seems
};

/// What one check did.
struct CheckResult {
    AccountId account;
    QDateTime finishedAt; ///< UTC
    int stored = 0; ///< new messages
    int deletedOnServer = 0; ///< accepted by the server's +OK to QUIT
    int leftOnServer = 0;
    int recognised = 0; ///< known messages that the server gave new UIDLs (Q30)
    int heldDeletions = 0; ///< due to leave the server, but so many that a person must agree (Q52)
    int waitingDeletions = 0; ///< due to leave the server, but kept there while the store is damaged
    ClockDoubt clock = ClockDoubt::None;
    /// Due by such a clock alone: they stay until something else agrees (law 14).
    int unconfirmedDeletions = 0;
    QString unconfirmedText; ///< the sentence about them
    int beginnings = 0; ///< of `stored`: messages above the size limit, of which only the beginning is here
    int completed = 0; ///< messages that are whole now, and were here in part
    int skippedTooLarge = 0; ///< left on the server for their size, and not even their beginning could be had
    bool ordersOnly = false; ///< did what was ordered by hand, and nothing else
    int failedMessages = 0; ///< refused by the server; tried again later (Q39)
    QList<FailedMessage> failed; ///< which; of many the first
    int elsewhere = 0; ///< left there because other programs have fetched them
    bool mayHoldMore = false; ///< the server hands its mailbox out in portions: the next may hold more (Q36)
    QDateTime certificateEnds; ///< UTC; of the account's own certificate, if that is soon; else invalid
    std::optional<ServerAnnouncement> server; ///< where the login succeeded
    std::optional<Error> error; ///< ended the check; what was stored before it stays
};

/// What two visits of one check did together, the later one having ended it (Q36). Pure.
[[nodiscard]] CheckResult together(const CheckResult &before, CheckResult last);

/// What the next check of a mailbox would do by the settings that were asked about, if it finds there what the last one
/// left. Made by forecastOf().
struct Forecast {
    AccountId account;
    quint64 question = 0; ///< as it was asked, so that an old answer is not taken for a new one
    bool isKnown = false; ///< false: no visit got as far as a listing yet
    int fetches = 0;
    qint64 fetchBytes = 0;
    int deletes = 0;
    qint64 freedBytes = 0;
    QDateTime oldestDeleted; ///< UTC, when it was stored here; invalid: none was stored here before
    int held = 0; ///< due, but so many that a person must agree first (Q52); among those that stay
    qint64 heldBytes = 0;
    QDateTime oldestHeld; ///< UTC
    int stays = 0;
    qint64 staysBytes = 0;
    int tooLarge = 0; ///< among those that stay: never fetched, for their size
    QDateTime nextDue; ///< UTC, when the first of those that stay is old enough to leave; invalid: none will be

    friend bool operator==(const Forecast &, const Forecast &) = default;
};

/// What changed in the store: the models look again at what it names.
struct StoreChange {
    QList<MessageId> updated; ///< flags changed
    QList<MovedMessage> moved; ///< including those that were removed (to the Removed folder)
    bool folders = false; ///< folders were added, renamed or removed
    bool accounts = false;
};

/// A wish that can be taken back: flags as they were, places as they were.
struct UndoStep {
    QString text; ///< "Move 3 messages to Archive"
    QList<MovedMessage> moves;
    QList<MessageId> flagged;
    MessageFlags set; ///< what the wish had set on `flagged`
    MessageFlags cleared;

    [[nodiscard]] bool isEmpty() const { return moves.isEmpty() && flagged.isEmpty(); }
};

} // namespace satchel::sync

Q_DECLARE_METATYPE(satchel::sync::CheckProgress)
Q_DECLARE_METATYPE(satchel::sync::CheckResult)
Q_DECLARE_METATYPE(satchel::sync::Forecast)
Q_DECLARE_METATYPE(satchel::sync::AccountState)
Q_DECLARE_METATYPE(satchel::sync::ServerAnnouncement)
Q_DECLARE_METATYPE(satchel::sync::StoreChange)
Q_DECLARE_METATYPE(satchel::sync::UndoStep)
