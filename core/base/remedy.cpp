// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/remedy.h"

// A switch without "default", in which no kind may be missing.
#ifdef _MSC_VER
#pragma warning(error : 4062)
#else
#pragma GCC diagnostic error "-Wswitch"
#endif

namespace satchel {

Remedy remedyFor(ErrorKind kind)
{
    constexpr bool person = true;
    switch (kind) {
    // The way to the server: networks come and go, and those of hotels answer in everybody's place.
    case ErrorKind::Offline:
    case ErrorKind::HostNotFound:
    case ErrorKind::NameLookupFailed:
    case ErrorKind::ConnectionRefused:
    case ErrorKind::ConnectionLost:
    case ErrorKind::Timeout:
    case ErrorKind::TlsFailed:
    case ErrorKind::TlsTooOld:
    case ErrorKind::NetworkSignIn:
        return {Again::Later, Said::AsTrouble, Gone::AfterGoodCheck};
    // Refused as long as it is wrong; nothing was sent, so to look again betrays nothing.
    case ErrorKind::CertificateUntrusted:
    case ErrorKind::EncryptionUnavailable:
        return {Again::Later, Said::AsTrouble, Gone::AfterGoodCheck, person};

    // What the server says
    case ErrorKind::ProtocolError:
    case ErrorKind::ServerRefused:
    case ErrorKind::TryLater:
        return {Again::Later, Said::AsTrouble, Gone::AfterGoodCheck};
    case ErrorKind::MessageTooLarge: // it rests, and the others are fetched
    case ErrorKind::TokenUnavailable:
        return {Again::Later, Said::AsTrouble, Gone::AfterGoodCheck};
    case ErrorKind::MailboxInUse:
        return {Again::Soon, Said::AsTrouble, Gone::AfterGoodCheck};
    case ErrorKind::TooSoon:
        return {Again::Later, Said::InStatus, Gone::AfterGoodCheck};
    // Tried again and again, a provider would block the account (Q18).
    case ErrorKind::AuthenticationFailed:
        return {Again::ByPerson, Said::AsTrouble, Gone::AfterGoodCheck, person};
    case ErrorKind::PasswordMissing:
    case ErrorKind::PassphraseMissing:
    case ErrorKind::PassphraseWrong:
    case ErrorKind::SignInUnavailable:
    case ErrorKind::InvalidRequest:
        return {Again::ByPerson, Said::AsTrouble, Gone::AfterGoodCheck, person};
    // Found out without a connection: its disk may come back, and its day may come.
    case ErrorKind::CertificateUnusable:
        return {Again::Later, Said::AsTrouble, Gone::AfterGoodCheck, person};

    // Of checks that went well
    case ErrorKind::DeletionsHeldBack:
        return {Again::AtInterval, Said::AsNote, Gone::AfterGoodCheck, person};
    case ErrorKind::DeletionsWait:
        return {Again::AtInterval, Said::AsNote, Gone::WhenStoreIsWhole, person};
    case ErrorKind::CertificateEndsSoon:
    case ErrorKind::MessagesNotFetched:
        return {Again::AtInterval, Said::AsNote, Gone::AfterGoodCheck};

    // Our own copy: disks are full, busy and faulty for a while.
    case ErrorKind::StoreLocked:
    case ErrorKind::StoreFull:
    case ErrorKind::StoreFailed:
    case ErrorKind::StoreUnreadable:
        return {Again::Later, Said::AsTrouble, Gone::WhenStoreWorks};
    // New mail is fetched all the same; what leaves servers waits.
    case ErrorKind::StoreDamaged:
        return {Again::AtInterval, Said::AsTrouble, Gone::WhenStoreIsWhole, person};
    case ErrorKind::StoreTooNew:
        return {Again::ByPerson, Said::AsTrouble, Gone::WhenStoreWorks, person};
    case ErrorKind::NotFound:
        return {Again::AtInterval, Said::AsTrouble, Gone::ByPerson};

    // Files and keys: of a disk that is not there yet, of a keyring that is still locked
    case ErrorKind::FileUnreadable:
        return {Again::Later, Said::AsTrouble, Gone::ByPerson, person};
    case ErrorKind::FileUnwritable:
    case ErrorKind::KeychainUnavailable:
        return {Again::Later, Said::AsTrouble, Gone::ByPerson};
    case ErrorKind::Cancelled:
        return {Again::AtInterval, Said::Nowhere, Gone::ByPerson};
    }
    return {};
}

} // namespace satchel
