// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QByteArrayList>
#include <QProcess>
#include <QString>
#include <QTemporaryDir>

#include <memory>

namespace satchel::test {

/// What a server is known to do; the tests say that it still does.
struct PopServerTraits {
    enum class Mailboxes { Maildir, Mbox, Lmtp };
    enum class DeletedByAnother { Refused, Delivered, ConnectionLost, Locked };

    QString name; ///< of its script: NAME.sh
    QString directory; ///< of a user's mailbox, below his home; Maildir only
    Mailboxes mailboxes = Mailboxes::Maildir;
    QString userSuffix = {}; ///< that its user names have
    bool tls = true;
    QByteArrayList sasl = {}; ///< offered without encryption
    QByteArrayList saslInTls = {};
    bool capabilities = true; ///< knows CAPA
    bool apop = false; ///< and accepts it
    bool equalUidls = false; ///< of equal messages
    bool keepsLoneCr = true;
    bool keepsNul = true;
    DeletedByAnother deletedByAnother = DeletedByAnother::Delivered; ///< RETR of such a message
};

/// One of the POP3 servers beside Dovecot: real, on loopback, with a data directory of its own, started by its script
/// (see popserver.sh) and stopped with this object, or with the test program should that die. Used from one thread.
class PopServer
{
public:
    /// "courier", "cyrus", "mailutils", "popa3d" or "solid"; nullptr for another name.
    [[nodiscard]] static std::unique_ptr<PopServer> named(const QString &name);
    /// Why none of them can run here; empty where they can.
    [[nodiscard]] static QString obstacle();

    ~PopServer();
    Q_DISABLE_COPY_MOVE(PopServer)

    /// True when the server greets; otherwise problem() says why.
    [[nodiscard]] bool start();
    void stop();
    /// All its processes die at once, in the middle of what they do.
    void kill();
    /// Starts again on the same ports with the same mail.
    [[nodiscard]] bool restart();
    [[nodiscard]] QString problem() const { return m_problem; }
    [[nodiscard]] const PopServerTraits &traits() const { return m_traits; }

    [[nodiscard]] quint16 port() const { return m_port; } ///< plain, and STLS where it has TLS
    [[nodiscard]] quint16 tlsPort() const { return m_tlsPort; } ///< TLS from the first byte; 0: none
    [[nodiscard]] QByteArray certificateSha256() const; ///< of the DER form of the server's certificate

    /// A user whom nobody had yet, with an empty mailbox; returns the name to sign in with.
    QString addUser();
    [[nodiscard]] static QString password() { return QStringLiteral("correct horse 1"); } ///< of all users

    /// Puts messages at the end of a mailbox. Their lines end in LF; for mbox, no line begins with "From ".
    void deliver(const QString &user, const QByteArrayList &messages);
    /// A message that was delivered, as it should come: with CRLF, the last line ended too.
    [[nodiscard]] static QByteArray asSent(const QByteArray &message);
    /// What came, without what this server adds to every message.
    [[nodiscard]] QByteArray withoutAdditions(const QByteArray &received) const;

    /// How many messages the server says are there: a visit of its own, by a client as simple as can be.
    [[nodiscard]] int count(const QString &user) const;
    /// Another client deletes one message and quits.
    void deleteByAnother(const QString &user, int number) const;

private:
    explicit PopServer(PopServerTraits traits);
    [[nodiscard]] bool run(const QStringList &arguments);
    /// Answers of the server, the greeting first; waits while the mailbox is in use.
    [[nodiscard]] QByteArrayList ask(const QString &user, const QByteArrayList &commands) const;
    /// The last of the answers is the first that is not +OK.
    [[nodiscard]] QByteArrayList tryToAsk(const QString &user, const QByteArrayList &commands) const;
    void deliverToMaildir(const QString &user, const QByteArrayList &messages);
    void deliverToMbox(const QString &user, const QByteArrayList &messages);
    void deliverByLmtp(const QString &user, const QByteArrayList &messages);

    PopServerTraits m_traits;
    QTemporaryDir m_directory;
    QProcess m_process;
    QString m_problem;
    quint16 m_port = 0;
    quint16 m_tlsPort = 0;
    int m_users = 0;
    int m_delivered = 0;
};

} // namespace satchel::test
