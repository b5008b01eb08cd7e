// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

namespace satchel::mime {

/// The charset that Windows knows by this number; empty for one that is not known here.
[[nodiscard]] QByteArray charsetOfCodepage(quint32 number);

} // namespace satchel::mime
