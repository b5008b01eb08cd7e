// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringView>

namespace satchel::mime {

/// The same document with the tags left out that would nest deeper than the limit; their text stays. A light
/// look at the tags, made before the real parser runs, because that takes quadratic time on deep nesting.
[[nodiscard]] QString boundedHtml(const QString &html);

/// The same document with what keeps a parser from its text mended: a comment, a title or a sheet that nobody closed
/// takes all that follows it, and of a page of frames only the words for those who have none are here. For a document
/// that has nothing to see otherwise: HTML5 is right about these, and still somebody wrote a text.
[[nodiscard]] QString loosenedHtml(const QString &html);

/// The text of a document that is too large for the parser: tags go, entities that matter are decoded.
[[nodiscard]] QString strippedHtml(QStringView html, qsizetype limit);

} // namespace satchel::mime
