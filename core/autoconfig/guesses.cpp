// SPDX-License-Identifier: GPL-3.0-or-later
#include "autoconfig/guesses.h"

#include "net/tlstransport.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace satchel::autoconfig {

namespace {

constexpr QLatin1StringView Prefixes[] = {"pop."_L1, "pop3."_L1, "mail."_L1, ""_L1};

std::unique_ptr<net::Transport> transport(const net::Endpoint &endpoint, const DiscoveryOptions &options)
{
    if (options.transport)
        return options.transport(endpoint);
    return std::make_unique<net::TlsTransport>(endpoint, net::ConnectDeadlines{options.probe, options.probe});
}

} // namespace

Guesses::Guesses(const QString &domain, const DiscoveryOptions &options, QObject *parent)
    : QObject(parent)
    , m_domain(domain)
    , m_options(options)
{
    m_grace.setSingleShot(true);
    connect(&m_grace, &QTimer::timeout, this, &Guesses::concludeTier);
}

Guesses::~Guesses() = default;

void Guesses::start()
{
    startTier(Security::ImplicitTls);
}

void Guesses::abort()
{
    m_grace.stop();
    for (const auto &candidate : m_candidates) {
        candidate->probe->disconnect(this);
        candidate->probe->abort();
    }
}

void Guesses::startTier(Security security)
{
    m_tier = qsizetype(m_candidates.size());
    for (const QLatin1StringView prefix : Prefixes) {
        auto candidate = std::make_unique<Candidate>();
        candidate->endpoint.host = prefix + m_domain;
        candidate->endpoint.port = security == Security::ImplicitTls ? 995 : 110;
        candidate->endpoint.security = security;
        candidate->probe =
            std::make_unique<Probe>(transport(candidate->endpoint, m_options), security, m_options.probe);
        connect(candidate->probe.get(), &Probe::finished, this, [this, c = candidate.get()] { probed(*c); });
        m_candidates.push_back(std::move(candidate));
    }
    for (auto candidate = m_candidates.begin() + m_tier; candidate != m_candidates.end(); ++candidate)
        (*candidate)->probe->start();
}

void Guesses::probed(Candidate &candidate)
{
    candidate.done = true;
    // The likeliest names in a row that have answered: what comes after them need not be waited for.
    for (auto next = m_candidates.cbegin() + m_tier; next != m_candidates.cend() && (*next)->done; ++next) {
        if ((*next)->probe->outcome() == Probe::Outcome::Protected) {
            concludeTier();
            return;
        }
    }
    if (std::all_of(m_candidates.cbegin() + m_tier, m_candidates.cend(), [](const auto &c) { return c->done; }))
        concludeTier();
    else if (candidate.probe->outcome() == Probe::Outcome::Protected && !m_grace.isActive())
        m_grace.start(m_options.grace);
}

const Guesses::Candidate *Guesses::firstWith(Probe::Outcome outcome) const
{
    const auto found = std::ranges::find_if(m_candidates,
        [outcome](const auto &candidate) { return candidate->done && candidate->probe->outcome() == outcome; });
    return found == m_candidates.cend() ? nullptr : found->get();
}

void Guesses::concludeTier()
{
    m_grace.stop();
    if (const Candidate *found = firstWith(Probe::Outcome::Protected)) {
        m_best = Found{found->endpoint, true};
        end();
    } else if (m_tier == 0) {
        startTier(Security::StartTls);
    } else {
        if (const Candidate *untrusted = firstWith(Probe::Outcome::Untrusted)) {
            m_best = Found{untrusted->endpoint, false};
        } else if (const Candidate *plain = firstWith(Probe::Outcome::Plain)) {
            m_best = Found{plain->endpoint, false};
            m_best->endpoint.security = Security::Plain;
        }
        end();
    }
}

void Guesses::end()
{
    abort();
    Q_EMIT finished();
}

} // namespace satchel::autoconfig
