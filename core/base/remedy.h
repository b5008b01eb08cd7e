// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

namespace satchel {

/// When what ended is tried again by itself. What the network or sleep may have been at fault for is tried at a change
/// of the network and after sleep as well.
enum class Again {
    Soon, ///< after 15 seconds, 1 and 5 minutes: nobody reads a mailbox for long
    Later, ///< after 1, 5 and 15 minutes
    AtInterval, ///< as after a check that went well
    ByPerson, ///< a person alone can change it; looked at again when the network changes, in wide distances
};

/// How it is said.
enum class Said {
    Nowhere,
    InStatus, ///< nothing is wrong, and nothing is to be done
    AsTrouble, ///< in the bar; an account has one at a time
    AsNote, ///< in the bar, beside others of the account: a check that went well has this to say
};

/// What makes it go from the bar. Whoever closes it does so too.
enum class Gone {
    AfterGoodCheck, ///< of the account
    WhenStoreWorks, ///< somebody has read or written it since
    WhenStoreIsWhole, ///< it was replaced, or a check of all of it found nothing
    ByPerson,
};

/// What is done about an error of a kind.
struct Remedy {
    Again again = Again::Later;
    Said said = Said::AsTrouble;
    Gone gone = Gone::AfterGoodCheck;
    bool needsPerson = false; ///< who does not sit before it (`--fetch`) is told that a person is needed
};

/// The one table: a row for every kind. A kind without one does not compile. Pure.
///
/// Law: what can pass by itself is tried again by itself; only what a person alone can change waits for a person.
[[nodiscard]] Remedy remedyFor(ErrorKind kind);

} // namespace satchel
