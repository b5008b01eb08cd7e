// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "net/tlstransport.h"
#include "pop3/session.h"

#include <QTest>

#include <memory>
#include <optional>

namespace satchel::test {

/// One session and all that it said.
class Visit
{
public:
    static constexpr int patience = 20'000; ///< milliseconds

    Visit(quint16 port, Security security, const QByteArray &trusted = {})
        : m_session(
              std::make_unique<net::TlsTransport>(endpoint(port, security, trusted)), endpoint(port, security, trusted))
    {
        using pop3::Session;
        QObject::connect(&m_session, &Session::ready, &m_session, [this] { ready = true; });
        QObject::connect(&m_session, &Session::loggedIn, &m_session, [this] { loggedIn = true; });
        QObject::connect(&m_session, &Session::finished, &m_session, [this] { finished = true; });
        QObject::connect(&m_session, &Session::listed, &m_session,
            [this](const QList<pop3::ListedMessage> &answer) { listing = answer; });
        QObject::connect(&m_session, &Session::retrieved, &m_session, [this](int number, const QByteArray &message) {
            order << number;
            messages.insert(number, message);
        });
        QObject::connect(&m_session, &Session::deleted, &m_session, [this](int number) { deleted << number; });
        QObject::connect(&m_session, &Session::refused, &m_session,
            [this](pop3::Verb, int, const Error &error) { refusals << error; });
        QObject::connect(&m_session, &Session::failed, &m_session, [this](const Error &error) { failures << error; });
        QObject::connect(&m_session, &Session::wire, &m_session, [this](const net::WireLine &line) {
            if (line.from == net::WireLine::From::Client)
                said << line.bytes;
        });
    }

    [[nodiscard]] pop3::Session &session() { return m_session; }
    [[nodiscard]] bool isOver() const { return finished || !failures.isEmpty() || !refusals.isEmpty(); }

    bool open()
    {
        m_session.open();
        return QTest::qWaitFor([this] { return ready || isOver(); }, patience) && ready;
    }
    /// The password is that of all users of the test servers.
    bool logIn(
        const QString &user, const QString &mechanism = {}, const QString &password = QStringLiteral("correct horse 1"))
    {
        m_session.login({.userName = user, .password = password, .accessToken = {}}, mechanism);
        return QTest::qWaitFor([this] { return loggedIn || isOver(); }, patience) && loggedIn;
    }
    bool list()
    {
        listing.reset();
        m_session.list();
        return QTest::qWaitFor([this] { return listing.has_value() || isOver(); }, patience) && listing.has_value();
    }
    bool quit()
    {
        m_session.quit();
        return QTest::qWaitFor([this] { return isOver(); }, patience) && finished;
    }
    /// For messages of assertions.
    [[nodiscard]] QByteArray trouble() const
    {
        QStringList texts;
        for (const Error &error : refusals + failures)
            texts << error.text + QStringLiteral(" (") + error.detail + QLatin1Char(')');
        return texts.join(QStringLiteral("; ")).toUtf8();
    }

    bool ready = false;
    bool loggedIn = false;
    bool finished = false;
    std::optional<QList<pop3::ListedMessage>> listing;
    QMap<int, QByteArray> messages;
    QList<int> order;
    QList<int> deleted;
    QList<Error> refusals;
    QList<Error> failures;
    QByteArrayList said;

private:
    static net::Endpoint endpoint(quint16 port, Security security, const QByteArray &trusted)
    {
        net::Endpoint endpoint;
        endpoint.host = QStringLiteral("127.0.0.1");
        endpoint.port = port;
        endpoint.security = security;
        endpoint.trustedCertificate = trusted;
        return endpoint;
    }

    pop3::Session m_session;
};

} // namespace satchel::test
