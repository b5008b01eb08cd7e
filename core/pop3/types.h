// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QByteArrayList>
#include <QList>
#include <QMetaType>

#include <optional>

namespace satchel::pop3 {

/// CAPA as read (RFC 2449 §5, RFC 2595, RFC 5034, RFC 6856).
struct Capabilities {
    bool known = false; ///< CAPA was answered
    bool top = false;
    bool uidl = false;
    bool user = false;
    bool stls = false;
    bool pipelining = false;
    bool respCodes = false;
    bool authRespCode = false;
    bool utf8 = false;
    bool utf8User = false;
    bool lang = false;
    QByteArrayList sasl; ///< upper case
    std::optional<int> expireDays; ///< 0: the server keeps nothing; nullopt: not said; -1: NEVER
    bool expirePerUser = false;
    int loginDelay = 0; ///< seconds
    bool loginDelayPerUser = false;
    QByteArray implementation;
    QByteArrayList lines; ///< as sent, for the log window
};

[[nodiscard]] Capabilities parseCapabilities(const QByteArrayList &lines);

/// A line of the UIDL listing joined with its LIST line. Message numbers hold for one session only (Q33).
struct ListedMessage {
    int number = 0;
    QByteArray uidl; ///< as sent (Q26); empty where the server names none (Q27); a very long one: its SHA-256
    qint64 size = 0; ///< advisory (Q21); 0 when LIST did not say
};

enum class Verb {
    Greeting,
    Capa,
    Stls,
    Auth,
    Apop,
    User,
    Pass,
    Utf8,
    Lang,
    Stat,
    List,
    Uidl,
    Retr,
    Top,
    Dele,
    Noop,
    Rset,
    Quit
};

} // namespace satchel::pop3

Q_DECLARE_METATYPE(satchel::pop3::Capabilities)
Q_DECLARE_METATYPE(satchel::pop3::ListedMessage)
Q_DECLARE_METATYPE(QList<satchel::pop3::ListedMessage>)
Q_DECLARE_METATYPE(satchel::pop3::Verb)
