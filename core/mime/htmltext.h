// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "mime/htmltree.h"

#include <QString>

namespace satchel::mime {

/// What a reader would see of the document, as plain text: blocks on lines of their own, lists with bullets,
/// links with their target behind the text. Nothing of scripts, style sheets and what is hidden.
[[nodiscard]] QString htmlText(const HtmlTree &tree, qsizetype limit);

/// True when the element's own attributes hide it (a newsletter's "preheader").
[[nodiscard]] bool isHidden(const GumboNode *element);

} // namespace satchel::mime
