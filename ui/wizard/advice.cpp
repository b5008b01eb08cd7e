// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/wizard/advice.h"

#include <QCoreApplication>

namespace satchel::ui {

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(satchel::ui::Advice)
};

using autoconfig::Proposal;
using autoconfig::SignIn;

/// That the provider is the one of these settings: after the person typed another server, its hints say nothing.
bool concerns(const std::optional<Proposal> &proposal, const AccountSettings &account)
{
    return proposal && (proposal->account.host == account.host || proposal->signIn == SignIn::OAuth);
}

QString serverWords(const Error &error)
{
    return !error.serverSaid || error.detail.isEmpty() ? QString()
                                                       : Words::tr("The server says: “%1”").arg(error.detail);
}

void refusedPassword(Advice &advice, const Error &error, const AccountSettings &account, const Proposal *provider)
{
    advice.asksPassword = true;
    const SignIn signIn = provider ? provider->signIn : SignIn::Password;
    if (provider)
        advice.steps += provider->hints;
    switch (signIn) {
    case SignIn::AppPassword:
        advice.sentence = Words::tr("%1 did not accept the password. It wants an app password, not your usual one.")
                              .arg(provider->provider);
        break;
    case SignIn::AuthorizationCode:
        advice.sentence = Words::tr("%1 did not accept the password. It wants an authorization code instead.")
                              .arg(provider->provider);
        break;
    case SignIn::OAuth:
        advice.sentence = Words::tr("%1 did not accept the password.").arg(account.host);
        break;
    case SignIn::Password:
        advice.sentence = Words::tr("%1 did not accept the user name or the password.").arg(account.host);
        advice.steps.prepend(
            Words::tr("Type the password once more: capital letters count, and so does the language of the keyboard."));
        advice.steps.append(account.userName.contains(u'@')
                ? Words::tr(
                      "Some servers want only what stands before the @ as the user name; you can change it in the "
                      "settings.")
                : Words::tr("Some servers want the whole mail address as the user name; you can change it in the "
                            "settings."));
        break;
    }
    advice.steps.append(serverWords(error));
}

void unreachable(Advice &advice, const Error &error, const AccountSettings &account, bool nameIsCertain)
{
    advice.mayKeep = true;
    if (error.kind == ErrorKind::HostNotFound && !nameIsCertain) {
        advice.sentence = Words::tr("No server named %1 was found.").arg(account.host);
        advice.steps = {Words::tr("Check the name of the server for a typing error."),
            Words::tr("Check whether this computer is connected to the internet.")};
        return;
    }
    if (error.kind == ErrorKind::Offline || error.kind == ErrorKind::HostNotFound
        || error.kind == ErrorKind::NameLookupFailed) {
        advice.sentence = Words::tr("%1 cannot be reached: it looks as if there were no connection to the internet.")
                              .arg(account.host);
        advice.steps = {Words::tr("You can keep these settings now; they are tested when the network is back.")};
        return;
    }
    advice.sentence = error.text;
    advice.steps = {Words::tr("Check the port: 995 belongs to TLS, 110 to the other two."),
        Words::tr("A firewall or a virus scanner on the way may keep mail programs out; some networks of hotels and "
                  "firms do.")};
}

} // namespace

Advice adviceFor(const Error &error, const AccountSettings &account, const std::optional<Proposal> &proposal)
{
    Advice advice;
    const Proposal *provider = concerns(proposal, account) ? &*proposal : nullptr;
    // No other password would help.
    if (error.kind == ErrorKind::AuthenticationFailed && !account.tokenProgram.isEmpty()) {
        advice.sentence = error.text;
        advice.steps = {serverWords(error)};
        advice.steps.removeAll(QString());
        return advice;
    }
    switch (error.kind) {
    case ErrorKind::AuthenticationFailed:
    case ErrorKind::PasswordMissing:
        refusedPassword(advice, error, account, provider);
        break;
    case ErrorKind::Offline:
    case ErrorKind::HostNotFound:
    case ErrorKind::NameLookupFailed:
    case ErrorKind::ConnectionRefused:
    case ErrorKind::ConnectionLost:
    case ErrorKind::Timeout:
        unreachable(advice, error, account, provider && provider->source != autoconfig::Source::Guess);
        break;
    case ErrorKind::CertificateUntrusted:
        advice.sentence = Words::tr("%1 could not prove that it is the right server, so your password was not sent.")
                              .arg(account.host);
        if (error.certificate)
            advice.steps = error.certificate->reasons;
        advice.steps.append(
            Words::tr("If you know this server, look at its certificate; otherwise ask your provider."));
        advice.reviewsCertificate = error.certificate.has_value();
        break;
    case ErrorKind::EncryptionUnavailable:
    case ErrorKind::TlsFailed:
        advice.sentence =
            Words::tr("The connection to %1 could not be encrypted, so your password was not sent.").arg(account.host);
        advice.steps = {
            Words::tr("Try the other kind of encryption in the settings: TLS with port 995, or STARTTLS with "
                      "port 110."),
            serverWords(error)};
        break;
    case ErrorKind::NetworkSignIn:
        advice.sentence = Words::tr("A web page came in place of %1, so your password was not sent.").arg(account.host);
        advice.steps = {Words::tr("Open any page in a browser and sign in to this network there, then try again.")};
        advice.mayKeep = true;
        break;
    case ErrorKind::TlsTooOld:
        advice.sentence = error.text;
        advice.steps = {Words::tr("You can keep these settings now and allow old encryption for this account "
                                  "afterwards, in its settings under “Connection”.")};
        advice.mayKeep = true;
        break;
    case ErrorKind::MailboxInUse:
        advice.sentence = Words::tr("Another program is reading this mailbox just now, so it could not be opened.");
        advice.steps = {Words::tr("Close the other mail program, or wait a few minutes, and try again.")};
        advice.mayKeep = true;
        break;
    case ErrorKind::TryLater:
        advice.sentence = Words::tr("%1 asks to come back later.").arg(account.host);
        advice.steps = {Words::tr("You can keep these settings now; they are tested at the next check for mail."),
            serverWords(error)};
        advice.mayKeep = true;
        break;
    case ErrorKind::ProtocolError:
        advice.sentence =
            Words::tr("What answers at %1 on port %2 is no POP3 server.").arg(account.host).arg(account.port);
        advice.steps = {
            Words::tr("Check server, port and security in the settings: 995 belongs to TLS, 110 to the other "
                      "two."),
            serverWords(error)};
        break;
    case ErrorKind::ServerRefused:
        advice.sentence = Words::tr("%1 refused to let you in.").arg(account.host);
        if (provider)
            advice.steps = provider->hints;
        advice.steps.prepend(serverWords(error));
        advice.asksPassword = true;
        break;
    default:
        advice.sentence = error.text;
        advice.steps = {serverWords(error)};
        break;
    }
    advice.steps.removeAll(QString());
    return advice;
}

} // namespace satchel::ui
