// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QNetworkInformation>
#include <QObject>

namespace satchel {

/// Says when the system has a network again after it had none. Nothing else hangs on it: what the system believes is
/// often wrong (a VPN, a network that nobody manages), so no check is ever left out for it. Lives on the GUI thread.
class NetworkWatch : public QObject
{
    Q_OBJECT

public:
    explicit NetworkWatch(QObject *parent = nullptr);

    void note(QNetworkInformation::Reachability reachability); ///< what the system says; tests say it themselves

Q_SIGNALS:
    void returned();

private:
    QNetworkInformation::Reachability m_last = QNetworkInformation::Reachability::Unknown;
};

} // namespace satchel
