// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QByteArrayList>
#include <QProcess>
#include <QString>
#include <QTemporaryDir>

namespace satchel::test {

struct DovecotOptions {
    QString certificate = QStringLiteral("server"); ///< or "wrong", "expired", "selfsigned": see certificates.sh
    int failureDelay = 0; ///< seconds until a wrong password is refused
    bool lockSession = true; ///< a second session in one mailbox is refused with [IN-USE]
    bool clientCertificates = false; ///< asks for one; EXTERNAL signs in its owner, see clientCertificate()
    bool certificatesDemanded = false; ///< nobody signs in by a password without one
    QString identityProvider = {}; ///< URL; its access tokens sign in, see IdentityProvider
};

/// A real Dovecot on loopback with a data directory of its own, started by dovecot.sh and stopped with this object,
/// or with the test program should that die. One server for a whole test program and one user for each test function
/// is cheap; a server for each function is not. Used from one thread.
class DovecotServer
{
public:
    explicit DovecotServer(DovecotOptions options = {});
    ~DovecotServer();
    Q_DISABLE_COPY_MOVE(DovecotServer)

    /// True when the server accepts connections on both ports; otherwise problem() says why.
    [[nodiscard]] bool start();
    void stop();
    /// Starts again on the same ports with the same mail: a server that was away for a while.
    [[nodiscard]] bool restart();
    [[nodiscard]] QString problem() const { return m_problem; }

    [[nodiscard]] quint16 port() const { return m_port; } ///< plain, and STLS
    [[nodiscard]] quint16 tlsPort() const { return m_tlsPort; } ///< TLS from the first byte
    [[nodiscard]] QString authorityFile() const; ///< PEM; what a client trusts for "server" to be good
    [[nodiscard]] QByteArray
    clientCertificate() const; ///< PEM with its key; of "robin", of this authority, who has the password() too
    [[nodiscard]] QByteArray certificateSha256() const; ///< of the DER form of the server's certificate

    /// A new user with an empty mailbox; returns the name, which is unlike all others of this server.
    QString addUser();
    [[nodiscard]] static QString password() { return QStringLiteral("correct horse 1"); } ///< of all users

    /// Puts messages at the end of a mailbox. Line ends may be LF or CRLF: Dovecot sends CRLF for both.
    void deliver(const QString &user, const QByteArrayList &messages);
    /// What still lies in the mailbox, oldest first, byte for byte as delivered.
    [[nodiscard]] QByteArrayList messages(const QString &user) const;
    /// Takes messages away behind the back of every client, by their place in messages().
    void removeBehindTheBack(const QString &user, const QList<int> &places);
    /// Empties the mailbox; Dovecot then makes new UIDLs.
    void resetMailbox(const QString &user);

    /// All that Dovecot logged since the last clearLog(): "auth failed", "Logged in", retr=2/340, del=1/2.
    [[nodiscard]] QByteArray log() const;
    void clearLog();

private:
    [[nodiscard]] bool run(const QStringList &arguments);
    [[nodiscard]] QString mailDirectory(const QString &user) const;
    [[nodiscard]] QStringList messageFiles(const QString &user) const;

    DovecotOptions m_options;
    QTemporaryDir m_directory;
    QProcess m_process;
    QString m_problem;
    quint16 m_port = 0;
    quint16 m_tlsPort = 0;
    int m_users = 0;
    int m_delivered = 0;
    qint64 m_logStart = 0;
};

} // namespace satchel::test
