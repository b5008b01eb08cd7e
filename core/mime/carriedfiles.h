// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace satchel::mime {

struct Structure;

/// Adds the files that stand inside other parts (uuencoded in a text, or in a TNEF part) as parts of their own,
/// so that they can be listed, shown and saved like any other.
void appendCarriedFiles(Structure &structure);

} // namespace satchel::mime
