// SPDX-License-Identifier: GPL-3.0-or-later
#include "pop3/refusal.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>

namespace satchel::pop3 {

namespace {

struct Refusal {
    Q_DECLARE_TR_FUNCTIONS(satchel::pop3::Refusal)
};

// Servers older than RFC 2449 and RFC 3206 have only words. Whole words: "block" is not "lock".
constexpr std::array InUsePhrases = {
    "already locked",
    "is locked",
    "mailbox locked",
    "maildrop locked",
    "mailbox lock",
    "maildrop lock",
    "cannot lock",
    "can t lock",
    "could not lock",
    "unable to lock",
    "failed to lock",
    "lock failed",
    "lock busy",
    "already in use",
    "mailbox in use",
    "maildrop in use",
    "is in use",
    "mailbox busy",
    "mailbox is busy",
    "another session",
    "another pop",
    "another pop3",
    "being accessed",
    "already open",
};
constexpr std::array TooSoonPhrases = {
    "too frequent",
    "too frequently",
    "too often",
    "login delay",
    "login interval",
    "minimum interval",
};
constexpr std::array LaterPhrases = {
    "too many connections",
    "too many sessions",
    "too many logins",
    "try again later",
    "try later",
    "temporarily unavailable",
    "temporary failure",
    "temporary error",
    "temporary problem",
    "temporary authentication failure",
    "server busy",
    "server too busy",
    "system busy",
    "service unavailable",
    "please wait",
};

/// Lower case, every run of anything but letters and digits one space, a space at both ends.
QByteArray words(QByteArrayView text)
{
    QByteArray result(1, ' ');
    for (const char c : text) {
        if (c >= 'A' && c <= 'Z')
            result.append(static_cast<char>(c - 'A' + 'a'));
        else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80)
            result.append(c);
        else if (!result.endsWith(' '))
            result.append(' ');
    }
    if (!result.endsWith(' '))
        result.append(' ');
    return result;
}

template <std::size_t N>
bool holdsOneOf(const QByteArray &text, const std::array<const char *, N> &phrases)
{
    return std::ranges::any_of(
        phrases, [&text](const char *phrase) { return text.contains(' ' + QByteArray(phrase) + ' '); });
}

} // namespace

bool isLogin(Verb verb)
{
    return verb == Verb::Auth || verb == Verb::Apop || verb == Verb::User || verb == Verb::Pass;
}

ErrorKind refusalKind(Verb verb, const Reply &reply)
{
    if (reply.code == "IN-USE")
        return ErrorKind::MailboxInUse;
    if (reply.code == "LOGIN-DELAY")
        return ErrorKind::TooSoon;
    if (reply.code == "SYS/TEMP")
        return ErrorKind::TryLater;
    if (reply.code == "SYS/PERM")
        return ErrorKind::ServerRefused;
    if (reply.code == "AUTH")
        return ErrorKind::AuthenticationFailed;
    if (!isLogin(verb) && verb != Verb::Greeting)
        return ErrorKind::ServerRefused;
    const QByteArray text = words(reply.text);
    if (holdsOneOf(text, InUsePhrases))
        return ErrorKind::MailboxInUse;
    if (holdsOneOf(text, TooSoonPhrases))
        return ErrorKind::TooSoon;
    if (holdsOneOf(text, LaterPhrases))
        return ErrorKind::TryLater;
    return verb == Verb::Greeting ? ErrorKind::ServerRefused : ErrorKind::AuthenticationFailed;
}

Error refusal(Verb verb, int number, const Reply &reply, const QString &host)
{
    Error error;
    error.kind = refusalKind(verb, reply);
    error.detail = serverWords(reply.text);
    error.serverSaid = true;
    switch (error.kind) {
    case ErrorKind::MailboxInUse:
        error.text =
            Refusal::tr("Another program is reading this mailbox on %1; Satchel will try again soon.").arg(host);
        error.action = ErrorAction::Retry;
        return error;
    case ErrorKind::TryLater:
        error.text = Refusal::tr("The server %1 asks to try again later.").arg(host);
        error.action = ErrorAction::Retry;
        return error;
    case ErrorKind::TooSoon:
        error.text =
            Refusal::tr("The server %1 lets nobody in again within so short a time; Satchel tries again by itself "
                        "a little later.")
                .arg(host);
        error.action = ErrorAction::None;
        return error;
    case ErrorKind::AuthenticationFailed:
        error.text =
            Refusal::tr("The server %1 did not accept the user name or the password; please enter the password "
                        "again.")
                .arg(host);
        error.action = ErrorAction::EnterPassword;
        return error;
    default:
        break;
    }
    error.action = ErrorAction::ShowLog;
    switch (verb) {
    case Verb::Greeting:
        error.text = Refusal::tr("The server %1 does not accept connections now; try again later.").arg(host);
        error.action = ErrorAction::Retry;
        break;
    case Verb::Stat:
    case Verb::List:
    case Verb::Uidl:
        error.text = Refusal::tr("The server %1 did not list its messages; try again later.").arg(host);
        error.action = ErrorAction::Retry;
        break;
    case Verb::Retr:
        error.text = Refusal::tr("The server %1 did not hand out message %2; Satchel will try again later.")
                         .arg(host)
                         .arg(number);
        break;
    case Verb::Top:
        error.text = Refusal::tr("The server %1 does not show the beginning of message %2.").arg(host).arg(number);
        break;
    case Verb::Dele:
        error.text = Refusal::tr("The server %1 did not delete message %2; Satchel will try again at the next check.")
                         .arg(host)
                         .arg(number);
        break;
    case Verb::Quit:
        error.text =
            Refusal::tr("The server %1 did not confirm what was deleted; Satchel will look again at the next check.")
                .arg(host);
        break;
    default:
        error.text = Refusal::tr("The server %1 refused a command; look at the log to see what it says.").arg(host);
        break;
    }
    return error;
}

QString serverWords(QByteArrayView text)
{
    return sanitised(text.isValidUtf8() ? QString::fromUtf8(text) : QString::fromLatin1(text));
}

} // namespace satchel::pop3
