// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/checkharness.h"

#include "net/tlstransport.h"

#include <QDir>
#include <QEventLoop>
#include <QTimer>

namespace satchel::test {

CheckHarness::CheckHarness(const QString &place)
    : m_folder((place.isEmpty() ? QDir::tempPath() : place) + QStringLiteral("/satchel-check-XXXXXX"))
{
    connectTo = [](const net::Endpoint &endpoint) { return std::make_unique<net::TlsTransport>(endpoint); };
    reopen();
    AccountSettings settings;
    settings.name = QStringLiteral("Test");
    settings.host = QStringLiteral("127.0.0.1");
    settings.retention = Retention::Keep;
    const Expected<AccountSettings> added = m_writer->addAccount(settings);
    Q_ASSERT(added);
    m_account = *added;
}

QString CheckHarness::storeFile() const
{
    return m_folder.filePath(QStringLiteral("mail.sqlite"));
}

void CheckHarness::close()
{
    m_reader.reset();
    m_writer.reset();
}

void CheckHarness::reopen()
{
    close();
    Expected<std::unique_ptr<store::Writer>> writer = store::Writer::open(storeFile());
    if (!writer)
        qFatal("%s", qPrintable(writer.error().text + writer.error().detail));
    m_writer = std::move(*writer);
}

const store::Reader &CheckHarness::reader()
{
    if (!m_reader) {
        Expected<std::unique_ptr<store::Reader>> reader = store::Reader::open(storeFile());
        if (!reader)
            qFatal("%s", qPrintable(reader.error().text + reader.error().detail));
        m_reader = std::move(*reader);
    }
    return *m_reader;
}

sync::CheckResult CheckHarness::check(const QString &password, const std::function<void(sync::MailCheck &)> &started)
{
    const Expected<void> updated = m_writer->updateAccount(m_account);
    Q_ASSERT(updated);
    net::Credentials credentials;
    credentials.userName = m_account.userName;
    credentials.password = password;
    sync::MailCheck check(m_account, credentials, *m_writer, connectTo, options, nullptr, {}, clock);
    sync::CheckResult result;
    QEventLoop loop;
    int finished = 0;
    QObject::connect(&check, &sync::MailCheck::finished, &loop, [&](const sync::CheckResult &outcome) {
        result = outcome;
        ++finished;
        loop.quit();
    });
    if (started)
        started(check);
    check.start();
    if (finished == 0) {
        QTimer::singleShot(std::chrono::minutes(2), &loop, [] { qFatal("the check did not end"); });
        loop.exec();
    }
    if (finished != 1)
        qFatal("a check ended %d times", finished);
    return result;
}

QByteArrayList CheckHarness::sources()
{
    const Expected<QList<MessageId>> ids = reader().list({}, {SortField::Date, Qt::AscendingOrder});
    if (!ids)
        qFatal("%s", qPrintable(ids.error().text));
    QList<MessageId> sorted = *ids;
    std::sort(sorted.begin(), sorted.end());
    QByteArrayList sources;
    for (const MessageId id : std::as_const(sorted)) {
        const Expected<QByteArray> source = reader().source(id);
        if (!source)
            qFatal("%s", qPrintable(source.error().text));
        sources.append(*source);
    }
    return sources;
}

QList<store::LedgerEntry> CheckHarness::ledger()
{
    const Expected<QList<store::LedgerEntry>> ledger = m_writer->ledger(m_account.id);
    if (!ledger)
        qFatal("%s", qPrintable(ledger.error().text));
    return *ledger;
}

} // namespace satchel::test
