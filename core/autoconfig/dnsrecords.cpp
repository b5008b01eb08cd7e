// SPDX-License-Identifier: GPL-3.0-or-later
#include "autoconfig/dnsrecords.h"

#include "autoconfig/mailaddress.h"

#include <QDnsLookup>

using namespace Qt::StringLiterals;

namespace satchel::autoconfig {

namespace {

constexpr qsizetype MostExchanges = 10;

QString withoutRoot(QString name)
{
    if (name.endsWith(u'.'))
        name.chop(1);
    return name;
}

} // namespace

DnsRecords::DnsRecords(const QString &domain, const DiscoveryOptions &options, QObject *parent)
    : QObject(parent)
    , m_domain(domain)
    , m_options(options)
{
    m_deadline.setSingleShot(true);
    connect(&m_deadline, &QTimer::timeout, this, &DnsRecords::end);
}

DnsRecords::~DnsRecords()
{
    abort();
}

void DnsRecords::start()
{
    m_deadline.start(m_options.lookUp);
    ask(QDnsLookup::SRV, u"_pop3s._tcp."_s + m_domain, Pop3s);
    ask(QDnsLookup::SRV, u"_pop3._tcp."_s + m_domain, Pop3);
    ask(QDnsLookup::SRV, u"_submissions._tcp."_s + m_domain, Submissions);
    ask(QDnsLookup::SRV, u"_submission._tcp."_s + m_domain, SubmissionStartTls);
    ask(QDnsLookup::MX, m_domain, ServiceCount);
}

void DnsRecords::ask(int type, const QString &name, Service service)
{
    auto *lookUp = new QDnsLookup(QDnsLookup::Type(type), name, this);
    if (!m_options.nameserver.isNull())
        lookUp->setNameserver(m_options.nameserver, m_options.nameserverPort);
    m_lookUps.append(lookUp);
    ++m_pending;
    // Queued, so that start() does not finish before it has asked for everything.
    connect(
        lookUp, &QDnsLookup::finished, this,
        [this, lookUp, service] {
            if (m_finished)
                return;
            const QDnsLookup::Error error = lookUp->error();
            m_answered = m_answered || error == QDnsLookup::NoError || error == QDnsLookup::NotFoundError;
            if (service == ServiceCount)
                readExchanges(*lookUp);
            else
                readServices(*lookUp, service);
            if (--m_pending == 0)
                end();
        },
        Qt::QueuedConnection);
    lookUp->lookup();
}

void DnsRecords::readServices(const QDnsLookup &lookUp, Service service)
{
    Answer &answer = m_answers[service];
    const auto records = lookUp.serviceRecords(); // in the order of RFC 2782
    for (const QDnsServiceRecord &record : records) {
        const QString target = withoutRoot(record.target());
        if (target.isEmpty()) {
            answer.none = records.size() == 1; // RFC 2782: the only one, or it means nothing
            continue;
        }
        const QString host = hostName(target);
        if (host.isEmpty() || record.port() == 0)
            continue;
        const bool fromFirstByte = service == Pop3s || service == Submissions;
        answer.server = MailServer{host, record.port(), fromFirstByte ? Security::ImplicitTls : Security::StartTls, {}};
        return;
    }
}

void DnsRecords::readExchanges(const QDnsLookup &lookUp)
{
    const auto records = lookUp.mailExchangeRecords(); // in the order of preference
    for (const QDnsMailExchangeRecord &record : records) {
        const QString host = hostName(withoutRoot(record.exchange()));
        if (!host.isEmpty() && m_exchanges.size() < MostExchanges)
            m_exchanges.append(host);
    }
}

std::optional<MailServer> DnsRecords::pop3() const
{
    return m_answers[Pop3s].server ? m_answers[Pop3s].server : m_answers[Pop3].server;
}

std::optional<MailServer> DnsRecords::submission() const
{
    return m_answers[Submissions].server ? m_answers[Submissions].server : m_answers[SubmissionStartTls].server;
}

bool DnsRecords::saysNoPop3() const
{
    return m_answers[Pop3s].none && m_answers[Pop3].none;
}

void DnsRecords::abort()
{
    m_finished = true;
    m_deadline.stop();
    for (QDnsLookup *lookUp : std::as_const(m_lookUps)) {
        lookUp->disconnect(this);
        lookUp->abort();
    }
}

void DnsRecords::end()
{
    abort();
    Q_EMIT finished();
}

} // namespace satchel::autoconfig
