// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtTypes>

/// What a message may cost before it is shown as something simpler (mime.md, html.md). One list, so that
/// every guard and every test means the same figure.
namespace satchel::mime::limits {

inline constexpr qsizetype headerBlock = 1024 * 1024; ///< bytes; what follows in the block is not read
inline constexpr qsizetype headerField = 64 * 1024; ///< bytes of one field that are read
inline constexpr int headerFields = 5000;
inline constexpr int addresses = 10000; ///< in one message
inline constexpr int encodedWords = 2000; ///< in one field; what follows stays as it is written
inline constexpr int references = 1000;

inline constexpr int partDepth = 64;
inline constexpr int parts = 5000;
inline constexpr qsizetype decodedTimes = 4; ///< bytes decoded to find the parts, as a multiple of those of the message
inline constexpr int enclosedDepth = 8; ///< messages within messages that are shown in their place
inline constexpr int enclosedMessages = 500; ///< that are shown in their place; the others are attachments
inline constexpr int alternatives = 10; ///< forms of one text that are tried until one has something to see
inline constexpr qsizetype carriedFiles = 200; ///< uuencoded or TNEF files in one part
inline constexpr qsizetype tnef = 64 * 1024 * 1024;
inline constexpr qsizetype rtf = 16 * 1024 * 1024; ///< bytes, decompressed
inline constexpr int tnefDepth = 8; ///< messages within messages in winmail.dat
inline constexpr int dataPictures = 500; ///< that one HTML part holds in itself
inline constexpr qsizetype calendar = 512 * 1024; ///< bytes of a calendar that are read

inline constexpr qsizetype searchText = 4 * 1024 * 1024; ///< characters of the body that can be searched
inline constexpr qsizetype searchHtml = 32 * 1024 * 1024; ///< bytes of HTML that are read for them
inline constexpr qsizetype searchTree = 2 * 1024 * 1024; ///< characters of HTML that go through the parser for them
inline constexpr qsizetype shownText = 8 * 1024 * 1024; ///< characters of plain text

inline constexpr int elementDepth = 200;
inline constexpr int tableDepth = 10;
inline constexpr int elementsSimple = 20000;
inline constexpr int elementsFull = 200000;
inline constexpr qsizetype htmlSimple = 512 * 1024;
inline constexpr qsizetype htmlFull = 8 * 1024 * 1024;
inline constexpr int columnSpan = 100;
inline constexpr int rowSpan = 1000;
inline constexpr qsizetype css = 256 * 1024;
inline constexpr int cssRules = 2000;
inline constexpr double cssLength = 10000;
inline constexpr qsizetype dataImage = 256 * 1024; ///< characters of a data: URL
inline constexpr qsizetype url = 8 * 1024;

} // namespace satchel::mime::limits
