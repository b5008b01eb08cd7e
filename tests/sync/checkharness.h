// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "store/reader.h"
#include "store/writer.h"
#include "sync/mailcheck.h"

#include <QByteArrayList>
#include <QTemporaryDir>

#include <functional>
#include <memory>

namespace satchel::test {

/// A store in a temporary folder with one account, and checks of it run to their end.
class CheckHarness
{
public:
    explicit CheckHarness(const QString &place = {}); ///< the folder in which its own is made

    [[nodiscard]] AccountSettings &account() { return m_account; }
    [[nodiscard]] store::Writer &writer() { return *m_writer; }
    [[nodiscard]] QString storeFile() const;
    [[nodiscard]] const store::Reader &reader();
    void reopen(); ///< as after a restart
    void close();

    /// Applies the changed account() and runs one check. \a started is given the check before it starts.
    sync::CheckResult check(const QString &password, const std::function<void(sync::MailCheck &)> &started = {});
    sync::TransportFactory connectTo; ///< TlsTransport unless a test sets another
    pop3::SessionOptions options;
    Clock clock = Clock(); ///< of this computer unless a test turns one

    [[nodiscard]] QByteArrayList sources(); ///< of all stored messages, oldest first
    [[nodiscard]] QList<store::LedgerEntry> ledger();

private:
    QTemporaryDir m_folder;
    std::unique_ptr<store::Writer> m_writer;
    std::unique_ptr<store::Reader> m_reader;
    AccountSettings m_account;
};

} // namespace satchel::test
