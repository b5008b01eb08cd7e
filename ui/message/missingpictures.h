// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QSet>
#include <QString>

class QTextDocument;

namespace satchel::ui {

/// Puts the words that a sender gave for a picture in its place, for those pictures that cannot be drawn.
void showWordsForPictures(QTextDocument &document, const QSet<QString> &names);

} // namespace satchel::ui
