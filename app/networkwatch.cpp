// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/networkwatch.h"

#include <utility>

namespace satchel {

NetworkWatch::NetworkWatch(QObject *parent)
    : QObject(parent)
{
    // Where the system tells nothing of its network, nothing is told here: checks still go by their intervals.
    if (!QNetworkInformation::loadBackendByFeatures(QNetworkInformation::Feature::Reachability))
        return;
    const QNetworkInformation *information = QNetworkInformation::instance();
    m_last = information->reachability();
    m_medium = information->transportMedium();
    m_behindPortal = information->isBehindCaptivePortal();
    connect(information, &QNetworkInformation::reachabilityChanged, this, &NetworkWatch::note);
    connect(information, &QNetworkInformation::transportMediumChanged, this, &NetworkWatch::noteMedium);
    connect(information, &QNetworkInformation::isBehindCaptivePortalChanged, this, &NetworkWatch::notePortal);
}

void NetworkWatch::note(QNetworkInformation::Reachability reachability)
{
    using Reachability = QNetworkInformation::Reachability;
    const Reachability before = std::exchange(m_last, reachability);
    // "Local" and "Site" are networks without the internet: more than before may be in reach, if only the office.
    const bool wasWithout =
        before == Reachability::Disconnected || before == Reachability::Local || before == Reachability::Site;
    if (wasWithout && reachability > before)
        Q_EMIT returned();
}

void NetworkWatch::noteMedium(QNetworkInformation::TransportMedium medium)
{
    // Unknown is what it is between two networks, too.
    if (medium == QNetworkInformation::TransportMedium::Unknown)
        return;
    const bool isAnother = m_medium != QNetworkInformation::TransportMedium::Unknown && m_medium != medium;
    m_medium = medium;
    if (isAnother)
        Q_EMIT returned();
}

void NetworkWatch::notePortal(bool behindPortal)
{
    if (std::exchange(m_behindPortal, behindPortal) && !behindPortal)
        Q_EMIT returned();
}

} // namespace satchel
