// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

namespace satchel::pop3 {

// What of a line may stand in a transcript that is given to others. Pure.

/// As a transcript writes bytes.
[[nodiscard]] QByteArray escaped(const QByteArray &bytes);

/// The same length and line structure, without what it says.
[[nodiscard]] QByteArray filler(QByteArray line);

/// Of "+OK" or "-ERR" at the beginning; 0: there is neither.
[[nodiscard]] qsizetype statusSize(const QByteArray &line);

/// Words that POP3 servers say of themselves and of a sign-in stay, and what decides how a refusal is read; all others
/// become fillers, whoever's name or host they are.
[[nodiscard]] QByteArray usualWords(const QByteArray &text);

/// What follows the status of a reply within a mailbox: of it stay a response code, and of STAT the two numbers.
[[nodiscard]] QByteArray bareWords(const QByteArray &text, bool numbers);

/// Number and size; of any other line its digits and blanks.
[[nodiscard]] QByteArray listLine(const QByteArray &line);

/// Number and name. A name that may tell something of a message, a person or a host gets other letters and digits, the
/// same ones each time.
[[nodiscard]] QByteArray uidlLine(const QByteArray &line, bool holdsSecret);

/// A known name of a field, and of what it says what tells how the message is built.
[[nodiscard]] QByteArray headerLine(const QByteArray &line);

} // namespace satchel::pop3
