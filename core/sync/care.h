// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <QMetaType>
#include <QString>

#include <optional>

namespace satchel::sync {

enum class CareTask {
    QuickCheck, ///< a glance, at each start
    FullCheck,
    BackUpIfDue, ///< once a day, when something has changed; says nothing when not
    BackUp, ///< among those that are kept by themselves
    BackUpTo, ///< into a file that the person chose
    Restore, ///< from a file; the store is closed meanwhile
    Repair, ///< the store is closed meanwhile
};

/// What became of it, as one sentence for the person.
struct CareResult {
    CareTask task = CareTask::QuickCheck;
    QString text;
    std::optional<Error> error; ///< could not be done, or (of a check) found damage
};

} // namespace satchel::sync

Q_DECLARE_METATYPE(satchel::sync::CareTask)
Q_DECLARE_METATYPE(satchel::sync::CareResult)
