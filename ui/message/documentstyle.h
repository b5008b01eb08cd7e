// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QPalette>

class QString;
class QTextDocument;

namespace satchel::ui {

/// Turns the colours that a message brought along for a dark ground: each keeps its hue, light becomes dark, and
/// text is lifted until it can be read. Pictures stay as they are.
void darkenColours(QTextDocument &document, const QColor &ground);

/// The colour as darkenColours() would give it; for its tests.
[[nodiscard]] QColor darkened(const QColor &colour, bool isText, const QColor &ground);

/// Multiplies all sizes of letters that the message set itself; what follows the default font is left alone.
void scaleFonts(QTextDocument &document, qreal factor);

/// Fills a document with plain text: quotations coloured by their depth, addresses of the web made links.
void fillPlainText(QTextDocument &document, const QString &text, const QPalette &palette);

} // namespace satchel::ui
