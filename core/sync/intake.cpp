// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/intake.h"

#include "mime/abridged.h"
#include "mime/message.h"
#include "mime/parserthread.h"
#include "mime/received.h"

#include <QtConcurrentRun>

#include <algorithm>

namespace satchel::sync {

namespace {

// One commit carries at most this much: enough to make its fsync cheap, little enough to keep cancel prompt.
constexpr qsizetype batchMessages = 200;
constexpr qint64 batchBytes = 4 * 1024 * 1024;
constexpr qint64 mostWaiting = 24LL * 1024 * 1024;

/// Gmail notes on all that it delivers to whom. What somebody writes to themselves is mail for them.
bool isSentBy(const QString &address, const mime::Indexed &indexed)
{
    const auto isAddress = [&address](const Mailbox &mailbox) {
        return mailbox.address.compare(address, Qt::CaseInsensitive) == 0;
    };
    return !address.isEmpty() && !indexed.delivered && isAddress(indexed.envelope.from)
        && std::ranges::none_of(indexed.envelope.to, isAddress);
}

} // namespace

QString spoolPlace(const store::Writer &writer, AccountId account)
{
    return writer.file() + QStringLiteral(".spool-%1-").arg(account.value);
}

Intake::Intake(store::Writer &writer, AccountId account, FolderId folder, const QString &markFile, const Clock &clock,
    QObject *parent)
    : QObject(parent)
    , m_writer(writer)
    , m_account(account)
    , m_folder(folder)
    , m_clock(clock)
    , m_mark(markFile, 2)
{
    mime::prepareForParsing(m_worker);
    connect(&m_watcher, &QFutureWatcher<Batch>::finished, this, [this] {
        if (m_preparing && m_watcher.future().isFinished()) // storeBatch() may have been before it
            finishBatch(m_watcher.future().takeResult());
    });
}

Intake::~Intake()
{
    m_watcher.disconnect(this);
    m_worker.waitForDone();
}

void Intake::fileSentMail(const QString &address, FolderId folder)
{
    m_ownAddress = address;
    m_sentFolder = folder;
}

void Intake::take(ReceivedMessage message)
{
    if (m_failed)
        return;
    m_waitingBytes += message.bytes.size();
    m_waiting.append(std::move(message));
    if (!m_preparing)
        startBatch();
    while (m_waitingBytes > mostWaiting && m_preparing && !m_failed)
        storeBatch();
}

void Intake::storeBatch()
{
    m_watcher.waitForFinished();
    finishBatch(m_watcher.future().takeResult());
}

void Intake::drain()
{
    while (!m_failed && (m_preparing || !m_waiting.isEmpty())) {
        if (!m_preparing)
            startBatch();
        storeBatch();
    }
}

void Intake::stop()
{
    m_waiting.clear();
    m_waitingBytes = 0;
    drain();
}

void Intake::giveUp(const Error &error)
{
    m_failed = true;
    m_waiting.clear();
    m_waitingBytes = 0;
    Q_EMIT failed(error);
}

Intake::Batch Intake::prepareBatch(store::ParsingMark *mark, const QString &ownAddress, Batch batch)
{
    batch.prepared.reserve(batch.received.size());
    batch.sent.reserve(batch.received.size());
    for (ReceivedMessage &message : batch.received) {
        const QByteArray name = message.key.uidl.toHex() + '/' + QByteArray::number(message.key.occurrence);
        if (message.spooled) {
            // What a list and the search need of it, all else is hashed and compressed on its way.
            mime::Abridged abridged;
            const auto read = message.spooled->file->read([&abridged](QByteArrayView piece) {
                abridged.add(piece);
                return true;
            });
            if (!read) {
                batch.error = read.error();
                return batch;
            }
            message.bytes = abridged.take();
        }
        mime::Indexed indexed;
        if (mark->isQuarantined(name)) {
            indexed.envelope.damaged = true;
        } else {
            const store::ParsingMark::Work work(*mark, name);
            indexed = mime::index(message.bytes);
        }
        auto prepared = message.spooled
            ? store::prepare(*message.spooled, message.bytes, indexed.envelope, indexed.words)
            : store::prepare(message.bytes, indexed.envelope, indexed.words);
        if (!prepared) {
            batch.error = prepared.error();
            return batch;
        }
        batch.prepared.append(*std::move(prepared));
        batch.sent.append(isSentBy(ownAddress, indexed));
        batch.receivedAt.append(mime::receivedAt(message.bytes));
        message.bytes.clear();
        message.spooled.reset();
    }
    return batch;
}

void Intake::startBatch()
{
    Batch batch;
    qint64 bytes = 0;
    qsizetype count = 0;
    while (count < m_waiting.size() && count < batchMessages && bytes < batchBytes) {
        const ReceivedMessage &next = m_waiting.at(count++);
        m_waitingBytes -= next.bytes.size();
        bytes += next.spooled ? next.spooled->size() : next.bytes.size();
    }
    batch.received.reserve(count);
    std::move(m_waiting.begin(), m_waiting.begin() + count, std::back_inserter(batch.received));
    m_waiting.remove(0, count);
    m_preparing = true;
    m_watcher.setFuture(QtConcurrent::run(&m_worker, &Intake::prepareBatch, &m_mark, m_ownAddress, std::move(batch)));
}

void Intake::finishBatch(Batch batch)
{
    m_preparing = false;
    if (m_failed)
        return;
    if (batch.error) {
        giveUp(*batch.error);
        return;
    }
    // The worker goes on with the next batch while this one is written.
    if (!m_waiting.isEmpty())
        startBatch();

    const QDateTime now = m_clock.now();
    const QDateTime counted = m_line ? m_line() : now;
    QList<store::AppendItem> items;
    QList<store::UidlKey> keys;
    qint64 bytes = 0;
    items.reserve(batch.received.size());
    for (qsizetype i = 0; i < batch.received.size(); ++i) {
        const ReceivedMessage &received = batch.received.at(i);
        bytes += batch.prepared.at(i).size;
        keys.append(received.key);
        const bool sent = batch.sent.at(i);
        items.append({m_account, sent ? m_sentFolder : m_folder, received.key, received.serverSize, now,
            sent ? MessageFlag::Read : MessageFlags(), std::move(batch.prepared[i]), received.stub, counted,
            received.doubted, received.compare});
    }
    Expected<store::AppendOutcome> outcome = m_writer.append(items);
    if (!outcome) {
        giveUp(outcome.error());
        return;
    }
    for (const QDateTime &receivedAt : std::as_const(batch.receivedAt))
        m_receivedTimes.add(receivedAt, now);
    if (!outcome->completed.isEmpty() || !outcome->retired.isEmpty())
        Q_EMIT completed(outcome->completed, outcome->retired);
    if (!outcome->others.isEmpty())
        Q_EMIT differed(outcome->others);
    Q_EMIT stored(keys, bytes, outcome->stored);
    if (isIdle() && !m_failed)
        Q_EMIT idle();
}

} // namespace satchel::sync
