// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/servers/dovecotserver.h"

#include <QCryptographicHash>
#include <QDeadlineTimer>
#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QSslCertificate>
#include <QThread>

#include <algorithm>
#include <sys/stat.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace satchel::test {

namespace {

constexpr int mostUsers = 200;

QString userName(int number)
{
    return u"user%1"_s.arg(number);
}

/// What a root test program makes belongs to root; Dovecot works as the owner of the mail directory.
void giveToOwnerOf(const QString &directory, const QString &path)
{
    struct stat owner{};
    if (::stat(QFile::encodeName(directory).constData(), &owner) == 0 && owner.st_uid != ::geteuid()) {
        if (::chown(QFile::encodeName(path).constData(), owner.st_uid, owner.st_gid) != 0)
            qWarning("cannot give %s to the user of the mail server", qPrintable(path));
    }
}

bool writeFile(const QString &path, const QByteArray &bytes)
{
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size() && file.flush();
}

} // namespace

DovecotServer::DovecotServer(DovecotOptions options)
    // Not QDir::tempPath(): names of sockets may not be long, and TMPDIR may be.
    : m_options(std::move(options))
    , m_directory(u"/tmp/sd-XXXXXX"_s)
{
}

DovecotServer::~DovecotServer()
{
    stop();
    // A pop3 process that is just ending may still write its index.
    for (QDeadlineTimer deadline(2000); !m_directory.remove() && !deadline.hasExpired();)
        QThread::msleep(20);
}

bool DovecotServer::start()
{
    return run({});
}

bool DovecotServer::restart()
{
    stop();
    return run({u"--port"_s, QString::number(m_port), u"--tls-port"_s, QString::number(m_tlsPort)});
}

bool DovecotServer::run(const QStringList &arguments)
{
    if (!m_directory.isValid()) {
        m_problem = m_directory.errorString();
        return false;
    }
    // All users are there from the start: Dovecot looks at the list again only when its time has changed, in seconds.
    QByteArray users = "robin:{PLAIN}" + password().toUtf8() + '\n';
    for (int i = 1; i <= mostUsers; ++i)
        users += userName(i).toUtf8() + ":{PLAIN}" + password().toUtf8() + '\n';
    if (!writeFile(m_directory.filePath(u"users"_s), users)) {
        m_problem = u"cannot write into %1"_s.arg(m_directory.path());
        return false;
    }
    m_process.setProcessChannelMode(QProcess::SeparateChannels);
    m_process.start(QStringLiteral(SATCHEL_SERVERS_DIR "/dovecot.sh"),
        QStringList{u"--attached"_s, u"--certificate"_s, m_options.certificate, u"--failure-delay"_s,
            QString::number(m_options.failureDelay)}
            + (m_options.lockSession ? QStringList() : QStringList{u"--no-lock"_s})
            + (m_options.clientCertificates ? QStringList{u"--client-certificates"_s} : QStringList())
            + (m_options.certificatesDemanded ? QStringList{u"--demand-certificates"_s} : QStringList())
            + (m_options.identityProvider.isEmpty() ? QStringList()
                                                    : QStringList{u"--identity-provider"_s, m_options.identityProvider})
            + arguments + QStringList{m_directory.path()});
    QByteArray said;
    for (QDeadlineTimer deadline(30'000); !deadline.hasExpired();) {
        if (!m_process.waitForReadyRead(int(deadline.remainingTime())))
            break;
        said += m_process.readAllStandardOutput();
        if (said.endsWith('\n'))
            break;
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
    m_logStart = 0;
    return true;
}

void DovecotServer::stop()
{
    if (m_process.state() == QProcess::NotRunning)
        return;
    m_process.closeWriteChannel();
    if (!m_process.waitForFinished(10'000)) {
        m_process.terminate();
        m_process.waitForFinished(2000);
    }
}

QString DovecotServer::authorityFile() const
{
    return m_directory.filePath(u"certificates/ca.pem"_s);
}

QByteArray DovecotServer::clientCertificate() const
{
    QByteArray pem;
    for (const QString &name : {u"certificates/client.pem"_s, u"certificates/client.key"_s}) {
        QFile file(m_directory.filePath(name));
        if (file.open(QIODevice::ReadOnly))
            pem += file.readAll();
    }
    return pem;
}

QByteArray DovecotServer::certificateSha256() const
{
    const auto chain =
        QSslCertificate::fromPath(m_directory.filePath(u"certificates/%1.pem"_s.arg(m_options.certificate)));
    return chain.isEmpty() ? QByteArray() : chain.first().digest(QCryptographicHash::Sha256);
}

QString DovecotServer::addUser()
{
    if (m_users == mostUsers)
        qFatal("this server has no more users");
    const QString user = userName(++m_users);
    resetMailbox(user);
    return user;
}

QString DovecotServer::mailDirectory(const QString &user) const
{
    return m_directory.filePath(u"home/%1/Maildir"_s.arg(user));
}

void DovecotServer::deliver(const QString &user, const QByteArrayList &messages)
{
    const QString directory = mailDirectory(user);
    for (const QByteArray &message : messages) {
        // Dovecot numbers new messages in the order of the time in their file names.
        const QString name =
            u"%1.M%2P1.test"_s.arg(1'700'000'000 + m_delivered / 1'000'000).arg(m_delivered % 1'000'000, 6, 10, '0'_L1);
        ++m_delivered;
        const QString temporary = directory + u"/tmp/"_s + name;
        if (!writeFile(temporary, message))
            qFatal("cannot deliver to %s", qPrintable(temporary));
        giveToOwnerOf(directory, temporary);
        if (!QFile::rename(temporary, directory + u"/new/"_s + name))
            qFatal("cannot deliver to %s", qPrintable(directory));
    }
}

QStringList DovecotServer::messageFiles(const QString &user) const
{
    QMap<QString, QString> byName;
    for (const QString &part : {u"/cur"_s, u"/new"_s}) {
        QDirIterator files(mailDirectory(user) + part, QDir::Files);
        while (files.hasNext()) {
            const QString path = files.next();
            byName.insert(files.fileName().section(u':', 0, 0), path);
        }
    }
    return byName.values();
}

QByteArrayList DovecotServer::messages(const QString &user) const
{
    QByteArrayList found;
    for (const QString &path : messageFiles(user)) {
        QFile file(path);
        if (!file.open(QIODevice::ReadOnly))
            qFatal("cannot read %s", qPrintable(path));
        found << file.readAll();
    }
    return found;
}

void DovecotServer::removeBehindTheBack(const QString &user, const QList<int> &places)
{
    const QStringList files = messageFiles(user);
    for (const int place : places)
        QFile::remove(files.at(place));
}

void DovecotServer::resetMailbox(const QString &user)
{
    const QString home = m_directory.filePath(u"home/%1"_s.arg(user));
    for (QDeadlineTimer deadline(2000); QDir(home).exists() && !deadline.hasExpired();) {
        if (!QDir(home).removeRecursively())
            QThread::msleep(20);
    }
    for (const QString &part : {u""_s, u"/Maildir"_s, u"/Maildir/cur"_s, u"/Maildir/new"_s, u"/Maildir/tmp"_s}) {
        QDir().mkpath(home + part);
        giveToOwnerOf(m_directory.filePath(u"home"_s), home + part);
    }
}

QByteArray DovecotServer::log() const
{
    QFile file(m_directory.filePath(u"dovecot.log"_s));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    file.seek(m_logStart);
    return file.readAll();
}

void DovecotServer::clearLog()
{
    m_logStart += log().size();
}

} // namespace satchel::test
