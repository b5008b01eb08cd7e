// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QHash>
#include <QString>

namespace satchel::mime {

struct SanitiseOptions {
    QHash<QByteArray, int> contentIds; ///< Content-ID (and Content-Location) to part index
    QString cidPrefix;
    bool simpleHtml = true;
};

struct SanitisedHtml {
    QString html; ///< empty when over a limit
    QString text; ///< what a reader would see, for plain view, search and preview
    int blockedRemote = 0;
    bool overLimit = false;
    QList<int> usedParts; ///< inline pictures that the HTML shows
};

/// Parses with an HTML5 parser, keeps what is on the allow-list, writes it again (html.md, security.md).
/// The result opens no connection in any engine (law 7). Iterative; limits as html.md names them.
[[nodiscard]] SanitisedHtml sanitise(const QString &html, const SanitiseOptions &options);

} // namespace satchel::mime
