// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/parrot.h"

#include <QTimer>

namespace satchel::test {

QByteArray Parrot::leak()
{
    QByteArrayList secrets{credentials.password.toUtf8(), credentials.accessToken.toUtf8()};
    secrets.append(credentials.userName.toUtf8());
    secrets.append(credentials.userName.section(u'@', 0, 0).toUtf8());
    if (QString::fromLatin1(credentials.password.toLatin1()) == credentials.password)
        secrets.append(credentials.password.toLatin1());
    secrets += heard;
    secrets.removeAll({});
    const QByteArray secret = secrets.at(random.bounded(secrets.size()));
    const QByteArray plain = QByteArray("\0", 1) + credentials.userName.toUtf8() + '\0' + secret;
    QByteArray form;
    switch (random.bounded(14)) {
    case 0:
        form = secret.toUpper();
        break;
    case 1:
        form = secret.toLower();
        break;
    case 2:
        form = secret.toBase64();
        break;
    case 3:
        form = plain.toBase64();
        break;
    case 4:
        form = ("x" + secret + "yz").toBase64();
        break;
    case 5:
        form = ("xy" + secret).toBase64(QByteArray::OmitTrailingEquals);
        break;
    case 6:
        form = secret.toHex();
        break;
    case 7:
        form = secret.toHex(':').toUpper();
        break;
    case 8:
        form = secret.toPercentEncoding({}, "aeiou-");
        break;
    case 9:
        form = '"' + secret + '"';
        break;
    case 10:
        form = QByteArray(secret).replace('-', "\\x2d").replace('@', "\\x40");
        break;
    case 11:
        form = QByteArray(secret).replace('-', "&#45;").replace('@', "&#x40;");
        break;
    case 12:
        form = secret.toBase64().toBase64();
        break;
    default:
        form = secret;
    }
    repeated.append(form);
    return form;
}

QByteArray Parrot::words()
{
    static const QByteArrayList usual{"", "ready", "mailbox of", "wrong password", "what is", "no such user", "ok,"};
    QByteArray text = usual.at(random.bounded(usual.size()));
    if (!chance(3))
        text += QByteArray(" (<:='").sliced(random.bounded(6), 1) + leak()
            + QByteArray(" )>;='").sliced(random.bounded(6), 1);
    return text;
}

ParrotTransport::ParrotTransport(std::shared_ptr<Parrot> parrot, bool startTls)
    : m_parrot(std::move(parrot))
    , m_startTls(startTls)
    , m_encrypted(!startTls)
{
}

std::unique_ptr<net::Transport> ParrotTransport::another() const
{
    return std::make_unique<ParrotTransport>(m_parrot, m_startTls);
}

void ParrotTransport::open()
{
    m_open = true;
    QTimer::singleShot(0, this, [this] {
        if (!m_open)
            return;
        Q_EMIT opened();
        say((m_parrot->chance(2) ? "+OK " : "+ok ") + m_parrot->words());
        later();
    });
}

void ParrotTransport::startTls()
{
    QTimer::singleShot(0, this, [this] {
        m_encrypted = true;
        if (m_open)
            Q_EMIT encrypted();
        later();
    });
}

void ParrotTransport::say(const QByteArray &line)
{
    m_onTheWay += line + "\r\n";
}

void ParrotTransport::later()
{
    QTimer::singleShot(0, this, &ParrotTransport::deliver);
}

void ParrotTransport::deliver()
{
    if (!m_open || m_onTheWay.isEmpty())
        return;
    const qsizetype size = 1 + m_parrot->random.bounded(int(qMin(qsizetype(400), m_onTheWay.size())));
    m_delivered += m_onTheWay.first(size);
    m_onTheWay.remove(0, size);
    Q_EMIT readyRead();
    if (!m_open)
        return;
    if (!m_onTheWay.isEmpty()) {
        later();
    } else if (m_hangsUp) {
        m_open = false;
        Q_EMIT closed();
    }
}

void ParrotTransport::write(const QByteArray &bytes)
{
    m_fromClient += bytes;
    for (qsizetype end = 0; (end = m_fromClient.indexOf("\r\n")) >= 0;) {
        const QByteArray line = m_fromClient.first(end);
        m_fromClient.remove(0, end + 2);
        answer(line);
    }
    later();
}

void ParrotTransport::answer(const QByteArray &line)
{
    const QByteArrayList words = line.split(' ');
    const QByteArray &verb = words.first();
    if (m_login == Login::Sasl) {
        sasl(line);
    } else if (verb == "CAPA") {
        capa();
    } else if (verb == "STLS") {
        say("+OK go");
    } else if (verb == "USER") {
        m_login = Login::User;
        say("+OK " + m_parrot->words());
    } else if (verb == "PASS") {
        login(m_parrot->accepts);
    } else if (verb == "AUTH") {
        m_login = Login::Sasl;
        m_step = 0;
        const QByteArray sign = m_parrot->chance(2) ? "+ " : "+OK ";
        if (words.size() > 2) {
            m_parrot->heard.append(words.at(2));
            login(false);
        } else if (words.value(1) == "CRAM-MD5") {
            say(sign + QByteArray("<1896.69@host.example>").toBase64());
        } else if (words.value(1) == "LOGIN") {
            say(sign + QByteArray("User name:").toBase64());
        } else {
            say(m_parrot->chance(2) ? sign : sign + "go on");
        }
    } else if (verb == "STAT") {
        say("+OK 3 300 " + m_parrot->words());
    } else if (verb == "UIDL") {
        say("+OK " + m_parrot->words());
        for (int number = 1; number <= 3; ++number)
            say(QByteArray::number(number) + ' ' + QByteArray::number(m_parrot->random.generate(), 16)
                + (m_parrot->chance(2) ? '.' + m_parrot->leak() : QByteArray()));
        say(".");
    } else if (verb == "LIST") {
        say("+OK " + m_parrot->words() + "\r\n1 100 " + m_parrot->words() + "\r\n2 100\r\n3 100\r\n.");
    } else if (verb == "RETR" || verb == "TOP") {
        message(words.value(1).toInt());
    } else if (verb == "QUIT") {
        say("+OK " + m_parrot->words());
        m_hangsUp = true;
    } else {
        say((m_parrot->chance(8) ? "-ERR " : "+OK ") + m_parrot->words());
    }
}

void ParrotTransport::capa()
{
    say("+OK " + m_parrot->words());
    say("TOP");
    say("UIDL");
    if (m_parrot->chance(2))
        say("PIPELINING");
    if (m_startTls && !m_encrypted)
        say("STLS");
    say(m_parrot->sasl.isEmpty() ? QByteArray("USER") : "SASL " + m_parrot->sasl);
    say("IMPLEMENTATION " + m_parrot->words());
    if (m_parrot->chance(2))
        say("X-" + m_parrot->leak() + ' ' + m_parrot->words());
    say(".");
}

void ParrotTransport::login(bool accepted)
{
    m_login = accepted ? Login::Done : Login::None;
    if (accepted) {
        say("+OK " + m_parrot->words());
        return;
    }
    say((m_parrot->chance(2) ? "-ERR " : "-ERR [" + m_parrot->leak().left(40) + "] ") + m_parrot->words());
    m_hangsUp = m_parrot->chance(2);
}

void ParrotTransport::sasl(const QByteArray &line)
{
    if (line.size() > 8)
        m_parrot->heard.append(line);
    if (m_parrot->sasl == "LOGIN" && ++m_step == 1)
        say("+ " + QByteArray("Password:").toBase64()); // a second "+OK" is the end of it
    else
        login(m_parrot->accepts && line != "*");
}

void ParrotTransport::message(int number)
{
    say("+OK " + m_parrot->words());
    say("From: " + m_parrot->words());
    say("X-" + m_parrot->leak() + ": " + m_parrot->words());
    say("Content-Type: " + m_parrot->words() + "; name=" + m_parrot->words());
    say("Subject: " + QByteArray::number(number));
    say("");
    for (int line = m_parrot->random.bounded(4); line > 0; --line)
        say(m_parrot->words());
    if (m_parrot->chance(2)) // its end as careless servers send it
        m_onTheWay += "x\n.\r\n-ERR " + m_parrot->words() + "\r\n+OK " + m_parrot->words() + "\r\n";
    say(".");
}

} // namespace satchel::test
