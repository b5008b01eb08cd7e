// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/ids.h"

#include <QByteArray>
#include <QList>
#include <QMetaType>
#include <QString>

namespace satchel {

/// How the connection is protected (RFC 8314, RFC 2595).
enum class Security {
    ImplicitTls = 0, ///< TLS from the first byte, port 995
    StartTls = 1, ///< STLS on port 110, required: never skipped
    Plain = 2, ///< readable by anyone on the way; only after a clear warning
};

/// When a message that is stored here leaves the server.
enum class Retention {
    Keep = 0, ///< stays for ever
    DeleteAfterDownload = 1, ///< at the end of the check that stored it
    KeepDays = 2, ///< AccountSettings::keepDays after it was stored here
    KeepCount = 3, ///< when AccountSettings::keepCount newer ones are on the server
    KeepSize = 4, ///< when the newer ones on the server fill AccountSettings::keepMegabytes
};

/// All that is known of a mailbox, except its secrets: those live in the keychain (law 6).
struct AccountSettings {
    AccountId id;
    QString name; ///< as shown in the folder pane
    QString personName; ///< of the owner, for what is sent
    QString address;
    QString host;
    quint16 port = 995;
    Security security = Security::ImplicitTls;
    QString userName;
    QString mechanism; ///< a SASL name, "USER" or "APOP"; empty: the strongest that is offered
    Retention retention = Retention::KeepDays;
    int keepDays = 14;
    int keepCount = 500;
    int keepMegabytes = 500;
    bool deleteWhenDeletedHere = false; ///< a message removed from Trash leaves the server too
    bool deleteAtOnce = false; ///< with deleteWhenDeletedHere: already when it is moved to Trash
    bool recentMode = false; ///< Gmail's "recent:" login, for mailboxes read by several programs: never deletes (Q37)
    qint64 sizeLimit = 0; ///< bytes; larger messages stay on the server; 0: no limit
    int checkEveryMinutes = 15; ///< 0: only on request
    bool enabled = true;
    QByteArray trustedCertificate; ///< SHA-256 of the one certificate the user made an exception for
    bool oldTls = false; ///< TLS 1.0 and 1.1 too, which are broken: only where a server knows nothing newer
    bool utf8 = true; ///< UTF8 is sent where the server announces it; off for the server that it confuses (Q14)
    /// The account's own certificate with its key (PKCS#12 or PEM), shown to the server in every handshake; empty:
    /// none. Its passphrase lives in the keychain, apart from the password.
    QString certificateFile;
    QString tokenProgram; ///< a command that prints an access token, by which the account signs in; empty: none
    int position = 0; ///< order in the folder pane
    int colour = 0; ///< its mark in the folder pane and in lists: one of a few, from 1; 0: by its place

    friend bool operator==(const AccountSettings &, const AccountSettings &) = default;

    /// Whether the two differ only in what a person sees of them: a check need not begin anew for that.
    [[nodiscard]] bool differsOnlyInLooks(const AccountSettings &other) const
    {
        AccountSettings alike = other;
        alike.name = name;
        alike.personName = personName;
        alike.position = position;
        alike.colour = colour;
        return alike == *this;
    }

    /// Whether the two need the same secrets to sign in.
    [[nodiscard]] bool signsInLike(const AccountSettings &other) const
    {
        return certificateFile == other.certificateFile && tokenProgram == other.tokenProgram
            && mechanism == other.mechanism;
    }
};

} // namespace satchel

Q_DECLARE_METATYPE(satchel::AccountSettings)
Q_DECLARE_METATYPE(QList<satchel::AccountSettings>)
