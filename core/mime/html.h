// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QHash>
#include <QList>
#include <QSet>
#include <QString>
#include <QStringList>

namespace satchel::mime {

struct SanitiseOptions {
    /// Content-ID (and Content-Location) to part index. A picture's own address works as a key too: so are pictures
    /// shown that were fetched on the person's word and stored beside the message.
    QHash<QByteArray, int> contentIds;
    QSet<int> dots; ///< pictures of a point or two: nothing to see
    QString cidPrefix; ///< pictures become `satchel-cid:PREFIX/INDEX`
    bool simpleHtml = true; ///< for QTextBrowser: its limits, and what it does not understand made plain
    bool fragment = false; ///< one of several pieces: no style sheet, which would style the others too
};

struct SanitisedHtml {
    QString html; ///< empty when over a limit
    QString text; ///< what a reader would see, for plain view, search and preview
    int blockedRemote = 0;
    bool overLimit = false;
    bool visible = false; ///< there is text or a picture to see, beyond the words that stand for pictures
    QList<int> usedParts; ///< inline pictures that the HTML shows
    QStringList remoteImages; ///< addresses of the pictures among what was blocked, in order, for when they are allowed
};

/// Parses with an HTML5 parser, keeps what is on the allow-list, writes it again (html.md, security.md).
/// The result opens no connection in any engine (law 7). Iterative; limits as html.md names them.
[[nodiscard]] SanitisedHtml sanitise(const QString &html, const SanitiseOptions &options);

} // namespace satchel::mime
