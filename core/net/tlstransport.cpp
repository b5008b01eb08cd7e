// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/tlstransport.h"

#include "net/certificate.h"
#include "net/dialer.h"

#include <QHostAddress>
#include <QNetworkProxyFactory>
#include <QSslConfiguration>
#include <QSslKey>
#include <QSslSocket>
#include <QTimer>

namespace satchel::net {

namespace {

// More than a round trip brings on a fast line; little enough that a server waits when the disk is slow.
constexpr qint64 ReadBuffer = 1024 * 1024;

bool isLoopback(const QString &host)
{
    return host == QLatin1String("localhost") || QHostAddress(host).isLoopback();
}

/// What the system says for any TCP connection, where it is a proxy that can carry one.
QNetworkProxy proxyFor(const Endpoint &endpoint)
{
    if (isLoopback(endpoint.host))
        return QNetworkProxy::NoProxy;
    const QNetworkProxyQuery query(endpoint.host, endpoint.port, QString(), QNetworkProxyQuery::TcpSocket);
    const auto proxies = QNetworkProxyFactory::systemProxyForQuery(query);
    for (const QNetworkProxy &proxy : proxies) {
        if (proxy.type() == QNetworkProxy::NoProxy || (proxy.capabilities() & QNetworkProxy::TunnelingCapability))
            return proxy;
    }
    return QNetworkProxy::NoProxy;
}

QSslKey privateKey(const QByteArray &pem)
{
    for (const QSsl::KeyAlgorithm algorithm : {QSsl::Ec, QSsl::Rsa}) {
        QSslKey key(pem, algorithm);
        if (!key.isNull())
            return key;
    }
    return {};
}

} // namespace

struct TlsTransport::Private {
    enum class Phase { New, Connecting, Handshake, Open, Over };

    TlsTransport *q = nullptr;
    Endpoint endpoint;
    ConnectDeadlines deadlines;
    std::unique_ptr<QSslSocket> socket; ///< once it is connected
    std::unique_ptr<Dialer> dialer; ///< until then
    QTimer deadline;
    Phase phase = Phase::New;
    bool upgraded = false; ///< startTls() was called
    bool excepted = false; ///< the certificate is the one that the account makes an exception for
    bool versionsDiffer = false; ///< one of both sides said that there is no version of TLS that both would use
    std::optional<CertificateProblem> problem;

    void listen();
    void configure();
    void connected();
    void unreachable();
    void handshakeDone();
    void certificateErrors(const QList<QSslError> &errors);
    void socketError(QAbstractSocket::SocketError error);
    void disconnected();
    void timedOut();
    void end();
    void failLookup();
    /// \a words: of this computer's own library, never of the server.
    void fail(ErrorKind kind, const QString &text, ErrorAction action = ErrorAction::Retry, const QString &words = {});
    void failUntrusted();
};

void TlsTransport::Private::configure()
{
    QSslConfiguration tls = QSslConfiguration::defaultConfiguration();
    tls.setPeerVerifyMode(QSslSocket::VerifyPeer);
    tls.setProtocol(QSsl::TlsV1_2OrLater);
    if (endpoint.oldTls) {
        QT_WARNING_PUSH
        QT_WARNING_DISABLE_DEPRECATED
        tls.setProtocol(QSsl::TlsV1_0OrLater);
        QT_WARNING_POP
        // OpenSSL 3 leaves the old versions out at its usual security level.
        if (QSslSocket::activeBackend() == QLatin1String("openssl"))
            tls.setBackendConfigurationOption("CipherString", QByteArray("DEFAULT:@SECLEVEL=0"));
    }
    if (!endpoint.clientCertificate.isEmpty()) {
        tls.setLocalCertificateChain(QSslCertificate::fromData(endpoint.clientCertificate));
        tls.setPrivateKey(privateKey(endpoint.clientCertificate));
    }
    socket->setSslConfiguration(tls);
    socket->setReadBufferSize(ReadBuffer);
    socket->setPeerVerifyName(endpoint.host);
}

void TlsTransport::Private::connected()
{
    if (phase != Phase::Connecting)
        return;
    socket = dialer->takeSocket();
    dialer.release()->deleteLater(); // it is speaking
    listen();
    configure();
    socket->setSocketOption(QAbstractSocket::LowDelayOption, 1);
    socket->setSocketOption(QAbstractSocket::KeepAliveOption, 1);
    if (endpoint.security == Security::ImplicitTls) {
        phase = Phase::Handshake;
        deadline.start(deadlines.handshake);
        socket->startClientEncryption();
        return;
    }
    deadline.stop();
    phase = Phase::Open;
    Q_EMIT q->opened();
}

void TlsTransport::Private::handshakeDone()
{
    if (phase != Phase::Handshake)
        return;
    deadline.stop();
    const QSslCertificate certificate = socket->peerCertificate();
    // Qt takes the common name for a host name, RFC 9525 does not: asked again here, before anything is sent.
    if (!excepted && !isFor(certificate, endpoint.host)) {
        certificateErrors({QSslError(QSslError::HostNameMismatch, certificate)});
        if (!excepted) {
            failUntrusted();
            return;
        }
    }
    // OpenSSL takes an authority's certificate for a server's own, which no authority issues (RFC 5280 §4.2.1.9).
    if (!excepted && isAuthority(certificate)) {
        certificateErrors({QSslError(QSslError::InvalidPurpose, certificate)});
        if (!excepted) {
            failUntrusted();
            return;
        }
    }
    phase = Phase::Open;
    if (upgraded)
        Q_EMIT q->encrypted();
    else
        Q_EMIT q->opened();
}

void TlsTransport::Private::certificateErrors(const QList<QSslError> &errors)
{
    const QSslCertificate certificate = socket->peerCertificate();
    if (!certificate.isNull() && !endpoint.trustedCertificate.isEmpty()
        && certificate.digest(QCryptographicHash::Sha256) == endpoint.trustedCertificate) {
        excepted = true;
        socket->ignoreSslErrors(errors);
        return;
    }
    problem = certificateProblem(certificate, errors, endpoint.host, endpoint.trustedCertificate);
}

void TlsTransport::Private::failUntrusted()
{
    Error error;
    error.kind = ErrorKind::CertificateUntrusted;
    error.action = ErrorAction::ReviewCertificate;
    error.text = problem->changed
        ? TlsTransport::tr("The server %1 shows another certificate than the one you accepted; look at it before you "
                           "go on.")
              .arg(endpoint.host)
        : TlsTransport::tr("The server %1 could not prove that it is the right one; look at its certificate before "
                           "you go on.")
              .arg(endpoint.host);
    error.certificate = problem;
    end();
    Q_EMIT q->failed(error);
}

void TlsTransport::Private::socketError(QAbstractSocket::SocketError error)
{
    const QString &host = endpoint.host;
    if (phase == Phase::Over || phase == Phase::New)
        return;
    if (problem && phase == Phase::Handshake) {
        failUntrusted();
        return;
    }
    if (phase == Phase::Handshake && versionsDiffer) {
        fail(ErrorKind::TlsTooOld,
            endpoint.oldTls ? TlsTransport::tr(
                                  "The server %1 knows none of the versions of TLS that this computer can use; ask its "
                                  "provider for TLS 1.2 or newer.")
                                  .arg(host)
                            : TlsTransport::tr(
                                  "The server %1 knows only old encryption (TLS 1.1 or older), which can be broken, so "
                                  "nothing was sent; ask its provider for TLS 1.2, or allow it in the account's "
                                  "settings.")
                                  .arg(host),
            ErrorAction::EditAccount);
        return;
    }
    if (phase == Phase::Handshake && error == QAbstractSocket::RemoteHostClosedError) {
        fail(ErrorKind::TlsFailed,
            TlsTransport::tr(
                "The server %1 hung up while a protected connection was being set up; check the port and the "
                "kind of encryption in the account's settings, or try again later.")
                .arg(host),
            ErrorAction::EditAccount);
        return;
    }
    if (phase == Phase::Handshake) {
        fail(ErrorKind::TlsFailed,
            TlsTransport::tr("A protected connection to %1 could not be set up; this network may want you to sign in "
                             "first (open a web page), or the port or the kind of encryption is wrong in the account's "
                             "settings.")
                .arg(host),
            ErrorAction::Retry, socket->errorString());
        return;
    }
    switch (error) {
    case QAbstractSocket::RemoteHostClosedError:
        return; // disconnected() follows, after what came before it was read
    case QAbstractSocket::SslHandshakeFailedError:
    case QAbstractSocket::SslInternalError:
    case QAbstractSocket::SslInvalidUserDataError:
        fail(ErrorKind::TlsFailed, TlsTransport::tr("The protected connection to %1 broke; try again.").arg(host),
            ErrorAction::Retry, socket->errorString());
        return;
    default:
        fail(ErrorKind::ConnectionLost, TlsTransport::tr("The connection to %1 was lost; try again.").arg(host));
    }
}

/// No address of the server could be connected to.
void TlsTransport::Private::unreachable()
{
    if (phase != Phase::Connecting)
        return;
    const QString &host = endpoint.host;
    switch (dialer->failure()) {
    case Dialer::Failure::NoSuchHost:
        fail(ErrorKind::HostNotFound,
            TlsTransport::tr("There is no server named %1; check the name and your internet connection.").arg(host));
        return;
    case Dialer::Failure::LookupFailed:
        failLookup();
        return;
    case Dialer::Failure::Unreachable:
        break;
    }
    switch (dialer->error()) {
    case QAbstractSocket::HostNotFoundError: // says a proxy
        fail(ErrorKind::HostNotFound,
            TlsTransport::tr("There is no server named %1; check the name and your internet connection.").arg(host));
        return;
    case QAbstractSocket::RemoteHostClosedError:
        fail(ErrorKind::ConnectionLost, TlsTransport::tr("The server %1 hung up at once; try again later.").arg(host));
        return;
    case QAbstractSocket::ConnectionRefusedError:
        fail(ErrorKind::ConnectionRefused,
            TlsTransport::tr("The server %1 does not accept mail connections on port %2; check the port, or try again "
                             "later.")
                .arg(host)
                .arg(endpoint.port));
        return;
    case QAbstractSocket::SocketTimeoutError:
        fail(ErrorKind::Timeout, TlsTransport::tr("The server %1 did not answer in time; try again later.").arg(host));
        return;
    case QAbstractSocket::ProxyAuthenticationRequiredError:
    case QAbstractSocket::ProxyConnectionRefusedError:
    case QAbstractSocket::ProxyConnectionClosedError:
    case QAbstractSocket::ProxyConnectionTimeoutError:
    case QAbstractSocket::ProxyNotFoundError:
    case QAbstractSocket::ProxyProtocolError:
        fail(ErrorKind::ConnectionRefused,
            TlsTransport::tr("The proxy of your system does not connect to %1; check the system's network settings.")
                .arg(host));
        return;
    default:
        fail(ErrorKind::Offline,
            TlsTransport::tr("The server %1 cannot be reached; check your internet connection.").arg(host));
    }
}

void TlsTransport::Private::failLookup()
{
    fail(ErrorKind::NameLookupFailed,
        TlsTransport::tr(
            "The name of the server %1 could not be looked up; check your internet connection, or try again "
            "later.")
            .arg(endpoint.host));
}

void TlsTransport::Private::disconnected()
{
    if (phase != Phase::Open)
        return;
    if (socket->bytesAvailable() > 0)
        Q_EMIT q->readyRead();
    if (phase != Phase::Open)
        return;
    end();
    Q_EMIT q->closed();
}

void TlsTransport::Private::timedOut()
{
    if (phase == Phase::Connecting && dialer && dialer->isLookingUp()) {
        failLookup();
        return;
    }
    const QString text = phase == Phase::Connecting
        ? TlsTransport::tr("The server %1 did not answer in time; try again later.")
        : TlsTransport::tr(
              "The server %1 says nothing when a protected connection is to be set up; check the port and the "
              "kind of encryption in the account's settings, or try again later.");
    fail(ErrorKind::Timeout, text.arg(endpoint.host));
}

void TlsTransport::Private::end()
{
    phase = Phase::Over;
    deadline.stop();
    if (dialer) {
        dialer->disconnect(q);
        dialer.release()->deleteLater(); // it may be speaking
    }
}

void TlsTransport::Private::fail(ErrorKind kind, const QString &text, ErrorAction action, const QString &words)
{
    const Error error{kind, text, action, sanitised(words), std::nullopt};
    end();
    Q_EMIT q->failed(error);
}

TlsTransport::TlsTransport(Endpoint endpoint, QObject *parent)
    : TlsTransport(std::move(endpoint), ConnectDeadlines(), parent)
{
}

TlsTransport::TlsTransport(Endpoint endpoint, ConnectDeadlines deadlines, QObject *parent)
    : Transport(parent)
    , d(std::make_unique<Private>())
{
    d->q = this;
    d->endpoint = std::move(endpoint);
    d->deadlines = deadlines;
    d->deadline.setSingleShot(true);
    connect(&d->deadline, &QTimer::timeout, this, [this] { d->timedOut(); });
}

void TlsTransport::Private::listen()
{
    QSslSocket *const from = socket.get();
    connect(from, &QSslSocket::encrypted, q, [this] { handshakeDone(); });
    connect(from, &QSslSocket::sslErrors, q, [this](const auto &errors) { certificateErrors(errors); });
    // Whose word it is depends on the server: an old one chooses a version that we refuse, a newer one refuses ours.
    const auto alert = [this](QSsl::AlertLevel, QSsl::AlertType type) {
        versionsDiffer |= type == QSsl::AlertType::ProtocolVersion;
    };
    connect(from, &QSslSocket::alertSent, q, alert);
    connect(from, &QSslSocket::alertReceived, q, alert);
    connect(from, &QSslSocket::errorOccurred, q, [this](auto error) { socketError(error); });
    connect(from, &QSslSocket::disconnected, q, [this] { disconnected(); });
    connect(from, &QSslSocket::readyRead, q, [this] {
        if (phase == Phase::Open)
            Q_EMIT q->readyRead();
    });
    connect(from, &QSslSocket::bytesWritten, q, [this](qint64 count) {
        if (phase == Phase::Open)
            Q_EMIT q->bytesWritten(count);
    });
}

TlsTransport::~TlsTransport()
{
    d->dialer.reset();
    d->end();
    if (d->socket) {
        d->socket->disconnect(this);
        d->socket->abort();
    }
}

void TlsTransport::open()
{
    Q_ASSERT(d->phase == Private::Phase::New);
    d->phase = Private::Phase::Connecting;
    d->deadline.start(d->deadlines.connecting);
    d->dialer = std::make_unique<Dialer>(d->deadlines.resolver);
    connect(d->dialer.get(), &Dialer::connected, this, [this] { d->connected(); });
    connect(d->dialer.get(), &Dialer::failed, this, [this] { d->unreachable(); });
    d->dialer->dial(d->endpoint.host, d->endpoint.port, proxyFor(d->endpoint));
}

void TlsTransport::startTls()
{
    if (d->phase != Private::Phase::Open || d->upgraded)
        return;
    if (d->socket->bytesAvailable() > 0) {
        d->fail(ErrorKind::TlsFailed,
            tr("Somebody interfered with the connection to %1 before it was protected; nothing was sent.")
                .arg(d->endpoint.host));
        return;
    }
    d->upgraded = true;
    d->phase = Private::Phase::Handshake;
    d->deadline.start(d->deadlines.handshake);
    d->socket->startClientEncryption();
}

void TlsTransport::write(const QByteArray &bytes)
{
    if (d->phase == Private::Phase::Open)
        d->socket->write(bytes);
}

QByteArray TlsTransport::readAll()
{
    return d->socket ? d->socket->readAll() : QByteArray();
}

qint64 TlsTransport::bytesToWrite() const
{
    return d->socket ? d->socket->bytesToWrite() + d->socket->encryptedBytesToWrite() : 0;
}

bool TlsTransport::isEncrypted() const
{
    return d->phase == Private::Phase::Open && d->socket->isEncrypted();
}

void TlsTransport::close()
{
    d->end();
    if (d->socket)
        d->socket->disconnectFromHost();
}

void TlsTransport::abort()
{
    d->end();
    if (d->socket)
        d->socket->abort();
}

std::unique_ptr<Transport> TlsTransport::another() const
{
    return std::make_unique<TlsTransport>(d->endpoint, d->deadlines);
}

} // namespace satchel::net
