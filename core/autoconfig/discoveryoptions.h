// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "net/transport.h"

#include <QHostAddress>
#include <QList>
#include <QSslCertificate>
#include <QUrl>

#include <chrono>
#include <functional>
#include <memory>

namespace satchel::autoconfig {

/// How long the search waits, and by which ways it goes out. The program takes all as it is; tests lead every way
/// to servers of their own.
struct DiscoveryOptions {
    std::chrono::milliseconds lookUp{std::chrono::seconds(10)}; ///< https and DNS, which go at once; each as a whole
    std::chrono::milliseconds probe{std::chrono::seconds(10)}; ///< one server, from its name to its answer
    /// When a server has answered, how long one with a likelier name is waited for.
    std::chrono::milliseconds grace{std::chrono::milliseconds(1500)};

    /// The address that is really fetched; without it, the one of the domain.
    std::function<QUrl(const QUrl &)> fetched;
    QList<QSslCertificate> authorities; ///< trusted for https besides the system's
    QHostAddress nameserver; ///< null: the system's
    quint16 nameserverPort = 53; ///< of nameserver
    /// Without it, a net::TlsTransport that allows the time of probe.
    std::function<std::unique_ptr<net::Transport>(const net::Endpoint &)> transport;
};

} // namespace satchel::autoconfig
