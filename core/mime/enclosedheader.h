// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "mime/partscanner.h"

#include <QString>

namespace satchel::mime {

/// What stands in front of a message that is shown within another: who wrote it to whom, when and what about.
struct EnclosedHeader {
    QString text;
    QString html;
    QString words; ///< to be searched: without the names of the fields
};

[[nodiscard]] EnclosedHeader enclosedHeader(const Structure &structure, int message, const QByteArray &chosenCharset);

} // namespace satchel::mime
