// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "support/certificates.h"

#include <QByteArray>
#include <QHash>
#include <QList>

#include <chrono>

namespace satchel::test {

/// What a ScriptedServer does at QUIT.
enum class QuitBehaviour {
    Commit, ///< deletes, +OK
    RefuseAndKeep, ///< -ERR, nothing is deleted
    RefuseAndCommit, ///< -ERR, but everything is deleted
    CommitAndHangUp, ///< deletes, no answer
    KeepAndHangUp, ///< neither
    CommitAndStaySilent, ///< deletes; no answer, the connection stays
};

/// One switch per way in which servers go wrong (the Q-numbers of pop3-quirks.md). Without any, the server keeps
/// RFC 1939, 2449, 2595, 5034 and 6856.
struct ServerQuirks {
    QByteArray greeting = "+OK Satchel test server ready";
    bool capa = true;
    bool capaHangsUp = false; ///< Q1
    QByteArray capabilitiesAfterLogin; ///< lines beside the usual, separated by LF, only after login (Q2)
    bool uidl = true; ///< false: -ERR (Q31)
    bool uidlAnnounced = true; ///< Q3
    bool duplicateUidls = false; ///< every UIDL is that of the first message (Q28)
    bool emptyUidls = false; ///< Q27
    bool top = true;
    bool topTwice = false; ///< TOP is answered twice (Q40)
    bool pipelining = true; ///< announced
    bool stls = true; ///< announced and accepted
    bool stlsRefused = false; ///< announced, -ERR
    QByteArray behindStls; ///< sent in clear with the +OK of STLS (Q4)
    bool silentInHandshake = false;
    CertificateKind certificate = CertificateKind::Good;
    QByteArray sasl = "PLAIN LOGIN CRAM-MD5 XOAUTH2"; ///< announced; these four are known
    bool saslFails = false; ///< every AUTH is refused, though the password is right (Q12)
    bool hangsUpAfterBadPassword = false; ///< after the -ERR
    bool hangsUpInsteadOfRefusing = false; ///< Q11
    bool losesWhatFollowsPass = false; ///< as Courier does
    bool exclusive = true; ///< a second session gets [IN-USE] (Q15)
    bool inUse = false; ///< every session gets it
    int loginDelay = 0; ///< seconds between logins, else [LOGIN-DELAY] (Q16)
    bool wrongSizes = false; ///< LIST says something else than RETR hands out (Q21)
    bool bareLineFeeds = false; ///< all lines end in LF (Q24)
    bool noDotStuffing = false; ///< Q25
    bool reversedUidl = false; ///< UIDL in another order than LIST
    int listOnly = 0; ///< only the oldest so many are there for this session (Q35); 0: all
    int portion = 0; ///< only the oldest so many of those that were never retrieved are there (Q36); 0: all
    int cutInMessage = 0; ///< hangs up within the RETR of this number (Q46) ...
    qint64 cutAfter = 0; ///< ... after so many bytes of it
    int cuts = -1; ///< how often; -1: always
    bool staysSilentInsteadOfCutting = false; ///< within the message: the connection stays
    bool resets = false; ///< the cut is an RST, not a FIN
    bool truncates = false; ///< the cut is a FIN of TCP alone, without close_notify of TLS
    QHash<QByteArray, QByteArray> answers; ///< verb ("DELE") or verb and number ("RETR 3") -> what is answered instead
    QByteArray silentAt; ///< the same, but nothing is answered; also "GREETING"
    QByteArray hangsUpAt; ///< the same, but the connection is closed instead
    QuitBehaviour quit = QuitBehaviour::Commit;
    std::chrono::milliseconds patience{0}; ///< hangs up on a client that says nothing for so long (Q41); 0: never
    std::chrono::milliseconds latency{0}; ///< of every answer: a server far away
    QByteArray user = "alice";
    QByteArray password = "secret";
    QByteArray token = "token";
};

} // namespace satchel::test
