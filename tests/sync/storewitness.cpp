// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/storewitness.h"

#include "store/reader.h"

#include <QCryptographicHash>

#include <functional>

namespace satchel::test {

namespace {

/// Every message of the file that \a skip does not name. None where there is no store yet.
void readStore(const QString &file, const std::function<bool(qint64)> &skip,
    const std::function<void(qint64, const QByteArray &)> &take)
{
    const Expected<std::unique_ptr<store::Reader>> reader = store::Reader::open(file);
    if (!reader)
        return;
    Expected<QList<MessageId>> ids = (*reader)->list({}, {});
    if (!ids)
        return;
    ids->removeIf([&skip](MessageId id) { return skip(id.value); });
    const Expected<QList<MessageSummary>> summaries = (*reader)->summaries(*ids);
    if (!summaries)
        return;
    for (const MessageSummary &summary : *summaries) {
        const MessageId id = summary.id;
        // A beginning becomes the whole under the same id.
        if (summary.flags.testFlag(MessageFlag::Partial))
            continue;
        const Expected<QByteArray> source = (*reader)->source(id);
        if (!source)
            qFatal("a stored message cannot be read: %s", qPrintable(source.error().text));
        take(id.value, hashOf(*source));
    }
}

} // namespace

QByteArray hashOf(const QByteArray &bytes)
{
    return QCryptographicHash::hash(bytes, QCryptographicHash::Sha256);
}

StoreWitness::StoreWitness(QString file)
    : m_file(std::move(file))
{
}

bool StoreWitness::holds(const QByteArray &hash)
{
    if (m_hashes.contains(hash))
        return true;
    readStore(
        m_file, [this](qint64 id) { return m_seen.contains(id); },
        [this](qint64 id, const QByteArray &stored) {
            m_seen.insert(id);
            m_hashes.insert(stored);
        });
    return m_hashes.contains(hash);
}

Outcome StoreWitness::outcome(const QSet<QByteArray> &expected) const
{
    Outcome outcome;
    QHash<QByteArray, int> copies;
    readStore(
        m_file, [](qint64) { return false; },
        [&](qint64, const QByteArray &stored) {
            ++outcome.messages;
            ++copies[stored];
            outcome.strange += !expected.contains(stored);
        });
    for (const QByteArray &hash : expected)
        outcome.lost += !copies.contains(hash);
    for (const int count : std::as_const(copies))
        outcome.doubled += count > 1;
    return outcome;
}

DeleteWatch::DeleteWatch(QString storeFile)
    : m_witness(std::move(storeFile))
{
}

void DeleteWatch::deleteSeen(const QByteArray &hash)
{
    ++m_seen;
    if (!m_witness.holds(hash))
        ++m_unproven;
}

} // namespace satchel::test
