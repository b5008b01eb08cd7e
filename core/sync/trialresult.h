// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <QMetaType>

#include <optional>

namespace satchel::sync {

/// What a visit found out that only tried the settings. A plain value, for windows too.
struct TrialResult {
    int messages = 0; ///< in the mailbox
    qint64 bytes = 0;
    bool encrypted = false;
    std::optional<Error> error; ///< it did not work
};

} // namespace satchel::sync

Q_DECLARE_METATYPE(satchel::sync::TrialResult)
