// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "autoconfig/discoveryoptions.h"
#include "autoconfig/probe.h"

#include <QList>
#include <QObject>
#include <QString>
#include <QTimer>

#include <memory>
#include <optional>
#include <vector>

namespace satchel::autoconfig {

/// Looks for a POP3 server of a domain under the usual names: pop, pop3, mail and the domain itself. First on port
/// 995 with TLS, all four at once; only where none of them is one, on port 110. Of the servers that prove who they
/// are the likeliest name wins, not the fastest. One that cannot prove it comes after all that can, and one without
/// encryption comes last of all (law 8).
/// finished() comes once, never from start().
class Guesses : public QObject
{
    Q_OBJECT

public:
    Guesses(const QString &domain, const DiscoveryOptions &options, QObject *parent = nullptr);
    ~Guesses() override;

    void start();
    void abort(); ///< no signal follows

    struct Found {
        net::Endpoint endpoint; ///< security is Plain where STLS was not offered
        bool trusted = false;
    };
    [[nodiscard]] const std::optional<Found> &best() const { return m_best; }

Q_SIGNALS:
    void finished();

private:
    struct Candidate {
        net::Endpoint endpoint;
        std::unique_ptr<Probe> probe;
        bool done = false;
    };

    void startTier(Security security);
    void probed(Candidate &candidate);
    void concludeTier();
    void end();
    [[nodiscard]] const Candidate *firstWith(Probe::Outcome outcome) const;

    QString m_domain;
    DiscoveryOptions m_options;
    std::vector<std::unique_ptr<Candidate>> m_candidates; ///< likeliest first
    qsizetype m_tier = 0; ///< where the present tier begins
    QTimer m_grace;
    std::optional<Found> m_best;
};

} // namespace satchel::autoconfig
