// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtTypes>

namespace satchel::mime {

struct Structure;

/// Adds what stands inside part \a index (uuencoded in a text, in a TNEF part, pictures in HTML) as parts of their own,
/// so that it can be listed, shown and saved like any other. \a budget: bytes that may still be decoded for that.
void appendCarriedFiles(Structure &structure, int index, qsizetype &budget);

} // namespace satchel::mime
