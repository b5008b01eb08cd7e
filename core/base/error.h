// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QDateTime>
#include <QMetaType>
#include <QString>
#include <QStringList>

#include <expected>
#include <optional>

namespace satchel {

/// What went wrong, for code that must decide. The sentence for the person is Error::text; whether and when what failed
/// is tried again, base/remedy.h says for each.
enum class ErrorKind {
    // The way to the server
    Offline,
    HostNotFound, ///< who looks up names says that there is no such host
    NameLookupFailed, ///< nobody could say whether there is
    ConnectionRefused,
    ConnectionLost,
    Timeout,
    TlsFailed,
    TlsTooOld, ///< the server knows no version of TLS that the account allows
    CertificateUntrusted,
    EncryptionUnavailable,
    NetworkSignIn, ///< something in the way answers in the server's place, as in hotels before one signs in
    // What the server says
    ProtocolError,
    AuthenticationFailed,
    PasswordMissing,
    PassphraseMissing, ///< of the account's own certificate, whose file is locked by one
    PassphraseWrong,
    CertificateUnusable, ///< the account's own
    TokenUnavailable, ///< whoever gives the access token gave none
    SignInUnavailable, ///< the way to sign in that the account is fixed to cannot be had
    MailboxInUse,
    TryLater,
    TooSoon, ///< the server lets nobody in again within so short a time (LOGIN-DELAY)
    ServerRefused,
    MessageTooLarge,
    DeletionsHeldBack, ///< not a failure: a question that waits
    DeletionsWait, ///< the same: nothing leaves a server while the store is damaged
    CertificateEndsSoon, ///< not a failure: the account's own will be of no use soon
    MessagesNotFetched, ///< the check went well, but the server did not hand out all of them
    // Our own copy
    StoreLocked,
    StoreFull,
    StoreUnreadable, ///< a part could not be read: whether that is damage, a check of the file must say
    StoreDamaged,
    StoreTooNew,
    StoreFailed,
    NotFound,
    // Files, keys and requests
    FileUnreadable,
    FileUnwritable,
    KeychainUnavailable,
    InvalidRequest,
    Cancelled, // the last: base/remedy.cpp and its test count by it
};

/// The one thing that the error bar offers to do about it.
enum class ErrorAction {
    None,
    Retry,
    EnterPassword,
    EnterPassphrase, ///< of the account's own certificate
    ReviewCertificate,
    EditAccount,
    ShowLog,
    DeleteOnServer,
    RepairStore, ///< or restore a backup
    TakeOverStore, ///< another computer holds it, which the person knows to be off
    ShowMessages,
    ShowSteps, ///< what the provider wants to be done first
};

/// A server certificate that was not trusted, as plain values for a window to show.
struct CertificateProblem {
    QString host;
    QString subject;
    QString issuer;
    QDateTime notBefore;
    QDateTime notAfter;
    QByteArray sha256; ///< of the DER form, 32 bytes: what an exception is bound to
    QStringList reasons; ///< one sentence each
    bool changed = false; ///< an exception exists for another certificate of this account

    friend bool operator==(const CertificateProblem &, const CertificateProblem &) = default;
};

/// A typed error. `text` is one translated sentence saying what happened and what to do;
/// `detail` holds somebody else's words (a server's, a driver's), already made safe to show.
struct Error {
    ErrorKind kind = ErrorKind::InvalidRequest;
    QString text;
    ErrorAction action = ErrorAction::None;
    QString detail;
    std::optional<CertificateProblem> certificate;
    bool serverSaid = false; ///< that `detail` is the server's words

    friend bool operator==(const Error &, const Error &) = default;
};

template <class T>
using Expected = std::expected<T, Error>;

[[nodiscard]] inline std::unexpected<Error> fail(
    ErrorKind kind, QString text, ErrorAction action = ErrorAction::None, QString detail = {})
{
    return std::unexpected(Error{kind, std::move(text), action, std::move(detail), std::nullopt});
}

/// Makes words that came from outside fit to show: control, bidirectional and zero-width characters
/// become spaces or go, and no more than \a limit characters stay (security.md; Q58).
[[nodiscard]] QString sanitised(QStringView words, qsizetype limit = 200);

} // namespace satchel

Q_DECLARE_METATYPE(satchel::Error)
