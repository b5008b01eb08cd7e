// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/message/missingpictures.h"

#include <QTextBlock>
#include <QTextCursor>
#include <QTextDocument>
#include <QTextFragment>
#include <QTextImageFormat>

namespace satchel::ui {

namespace {

struct Place {
    int position = 0;
    int length = 0;
    QString words;
    QString link;
};

} // namespace

void showWordsForPictures(QTextDocument &document, const QSet<QString> &names)
{
    if (names.isEmpty())
        return;
    QList<Place> places;
    for (QTextBlock block = document.begin(); block.isValid(); block = block.next()) {
        for (auto it = block.begin(); !it.atEnd(); ++it) {
            const QTextFragment piece = it.fragment();
            const QTextImageFormat format = piece.charFormat().toImageFormat();
            if (format.isValid() && names.contains(format.name()))
                places.append({piece.position(), piece.length(), format.property(QTextFormat::ImageAltText).toString(),
                    format.anchorHref()});
        }
    }
    // From the end, so that the places in front stay where they are.
    for (auto place = places.crbegin(); place != places.crend(); ++place) {
        QTextCursor cursor(&document);
        cursor.setPosition(place->position);
        cursor.setPosition(place->position + place->length, QTextCursor::KeepAnchor);
        QTextCharFormat format;
        if (!place->link.isEmpty()) {
            format.setAnchor(true);
            format.setAnchorHref(place->link);
        }
        cursor.insertText(place->words, format);
    }
}

} // namespace satchel::ui
