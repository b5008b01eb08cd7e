// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "exchange/fetchedstate.h"

namespace satchel::exchange {

// One parser per format. None fails: what makes no sense is skipped and counted.

[[nodiscard]] FetchedStates parsePopState(const QString &fileName, QByteArrayView bytes);
[[nodiscard]] FetchedStates parseUidlFile(const QString &fileName, QByteArrayView bytes);
[[nodiscard]] FetchedStates parseOldmail(const QString &fileName, QByteArrayView bytes);
[[nodiscard]] FetchedStates parseFetchIds(QByteArrayView bytes);
[[nodiscard]] FetchedStates parseMpopUidls(QByteArrayView bytes);
[[nodiscard]] FetchedStates parseKMailSettings(const QString &fileName, QByteArrayView bytes);

/// The two names in a line of fetchmail, "user@host uidl", or in the head of a list of mpop, " count host user".
struct FetchIdsLine {
    QByteArrayView user;
    QByteArrayView host;
    QByteArrayView uidl;
};
[[nodiscard]] std::optional<FetchIdsLine> fetchIdsLine(QByteArrayView line);

struct MpopListHead {
    qint64 count = 0;
    QByteArrayView host;
    QByteArrayView user;
};
[[nodiscard]] std::optional<MpopListHead> mpopListHead(QByteArrayView line);

} // namespace satchel::exchange
