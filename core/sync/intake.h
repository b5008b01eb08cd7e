// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "base/error.h"
#include "base/message.h"
#include "base/spoolfile.h"
#include "store/parsingmark.h"
#include "store/writer.h"
#include "sync/countedtime.h"

#include <QFutureWatcher>
#include <QHash>
#include <QList>
#include <QObject>
#include <QThreadPool>

#include <functional>
#include <optional>
#include <utility>

namespace satchel::sync {

/// A whole message as the server sent it, and what is known of its place there.
struct ReceivedMessage {
    int number = 0; ///< of this session
    store::UidlKey key = {};
    qint64 serverSize = 0;
    QByteArray bytes = {};
    std::optional<SpooledMessage> spooled = {}; ///< in their place
    bool stub = false; ///< only its beginning
    bool doubted = false; ///< store::AppendItem::doubted
    bool compare = false; ///< store::AppendItem::compare
};

/// How the paths of messages begin that are too large to be held while they come: beside the store.
[[nodiscard]] QString spoolPlace(const store::Writer &writer, AccountId account);

/// Takes received messages, has them parsed and compressed on a thread of its own, and stores them in the order
/// they came, many in one commit while the disk is busy and few while the network is slow.
///
/// Where a server sends faster than the disk takes it, take() waits for the disk, so that memory is bounded.
///
/// Lives on the mail thread; only values cross to the worker. stored() means durable (law 1). A message that the
/// parser did not survive is stored all the same at the next start, unparsed: its bytes are what matters.
class Intake : public QObject
{
    Q_OBJECT

public:
    /// \a markFile: where the message at work is noted (store::ParsingMark).
    Intake(store::Writer &writer, AccountId account, FolderId folder, const QString &markFile,
        const Clock &clock = Clock(), QObject *parent = nullptr);
    ~Intake() override;

    /// Servers that hand out what was sent as well (Q37): messages from \a address that were delivered to nobody here
    /// go to \a folder, read.
    void fileSentMail(const QString &address, FolderId folder);
    /// What the ledger tells ages by (sync/countedtime.h); else the wall clock.
    void countBy(std::function<QDateTime()> line) { m_line = std::move(line); }
    [[nodiscard]] const ReceivedTimes &receivedTimes() const { return m_receivedTimes; } ///< of what was stored
    void take(ReceivedMessage message);
    [[nodiscard]] bool isIdle() const { return m_waiting.isEmpty() && !m_preparing; }
    /// Stores what was taken, now, and waits for it: for the end of a check that cannot go on.
    void drain();
    /// Stores the batch that is being prepared, and drops the others: the server still has them.
    void stop();

Q_SIGNALS:
    /// Of those that stored() tells next: what was to be compared, and is another message than the one that its key
    /// names; by which key it is known now.
    void differed(const QHash<satchel::store::UidlKey, satchel::store::UidlKey> &others);
    void stored(
        const QList<satchel::store::UidlKey> &keys, qint64 bytes, const QList<satchel::MessageSummary> &summaries);
    /// Of those stored: wholes that took the place of their beginnings, and beginnings that went.
    void completed(const QList<satchel::MessageSummary> &messages, const QList<satchel::MovedMessage> &retired);
    void idle(); ///< everything taken is stored
    void failed(const satchel::Error &error); ///< once; what was not stored is dropped, the server still has it

private:
    struct Batch {
        QList<ReceivedMessage> received;
        QList<store::PreparedMessage> prepared;
        QList<bool> sent; ///< by the person
        QList<QDateTime> receivedAt; ///< by the server of the mailbox
        std::optional<Error> error;
    };

    static Batch prepareBatch(store::ParsingMark *mark, const QString &ownAddress, Batch batch);
    void startBatch();
    void finishBatch(Batch batch);
    void storeBatch(); ///< the one that is being prepared, and waits for it
    void giveUp(const Error &error);

    store::Writer &m_writer;
    const AccountId m_account;
    const FolderId m_folder;
    const Clock m_clock;
    std::function<QDateTime()> m_line;
    ReceivedTimes m_receivedTimes;
    FolderId m_sentFolder;
    QString m_ownAddress; ///< empty: nobody's mail is told apart
    store::ParsingMark m_mark; ///< used by the worker alone
    QThreadPool m_worker;
    QFutureWatcher<Batch> m_watcher;
    QList<ReceivedMessage> m_waiting;
    qint64 m_waitingBytes = 0; ///< in memory
    bool m_preparing = false;
    bool m_failed = false;
};

} // namespace satchel::sync
