// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QByteArrayView>

namespace satchel::mime {

struct DecompressedRtf {
    QByteArray bytes;
    bool intact = false; ///< its checksum is right
};

/// Unpacks PidTagRtfCompressed (MS-OXRTFCP), which may also be stored as it is. Never more than limits::rtf comes out.
[[nodiscard]] DecompressedRtf decompressRtf(QByteArrayView data);

} // namespace satchel::mime
