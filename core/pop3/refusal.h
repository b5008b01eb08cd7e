// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "pop3/replyparser.h"
#include "pop3/types.h"

#include <QByteArrayView>
#include <QString>

namespace satchel::pop3 {

/// What an -ERR means (Q15 to Q17): its code first; without one, at the door, a small table of phrases that are
/// looked for as whole words; else what the verb makes likely.
[[nodiscard]] ErrorKind refusalKind(Verb verb, const Reply &reply);

/// The same with a sentence for the person. The server's own words go into Error::detail, made safe to show (Q58).
[[nodiscard]] Error refusal(Verb verb, int number, const Reply &reply, const QString &host);

/// Somebody else's words: UTF-8 where they are that, else Latin-1; sanitised.
[[nodiscard]] QString serverWords(QByteArrayView words);

[[nodiscard]] bool isLogin(Verb verb); ///< Auth, Apop, User or Pass

} // namespace satchel::pop3
