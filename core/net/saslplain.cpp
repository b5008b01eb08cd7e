// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/saslmechanisms.h"

namespace satchel::net {

namespace {

QByteArray encoded(const QString &text, const SaslContext &context)
{
    return context.latin1 ? text.toLatin1() : text.toUtf8();
}

/// RFC 4616. The text goes as it was typed: servers that compare with a stored hash do not prepare it.
class Plain : public CredentialMechanism
{
public:
    using CredentialMechanism::CredentialMechanism;

    std::optional<QByteArray> initialResponse() override
    {
        QByteArray message;
        message.append('\0').append(encoded(credentials().userName, context()));
        message.append('\0').append(encoded(credentials().password, context()));
        return message;
    }
    Expected<QByteArray> respond(const QByteArray &) override { return nonsense(); }
};

/// draft-murchison-sasl-login: the server asks for two things, in an order that never varies; what it
/// calls them does.
class Login : public CredentialMechanism
{
public:
    using CredentialMechanism::CredentialMechanism;

    std::optional<QByteArray> initialResponse() override { return std::nullopt; }
    Expected<QByteArray> respond(const QByteArray &) override
    {
        switch (m_step++) {
        case 0:
            return encoded(credentials().userName, context());
        case 1:
            return encoded(credentials().password, context());
        default:
            return nonsense();
        }
    }

private:
    int m_step = 0;
};

/// RFC 4422, appendix A: who we are stands in the client certificate.
class External : public CredentialMechanism
{
public:
    using CredentialMechanism::CredentialMechanism;

    std::optional<QByteArray> initialResponse() override { return credentials().userName.toUtf8(); }
    Expected<QByteArray> respond(const QByteArray &) override { return nonsense(); }
};

/// Google's and Microsoft's. A refusal comes as a challenge with JSON; an empty answer fetches the -ERR (Q9).
class Xoauth2 : public CredentialMechanism
{
public:
    using CredentialMechanism::CredentialMechanism;

    std::optional<QByteArray> initialResponse() override
    {
        return "user=" + credentials().userName.toUtf8() + "\x01" + "auth=Bearer " + credentials().accessToken.toUtf8()
            + "\x01\x01";
    }
    Expected<QByteArray> respond(const QByteArray &) override
    {
        if (std::exchange(m_refused, true))
            return nonsense();
        return QByteArray("");
    }
    bool mayFinish() const override { return !m_refused; }

private:
    bool m_refused = false;
};

/// RFC 7628. A refusal comes as a challenge with JSON; a lone 0x01 fetches the -ERR.
class OauthBearer : public CredentialMechanism
{
public:
    using CredentialMechanism::CredentialMechanism;

    std::optional<QByteArray> initialResponse() override
    {
        QByteArray user = credentials().userName.toUtf8();
        user.replace('=', "=3D").replace(',', "=2C");
        return "n,a=" + user + ",\x01" + "host=" + context().host.toUtf8() + "\x01"
            + "port=" + QByteArray::number(context().port) + "\x01" + "auth=Bearer "
            + credentials().accessToken.toUtf8() + "\x01\x01";
    }
    Expected<QByteArray> respond(const QByteArray &) override
    {
        if (std::exchange(m_refused, true))
            return nonsense();
        return QByteArray("\x01");
    }
    bool mayFinish() const override { return !m_refused; }

private:
    bool m_refused = false;
};

} // namespace

std::unique_ptr<SaslMechanism> makePlain(const Credentials &credentials, const SaslContext &context)
{
    return std::make_unique<Plain>("PLAIN", credentials, context);
}

std::unique_ptr<SaslMechanism> makeLogin(const Credentials &credentials, const SaslContext &context)
{
    return std::make_unique<Login>("LOGIN", credentials, context);
}

std::unique_ptr<SaslMechanism> makeExternal(const Credentials &credentials, const SaslContext &context)
{
    return std::make_unique<External>("EXTERNAL", credentials, context);
}

std::unique_ptr<SaslMechanism> makeXoauth2(const Credentials &credentials, const SaslContext &context)
{
    return std::make_unique<Xoauth2>("XOAUTH2", credentials, context);
}

std::unique_ptr<SaslMechanism> makeOauthBearer(const Credentials &credentials, const SaslContext &context)
{
    return std::make_unique<OauthBearer>("OAUTHBEARER", credentials, context);
}

} // namespace satchel::net
