// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArrayView>
#include <QString>

namespace satchel::mime {

/// What a document in RTF says: its text or, where it was made of HTML (MS-OXRTFEX), that HTML.
struct RtfContent {
    QString text;
    QString html; ///< empty, where it was not made of HTML
};

/// Iterative and linear; what is damaged gives what stands before. Pictures and layout are left out.
[[nodiscard]] RtfContent readRtf(QByteArrayView rtf);

} // namespace satchel::mime
