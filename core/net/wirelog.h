// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QDateTime>
#include <QList>
#include <QMetaType>
#include <QString>

namespace satchel::net {

/// A line of the connection log. Secrets were struck out by verb before it was made (law 6).
struct WireLine {
    enum class From { Client, Server, Event };
    QDateTime at; ///< UTC
    From from = From::Event;
    QByteArray bytes; ///< without its line end; the middle of a message is not logged, only its size
};

} // namespace satchel::net

Q_DECLARE_METATYPE(satchel::net::WireLine)
