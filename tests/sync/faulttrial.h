// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sync/checkharness.h"

#include <QByteArrayList>
#include <QSet>

#include <functional>

namespace satchel::test {

/// One mailbox whose visits go wrong, and what must be true after each of them and in the end. It believes neither the
/// check nor its result: the store file and the server are asked.
class FaultTrial
{
public:
    /// \a onServer: the messages that the server still has.
    FaultTrial(CheckHarness &harness, QString password, std::function<QByteArrayList()> onServer);

    void delivered(const QByteArrayList &mails); ///< were put on the server
    /// A visit that something is done to. What it did is in result().
    void visit();
    /// Empty, or which law was broken: what is gone from the server must be stored, and nothing may be stored twice.
    [[nodiscard]] QString brokenLaw() const;
    /// Visits that nothing is done to, until one ends well; then one more, which must find nothing to do. Empty, or
    /// what is wrong: a message that is missing, was stored twice, came in again, or is on the server and should not
    /// be.
    [[nodiscard]] QString finish();

    [[nodiscard]] const sync::CheckResult &result() const { return m_result; } ///< of the last visit
    [[nodiscard]] int stored() const { return m_stored; } ///< of all visits so far
    [[nodiscard]] int deleted() const { return m_deleted; } ///< that the server has confirmed, of all visits so far

private:
    CheckHarness &m_harness;
    QString m_password;
    std::function<QByteArrayList()> m_onServer;
    QSet<QByteArray> m_expected; ///< hashes
    sync::CheckResult m_result;
    int m_stored = 0;
    int m_deleted = 0;
};

} // namespace satchel::test
