// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHashFunctions>
#include <QMetaType>

#include <compare>

namespace satchel {

/// A row id that cannot be mistaken for the id of another table. Zero means "none".
template <class Tag>
struct Id {
    qint64 value = 0;

    [[nodiscard]] constexpr bool isValid() const { return value > 0; }
    friend constexpr auto operator<=>(Id, Id) = default;
};

template <class Tag>
size_t qHash(Id<Tag> id, size_t seed = 0)
{
    return ::qHash(id.value, seed);
}

using AccountId = Id<struct AccountTag>;
using FolderId = Id<struct FolderTag>;
using MessageId = Id<struct MessageTag>;

} // namespace satchel

Q_DECLARE_METATYPE(satchel::AccountId)
Q_DECLARE_METATYPE(satchel::FolderId)
Q_DECLARE_METATYPE(satchel::MessageId)
