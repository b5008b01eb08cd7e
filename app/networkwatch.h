// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QNetworkInformation>
#include <QObject>

namespace satchel {

/// Says when the system has a network again after it had none, has another one, or was let through by the one it has
/// (in hotels after one signed in). Nothing else hangs on it: what the system believes is
/// often wrong (a VPN, a network that nobody manages), so no check is ever left out for it. Lives on the GUI thread.
class NetworkWatch : public QObject
{
    Q_OBJECT

public:
    explicit NetworkWatch(QObject *parent = nullptr);

    // What the system says; tests say it themselves.
    void note(QNetworkInformation::Reachability reachability);
    void noteMedium(QNetworkInformation::TransportMedium medium);
    void notePortal(bool behindPortal);

Q_SIGNALS:
    void returned();

private:
    QNetworkInformation::Reachability m_last = QNetworkInformation::Reachability::Unknown;
    QNetworkInformation::TransportMedium m_medium = QNetworkInformation::TransportMedium::Unknown;
    bool m_behindPortal = false;
};

} // namespace satchel
