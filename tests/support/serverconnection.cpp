// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/serverconnection.h"

#include <QCryptographicHash>
#include <QDeadlineTimer>
#include <QMessageAuthenticationCode>
#include <QSslConfiguration>
#include <QSslKey>

#include <algorithm>
#ifdef Q_OS_UNIX
#include <sys/socket.h>
#endif

namespace satchel::test {

namespace {

qint64 now()
{
    return QDeadlineTimer::current().deadline();
}

} // namespace

ServerConnection::ServerConnection(
    qintptr socket, bool implicitTls, ServerQuirks &quirks, Maildrop &maildrop, QObject *parent)
    : QObject(parent)
    , m_quirks(quirks)
    , m_maildrop(maildrop)
{
    ++m_maildrop.record.connections;
    m_delay.setSingleShot(true);
    connect(&m_delay, &QTimer::timeout, this, &ServerConnection::flush);
    m_patience.setSingleShot(true);
    connect(&m_patience, &QTimer::timeout, this, [this] {
        // What is still on its way to the client is no silence of the client's.
        if (m_socket.bytesToWrite() + m_socket.encryptedBytesToWrite() > 0)
            waitForClient();
        else
            hangUp();
    });
    waitForClient();
    connect(&m_socket, &QSslSocket::readyRead, this, &ServerConnection::read);
    connect(&m_socket, &QSslSocket::disconnected, this, &QObject::deleteLater);
    m_socket.setSocketDescriptor(socket);
    m_socket.setSocketOption(QAbstractSocket::LowDelayOption, 1);
    const auto greet = [this] {
        if (m_quirks.hangsUpAt == "GREETING")
            hangUp();
        else if (m_quirks.silentAt != "GREETING")
            say(m_quirks.greeting);
    };
    if (!implicitTls) {
        greet();
        return;
    }
    if (m_quirks.silentInHandshake) {
        m_state = State::Over;
        return;
    }
    connect(&m_socket, &QSslSocket::encrypted, this, greet);
    configureTls();
    m_socket.startServerEncryption();
}

ServerConnection::~ServerConnection()
{
    m_socket.disconnect(this);
    if (m_ownsMaildrop)
        m_maildrop.isOpen = false;
}

void ServerConnection::configureTls()
{
    QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
    configuration.setLocalCertificateChain(
        QSslCertificate::fromData(testCertificates().certificate(m_quirks.certificate)));
    configuration.setPrivateKey(QSslKey(testCertificates().key(m_quirks.certificate), QSsl::Ec));
    configuration.setPeerVerifyMode(QSslSocket::VerifyNone);
    m_socket.setSslConfiguration(configuration);
}

void ServerConnection::read()
{
    m_input += m_socket.readAll();
    int lines = 0;
    qsizetype used = 0;
    for (;;) {
        const qsizetype end = m_input.indexOf('\n', used);
        if (end < 0 || m_state == State::Over)
            break;
        QByteArray line = m_input.sliced(used, end - used);
        used = end + 1;
        if (line.endsWith('\r'))
            line.chop(1);
        ++lines;
        const bool wasPass = line.first(qMin(line.size(), qsizetype(5))).toUpper() == "PASS ";
        handle(line);
        if (wasPass && m_quirks.losesWhatFollowsPass)
            used = m_input.size();
    }
    m_input.remove(0, used);
    m_maildrop.record.mostInOneRead = qMax(m_maildrop.record.mostInOneRead, lines);
}

void ServerConnection::waitForClient()
{
    if (m_quirks.patience.count() > 0)
        m_patience.start(m_quirks.patience);
    else
        m_patience.stop();
}

void ServerConnection::handle(const QByteArray &line)
{
    waitForClient();
    m_maildrop.record.commands.append(line);
    if (m_maildrop.onCommand)
        m_maildrop.onCommand(line);
    if (m_silent)
        return;
    if (m_state >= State::SaslPlain && m_state <= State::SaslRefused) {
        sasl(line);
        return;
    }
    const qsizetype blank = line.indexOf(' ');
    const QByteArray verb = (blank < 0 ? line : line.first(blank)).toUpper();
    const QByteArray argument = blank < 0 ? QByteArray() : line.sliced(blank + 1);
    if (misbehaves(verb, argument))
        return;
    if (verb == "CAPA")
        capa();
    else if (verb == "QUIT")
        quit();
    else if (m_state == State::Transaction)
        transaction(verb, argument);
    else
        authorization(verb, argument);
}

bool ServerConnection::misbehaves(const QByteArray &verb, const QByteArray &argument)
{
    const QByteArray both = verb + ' ' + argument;
    const auto names = [&verb, &both](const QByteArray &where) { return where == verb || where == both; };
    if (!m_quirks.hangsUpAt.isEmpty() && names(m_quirks.hangsUpAt)) {
        hangUp();
        return true;
    }
    if (!m_quirks.silentAt.isEmpty() && names(m_quirks.silentAt)) {
        m_silent = true; // to what was sent along with it as well
        return true;
    }
    if (verb == "DELE" && m_maildrop.onDele && m_state == State::Transaction) {
        if (const int index = indexOf(argument); index >= 0)
            m_maildrop.onDele(uidlOf(index));
    }
    const auto answer = m_quirks.answers.constFind(m_quirks.answers.contains(both) ? both : verb);
    if (answer == m_quirks.answers.cend())
        return false;
    say(*answer);
    return true;
}

void ServerConnection::capa()
{
    if (m_quirks.capaHangsUp) {
        hangUp();
        return;
    }
    if (!m_quirks.capa) {
        say("-ERR unknown command");
        return;
    }
    const bool loggedIn = m_state == State::Transaction;
    QByteArrayList lines{"+OK capabilities follow"};
    if (m_quirks.top)
        lines.append("TOP");
    if (m_quirks.uidl && m_quirks.uidlAnnounced)
        lines.append("UIDL");
    lines += {"RESP-CODES", "AUTH-RESP-CODE"};
    if (m_quirks.pipelining)
        lines.append("PIPELINING");
    if (m_quirks.loginDelay > 0)
        lines.append("LOGIN-DELAY " + QByteArray::number(m_quirks.loginDelay));
    if (!loggedIn) {
        lines.append("USER");
        if (m_quirks.stls && !m_socket.isEncrypted())
            lines.append("STLS");
        if (!m_quirks.sasl.isEmpty())
            lines.append("SASL " + m_quirks.sasl);
    } else if (!m_quirks.capabilitiesAfterLogin.isEmpty()) {
        lines += m_quirks.capabilitiesAfterLogin.split('\n');
    }
    lines.append(".");
    QByteArray all;
    for (const QByteArray &line : std::as_const(lines))
        all += line + lineEnd();
    send(all);
}

void ServerConnection::authorization(const QByteArray &verb, const QByteArray &argument)
{
    if (verb == "STLS") {
        startTls();
    } else if (verb == "USER") {
        m_user = argument;
        say("+OK");
    } else if (verb == "PASS") {
        checkLogin(m_user == m_quirks.user && argument == m_quirks.password);
    } else if (verb == "APOP") {
        const qsizetype begin = m_quirks.greeting.indexOf('<');
        const QByteArray stamp = begin < 0 ? QByteArray() : m_quirks.greeting.sliced(begin);
        const QByteArray digest = QCryptographicHash::hash(stamp + m_quirks.password, QCryptographicHash::Md5).toHex();
        checkLogin(!stamp.isEmpty() && argument == m_quirks.user + ' ' + digest);
    } else if (verb == "AUTH") {
        const QByteArray mechanism = argument.toUpper();
        if (mechanism == "PLAIN") {
            m_state = State::SaslPlain;
            say("+ ");
        } else if (mechanism == "LOGIN") {
            m_state = State::SaslLoginUser;
            say("+ " + QByteArray("Username:").toBase64());
        } else if (mechanism == "CRAM-MD5") {
            m_state = State::SaslCram;
            m_challenge = "<" + QByteArray::number(now()) + "@satchel.test>";
            say("+ " + m_challenge.toBase64());
        } else if (mechanism == "XOAUTH2") {
            m_state = State::SaslXoauth2;
            say("+");
        } else {
            say("-ERR unknown mechanism");
        }
    } else {
        say("-ERR log in first");
    }
}

void ServerConnection::sasl(const QByteArray &line)
{
    const State step = std::exchange(m_state, State::Authorization);
    if (line == "*") {
        say("-ERR Authentication aborted");
        return;
    }
    const QByteArray response = QByteArray::fromBase64(line);
    switch (step) {
    case State::SaslPlain: {
        QByteArray expected;
        expected.append('\0').append(m_quirks.user).append('\0').append(m_quirks.password);
        checkLogin(!m_quirks.saslFails && response == expected);
        break;
    }
    case State::SaslLoginUser:
        m_user = response;
        m_state = State::SaslLoginPassword;
        say("+ " + QByteArray("Password:").toBase64());
        break;
    case State::SaslLoginPassword:
        checkLogin(!m_quirks.saslFails && m_user == m_quirks.user && response == m_quirks.password);
        break;
    case State::SaslCram: {
        const QByteArray digest =
            QMessageAuthenticationCode::hash(m_challenge, m_quirks.password, QCryptographicHash::Md5);
        checkLogin(!m_quirks.saslFails && response == m_quirks.user + ' ' + digest.toHex());
        break;
    }
    case State::SaslXoauth2:
        if (response == "user=" + m_quirks.user + "\x01" + "auth=Bearer " + m_quirks.token + "\x01\x01") {
            checkLogin(!m_quirks.saslFails);
        } else {
            m_state = State::SaslRefused;
            say("+ " + QByteArray(R"({"status":"401","schemes":"bearer"})").toBase64());
        }
        break;
    default:
        checkLogin(false);
    }
}

void ServerConnection::checkLogin(bool correct)
{
    if (!correct) {
        ++m_maildrop.record.failedLogins;
        if (!m_quirks.hangsUpInsteadOfRefusing)
            say("-ERR [AUTH] invalid user name or password");
        if (m_quirks.hangsUpAfterBadPassword || m_quirks.hangsUpInsteadOfRefusing)
            hangUp();
        return;
    }
    if (m_quirks.inUse || (m_quirks.exclusive && m_maildrop.isOpen)) {
        say("-ERR [IN-USE] mailbox is open in another session");
        return;
    }
    ++m_maildrop.record.logins;
    m_ownsMaildrop = m_maildrop.isOpen = true;
    m_listed = m_maildrop.messages;
    if (m_quirks.listOnly > 0 && m_listed.size() > m_quirks.listOnly)
        m_listed.resize(m_quirks.listOnly);
    if (m_quirks.portion > 0) {
        m_listed.removeIf(
            [this](const ServerMessage &message) { return m_maildrop.record.retrieved.contains(message.uidl); });
        m_listed.resize(qMin(m_listed.size(), qsizetype(m_quirks.portion)));
    }
    m_state = State::Transaction;
    say("+OK logged in");
}

void ServerConnection::startTls()
{
    if (!m_quirks.stls || m_quirks.stlsRefused || m_socket.isEncrypted()) {
        say("-ERR no TLS");
        return;
    }
    send("+OK begin TLS" + lineEnd() + m_quirks.behindStls);
    if (m_quirks.silentInHandshake) {
        m_state = State::Over;
        return;
    }
    m_input.clear();
    configureTls();
    m_socket.startServerEncryption();
}

int ServerConnection::indexOf(const QByteArray &number) const
{
    bool ok = false;
    const int index = number.trimmed().toInt(&ok) - 1;
    return ok && index >= 0 && index < m_listed.size() && !m_marked.contains(index) ? index : -1;
}

QByteArray ServerConnection::uidlOf(int index) const
{
    if (m_quirks.emptyUidls)
        return {};
    return m_listed.at(m_quirks.duplicateUidls ? 0 : index).uidl;
}

QByteArray ServerConnection::sizeOf(int index) const
{
    const qint64 size = m_listed.at(index).bytes.size();
    return QByteArray::number(m_quirks.wrongSizes ? size / 2 + 7 : size);
}

void ServerConnection::transaction(const QByteArray &verb, const QByteArray &argument)
{
    const QByteArray number = argument.simplified().split(' ').value(0);
    if (verb == "STAT") {
        qint64 bytes = 0;
        int count = 0;
        for (int i = 0; i < m_listed.size(); ++i) {
            if (!m_marked.contains(i)) {
                ++count;
                bytes += m_listed.at(i).bytes.size();
            }
        }
        say("+OK " + QByteArray::number(count) + ' ' + QByteArray::number(bytes));
    } else if (verb == "LIST") {
        listing(false, argument);
    } else if (verb == "UIDL" && m_quirks.uidl) {
        listing(true, argument);
    } else if (verb == "NOOP") {
        say("+OK");
    } else if (verb == "RSET") {
        m_marked.clear();
        say("+OK");
    } else if (verb == "RETR" || verb == "DELE" || (verb == "TOP" && m_quirks.top)) {
        const int index = indexOf(number);
        if (index < 0) {
            say("-ERR no such message");
        } else if (verb == "RETR") {
            retr(index);
        } else if (verb == "TOP") {
            top(index, argument.simplified().split(' ').value(1).toInt());
        } else {
            m_marked.insert(index);
            m_maildrop.noteDeleted(m_listed.at(index).uidl);
            say("+OK marked to be deleted");
        }
    } else {
        say("-ERR unknown command");
    }
}

void ServerConnection::listing(bool uidl, const QByteArray &argument)
{
    const auto entry = [this, uidl](int index) {
        return QByteArray::number(index + 1) + ' ' + (uidl ? uidlOf(index) : sizeOf(index));
    };
    if (!argument.trimmed().isEmpty()) {
        const int index = indexOf(argument);
        say(index < 0 ? QByteArray("-ERR no such message") : "+OK " + entry(index));
        return;
    }
    QByteArrayList lines;
    for (int i = 0; i < m_listed.size(); ++i) {
        if (!m_marked.contains(i))
            lines.append(entry(i));
    }
    if (uidl && m_quirks.reversedUidl)
        std::ranges::reverse(lines);
    QByteArray all = "+OK" + lineEnd();
    for (const QByteArray &line : std::as_const(lines))
        all += line + lineEnd();
    send(all + '.' + lineEnd());
}

/// With dots stuffed and line ends as the quirks want them; without the terminator.
QByteArray ServerConnection::onTheWire(const QByteArray &text) const
{
    QByteArray result = text;
    if (!m_quirks.noDotStuffing) {
        result.replace("\r\n.", "\r\n..");
        if (result.startsWith('.'))
            result.prepend('.');
    }
    if (!result.isEmpty() && !result.endsWith("\r\n"))
        result += "\r\n";
    if (m_quirks.bareLineFeeds)
        result.replace("\r\n", "\n");
    return result;
}

void ServerConnection::retr(int index)
{
    const QByteArray text = onTheWire(m_listed.at(index).bytes);
    const QByteArray head = "+OK " + sizeOf(index) + " octets" + lineEnd();
    if (m_quirks.cutInMessage == index + 1 && m_quirks.cuts != 0) {
        if (m_quirks.cuts > 0)
            --m_quirks.cuts;
        send(head + text.first(qMin(m_quirks.cutAfter, qint64(text.size()))));
        if (m_quirks.staysSilentInsteadOfCutting)
            m_state = State::Over;
        else
            hangUp();
        return;
    }
    send(head + text + '.' + lineEnd());
    m_maildrop.noteRetrieved(m_listed.at(index).uidl);
}

void ServerConnection::top(int index, int bodyLines)
{
    const QByteArray &bytes = m_listed.at(index).bytes;
    const qsizetype headEnd = bytes.indexOf("\r\n\r\n");
    qsizetype end = headEnd < 0 ? bytes.size() : headEnd + 4;
    for (int i = 0; i < bodyLines && end < bytes.size(); ++i) {
        const qsizetype next = bytes.indexOf("\r\n", end);
        end = next < 0 ? bytes.size() : next + 2;
    }
    if (m_quirks.topTwice)
        say("+OK");
    send("+OK" + lineEnd() + onTheWire(bytes.first(end)) + '.' + lineEnd());
}

void ServerConnection::quit()
{
    const QuitBehaviour behaviour = m_state == State::Transaction ? m_quirks.quit : QuitBehaviour::Commit;
    const bool commits = behaviour != QuitBehaviour::RefuseAndKeep && behaviour != QuitBehaviour::KeepAndHangUp;
    if (commits) {
        QByteArrayList gone;
        for (int i = 0; i < m_listed.size(); ++i) {
            if (m_marked.contains(i))
                gone.append(m_listed.at(i).uidl);
        }
        m_maildrop.remove(gone);
    }
    if (std::exchange(m_ownsMaildrop, false))
        m_maildrop.isOpen = false;
    m_state = State::Over;
    switch (behaviour) {
    case QuitBehaviour::Commit:
        say("+OK bye");
        break;
    case QuitBehaviour::RefuseAndKeep:
    case QuitBehaviour::RefuseAndCommit:
        say("-ERR some deleted messages not removed");
        break;
    case QuitBehaviour::CommitAndHangUp:
    case QuitBehaviour::KeepAndHangUp:
        break;
    case QuitBehaviour::CommitAndStaySilent:
        return;
    }
    hangUp();
}

void ServerConnection::say(const QByteArray &line)
{
    send(line + lineEnd());
}

void ServerConnection::send(const QByteArray &bytes)
{
    if (m_quirks.latency.count() == 0 && m_delayed.empty()) {
        m_socket.write(bytes);
        return;
    }
    m_delayed.push_back({now() + m_quirks.latency.count(), bytes});
    if (!m_delay.isActive())
        m_delay.start(m_quirks.latency);
}

void ServerConnection::flush()
{
    while (!m_delayed.empty() && m_delayed.front().due <= now()) {
        m_socket.write(m_delayed.front().bytes);
        m_delayed.pop_front();
    }
    if (!m_delayed.empty())
        m_delay.start(static_cast<int>(qMax<qint64>(1, m_delayed.front().due - now())));
    else if (m_hangUpWhenFlushed)
        hangUp();
}

void ServerConnection::hangUp()
{
    m_state = State::Over;
    if (!m_delayed.empty()) {
        m_hangUpWhenFlushed = true;
        return;
    }
    if (m_quirks.resets) {
        m_socket.flush();
#ifdef Q_OS_UNIX
        const linger now{1, 0};
        ::setsockopt(int(m_socket.socketDescriptor()), SOL_SOCKET, SO_LINGER, &now, sizeof now);
#endif
        m_socket.abort();
    } else if (m_quirks.truncates) {
        while (m_socket.bytesToWrite() + m_socket.encryptedBytesToWrite() > 0 && m_socket.flush()) { }
#ifdef Q_OS_UNIX
        ::shutdown(int(m_socket.socketDescriptor()), SHUT_WR);
#endif
    } else {
        m_socket.disconnectFromHost();
    }
}

} // namespace satchel::test
