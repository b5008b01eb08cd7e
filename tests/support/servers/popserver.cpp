// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/servers/popserver.h"

#include <QCryptographicHash>
#include <QDateTime>
#include <QDeadlineTimer>
#include <QFile>
#include <QLocalSocket>
#include <QSslCertificate>
#include <QTcpSocket>
#include <QThread>

#include <algorithm>
#include <sys/stat.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace satchel::test {

namespace {

constexpr int mostUsers = 60;
constexpr int firstUserId = 61001; ///< as popserver.sh has it
constexpr int groupOfMail = 8;
constexpr int patience = 30'000;

QList<PopServerTraits> knownServers()
{
    using Mailboxes = PopServerTraits::Mailboxes;
    using Deleted = PopServerTraits::DeletedByAnother;
    return {
        {.name = u"courier"_s,
            .directory = u"Maildir"_s,
            .sasl = {"PLAIN", "LOGIN", "CRAM-MD5", "CRAM-SHA1", "CRAM-SHA256"},
            .saslInTls = {"PLAIN", "LOGIN", "CRAM-MD5"},
            .deletedByAnother = Deleted::Refused},
        {.name = u"cyrus"_s,
            .directory = {},
            .mailboxes = Mailboxes::Lmtp,
            .sasl = {"PLAIN", "LOGIN", "CRAM-MD5", "DIGEST-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256"},
            .saslInTls = {"PLAIN", "LOGIN", "CRAM-MD5", "DIGEST-MD5", "SCRAM-SHA-1", "SCRAM-SHA-1-PLUS",
                "SCRAM-SHA-256", "SCRAM-SHA-256-PLUS"},
            .apop = true,
            .keepsLoneCr = false,
            .keepsNul = false},
        {.name = u"mailutils"_s, .directory = u"INBOX"_s, .userSuffix = u"@t"_s, .deletedByAnother = Deleted::Locked},
        {.name = u"popa3d"_s,
            .directory = {},
            .mailboxes = Mailboxes::Mbox,
            .tls = false,
            .capabilities = false,
            .equalUidls = true,
            .deletedByAnother = Deleted::ConnectionLost},
        {.name = u"solid"_s,
            .directory = {},
            .mailboxes = Mailboxes::Mbox,
            .tls = false,
            .capabilities = false,
            .equalUidls = true,
            .deletedByAnother = Deleted::ConnectionLost},
    };
}

QString script(const QString &name)
{
    return QStringLiteral(SATCHEL_SERVERS_DIR "/") + name + u".sh"_s;
}

bool writeFile(const QString &path, const QByteArray &bytes)
{
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size() && file.flush();
}

void give(const QString &path, uid_t user, gid_t group)
{
    if (::chown(QFile::encodeName(path).constData(), user, group) != 0)
        qFatal("cannot give %s to the user of the mail server", qPrintable(path));
}

/// The next line of a server; empty when none came.
QByteArray line(QIODevice &device)
{
    while (!device.canReadLine()) {
        if (!device.waitForReadyRead(patience))
            return {};
    }
    return device.readLine();
}

} // namespace

std::unique_ptr<PopServer> PopServer::named(const QString &name)
{
    for (const PopServerTraits &traits : knownServers()) {
        if (traits.name == name)
            return std::unique_ptr<PopServer>(new PopServer(traits));
    }
    return nullptr;
}

QString PopServer::obstacle()
{
    QProcess unpacked;
    unpacked.start(script(u"unpack-servers"_s), {u"--why"_s});
    if (!unpacked.waitForFinished(patience))
        return u"unpack-servers.sh did not answer"_s;
    if (unpacked.exitCode() == 0)
        return {};
    return QString::fromUtf8(unpacked.readAllStandardOutput() + unpacked.readAllStandardError()).trimmed();
}

PopServer::PopServer(PopServerTraits traits)
    // Not QDir::tempPath(): names of sockets may not be long, and TMPDIR may be.
    : m_traits(std::move(traits))
    , m_directory(u"/tmp/sp-XXXXXX"_s)
{
}

PopServer::~PopServer()
{
    stop();
    for (QDeadlineTimer deadline(2000); !m_directory.remove() && !deadline.hasExpired();)
        QThread::msleep(20);
}

bool PopServer::start()
{
    return run({});
}

bool PopServer::restart()
{
    stop();
    return run({u"--port"_s, QString::number(m_port), u"--tls-port"_s, QString::number(m_tlsPort)});
}

bool PopServer::run(const QStringList &arguments)
{
    if (!m_directory.isValid()) {
        m_problem = m_directory.errorString();
        return false;
    }
    m_process.start(script(m_traits.name),
        QStringList{u"--attached"_s, u"--users"_s, QString::number(mostUsers), u"--password"_s, password()} + arguments
            + QStringList{m_directory.path()});
    QByteArray said;
    for (QDeadlineTimer deadline(60'000); !deadline.hasExpired() && !said.endsWith('\n');) {
        if (!m_process.waitForReadyRead(int(deadline.remainingTime())))
            break;
        said += m_process.readAllStandardOutput();
    }
    const QByteArrayList words = said.trimmed().split(' ');
    if (words.size() != 3 || words.at(0) != "ready") {
        m_process.waitForFinished(1000);
        m_problem = QString::fromUtf8(m_process.readAllStandardError());
        stop();
        return false;
    }
    m_port = words.at(1).toUShort();
    m_tlsPort = words.at(2).toUShort();
    return true;
}

void PopServer::stop()
{
    if (m_process.state() == QProcess::NotRunning)
        return;
    m_process.closeWriteChannel();
    if (!m_process.waitForFinished(10'000))
        kill();
}

void PopServer::kill()
{
    // The namespace of the server ends with its script.
    m_process.kill();
    m_process.waitForFinished(10'000);
}

QByteArray PopServer::certificateSha256() const
{
    const auto chain = QSslCertificate::fromPath(m_directory.filePath(u"certificates/server.pem"_s));
    return chain.isEmpty() ? QByteArray() : chain.first().digest(QCryptographicHash::Sha256);
}

QString PopServer::addUser()
{
    if (m_users == mostUsers)
        qFatal("this server has no more users");
    const QString user = u"user%1"_s.arg(++m_users) + m_traits.userSuffix;
    // Cyrus has no mailbox until something comes; the others have one, or need none.
    if (m_traits.mailboxes == PopServerTraits::Mailboxes::Lmtp) {
        deliver(user, {"Subject: the first makes the mailbox\n\n"});
        deleteByAnother(user, 1);
    }
    return user;
}

void PopServer::deliver(const QString &user, const QByteArrayList &messages)
{
    switch (m_traits.mailboxes) {
    case PopServerTraits::Mailboxes::Maildir:
        return deliverToMaildir(user, messages);
    case PopServerTraits::Mailboxes::Mbox:
        return deliverToMbox(user, messages);
    case PopServerTraits::Mailboxes::Lmtp:
        return deliverByLmtp(user, messages);
    }
}

void PopServer::deliverToMaildir(const QString &user, const QByteArrayList &messages)
{
    const QString home = m_directory.filePath(u"home/"_s + user.section(u'@', 0, 0));
    const QString directory = home + u'/' + m_traits.directory;
    struct stat owner{};
    if (::stat(QFile::encodeName(home).constData(), &owner) != 0)
        qFatal("there is no %s", qPrintable(home));
    for (const QByteArray &message : messages) {
        // New messages are numbered in the order of the time in their file names.
        const QString name =
            u"%1.M%2P1.test"_s.arg(1'700'000'000 + m_delivered).arg(m_delivered % 1'000'000, 6, 10, '0'_L1);
        ++m_delivered;
        const QString temporary = directory + u"/tmp/"_s + name;
        if (!writeFile(temporary, message))
            qFatal("cannot deliver to %s", qPrintable(temporary));
        give(temporary, owner.st_uid, owner.st_gid);
        if (!QFile::rename(temporary, directory + u"/new/"_s + name))
            qFatal("cannot deliver to %s", qPrintable(directory));
    }
}

void PopServer::deliverToMbox(const QString &user, const QByteArrayList &messages)
{
    const QString path = m_directory.filePath(u"mail/"_s + user);
    QByteArray mail;
    for (const QByteArray &message : messages) {
        mail += "From a@example.test Tue Nov 14 22:13:20 2023\n" + message;
        mail += message.endsWith('\n') ? "\n" : "\n\n";
    }
    QFile file(path);
    // popa3d waits out the second in which a file was changed.
    if (!file.open(QIODevice::Append) || file.write(mail) != mail.size() || !file.flush()
        || !file.setFileTime(QDateTime::currentDateTime().addSecs(-60), QFileDevice::FileModificationTime))
        qFatal("cannot deliver to %s", qPrintable(path));
    give(path, uid_t(firstUserId - 1 + user.mid(4).toInt()), groupOfMail);
    ::chmod(QFile::encodeName(path).constData(), 0660);
}

void PopServer::deliverByLmtp(const QString &user, const QByteArrayList &messages)
{
    QLocalSocket lmtp;
    lmtp.connectToServer(m_directory.filePath(u"sockets/lmtp"_s));
    const auto expect = [&lmtp](const char *code, const QByteArray &command) {
        if (!command.isEmpty())
            lmtp.write(command + "\r\n");
        QByteArray answer;
        do
            answer = line(lmtp);
        while (answer.size() > 3 && answer.at(3) == '-');
        if (!answer.startsWith(code))
            qFatal("cannot deliver by LMTP: %s", answer.constData());
    };
    if (!lmtp.waitForConnected(patience))
        qFatal("cannot connect to LMTP");
    expect("220", {});
    expect("250", "LHLO localhost");
    for (const QByteArray &message : messages) {
        expect("250", "MAIL FROM:<a@example.test>");
        expect("250", "RCPT TO:<" + user.toLatin1() + '>');
        expect("354", "DATA");
        const QByteArray sent = asSent(message);
        expect("250", (sent.startsWith('.') ? "." : "") + QByteArray(sent).replace("\r\n.", "\r\n..") + '.');
    }
    expect("221", "QUIT");
}

QByteArray PopServer::asSent(const QByteArray &message)
{
    QByteArray sent = message;
    if (!sent.endsWith('\n'))
        sent += '\n';
    return sent.replace("\n", "\r\n");
}

QByteArray PopServer::withoutAdditions(const QByteArray &received) const
{
    QByteArray message = received;
    if (m_traits.name == "solid"_L1) {
        // The empty line that separates messages in the file.
        if (message.endsWith("\r\n\r\n"))
            message.chop(2);
    } else if (m_traits.name == "cyrus"_L1) {
        constexpr QByteArrayView lastAdded("X-Sieve: CMU Sieve 3.0\r\n");
        if (const qsizetype at = message.indexOf(lastAdded); at >= 0)
            message.remove(0, at + lastAdded.size());
    } else if (m_traits.name == "mailutils"_L1) {
        for (const char *field : {"X-UIDL: ", "Status: "}) {
            const qsizetype header = message.indexOf("\r\n\r\n");
            const qsizetype at = message.indexOf("\r\n" + QByteArray(field));
            if (at >= 0 && at < header)
                message.remove(at, message.indexOf("\r\n", at + 2) - at);
        }
    }
    return message;
}

QByteArrayList PopServer::ask(const QString &user, const QByteArrayList &commands) const
{
    // The session before this one may still hold the mailbox: a server learns of a cut line in its own time.
    for (const QDeadlineTimer deadline(patience);; QThread::msleep(20)) {
        QByteArrayList answers = tryToAsk(user, commands);
        if (answers.last().startsWith("+OK"))
            return answers;
        if (!answers.last().startsWith("-ERR [IN-USE]") || deadline.hasExpired())
            qFatal("%s ends with %s", qPrintable(m_traits.name), answers.last().constData());
    }
}

QByteArrayList PopServer::tryToAsk(const QString &user, const QByteArrayList &commands) const
{
    QTcpSocket socket;
    socket.connectToHost(u"127.0.0.1"_s, m_port);
    if (!socket.waitForConnected(patience))
        qFatal("cannot connect to %s", qPrintable(m_traits.name));
    QByteArrayList answers{line(socket)};
    for (const QByteArray &command : QByteArrayList{"USER " + user.toLatin1(), "PASS " + password().toLatin1()}
            + commands + QByteArrayList{"QUIT"}) {
        socket.write(command + "\r\n");
        answers << line(socket);
        if (!answers.last().startsWith("+OK"))
            return answers;
    }
    // Its process may hold the mailbox until it has ended.
    socket.waitForDisconnected(2000);
    return answers;
}

int PopServer::count(const QString &user) const
{
    return ask(user, {"STAT"}).at(3).split(' ').value(1).toInt();
}

void PopServer::deleteByAnother(const QString &user, int number) const
{
    (void)ask(user, {"DELE " + QByteArray::number(number)});
}

} // namespace satchel::test
