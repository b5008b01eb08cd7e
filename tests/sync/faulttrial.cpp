// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/faulttrial.h"

#include "sync/storewitness.h"

#include <QTest>

using namespace Qt::StringLiterals;

namespace satchel::test {

FaultTrial::FaultTrial(CheckHarness &harness, QString password, std::function<QByteArrayList()> onServer)
    : m_harness(harness)
    , m_password(std::move(password))
    , m_onServer(std::move(onServer))
{
}

void FaultTrial::delivered(const QByteArrayList &mails)
{
    for (const QByteArray &mail : mails)
        m_expected.insert(hashOf(mail));
}

void FaultTrial::visit()
{
    m_result = m_harness.check(m_password);
    m_stored += m_result.stored;
    m_deleted += m_result.deletedOnServer;
}

QString FaultTrial::brokenLaw() const
{
    const Outcome outcome = StoreWitness(m_harness.storeFile()).outcome(m_expected);
    if (outcome.doubled > 0 || outcome.strange > 0)
        return u"%1 messages are stored twice, %2 were never sent"_s.arg(outcome.doubled).arg(outcome.strange);
    if (outcome.messages != m_stored)
        return u"%1 messages are stored, and the checks tell of %2"_s.arg(outcome.messages).arg(m_stored);
    QSet<QByteArray> gone = m_expected;
    for (const QByteArray &mail : m_onServer())
        gone.remove(hashOf(mail));
    StoreWitness witness(m_harness.storeFile());
    for (const QByteArray &hash : std::as_const(gone)) {
        if (!witness.holds(hash))
            return u"a message is gone from the server and was never stored"_s;
    }
    return {};
}

QString FaultTrial::finish()
{
    // A server may need a moment to notice that its client is gone.
    const bool ended = QTest::qWaitFor(
        [this] {
            visit();
            return !m_result.error;
        },
        60'000);
    if (!ended)
        return u"no visit ends well: %1 (%2)"_s.arg(m_result.error->text, m_result.error->detail);
    // What this visit has learned from the listing alone, the next one does not do again.
    const int before = m_stored;
    const int deletedBefore = m_deleted;
    visit();
    if (m_result.error)
        return u"a visit of a finished mailbox fails: %1"_s.arg(m_result.error->text);
    if (m_stored != before || m_deleted != deletedBefore)
        return u"a finished mailbox is not finished"_s;
    if (const QString broken = brokenLaw(); !broken.isEmpty())
        return broken;
    const Outcome outcome = StoreWitness(m_harness.storeFile()).outcome(m_expected);
    if (outcome.lost > 0)
        return u"%1 messages are lost"_s.arg(outcome.lost);
    const qsizetype left = m_onServer().size();
    const qsizetype due = m_harness.account().retention == Retention::Keep ? m_expected.size() : 0;
    if (left != due)
        return u"%1 messages are on the server and not %2"_s.arg(left).arg(due);
    return {};
}

} // namespace satchel::test
