// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QByteArrayView>

namespace satchel::mime {

enum class CmsKind {
    None, ///< not that, or damaged
    Signed, ///< with what it signs inside
    Encrypted,
    Other, ///< certificates alone, compressed
};

struct CmsContent {
    CmsKind kind = CmsKind::None;
    QByteArray bytes; ///< what is signed
};

/// Takes what S/MIME signed out of it (RFC 5652, in BER or DER, also as PEM). No signature is checked. Every length is
/// held against what is there before it is used; of what was cut off, what is there is taken.
[[nodiscard]] CmsContent readCms(const QByteArray &data);

} // namespace satchel::mime
