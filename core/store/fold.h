// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringView>

namespace satchel::store {

// One folding for what is stored and for what is asked, so that both always meet: compatibility forms and case
// are folded, accents of alphabets and characters that draw nothing (soft hyphens, joiners, marks of direction)
// dropped. Pure functions, any thread.

/// Words parted by single blanks, as the index takes them. Scripts that are written without blanks become
/// overlapping pairs of characters; a run of them ends with its last character alone, unless \a openEnd says
/// that the text may go on (the end of a query).
[[nodiscard]] QString foldForSearch(QStringView text, bool openEnd = false);

/// The same without pairs: equal for texts that a person would sort together.
[[nodiscard]] QString foldForSorting(QStringView text);

/// \a subject without "Re:", "Fwd:", "AW:" and the like in front.
[[nodiscard]] QStringView withoutReplyPrefixes(QStringView subject);

/// True for characters of scripts without blanks between words: CJK, kana, hangul, Thai and its neighbours.
[[nodiscard]] bool isUnspaced(char32_t c);

} // namespace satchel::store
