// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/wizardharness.h"

#include "net/tlstransport.h"
#include "support/certificates.h"
#include "ui/bars/notebar.h"

#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTcpServer>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace satchel::test {

QByteArray mail(int number)
{
    return "From: Ada <ada@example.org>\r\nTo: robin@example.org\r\nSubject: Number " + QByteArray::number(number)
        + "\r\nMessage-ID: <" + QByteArray::number(number)
        + "@example.org>\r\nDate: Fri, 20 Nov 2026 10:00:00 +0000\r\n\r\nHello " + QByteArray::number(number) + "\r\n";
}

QByteArray configFile(const QByteArray &host, const QByteArray &user)
{
    return "<clientConfig version=\"1.1\"><emailProvider id=\"example.org\"><domain>example.org</domain>"
           "<displayName>Example Mail</displayName><incomingServer type=\"pop3\"><hostname>"
        + host
        + "</hostname><port>995</port><socketType>SSL</socketType><authentication>password-cleartext"
          "</authentication><username>"
        + user + "</username></incomingServer></emailProvider></clientConfig>";
}

Newcomer::Newcomer()
{
    trustTestAuthority();
    QTcpServer server; // its port is closed again when it goes
    const bool ready = server.listen(QHostAddress::LocalHost) && m_dns.start()
        && m_web.start(
            testCertificates().certificate(CertificateKind::Good), testCertificates().key(CertificateKind::Good));
    if (!ready)
        qFatal("the loopback internet did not start");
    m_closed = server.serverPort();
}

Newcomer::~Newcomer()
{
    end();
}

QString Newcomer::key(const QString &host, quint16 port)
{
    return u"%1:%2"_s.arg(host).arg(port);
}

void Newcomer::start(bool offline)
{
    Ways ways;
    ways.discovery.lookUp = 20s;
    ways.discovery.probe = 20s;
    ways.discovery.authorities = QSslCertificate::fromData(testCertificates().authority());
    const quint16 web = m_web.port();
    ways.discovery.fetched = [unplugged = m_unplugged, web](const QUrl &url) {
        if (unplugged)
            return QUrl(u"https://255.255.255.255/"_s);
        QUrl here = url;
        here.setPath(u'/' + url.host(QUrl::FullyEncoded) + url.path());
        here.setHost(u"localhost"_s);
        here.setPort(web);
        return here;
    };
    ways.discovery.nameserver = m_dns.address();
    ways.discovery.nameserverPort = m_unplugged ? m_closed : m_dns.port();
    // Called on the mail thread: it has all it needs by value.
    ways.connectTo = [leads = m_unplugged ? QHash<QString, quint16>() : m_leads, closed = m_closed](
                         const net::Endpoint &endpoint) -> std::unique_ptr<net::Transport> {
        net::Endpoint here = endpoint;
        here.host = u"localhost"_s;
        here.port = leads.value(key(endpoint.host, endpoint.port), closed);
        return std::make_unique<net::TlsTransport>(here);
    };
    ways.discovery.transport = ways.connectTo;
    const auto profile = Profile::open(m_folder.path());
    if (!profile)
        qFatal("%s", qPrintable(profile.error().text));
    CommandLine line;
    line.offline = offline;
    m_application = std::make_unique<Application>(*profile, line, ways);
    m_application->start();
}

void Newcomer::end()
{
    if (!m_application)
        return;
    QSignalSpy finished(m_application.get(), &Application::finished);
    m_application->window().close();
    if (finished.isEmpty() && !finished.wait(60'000))
        qFatal("the program did not end");
    m_application.reset();
}

ui::AccountWizard *Newcomer::wizard() const
{
    for (auto *dialog : m_application->window().findChildren<ui::AccountWizard *>()) {
        if (dialog->isVisible())
            return dialog;
    }
    return nullptr;
}

void Newcomer::type(const QString &accessibleName, const QString &text)
{
    auto *field = seen<QLineEdit>(accessibleName);
    if (!field)
        qFatal("there is no field %s", qPrintable(accessibleName));
    field->setFocus();
    field->selectAll();
    QTest::keyClicks(field, text);
    ++m_fields;
}

void Newcomer::press(Qt::Key key)
{
    QWidget *target = wizard();
    if (target && target->focusWidget())
        target = target->focusWidget();
    QTest::keyClick(target ? target : &m_application->window(), key);
    ++m_clicks;
}

void Newcomer::click(QWidget *button)
{
    if (!button || !button->isVisible() || !button->isEnabled())
        qFatal("that cannot be clicked: %s", button ? qPrintable(button->property("text").toString()) : "nothing");
    QTest::mouseClick(button, Qt::LeftButton);
    ++m_clicks;
}

void Newcomer::identify(const QString &address, const QString &password)
{
    type(u"Your name"_s, u"Robin Fields"_s);
    type(u"Mail address"_s, address);
    type(u"Password"_s, password);
}

QString Newcomer::allWords() const
{
    return wizard() ? wordsIn(*wizard()) : QString();
}

QString wordsIn(const QWidget &where)
{
    QStringList words;
    for (const QLabel *label : where.findChildren<QLabel *>()) {
        if (label->isVisible())
            words.append(label->text());
    }
    return words.join(u'\n');
}

} // namespace satchel::test
