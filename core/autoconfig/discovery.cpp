// SPDX-License-Identifier: GPL-3.0-or-later
#include "autoconfig/discovery.h"

#include "autoconfig/dnsrecords.h"
#include "autoconfig/guesses.h"
#include "autoconfig/hints.h"
#include "autoconfig/webconfig.h"

namespace satchel::autoconfig {

Discovery::Discovery(QObject *parent)
    : Discovery(DiscoveryOptions(), Providers::builtIn(), parent)
{
}

Discovery::Discovery(DiscoveryOptions options, Providers providers, QObject *parent)
    : QObject(parent)
    , m_options(std::move(options))
    , m_providers(std::move(providers))
{
}

Discovery::~Discovery()
{
    cancel();
}

void Discovery::find(const QString &address, const QString &personName)
{
    cancel();
    m_run = new QObject(this);
    m_submission.reset();
    m_personName = personName.trimmed();
    // Queued, so that no answer comes before this returns; a cancelled run still gets what was queued for it.
    const auto soon = [this](auto what) {
        const auto unlessCancelled = [this, run = m_run, what] {
            if (run == m_run)
                what();
        };
        QMetaObject::invokeMethod(m_run, unlessCancelled, Qt::QueuedConnection);
    };
    const Expected<MailAddress> parsed = parseAddress(address);
    if (!parsed) {
        soon([this, error = parsed.error()] {
            cancel();
            Q_EMIT notFound(error);
        });
        return;
    }
    m_address = *parsed;
    if (const Provider *provider = m_providers.forDomain(m_address.domain)) {
        if (const auto preset = fromProvider(*provider, Source::Preset, m_address, m_personName)) {
            soon([this, preset] { finish(*preset); });
            return;
        }
        m_submission = submissionOf(*provider, Source::Preset, m_address);
    }
    soon([this] { lookUp(); });
}

void Discovery::cancel()
{
    if (!m_run)
        return;
    if (m_web)
        m_web->abort();
    if (m_dns)
        m_dns->abort();
    if (m_guesses)
        m_guesses->abort();
    m_web = nullptr;
    m_dns = nullptr;
    m_guesses = nullptr;
    m_run->deleteLater(); // one of its children may be speaking
    m_run = nullptr;
}

void Discovery::lookUp()
{
    if (m_offline) {
        giveUp(ErrorKind::Offline,
            tr("You are working offline, so the settings of %1 were not looked up; type them yourself, or go online "
               "and try again.")
                .arg(m_address.domain),
            ErrorAction::Retry);
        return;
    }
    m_web = new WebConfig(m_address, m_options, m_run);
    m_dns = new DnsRecords(m_address.domain, m_options, m_run);
    connect(m_web, &WebConfig::finished, this, &Discovery::consider);
    connect(m_dns, &DnsRecords::finished, this, &Discovery::consider);
    m_web->start();
    m_dns->start();
    Q_EMIT progressed(tr("Asking %1 for its mail settings…").arg(m_address.domain));
}

void Discovery::consider()
{
    if (!m_web || !m_web->isFinished())
        return;
    const std::optional<ClientConfig> &config = m_web->config();
    if (config && config->submission)
        m_submission = config->submission;
    if (config && config->pop3) {
        const QString name = config->provider.isEmpty() ? m_address.domain : config->provider;
        Proposal made = proposal(Source::Autoconfig, m_address, m_personName, name, config->pop3);
        if (config->passwordRefused) {
            made.signIn = SignIn::OAuth;
            made.hints.append(hint(QStringLiteral("oauth-only"), name).value_or(QString()));
        }
        finish(made);
        return;
    }
    if (m_dns->isFinished())
        considerDns();
}

void Discovery::considerDns()
{
    if (auto server = m_dns->submission(); server && !m_submission) {
        server->userName = m_address.text;
        m_submission = server;
    }
    if (auto server = m_dns->pop3()) {
        server->userName = m_address.text; // RFC 6186, section 4: first the whole address
        Proposal made = proposal(Source::Dns, m_address, m_personName, m_address.domain, server);
        if (!isInside(server->host, m_address.domain)) {
            made.needsConfirmation = true;
            made.hints.append(hintOutsideDomain(server->host, m_address.domain));
        }
        finish(made);
        return;
    }
    if (m_dns->saysNoPop3()) {
        offerNoPop3(Source::Dns);
        return;
    }
    const QStringList exchanges = m_dns->mailExchanges();
    for (const QString &exchange : exchanges) {
        const Provider *provider = m_providers.forMailExchange(exchange);
        const auto made = provider ? fromProvider(*provider, Source::Mx, m_address, m_personName) : std::nullopt;
        if (made) {
            finish(*made);
            return;
        }
    }
    if (!m_dns->answered() && !m_web->answered()) {
        giveUp(ErrorKind::Offline,
            tr("The settings of %1 could not be looked up, because there is no connection to the internet; you can "
               "type them yourself, or try again later.")
                .arg(m_address.domain),
            ErrorAction::Retry);
        return;
    }
    guess();
}

void Discovery::guess()
{
    m_guesses = new Guesses(m_address.domain, m_options, m_run);
    connect(m_guesses, &Guesses::finished, this, &Discovery::considerGuesses);
    m_guesses->start();
    Q_EMIT progressed(tr("Looking for the mail server of %1…").arg(m_address.domain));
}

void Discovery::considerGuesses()
{
    const auto &best = m_guesses->best();
    if (best) {
        const net::Endpoint &at = best->endpoint;
        Proposal made = proposal(Source::Guess, m_address, m_personName, m_address.domain,
            MailServer{at.host, at.port, at.security, m_address.text});
        if (!best->trusted && at.security != Security::Plain) {
            made.needsConfirmation = true;
            made.hints.append(hintUntrustedCertificate(at.host));
        }
        finish(made);
    } else if (m_web->config()) {
        offerNoPop3(Source::Autoconfig); // its file names servers, of other kinds only
    } else {
        giveUp(ErrorKind::NotFound,
            tr("No settings were found for %1; type those that your mail provider gave you.").arg(m_address.domain),
            ErrorAction::EditAccount);
    }
}

void Discovery::offerNoPop3(Source source)
{
    Proposal made = proposal(source, m_address, m_personName, m_address.domain, std::nullopt);
    made.hints.append(hintNamesNoPop3(m_address.domain));
    finish(made);
}

void Discovery::giveUp(ErrorKind kind, const QString &text, ErrorAction action)
{
    const Error error{kind, text, action, m_web ? m_web->error().text : QString(), std::nullopt};
    cancel();
    Q_EMIT notFound(error);
}

void Discovery::finish(Proposal proposal)
{
    if (!proposal.submission)
        proposal.submission = m_submission;
    cancel();
    Q_EMIT found(proposal);
}

} // namespace satchel::autoconfig
