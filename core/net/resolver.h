// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <functional>

class QHostInfo;
class QObject;

namespace satchel::net {

/// Looks a name up: who asks is called back once, unless the context is gone, with the addresses in the order that the
/// system prefers. Tests have one of their own.
using Resolver =
    std::function<void(const QString &host, QObject *context, std::function<void(const QHostInfo &)> found)>;

} // namespace satchel::net
