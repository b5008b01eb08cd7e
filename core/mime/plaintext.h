// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>
#include <QStringView>

namespace satchel::mime {

// How plain text is shown: what in it is a link, and whether its columns need letters of one width. Pure, any thread.

struct TextLink {
    qsizetype begin = 0;
    qsizetype length = 0;
    QString target; ///< as it may be opened, which is not always as it is written
};

/// Addresses of the web (also those that begin with "www."), and of people. Brackets that pair belong to an address,
/// the sentence's own signs behind it do not; between "<" and ">" it may run over line ends, and is one link in pieces
/// then. In the order of the text.
[[nodiscard]] QList<TextLink> linksIn(QStringView text);

/// True for text whose lines are columns: set by runs of blanks or tabs, or drawn with bars and boxes.
[[nodiscard]] bool hasColumns(QStringView text);

} // namespace satchel::mime
