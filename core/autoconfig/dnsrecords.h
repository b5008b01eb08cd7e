// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "autoconfig/discoveryoptions.h"
#include "autoconfig/proposal.h"

#include <QList>
#include <QObject>
#include <QString>
#include <QStringList>
#include <QTimer>

#include <array>
#include <memory>
#include <optional>

class QDnsLookup;

namespace satchel::autoconfig {

/// What DNS says of a mail domain: the SRV records of RFC 6186 and RFC 8314, and who receives its mail (MX).
/// All are asked at once. DNS is not protected: what it names is checked for form here, and for trust by who asks.
/// finished() comes once, never from start().
class DnsRecords : public QObject
{
    Q_OBJECT

public:
    DnsRecords(const QString &domain, const DiscoveryOptions &options, QObject *parent = nullptr);
    ~DnsRecords() override;

    void start();
    void abort(); ///< no signal follows
    [[nodiscard]] bool isFinished() const { return m_finished; }

    /// From _pop3s._tcp, else from _pop3._tcp with STLS required: never plain. Without a user name.
    [[nodiscard]] std::optional<MailServer> pop3() const;
    [[nodiscard]] std::optional<MailServer> submission() const;
    /// The domain says by a target of "." that it has no POP3 at all.
    [[nodiscard]] bool saysNoPop3() const;
    [[nodiscard]] const QStringList &mailExchanges() const { return m_exchanges; } ///< best first
    /// A name server answered, were it only to say that there is nothing: there is a network.
    [[nodiscard]] bool answered() const { return m_answered; }

Q_SIGNALS:
    void finished();

private:
    enum Service { Pop3s, Pop3, Submissions, SubmissionStartTls, ServiceCount };
    struct Answer {
        std::optional<MailServer> server;
        bool none = false; ///< the target is "."
    };

    void ask(int type, const QString &name, Service service);
    void readServices(const QDnsLookup &lookUp, Service service);
    void readExchanges(const QDnsLookup &lookUp);
    void end();

    QString m_domain;
    DiscoveryOptions m_options;
    QTimer m_deadline;
    QList<QDnsLookup *> m_lookUps; // children of this
    std::array<Answer, ServiceCount> m_answers;
    QStringList m_exchanges;
    int m_pending = 0;
    bool m_answered = false;
    bool m_finished = false;
};

} // namespace satchel::autoconfig
