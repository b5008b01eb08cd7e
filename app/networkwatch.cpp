// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/networkwatch.h"

namespace satchel {

NetworkWatch::NetworkWatch(QObject *parent)
    : QObject(parent)
{
    // Where the system tells nothing of its network, nothing is told here: checks still go by their intervals.
    if (!QNetworkInformation::loadBackendByFeatures(QNetworkInformation::Feature::Reachability))
        return;
    const QNetworkInformation *information = QNetworkInformation::instance();
    m_last = information->reachability();
    connect(information, &QNetworkInformation::reachabilityChanged, this, &NetworkWatch::note);
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

} // namespace satchel
