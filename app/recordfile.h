// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "sync/mailcheck.h"

#include <QString>

namespace satchel {

/// `--record FILE`: transports that write every connection down as a transcript without anything personal in it
/// (pop3::TranscriptWriter). The first goes to \a file, each further one to a file beside it: "x-2.pop3", "x-3.pop3".
/// FileUnwritable where that cannot be. The factory is for the mail thread.
[[nodiscard]] Expected<sync::TransportFactory> recordingTransports(const QString &file);

} // namespace satchel
