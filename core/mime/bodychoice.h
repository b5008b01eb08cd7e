// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "mime/partscanner.h"

#include <QList>
#include <QSet>

namespace satchel::mime {

/// One piece of what a person reads: a text part, an HTML part, or the same in both forms.
struct BodyPiece {
    int text = -1;
    int html = -1;
};

/// Which parts are the shown body, and which are listed to be saved.
struct BodyChoice {
    QList<BodyPiece> pieces;
    QSet<int> attachments; ///< inline pictures too, until it is known that the HTML shows them
    QSet<int> related; ///< parts that the HTML may show by their Content-ID
};

/// The rules: the best of alternatives, the root of related parts, all readable parts of a mixed one.
/// A message that has a text never comes out without a piece.
[[nodiscard]] BodyChoice chooseBody(const Structure &structure);

} // namespace satchel::mime
