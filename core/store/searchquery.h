// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringView>

namespace satchel::store {

/// What a person typed, as expressions for FTS5. Everything of theirs stands folded and within quotes there, so
/// that nothing they type is syntax.
struct SearchQuery {
    QString included; ///< all of these; empty: nothing was asked for
    QString excluded; ///< any of these

    [[nodiscard]] bool isEmpty() const { return included.isEmpty() && excluded.isEmpty(); }
};

/// Words are found from their beginning; "quoted words" are a phrase; from: to: subject: body: file: look in one
/// place; -word excludes. One letter alone is a whole word. No more than 32 words count.
[[nodiscard]] SearchQuery parseSearchQuery(QStringView query);

} // namespace satchel::store
