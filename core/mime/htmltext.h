// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "mime/cssfilter.h"
#include "mime/htmltree.h"

#include <QString>

namespace satchel::mime {

/// What a reader would see of the document, as plain text: blocks on lines of their own, lists with bullets,
/// links with their target behind the text. Nothing of scripts, style sheets and what is hidden.
[[nodiscard]] QString htmlText(const HtmlTree &tree, const HiddenBySheet &hidden, qsizetype limit);

/// True when there is something to see in it: not only blanks and signs that draw nothing.
[[nodiscard]] bool hasWords(QStringView text);

/// True when the element's own attributes or a style sheet hide it (a newsletter's "preheader").
[[nodiscard]] bool isHidden(const GumboNode *element, const HiddenBySheet &hidden);

/// The style sheets of the document, in order, up to the limit.
[[nodiscard]] QString styleSheets(const HtmlTree &tree);

/// What they hide. Cheap when they hide nothing.
[[nodiscard]] HiddenBySheet hiddenBySheets(const QString &sheets);

} // namespace satchel::mime
