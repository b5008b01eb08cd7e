// SPDX-License-Identifier: GPL-3.0-or-later
#include "mime/html.h"

#include "mime/htmlinput.h"
#include "mime/htmltext.h"
#include "mime/htmltree.h"
#include "mime/limits.h"

namespace satchel::mime {

SanitisedHtml sanitise(const QString &html, const SanitiseOptions &options)
{
    SanitisedHtml result;
    const qsizetype limit = options.simpleHtml ? limits::htmlSimple : limits::htmlFull;
    if (html.size() > limit) {
        result.overLimit = true;
        result.text = strippedHtml(html, limits::shownText);
        return result;
    }
    const HtmlTree tree(html);
    if (!tree.isValid()) {
        result.overLimit = true;
        result.text = strippedHtml(html, limits::shownText);
        return result;
    }
    result.text = htmlText(tree, limits::shownText);
    result.html = QStringLiteral("<div style=\"white-space: pre-wrap\">") + result.text.toHtmlEscaped()
        + QStringLiteral("</div>");
    return result;
}

} // namespace satchel::mime
