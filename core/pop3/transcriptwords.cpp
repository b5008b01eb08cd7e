// SPDX-License-Identifier: GPL-3.0-or-later
#include "pop3/transcriptwords.h"

#include <QByteArrayList>
#include <QCryptographicHash>
#include <QSet>

#include <algorithm>

namespace satchel::pop3 {

namespace {

QSet<QByteArray> setOf(const char *words)
{
    const QByteArrayList list = QByteArray(words).simplified().split(' ');
    return {list.cbegin(), list.cend()};
}

bool isUsual(const QByteArray &word)
{
    static const QSet<QByteArray> known = setOf(
        // Capabilities and ways to sign in
        "top user sasl resp-codes login-delay pipelining expire uidl implementation stls auth-resp-code utf8 lang apop "
        "never auth pass starttls capa stat list retr dele noop rset quit x-tls xtnd xoip last plain login cram-md5 "
        "digest-md5 ntlm gssapi gss-spnego external anonymous kerberos_v4 otp skey xoauth2 oauthbearer oauth xoauth "
        "scram-sha-1 scram-sha-256 scram-sha-512 scram-sha-1-plus scram-sha-256-plus scram-sha-512-plus "
        // Response codes
        "in-use sys temp perm sys/temp sys/perm "
        // Programs
        "dovecot courier cyrus qpopper popa3d mailutils solid-pop3d solid gpop exchange microsoft gnu teapop uw ipop3d "
        "dbmail zimbra hmailserver mdaemon kerio axigen communigate xmail james apache postfix zpop3d tpop3d vm-pop3d "
        "mercury cubic lotus domino notes sendmail openpop3 ubuntu debian http ssh ssh-2 html imap imap4rev1 smtp "
        "esmtp "
        "ftp pop pop2 pop3 pop-3 "
        // What they say
        "a already an and another access accessed account address again allowed an any apop are arguments as "
        "authenticate authenticated authentication authorization authorisation bad banner be because been before begin "
        "being blocked busy by bye can cannot can't capabilities capability challenge check client clear closed "
        "closing "
        "code command commands completed concurrent connect connected connection connections continue could "
        "credentials "
        "currently data database delay deleted denied disabled disconnected do does doesn't don't down due during "
        "enabled encrypted encryption end ended enter error error, exceeded expired failed failure few find first "
        "follow "
        "followed follows for found frequency frequent frequently from get go goodbye hanging has have hello help i if "
        "in inactivity incorrect input insufficient internal interval invalid is it kernel killed later layer limit "
        "line "
        "lines list lock locked locking log logged logging login logins logon logout long lost mail mailbox maildrop "
        "maintenance many maximum may mechanism message messages method minimum minute minutes missing mode more must "
        "name need needed negotiation new no not now number octets of off ok okay old on only open opened operation or "
        "out password passwords permission permitted phase please port problem process protected protocol prohibited "
        "quota read ready reason refused rejected reply required reset resource response retry right same scan second "
        "seconds secret secure see send server service session sessions shutting sign signing signoff size so some "
        "sorry space start started state status still stop storage such supported switched syntax system temporarily "
        "temporary terminated that the their there this time timed timeout tls ssl to too transaction transport try "
        "unable unavailable under unexpected unknown unlock unrecognized unsupported until update usage use used "
        "username valid verify version via wait waiting was web welcome were what when while will with within without "
        "wrong you your yourself");
    return known.contains(word.toLower());
}

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

bool isLetter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool isNumber(const QByteArray &word)
{
    return !word.isEmpty() && std::ranges::all_of(word, isDigit);
}

/// With \a kept asked of each run of letters, digits and what may stand within a name.
template <class Kept>
QByteArray wordByWord(const QByteArray &text, Kept kept)
{
    QByteArray result;
    QByteArray word;
    const auto finish = [&] {
        result += kept(word) ? word : filler(word);
        word.clear();
    };
    for (const char c : text) {
        if (isLetter(c) || isDigit(c) || c == '-' || c == '_' || c == '\'' || static_cast<unsigned char>(c) >= 0x80) {
            word += c;
            continue;
        }
        finish();
        result += c;
    }
    finish();
    return result;
}

/// "host.example" and the like: letters behind a dot.
bool namesAHost(const QByteArray &text)
{
    for (qsizetype at = text.indexOf('.'); at >= 0; at = text.indexOf('.', at + 1)) {
        if (at + 2 < text.size() && isLetter(text.at(at + 1)) && isLetter(text.at(at + 2)))
            return true;
    }
    return false;
}

} // namespace

QByteArray escaped(const QByteArray &bytes)
{
    QByteArray text;
    text.reserve(bytes.size());
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '\\')
            text += "\\\\";
        else if (c == '\r')
            text += "\\r";
        else if (c == '\n')
            text += "\\n";
        else if (c == '\t')
            text += "\\t";
        else if (byte < 0x20 || byte >= 0x7f)
            text += "\\x" + QByteArray(1, c).toHex();
        else
            text += c;
    }
    return text;
}

QByteArray filler(QByteArray line)
{
    qsizetype i = 0;
    while (i < line.size() && line.at(i) == '.')
        ++i;
    for (; i < line.size(); ++i) {
        const auto byte = static_cast<unsigned char>(line.at(i));
        if (byte <= ' ' || byte == 0x7f)
            continue;
        // A byte of UTF-8 stays one of its kind.
        line[i] = byte < 0x80 ? 'x'
            : byte < 0xc0     ? '\xa9'
            : byte < 0xe0     ? '\xc3'
            : byte < 0xf0     ? '\xe2'
            : byte < 0xf8     ? '\xf0'
                              : '\xff';
    }
    return line;
}

qsizetype statusSize(const QByteArray &line)
{
    const QByteArray upper = line.first(qMin(qsizetype(5), line.size())).toUpper();
    if (upper.startsWith("+OK"))
        return 3;
    return upper.startsWith("-ERR") ? 4 : 0;
}

QByteArray usualWords(const QByteArray &text)
{
    constexpr qsizetype longestNumber = 6; // days and seconds, and no telephone
    return wordByWord(
        text, [](const QByteArray &word) { return isUsual(word) || (isNumber(word) && word.size() <= longestNumber); });
}

QByteArray bareWords(const QByteArray &text, bool numbers)
{
    const qsizetype codeEnd = text.trimmed().startsWith('[') ? text.indexOf(']') + 1 : 0;
    int seen = 0;
    return usualWords(text.first(codeEnd)) + wordByWord(text.sliced(codeEnd), [numbers, &seen](const QByteArray &word) {
        return numbers && !word.isEmpty() && seen++ < 2 && isNumber(word);
    });
}

QByteArray listLine(const QByteArray &line)
{
    return wordByWord(line, isNumber);
}

QByteArray uidlLine(const QByteArray &line, bool holdsSecret)
{
    const qsizetype blank = line.indexOf(' ');
    const QByteArray name = blank < 0 ? QByteArray() : line.sliced(blank + 1);
    if (blank < 0 || !isNumber(line.first(blank)))
        return listLine(line);
    const bool isPlain = std::ranges::all_of(name, [](char c) { return c > ' ' && c < 0x7f && c != '@'; });
    if (isPlain && !holdsSecret && !namesAHost(name))
        return line;
    QByteArray other = name;
    const QByteArray seed = QCryptographicHash::hash(name, QCryptographicHash::Sha256);
    for (qsizetype i = 0; i < other.size(); ++i) {
        const auto random = static_cast<unsigned char>(seed.at(i % seed.size()));
        const char c = other.at(i);
        if (isDigit(c))
            other[i] = static_cast<char>('0' + random % 10);
        else if (isLetter(c))
            other[i] = static_cast<char>((c >= 'a' ? 'a' : 'A') + random % 26);
        else if (static_cast<unsigned char>(c) >= 0x80)
            other[i] = '\xa9';
    }
    return line.first(blank + 1) + other;
}

QByteArray headerLine(const QByteArray &line)
{
    static const QSet<QByteArray> names = setOf(
        "from to cc bcc subject date message-id reply-to sender in-reply-to references received return-path "
        "mime-version content-type content-transfer-encoding content-disposition content-id content-description "
        "content-language content-location dkim-signature domainkey-signature authentication-results "
        "arc-authentication-results arc-message-signature arc-seal received-spf delivered-to envelope-to x-original-to "
        "x-envelope-from x-envelope-to x-mailer user-agent x-priority importance priority precedence list-id list-post "
        "list-help list-subscribe list-unsubscribe list-unsubscribe-post list-archive list-owner errors-to resent-from "
        "resent-to resent-date resent-message-id resent-sender x-spam-status x-spam-flag x-spam-score x-spam-level "
        "x-spam-checker-version x-virus-scanned status x-status x-uid x-uidl x-keywords autocrypt auto-submitted "
        "disposition-notification-to thread-topic thread-index organization mail-followup-to lines newsgroups "
        "x-mozilla-status x-mozilla-status2 x-pm-uidl");
    static const QSet<QByteArray> tokens = setOf(
        "1.0 7bit 8bit binary base64 quoted-printable text/plain text/html text/enriched text/calendar "
        "text/rfc822-headers text/x-amp-html multipart/mixed multipart/alternative multipart/related multipart/report "
        "multipart/signed multipart/encrypted multipart/digest multipart/parallel multipart/form-data message/rfc822 "
        "message/partial message/delivery-status message/disposition-notification application/octet-stream "
        "application/pdf application/pgp-signature application/pgp-encrypted application/pkcs7-mime "
        "application/pkcs7-signature application/x-pkcs7-signature application/x-pkcs7-mime application/ms-tnef "
        "image/jpeg "
        "image/png image/gif image/webp");
    const qsizetype colon = line.indexOf(':');
    if (colon <= 0 || !names.contains(line.first(colon).toLower()))
        return filler(line);
    const QByteArray name = line.first(colon).toLower();
    qsizetype shown = colon + 1;
    if (name == "content-type" || name == "mime-version" || name == "content-transfer-encoding") {
        const qsizetype end = line.indexOf(';', shown);
        const qsizetype size = end < 0 ? line.size() : end + 1;
        QByteArray value = line.sliced(shown, size - shown).trimmed().toLower();
        if (value.endsWith(';'))
            value.chop(1);
        if (tokens.contains(value.trimmed()))
            shown = size;
    }
    return line.first(shown) + filler(line.sliced(shown));
}

} // namespace satchel::pop3
