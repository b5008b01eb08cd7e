// SPDX-License-Identifier: GPL-3.0-or-later
#include "pop3/types.h"

#include <limits>

namespace satchel::pop3 {

namespace {

/// A number of days or seconds as sent: digits only, never negative, never too large for an int.
std::optional<int> number(const QByteArray &word)
{
    if (word.isEmpty() || word.front() < '0' || word.front() > '9')
        return std::nullopt;
    bool ok = false;
    const qulonglong value = word.toULongLong(&ok);
    if (!ok)
        return std::nullopt;
    return static_cast<int>(qMin<qulonglong>(value, std::numeric_limits<int>::max()));
}

} // namespace

Capabilities parseCapabilities(const QByteArrayList &lines)
{
    Capabilities result;
    result.known = true;
    result.lines = lines;
    for (const QByteArray &line : lines) {
        const QByteArrayList words = line.simplified().split(' ');
        const QByteArray name = words.first().toUpper();
        const QByteArray first = words.value(1);
        if (name == "TOP") {
            result.top = true;
        } else if (name == "UIDL") {
            result.uidl = true;
        } else if (name == "USER") {
            result.user = true;
        } else if (name == "STLS") {
            result.stls = true;
        } else if (name == "PIPELINING") {
            result.pipelining = true;
        } else if (name == "RESP-CODES") {
            result.respCodes = true;
        } else if (name == "AUTH-RESP-CODE") {
            result.authRespCode = true;
        } else if (name == "UTF8") {
            result.utf8 = true;
            result.utf8User = first.toUpper() == "USER";
        } else if (name == "LANG") {
            result.lang = true;
        } else if (name == "SASL" || name.startsWith("SASL=")) {
            for (qsizetype i = 1; i < words.size(); ++i) {
                const QByteArray mechanism = words.at(i).toUpper();
                if (!result.sasl.contains(mechanism))
                    result.sasl.append(mechanism);
            }
        } else if (name == "EXPIRE" || name == "EXPIRENEVER") { // the second is mailutils' slip
            if (name == "EXPIRENEVER" || first.toUpper() == "NEVER")
                result.expireDays = -1;
            else
                result.expireDays = number(first);
            result.expirePerUser = words.value(2).toUpper() == "USER";
        } else if (name == "LOGIN-DELAY") {
            result.loginDelay = number(first).value_or(0);
            result.loginDelayPerUser = words.value(2).toUpper() == "USER";
        } else if (name == "IMPLEMENTATION") {
            result.implementation = line.simplified().sliced(qMin(line.simplified().size(), qsizetype(15)));
        }
    }
    return result;
}

} // namespace satchel::pop3
