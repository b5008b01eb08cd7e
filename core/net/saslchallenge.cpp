// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/saslmechanisms.h"

#include <QHash>
#include <QMessageAuthenticationCode>

#include <algorithm>

namespace satchel::net {

namespace {

/// RFC 2195.
class CramMd5 : public CredentialMechanism
{
public:
    using CredentialMechanism::CredentialMechanism;

    std::optional<QByteArray> initialResponse() override { return std::nullopt; }
    Expected<QByteArray> respond(const QByteArray &challenge) override
    {
        if (challenge.isEmpty() || std::exchange(m_answered, true))
            return nonsense();
        const QByteArray digest =
            QMessageAuthenticationCode::hash(challenge, credentials().password.toUtf8(), QCryptographicHash::Md5);
        return credentials().userName.toUtf8() + ' ' + digest.toHex();
    }
    bool mayFinish() const override { return m_answered; }

private:
    bool m_answered = false;
};

/// The directives of a DIGEST-MD5 challenge; names in lower case. nullopt for what is not a list of them.
std::optional<QHash<QByteArray, QByteArray>> directives(const QByteArray &challenge)
{
    QHash<QByteArray, QByteArray> found;
    qsizetype at = 0;
    const auto skip = [&challenge, &at](QByteArrayView characters) {
        while (at < challenge.size() && characters.contains(challenge.at(at)))
            ++at;
    };
    for (skip(", \t\r\n"); at < challenge.size(); skip(", \t\r\n")) {
        const qsizetype equals = challenge.indexOf('=', at);
        if (equals < 0)
            return std::nullopt;
        const QByteArray name = challenge.sliced(at, equals - at).trimmed().toLower();
        QByteArray value;
        at = equals + 1;
        if (at < challenge.size() && challenge.at(at) == '"') {
            for (++at; at < challenge.size() && challenge.at(at) != '"'; ++at) {
                if (challenge.at(at) == '\\' && at + 1 < challenge.size())
                    ++at;
                value.append(challenge.at(at));
            }
            if (at >= challenge.size())
                return std::nullopt;
            ++at;
        } else {
            const qsizetype comma = challenge.indexOf(',', at);
            const qsizetype end = comma < 0 ? challenge.size() : comma;
            value = challenge.sliced(at, end - at).trimmed();
            at = end;
        }
        if (!found.contains(name)) // of several realms the first is offered
            found.insert(name, value);
    }
    return found;
}

QByteArray quoted(const QByteArray &value)
{
    QByteArray result = value;
    result.replace('\\', "\\\\").replace('"', "\\\"");
    return '"' + result + '"';
}

QByteArray md5(const QByteArray &bytes)
{
    return QCryptographicHash::hash(bytes, QCryptographicHash::Md5);
}

/// RFC 2831, kept for servers that offer nothing better (RFC 6331 made it historic). qop=auth only.
class DigestMd5 : public CredentialMechanism
{
public:
    using CredentialMechanism::CredentialMechanism;

    std::optional<QByteArray> initialResponse() override { return std::nullopt; }
    Expected<QByteArray> respond(const QByteArray &challenge) override
    {
        const auto fields = directives(challenge);
        if (!fields)
            return nonsense();
        if (m_state == State::Answered) {
            if (!isProof(fields->value("rspauth"), m_expected))
                return impostor();
            m_state = State::Proven;
            return QByteArray("");
        }
        if (m_state != State::New)
            return nonsense();
        return answer(*fields);
    }
    bool mayFinish() const override { return m_state == State::Proven; }

private:
    enum class State { New, Answered, Proven };

    /// RFC 2831, 2.1.2.1: in ISO 8859-1 where that can be, whatever the charset says.
    static QByteArray hashable(const QString &text)
    {
        const bool latin1 = std::ranges::all_of(text, [](QChar c) { return c.unicode() < 256; });
        return latin1 ? text.toLatin1() : text.toUtf8();
    }

    Expected<QByteArray> answer(const QHash<QByteArray, QByteArray> &fields)
    {
        const QByteArray serverNonce = fields.value("nonce");
        if (serverNonce.isEmpty() || fields.value("algorithm").toLower() != "md5-sess")
            return nonsense();
        if (fields.contains("qop")) {
            bool plain = false;
            const auto offers = fields.value("qop").split(',');
            for (const QByteArray &offer : offers)
                plain |= offer.trimmed().toLower() == "auth";
            if (!plain)
                return nonsense();
        }
        const QByteArray realm = fields.value("realm");
        const QByteArray clientNonce = nonce();
        const QByteArray uri = context().service.toUtf8() + '/' + context().host.toUtf8();
        const QByteArray secret =
            md5(hashable(credentials().userName) + ':' + realm + ':' + hashable(credentials().password));
        const QByteArray a1 = md5(secret + ':' + serverNonce + ':' + clientNonce).toHex();
        const QByteArray middle = ':' + serverNonce + ":00000001:" + clientNonce + ":auth:";
        const QByteArray response = md5(a1 + middle + md5("AUTHENTICATE:" + uri).toHex()).toHex();
        m_expected = md5(a1 + middle + md5(":" + uri).toHex()).toHex();
        m_state = State::Answered;

        QByteArray message;
        if (fields.value("charset").toLower() == "utf-8")
            message += "charset=utf-8,";
        message += "username=" + quoted(credentials().userName.toUtf8());
        if (fields.contains("realm"))
            message += ",realm=" + quoted(realm);
        message += ",nonce=" + quoted(serverNonce) + ",nc=00000001,cnonce=" + quoted(clientNonce)
            + ",digest-uri=" + quoted(uri) + ",response=" + response + ",qop=auth";
        return message;
    }

    State m_state = State::New;
    QByteArray m_expected;
};

} // namespace

std::unique_ptr<SaslMechanism> makeCramMd5(const Credentials &credentials, const SaslContext &context)
{
    return std::make_unique<CramMd5>("CRAM-MD5", credentials, context);
}

std::unique_ptr<SaslMechanism> makeDigestMd5(const Credentials &credentials, const SaslContext &context)
{
    return std::make_unique<DigestMd5>("DIGEST-MD5", credentials, context);
}

} // namespace satchel::net
