// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "mime/partscanner.h"

#include <QList>
#include <QSet>

namespace satchel::mime {

/// One piece of what a person reads, in one form or in several of which one is shown. A form names parts in order:
/// text, HTML, a calendar, or an enclosed message, whose place its header takes (its own text stands behind that).
struct BodyPiece {
    QList<QList<int>> forms; ///< never empty; the best first: the next is shown where it has nothing to see
    int plain = -1; ///< the form for the plain view; -1: made of the one that is shown
    bool repeats = false; ///< of a winmail.dat: often what stands beside it already
};

/// Which parts are the shown body, and which are listed to be saved.
struct BodyChoice {
    QList<BodyPiece> pieces;
    QSet<int> attachments; ///< inline pictures too, until it is known that the HTML shows them
    QSet<int> related; ///< parts that the HTML may show by their Content-ID
    bool encrypted = false; ///< something was to be read that cannot be read here
    bool signedInside = false; ///< what is shown was signed, and nobody checked it
};

/// The rules: of alternatives the last form that can be shown, the richest first; the root of related parts; all
/// readable parts of a mixed one, with the messages in it; what S/MIME signs. A message that has a text never comes out
/// without a piece.
[[nodiscard]] BodyChoice chooseBody(const Structure &structure);

[[nodiscard]] bool isHtml(const Entity &entity);
[[nodiscard]] bool isCalendar(const Entity &entity);

} // namespace satchel::mime
