// SPDX-License-Identifier: GPL-3.0-or-later
#include "autoconfig/hints.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace satchel::autoconfig {

namespace {

struct Hints {
    Q_DECLARE_TR_FUNCTIONS(Hints)
};

} // namespace

std::optional<QString> hint(const QString &key, const QString &provider)
{
    if (key == "pop-off-by-default"_L1) {
        return Hints::tr("%1 keeps POP3 switched off until you allow it: sign in to %1 in a web browser, open "
                         "the mail settings, and switch on POP3 for mail programs.")
            .arg(provider);
    }
    if (key == "gmail-pop-off"_L1) {
        return Hints::tr("Gmail keeps POP3 switched off until you allow it: open Gmail in a web browser, "
                         "choose Settings, “Forwarding and POP/IMAP”, “Enable POP for all mail”, and save.");
    }
    if (key == "outlook-pop-off"_L1) {
        return Hints::tr("Outlook.com keeps POP3 switched off until you allow it: open Outlook.com in a web "
                         "browser, choose Settings, “Mail”, “Forwarding and IMAP”, switch on “Let devices and "
                         "apps use POP”, and save.");
    }
    if (key == "app-password"_L1) {
        return Hints::tr("%1 refuses your usual password in a mail program: make an app password in the "
                         "security settings of your %1 account, and type that one here.")
            .arg(provider);
    }
    if (key == "two-step-verification"_L1)
        return Hints::tr("%1 makes app passwords only once two-step verification is switched on.").arg(provider);
    if (key == "authorization-code"_L1) {
        return Hints::tr("%1 wants an authorization code instead of your password: it is shown in the web "
                         "settings when you switch on POP3.")
            .arg(provider);
    }
    if (key == "oauth-only"_L1) {
        return Hints::tr("%1 lets mail programs sign in with OAuth 2 only: a password is refused, even the "
                         "right one.")
            .arg(provider);
    }
    if (key == "no-pop3"_L1) {
        return Hints::tr("%1 does not offer POP3, so its mail cannot be fetched; you can let %1 forward it to "
                         "a mailbox that does.")
            .arg(provider);
    }
    return std::nullopt;
}

QString hintNotEncrypted(const QString &host)
{
    return Hints::tr("%1 offers no encryption: your password and your mail can be read by others on the way.")
        .arg(host);
}

QString hintOutsideDomain(const QString &host, const QString &domain)
{
    return Hints::tr("%1 does not belong to %2, and the look-up that named it is not protected: use it only if "
                     "you know that your mail is kept there.")
        .arg(host, domain);
}

QString hintUntrustedCertificate(const QString &host)
{
    return Hints::tr("%1 could not prove that it is the right server: you will be asked to look at its "
                     "certificate before your password is sent.")
        .arg(host);
}

QString hintNamesNoPop3(const QString &domain)
{
    return Hints::tr("%1 says that it does not offer POP3, or names other kinds of servers only; if you know "
                     "better, type the settings yourself.")
        .arg(domain);
}

} // namespace satchel::autoconfig
