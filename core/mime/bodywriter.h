// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "mime/bodychoice.h"
#include "mime/html.h"
#include "mime/message.h"

#include <QSet>
#include <QString>
#include <QStringList>

namespace satchel::mime {

/// Puts the pieces of the body together, as text and, when one of them is HTML, as HTML. Of the forms of a piece the
/// first is taken that has something to see.
class BodyWriter
{
public:
    BodyWriter(const Structure &structure, const BodyChoice &choice, const ParseOptions &options);

    /// Fills in text, html and what was blocked; the answer: the pictures that the HTML shows.
    QSet<int> write(Message &message);

private:
    struct Written {
        QStringList texts;
        QStringList htmls;
        QSet<int> used;
        bool anyHtml = false;
        bool visible = false;
    };

    Written writeForm(const QList<int> &form, Message &message);
    void writePart(int part, Written &written, Message &message);
    void add(const BodyPiece &piece, Message &message);
    void showPictures();
    void loosen(const BodyPiece &piece, Written &shown, int &number);
    [[nodiscard]] QString plainForm(const BodyPiece &piece, int shown) const;

    const Structure &m_structure;
    const BodyChoice &m_choice;
    const ParseOptions &m_options;
    SanitiseOptions m_sanitise;
    QString m_text;
    QString m_html;
    QSet<int> m_used;
    bool m_anyHtml = false;
    bool m_anyVisible = false;
    bool m_loosened = false; ///< HTML that has nothing to see otherwise
    bool m_afterHeader = false; ///< of an enclosed message, whose text follows it
};

/// True when \a text stands in \a before already, whatever blanks and signs lie between the words.
[[nodiscard]] bool repeats(const QString &text, const QString &before);

} // namespace satchel::mime
