// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "autoconfig/discoveryoptions.h"
#include "autoconfig/mailaddress.h"
#include "autoconfig/proposal.h"
#include "autoconfig/providers.h"
#include "base/error.h"

#include <QObject>
#include <QString>

namespace satchel::autoconfig {

class DnsRecords;
class Guesses;
class WebConfig;

/// Finds the settings of an e-mail address. In this order, and the first that knows wins:
/// 1. the table that comes with the program: at once, without any network;
/// 2. all three at the same time: a file that the domain publishes over https, SRV records, and the table again
///    for the provider that receives the domain's mail (MX);
/// 3. usual server names, tried one tier after the other.
///
/// Nothing leaves the machine before find() or after cancel(). What leaves is the domain, never the person's name or
/// address, and no credential: DNS questions, two https requests, and at most a greeting, CAPA, STLS and QUIT with
/// servers of that very domain. Lives on any thread with an event loop; nothing blocks.
class Discovery : public QObject
{
    Q_OBJECT

public:
    explicit Discovery(QObject *parent = nullptr);
    Discovery(DiscoveryOptions options, Providers providers, QObject *parent = nullptr);
    ~Discovery() override;

    /// Answers with found() or notFound(), once, and never before it returns. A search that is under way is cancelled.
    void find(const QString &address, const QString &personName);
    void cancel(); ///< no signal follows
    /// The person wants no connection: what the table does not know is not looked for. For searches that begin later.
    void setOffline(bool offline) { m_offline = offline; }
    [[nodiscard]] bool isSearching() const { return m_run != nullptr; }

Q_SIGNALS:
    void progressed(const QString &text); ///< a translated sentence: what is being tried
    void found(const satchel::autoconfig::Proposal &proposal);
    /// InvalidRequest: no address; Offline: there is no network, so nothing could be tried; NotFound: settings must be
    /// typed. None of them keeps anybody from typing them.
    void notFound(const satchel::Error &error);

private:
    void lookUp();
    void consider();
    void considerDns();
    void guess();
    void considerGuesses();
    void offerNoPop3(Source source);
    void giveUp(ErrorKind kind, const QString &text, ErrorAction action);
    void finish(Proposal proposal);

    DiscoveryOptions m_options;
    Providers m_providers;
    MailAddress m_address;
    QString m_personName;
    bool m_offline = false;
    std::optional<MailServer> m_submission; ///< learned on the way, for a proposal that has none of its own
    QObject *m_run = nullptr; ///< parent of all that belongs to the present search
    WebConfig *m_web = nullptr;
    DnsRecords *m_dns = nullptr;
    Guesses *m_guesses = nullptr;
};

} // namespace satchel::autoconfig
