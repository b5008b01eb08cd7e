// SPDX-License-Identifier: GPL-3.0-or-later
#include "pop3/authentication.h"

#include "pop3/channel.h"
#include "pop3/refusal.h"

#include <QCoreApplication>
#include <QCryptographicHash>

#include <algorithm>

namespace satchel::pop3 {

namespace {

constexpr qsizetype longestCommand = 255; // RFC 2449 §4, with its line end

struct Login {
    Q_DECLARE_TR_FUNCTIONS(satchel::pop3::Login)
};

bool isAscii(const QString &text)
{
    return std::ranges::all_of(text, [](QChar c) { return c.unicode() < 0x80; });
}

bool isLatin1(const QString &text)
{
    return std::ranges::all_of(text, [](QChar c) { return c.unicode() < 0x100; });
}

bool isToken(const QByteArray &mechanism)
{
    return mechanism == "XOAUTH2" || mechanism == "OAUTHBEARER";
}

/// Whether \a choice brings what the mechanism needs. What a certificate says is worth nothing outside TLS.
bool isProvidedFor(const QByteArray &mechanism, const LoginChoice &choice)
{
    if (mechanism == "EXTERNAL")
        return choice.encrypted && choice.haveClientCertificate;
    return !isToken(mechanism) || !choice.credentials.accessToken.isEmpty();
}

/// The certificate is to sign in, and nothing else could.
bool isCertificateAlone(const LoginChoice &choice)
{
    return choice.haveClientCertificate && choice.credentials.password.isEmpty()
        && choice.credentials.accessToken.isEmpty();
}

bool isAtom(QByteArrayView text)
{
    constexpr QByteArrayView Special("!#$%&'*+-/=?^_`{|}~.");
    return !text.isEmpty() && !text.startsWith('.') && !text.endsWith('.') && std::ranges::all_of(text, [&](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || Special.contains(c);
    });
}

} // namespace

bool LoginAttempt::showsPassword() const
{
    return mechanism == "USER" || net::showsPassword(mechanism);
}

QList<LoginAttempt> loginAttempts(const LoginChoice &choice)
{
    const bool mayShow = choice.encrypted || choice.plainAllowed;
    QByteArrayList names;
    if (!choice.mechanism.isEmpty()) {
        const QByteArray name = choice.mechanism.toUpper();
        const bool isKnown =
            name == "USER" || (name == "APOP" && !choice.stamp.isEmpty()) || net::makeSaslMechanism(name, {}, {});
        if (isKnown && isProvidedFor(name, choice) && (mayShow || !LoginAttempt{name}.showsPassword()))
            names.append(name);
    } else {
        names = net::usableSaslMechanisms(choice.capabilities.sasl, choice.credentials, choice.encrypted,
            choice.plainAllowed, choice.haveClientCertificate);
        if (!choice.credentials.accessToken.isEmpty()) {
            if (mayShow && std::ranges::none_of(names, isToken))
                names.append("XOAUTH2"); // some servers know it and do not list it (Q7)
        } else if (!isCertificateAlone(choice) && mayShow
            && (choice.capabilities.user || !choice.capabilities.known || names.isEmpty())) {
            names.append("USER");
        }
    }
    QList<LoginAttempt> attempts;
    const net::Credentials &credentials = choice.credentials;
    const bool fits = isLatin1(credentials.userName) && isLatin1(credentials.password);
    for (const QByteArray &name : std::as_const(names)) {
        LoginAttempt attempt{name};
        attempt.latin1 = choice.latin1Password && fits && attempt.showsPassword();
        attempts.append(attempt);
    }
    // The other spelling comes last: what is remembered of a server, or of an older password, may not hold for this
    // one.
    const bool mayBeLatin1 =
        credentials.accessToken.isEmpty() && !(isAscii(credentials.userName) && isAscii(credentials.password)) && fits;
    if (mayBeLatin1) {
        const auto last = std::find_if(
            attempts.crbegin(), attempts.crend(), [](const LoginAttempt &attempt) { return attempt.showsPassword(); });
        if (last != attempts.crend())
            attempts.append({last->mechanism, !last->latin1});
    }
    return attempts;
}

Error noAttempt(const LoginChoice &choice, const QString &host)
{
    const auto unavailable = [](const QString &text) {
        return Error{ErrorKind::SignInUnavailable, text, ErrorAction::EditAccount, {}, {}};
    };
    const QByteArray name = choice.mechanism.toUpper();
    if (name == "EXTERNAL" && choice.haveClientCertificate)
        return unavailable(Login::tr("A certificate signs in over an encrypted connection only; choose one in the "
                                     "account's settings, nothing was sent to %1.")
                .arg(host));
    if (name == "EXTERNAL")
        return unavailable(
            Login::tr("The account signs in to %1 by a certificate (EXTERNAL), and none is chosen; choose "
                      "its file in the account's settings.")
                .arg(host));
    if (isToken(name) && choice.credentials.accessToken.isEmpty())
        return unavailable(
            Login::tr("The account signs in to %1 by an access token (%2), and nothing gives one; choose "
                      "another way to sign in in the account's settings.")
                .arg(host, QString::fromLatin1(name)));
    if (name == "APOP" && choice.stamp.isEmpty())
        return notOffered(name, host);
    if (name.isEmpty() && isCertificateAlone(choice))
        return {ErrorKind::PasswordMissing,
            Login::tr("The server %1 lets nobody in by a certificate alone; enter the password too.").arg(host),
            ErrorAction::EnterPassword, {}, {}};
    return {ErrorKind::InvalidRequest,
        Login::tr("The server %1 offers no way to sign in that Satchel can use; choose another one in the account's "
                  "settings.")
            .arg(host),
        ErrorAction::EditAccount, {}, {}};
}

Error notOffered(const QByteArray &mechanism, const QString &host)
{
    return {ErrorKind::SignInUnavailable,
        Login::tr("The server %1 does not offer the way to sign in that is chosen for the account (%2); choose another "
                  "one in the account's settings.")
            .arg(host, QString::fromLatin1(mechanism)),
        ErrorAction::EditAccount, {}, {}};
}

qsizetype nextAttempt(
    const QList<LoginAttempt> &attempts, qsizetype refused, bool credentialSent, const QByteArray &code)
{
    const LoginAttempt &last = attempts.at(refused);
    for (qsizetype i = refused + 1; i < attempts.size(); ++i) {
        const LoginAttempt &next = attempts.at(i);
        if (!credentialSent || last.mechanism == "EXTERNAL")
            return i;
        if (!next.showsPassword())
            continue;
        const bool otherCharacters = last.showsPassword() && next.latin1 != last.latin1;
        const bool passwordItself = !last.showsPassword();
        const bool otherVerb = next.mechanism == "USER" && last.mechanism != "USER" && code != "AUTH";
        if (otherCharacters || passwordItself || otherVerb)
            return i;
    }
    return -1;
}

QByteArray apopStamp(const QByteArray &greeting)
{
    const qsizetype begin = greeting.indexOf('<');
    const qsizetype end = greeting.indexOf('>');
    if (begin < 0 || end < begin || greeting.count('<') != 1 || greeting.count('>') != 1)
        return {};
    const QByteArray stamp = greeting.sliced(begin, end - begin + 1);
    const QByteArrayView inner = QByteArrayView(stamp).sliced(1, stamp.size() - 2);
    const qsizetype at = inner.indexOf('@');
    if (at < 0)
        return {};
    QByteArrayView domain = inner.sliced(at + 1);
    if (domain.startsWith('[') && domain.endsWith(']'))
        domain = domain.sliced(1, domain.size() - 2);
    // Dovecot's challenges hold base64 in the middle; "=" and "/" are atom characters.
    if (!isAtom(inner.first(at)) || domain.isEmpty() || !std::ranges::all_of(domain, [](char c) {
            return c > ' ' && c < 0x7f && c != '@' && c != '[' && c != ']' && c != '\\';
        }))
        return {};
    return stamp;
}

Authentication::Authentication(Channel &channel, net::Credentials credentials, net::SaslContext context,
    QByteArray stamp, std::function<void(const LoginResult &)> finished)
    : m_channel(channel)
    , m_credentials(std::move(credentials))
    , m_context(std::move(context))
    , m_stamp(std::move(stamp))
    , m_finished(std::move(finished))
{
}

void Authentication::run(const LoginAttempt &attempt)
{
    m_attempt = attempt;
    m_context.latin1 = attempt.latin1;
    m_begun = false;
    m_credentialSent = false;
    m_atOnce = false;
    if (attempt.mechanism == "USER")
        runUser();
    else if (attempt.mechanism == "APOP")
        runApop();
    else
        runSasl();
}

QByteArray Authentication::encoded(const QString &text) const
{
    return m_attempt.latin1 ? text.toLatin1() : text.toUtf8();
}

void Authentication::send(
    Verb verb, const QByteArray &line, ReplyShape shape, bool secret, std::function<void(const Reply &)> answered)
{
    m_verb = verb;
    Command command;
    command.verb = verb;
    command.line = line;
    command.shape = shape;
    command.secret = secret;
    command.answered = std::move(answered);
    m_channel.send(std::move(command));
}

void Authentication::runUser()
{
    send(Verb::User, "USER " + encoded(m_credentials.userName), ReplyShape::Status, false, [this](const Reply &user) {
        if (user.status != Reply::Status::Ok) {
            settle(user);
            return;
        }
        m_credentialSent = true;
        send(Verb::Pass, "PASS " + encoded(m_credentials.password), ReplyShape::Status, true,
            [this](const Reply &pass) { settle(pass); });
    });
}

void Authentication::runApop()
{
    const QByteArray digest =
        QCryptographicHash::hash(m_stamp + encoded(m_credentials.password), QCryptographicHash::Md5);
    m_credentialSent = true;
    send(Verb::Apop, "APOP " + encoded(m_credentials.userName) + ' ' + digest.toHex(), ReplyShape::Status, true,
        [this](const Reply &reply) { settle(reply); });
}

void Authentication::runSasl()
{
    m_atOnce = true;
    m_mechanism = net::makeSaslMechanism(m_attempt.mechanism, m_credentials, m_context);
    if (m_mechanism->name().startsWith("SCRAM-")) {
        m_initial = m_mechanism->initialResponse().value_or(QByteArray()).toBase64();
        const QByteArray line = "AUTH " + m_mechanism->name() + ' ' + m_initial;
        if (!m_initial.isEmpty() && line.size() + 2 <= longestCommand) {
            send(Verb::Auth, line, ReplyShape::Sasl, true, [this](const Reply &reply) { initialAnswered(reply); });
            return;
        }
    }
    runTwoLines();
}

void Authentication::initialAnswered(const Reply &reply)
{
    if (reply.status == Reply::Status::Err && reply.code != "AUTH") {
        runTwoLines();
        return;
    }
    m_begun = true;
    m_credentialSent = true;
    if (reply.status == Reply::Status::Continue && reply.text.isEmpty()) {
        // Older than RFC 5034, it did not read that far.
        m_atOnce = false;
        send(Verb::Auth, m_initial, ReplyShape::Sasl, true, [this](const Reply &next) { saslStep(next); });
        return;
    }
    saslStep(reply);
}

void Authentication::runTwoLines()
{
    m_mechanism = net::makeSaslMechanism(m_attempt.mechanism, m_credentials, m_context);
    send(Verb::Auth, "AUTH " + m_mechanism->name(), ReplyShape::Sasl, false,
        [this](const Reply &reply) { saslStep(reply); });
}

void Authentication::saslStep(const Reply &reply)
{
    if (reply.status == Reply::Status::Err) {
        settle(reply);
        return;
    }
    if (reply.status == Reply::Status::Ok && m_begun) {
        if (m_mechanism->mayFinish()) {
            settle(reply);
            return;
        }
        LoginResult result;
        result.verb = Verb::Auth;
        result.credentialSent = true;
        result.impostor = true;
        result.error = {ErrorKind::AuthenticationFailed,
            Login::tr("The server %1 could not prove that it knows your password, so it may not be the right "
                      "server; check its name.")
                .arg(m_context.host),
            ErrorAction::EditAccount, {}, std::nullopt};
        finish(result);
        return;
    }
    // Some servers say +OK where + is due, or words where nothing is (Q10).
    QByteArray response;
    const auto initial = m_begun ? std::nullopt : m_mechanism->initialResponse();
    m_begun = true;
    if (initial) {
        response = *initial;
    } else {
        const auto challenge = QByteArray::fromBase64Encoding(reply.text, QByteArray::AbortOnBase64DecodingErrors);
        const bool isLogin = m_mechanism->name() == "LOGIN"; // what it is asked for does not matter
        if (!challenge && !isLogin) {
            cancel({ErrorKind::ProtocolError,
                Login::tr("The server %1 broke off the sign-in with an answer that makes no sense; try again, or "
                          "choose another way to sign in.")
                    .arg(m_context.host),
                ErrorAction::ShowLog, serverWords(reply.text), std::nullopt, true});
            return;
        }
        auto answer = m_mechanism->respond(challenge ? challenge.decoded : QByteArray());
        if (!answer) {
            cancel(answer.error());
            return;
        }
        response = *std::move(answer);
    }
    m_credentialSent = true;
    m_atOnce = false;
    send(Verb::Auth, response.toBase64(), ReplyShape::Sasl, true, [this](const Reply &next) { saslStep(next); });
}

/// "*" ends an exchange (RFC 5034 §4); whatever is answered, the attempt ended with \a error.
void Authentication::cancel(const Error &error)
{
    LoginResult result;
    result.verb = Verb::Auth;
    result.credentialSent = m_credentialSent;
    result.error = error;
    result.impostor = error.kind == ErrorKind::AuthenticationFailed;
    send(Verb::Auth, "*", ReplyShape::Sasl, false, [this, result](const Reply &) { finish(result); });
}

void Authentication::settle(const Reply &reply)
{
    LoginResult result;
    result.verb = m_verb;
    result.credentialSent = m_credentialSent;
    if (reply.status == Reply::Status::Ok) {
        result.accepted = true;
    } else {
        result.code = reply.code;
        result.atOnce = m_atOnce;
        result.error = refusal(m_verb, 0, reply, m_context.host);
        if (result.error.kind == ErrorKind::AuthenticationFailed && m_attempt.mechanism == "EXTERNAL") {
            result.error.text =
                Login::tr("The server %1 does not accept the certificate of the account; choose another "
                          "one, or another way to sign in, in the account's settings.")
                    .arg(m_context.host);
            result.error.action = ErrorAction::EditAccount;
        } else if (result.error.kind == ErrorKind::AuthenticationFailed && !m_credentials.accessToken.isEmpty()) {
            // There is no password to enter.
            result.error.text = Login::tr("The server %1 no longer accepts the sign-in of this account; sign in again.")
                                    .arg(m_context.host);
            result.error.action = ErrorAction::EditAccount;
        }
    }
    finish(result);
}

void Authentication::finish(LoginResult result)
{
    const auto finished = m_finished; // it may replace this object
    finished(result);
}

} // namespace satchel::pop3
