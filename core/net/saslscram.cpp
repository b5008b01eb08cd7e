// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/saslmechanisms.h"
#include "net/saslprep.h"

#include <QMessageAuthenticationCode>
#include <QPasswordDigestor>

namespace satchel::net {

namespace {

// A server that asks for more would keep one core busy for seconds at every check.
constexpr int MostIterations = 2'000'000;
constexpr int FewestIterations = 4096; // RFC 7677

QByteArray nameOf(QCryptographicHash::Algorithm hash)
{
    switch (hash) {
    case QCryptographicHash::Sha1:
        return "SCRAM-SHA-1";
    case QCryptographicHash::Sha256:
        return "SCRAM-SHA-256";
    default:
        return "SCRAM-SHA-512";
    }
}

QByteArray field(const QByteArrayList &fields, qsizetype index, char name)
{
    if (index >= fields.size())
        return {};
    const QByteArray &text = fields.at(index);
    return text.size() > 2 && text.at(0) == name && text.at(1) == '=' ? text.sliced(2) : QByteArray();
}

/// RFC 5802 and RFC 7677, without channel binding: QSslSocket does not tell what the channel is bound to.
class Scram : public CredentialMechanism
{
public:
    Scram(QCryptographicHash::Algorithm hash, const Credentials &credentials, const SaslContext &context)
        : CredentialMechanism(nameOf(hash), credentials, context)
        , m_hash(hash)
        , m_password(saslPrepared(credentials.password))
    {
        QByteArray user = saslPrepared(credentials.userName).value_or(credentials.userName).toUtf8();
        user.replace('=', "=3D").replace(',', "=2C");
        m_nonce = nonce();
        m_firstBare = "n=" + user + ",r=" + m_nonce;
    }

    std::optional<QByteArray> initialResponse() override { return "n,," + m_firstBare; }

    Expected<QByteArray> respond(const QByteArray &challenge) override
    {
        switch (m_state) {
        case State::New:
            return prove(challenge);
        case State::Answered: {
            const QByteArrayList fields = challenge.split(',');
            if (!field(fields, 0, 'e').isEmpty()) // the -ERR follows
                return QByteArray("");
            const auto signature =
                QByteArray::fromBase64Encoding(field(fields, 0, 'v'), QByteArray::AbortOnBase64DecodingErrors);
            if (!signature || !isProof(signature.decoded, m_signature))
                return impostor();
            m_state = State::Proven;
            return QByteArray("");
        }
        case State::Proven:
            break;
        }
        return nonsense();
    }

    bool mayFinish() const override { return m_state == State::Proven; }

private:
    enum class State { New, Answered, Proven };

    QByteArray hmac(const QByteArray &key, const QByteArray &message) const
    {
        return QMessageAuthenticationCode::hash(message, key, m_hash);
    }

    Expected<QByteArray> prove(const QByteArray &challenge)
    {
        // Fields in this order only; a mandatory extension "m=" is one that we do not know.
        const QByteArrayList fields = challenge.split(',');
        const QByteArray both = field(fields, 0, 'r');
        const auto salt =
            QByteArray::fromBase64Encoding(field(fields, 1, 's'), QByteArray::AbortOnBase64DecodingErrors);
        bool isNumber = false;
        const int iterations = field(fields, 2, 'i').toInt(&isNumber);
        if (!m_password || both.size() <= m_nonce.size() || !both.startsWith(m_nonce) || !salt || salt.decoded.isEmpty()
            || !isNumber || iterations < FewestIterations || iterations > MostIterations)
            return nonsense();

        const QByteArray salted = QPasswordDigestor::deriveKeyPbkdf2(m_hash, m_password->toUtf8(), salt.decoded,
            iterations, static_cast<quint64>(QCryptographicHash::hashLength(m_hash)));
        const QByteArray clientKey = hmac(salted, "Client Key");
        const QByteArray final = "c=biws,r=" + both;
        const QByteArray authMessage = m_firstBare + ',' + challenge + ',' + final;
        QByteArray proof = hmac(QCryptographicHash::hash(clientKey, m_hash), authMessage);
        for (qsizetype i = 0; i < proof.size(); ++i)
            proof[i] = static_cast<char>(proof.at(i) ^ clientKey.at(i));
        m_signature = hmac(hmac(salted, "Server Key"), authMessage);
        m_state = State::Answered;
        return final + ",p=" + proof.toBase64();
    }

    QCryptographicHash::Algorithm m_hash;
    std::optional<QString> m_password;
    QByteArray m_nonce;
    QByteArray m_firstBare;
    QByteArray m_signature;
    State m_state = State::New;
};

} // namespace

std::unique_ptr<SaslMechanism> makeScram(
    QCryptographicHash::Algorithm hash, const Credentials &credentials, const SaslContext &context)
{
    return std::make_unique<Scram>(hash, credentials, context);
}

} // namespace satchel::net
