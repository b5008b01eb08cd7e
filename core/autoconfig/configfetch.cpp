// SPDX-License-Identifier: GPL-3.0-or-later
#include "autoconfig/configfetch.h"

#include "autoconfig/clientconfig.h"
#include "autoconfig/mailaddress.h"
#include "net/certificate.h"

#include <QNetworkProxyFactory>
#include <QNetworkReply>
#include <QNetworkRequest>
#include <QSslConfiguration>

using namespace Qt::StringLiterals;

namespace satchel::autoconfig {

namespace {

constexpr int MostRedirects = 4;

/// The system's proxies, but none to this machine.
class SystemProxies : public QNetworkProxyFactory
{
public:
    QList<QNetworkProxy> queryProxy(const QNetworkProxyQuery &query) override
    {
        const QString host = query.peerHostName();
        if (host == "localhost"_L1 || QHostAddress(host).isLoopback())
            return {QNetworkProxy::NoProxy};
        return systemProxyForQuery(query);
    }
};

bool isRedirect(int status)
{
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

ErrorKind kindOf(QNetworkReply::NetworkError error)
{
    switch (error) {
    case QNetworkReply::HostNotFoundError:
        return ErrorKind::HostNotFound;
    case QNetworkReply::ConnectionRefusedError:
        return ErrorKind::ConnectionRefused;
    case QNetworkReply::TimeoutError:
        return ErrorKind::Timeout;
    case QNetworkReply::RemoteHostClosedError:
        return ErrorKind::ConnectionLost;
    case QNetworkReply::SslHandshakeFailedError:
        return ErrorKind::CertificateUntrusted;
    case QNetworkReply::UnknownNetworkError:
    case QNetworkReply::TemporaryNetworkFailureError:
    case QNetworkReply::NetworkSessionFailedError:
        return ErrorKind::Offline;
    default:
        return ErrorKind::ServerRefused;
    }
}

} // namespace

ConfigFetch::ConfigFetch(const QUrl &url, const DiscoveryOptions &options, QObject *parent)
    : QObject(parent)
    , m_options(options)
    , m_url(url)
    , m_result(fail(ErrorKind::Cancelled, tr("The search for mail settings was stopped.")))
{
    m_network.setProxyFactory(new SystemProxies);
    m_deadline.setSingleShot(true);
    connect(&m_deadline, &QTimer::timeout, this,
        [this] { refuse(ErrorKind::Timeout, tr("%1 did not answer in time.").arg(m_url.host())); });
}

ConfigFetch::~ConfigFetch()
{
    drop();
}

void ConfigFetch::start()
{
    m_deadline.start(m_options.lookUp);
    request(m_url);
}

void ConfigFetch::abort()
{
    m_finished = true;
    m_deadline.stop();
    drop();
}

void ConfigFetch::drop()
{
    if (!m_reply)
        return;
    m_reply->disconnect(this);
    m_reply->abort();
    m_reply->deleteLater();
    m_reply = nullptr;
}

void ConfigFetch::request(const QUrl &url)
{
    m_url = url;
    QNetworkRequest request(m_options.fetched ? m_options.fetched(url) : url);
    request.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
    request.setAttribute(QNetworkRequest::CookieLoadControlAttribute, QNetworkRequest::Manual);
    request.setAttribute(QNetworkRequest::CookieSaveControlAttribute, QNetworkRequest::Manual);
    request.setAttribute(QNetworkRequest::AuthenticationReuseAttribute, QNetworkRequest::Manual);
    request.setAttribute(QNetworkRequest::CacheLoadControlAttribute, QNetworkRequest::AlwaysNetwork);
    request.setRawHeader("User-Agent", "Satchel");
    request.setRawHeader("Accept", "text/xml, application/xml;q=0.9, */*;q=0.1");
    request.setRawHeader("Accept-Language", "*"); // Qt would tell the language of this system
    request.setRawHeader("Accept-Encoding", "identity"); // so that what is counted is what came
    QSslConfiguration tls = QSslConfiguration::defaultConfiguration();
    tls.setProtocol(QSsl::TlsV1_2OrLater);
    tls.setPeerVerifyMode(QSslSocket::VerifyPeer);
    tls.addCaCertificates(m_options.authorities);
    request.setSslConfiguration(tls);

    m_reply = m_network.get(request);
    m_reply->setReadBufferSize(LargestClientConfig + 1);
    connect(m_reply, &QNetworkReply::encrypted, this, &ConfigFetch::encrypted);
    connect(m_reply, &QNetworkReply::readyRead, this, &ConfigFetch::read);
    connect(m_reply, &QNetworkReply::finished, this, &ConfigFetch::replied);
}

void ConfigFetch::encrypted()
{
    // Qt takes the common name for a host name, RFC 9525 does not. Nothing was sent yet.
    if (!net::isFor(m_reply->sslConfiguration().peerCertificate(), m_reply->url().host(QUrl::FullyEncoded)))
        refuse(
            ErrorKind::CertificateUntrusted, tr("%1 could not prove that it is the right server.").arg(m_url.host()));
}

void ConfigFetch::read()
{
    m_body += m_reply->read(LargestClientConfig + 1 - m_body.size());
    if (m_body.size() > LargestClientConfig) {
        refuse(ErrorKind::ProtocolError,
            tr("The mail settings that %1 publishes are too large to be believed.").arg(m_url.host()));
    }
}

void ConfigFetch::replied()
{
    read();
    if (m_finished)
        return;
    m_status = m_reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    const QNetworkReply::NetworkError error = m_reply->error();
    const QByteArray location = m_reply->rawHeader("Location");
    const QString words = sanitised(m_reply->errorString());
    drop();
    m_body.squeeze();

    if (isRedirect(m_status)) {
        const QUrl target = m_url.resolved(QUrl::fromEncoded(location));
        // Through plain http anyone on the way could name a server of his own.
        if (location.isEmpty() || target.scheme() != "https"_L1 || !target.userInfo().isEmpty()
            || hostName(target.host()).isEmpty() || ++m_redirects > MostRedirects) {
            refuse(ErrorKind::ServerRefused, tr("%1 leads to a place that is not safe to ask.").arg(m_url.host()));
            return;
        }
        m_body.clear();
        request(target);
        return;
    }
    if (m_status == 404 || m_status == 410) {
        refuse(ErrorKind::NotFound, tr("%1 publishes no mail settings.").arg(m_url.host()));
    } else if (error == QNetworkReply::SslHandshakeFailedError) {
        refuse(ErrorKind::CertificateUntrusted, tr("%1 could not prove that it is the right server.").arg(m_url.host()),
            words);
    } else if (error != QNetworkReply::NoError || m_status != 200) {
        refuse(m_status ? ErrorKind::ServerRefused : kindOf(error),
            tr("The mail settings of %1 could not be fetched.").arg(m_url.host()), words);
    } else {
        end(std::move(m_body));
    }
}

void ConfigFetch::refuse(ErrorKind kind, const QString &text, const QString &detail)
{
    end(fail(kind, text, ErrorAction::EditAccount, detail));
}

void ConfigFetch::end(Expected<QByteArray> result)
{
    if (m_finished)
        return;
    abort();
    m_result = std::move(result);
    // Not at once: the reply may be in the middle of speaking.
    QMetaObject::invokeMethod(this, &ConfigFetch::finished, Qt::QueuedConnection);
}

} // namespace satchel::autoconfig
