// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "mime/bodychoice.h"

#include <QHash>
#include <QSet>
#include <QString>

namespace satchel::mime {

// What an attachment is, and what it is called: one answer for the paper clip in the list, the search and the page.
// Pure functions, any thread.

/// By what the HTML may name a part: its Content-ID, the same in lower case, its Content-Location.
[[nodiscard]] QHash<QByteArray, int> contentIdsOf(const Structure &structure);

/// The parts that the page shows in its text, found by making it: no guess of what HTML names is ever the same. Where
/// no part could be named, nothing is made.
[[nodiscard]] QSet<int> shownOnPage(const Structure &structure, const BodyChoice &choice);

/// What is listed to be saved: everything that is not the body, but for pictures that the page shows. What the page
/// only names, and cannot draw, stays.
[[nodiscard]] QSet<int> attachmentsOf(const Structure &structure, const QSet<int> &candidates, const QSet<int> &shown);

/// The name to show and to save under, with the ending of its type; empty when the part gives itself none.
[[nodiscard]] QString attachmentNameOf(const Structure &structure, int index);

} // namespace satchel::mime
