// SPDX-License-Identifier: GPL-3.0-or-later
// A whole SCRAM exchange (RFC 5802) with a server that works its half out by itself: what it may leave out or get
// wrong without being believed, and what is not sent to it any more.
#include "pop3/session.h"

#include <QMessageAuthenticationCode>
#include <QPasswordDigestor>
#include <QSignalSpy>
#include <QTest>
#include <QTimer>

using namespace satchel;

namespace {

constexpr auto Hash = QCryptographicHash::Sha256;

/// What the server sends once the client has proven that it knows the password.
enum class Proof {
    Right,
    None, ///< +OK at once
    Wrong, ///< the signature of a server that knows another password
    Cut, ///< the right signature without its end
    Empty, ///< "v=" and nothing
    Refusal, ///< "e=other-error", and then +OK all the same
};

/// Everything the client said to the server, which outlives the transport.
using Lines = std::shared_ptr<QByteArrayList>;

/// The server's end, in memory. It accepts SCRAM-SHA-256 for the password "secret", and every other sign-in too.
class ScramServer : public net::Transport
{
    Q_OBJECT

public:
    ScramServer(Proof proof, bool greedy, Lines lines)
        : m_proof(proof)
        , m_greedy(greedy)
        , m_lines(std::move(lines))
    {
    }

    void open() override
    {
        QTimer::singleShot(0, this, [this] {
            Q_EMIT opened();
            say("+OK ready");
        });
    }
    void startTls() override { QFAIL("TLS is there already"); }
    void write(const QByteArray &bytes) override
    {
        m_received += bytes;
        for (qsizetype end = m_received.indexOf("\r\n"); end >= 0; end = m_received.indexOf("\r\n")) {
            const QByteArray line = m_received.first(end);
            m_received.remove(0, end + 2);
            m_lines->append(line);
            QTimer::singleShot(0, this, [this, line] { answer(line); });
        }
    }
    QByteArray readAll() override { return std::exchange(m_toClient, {}); }
    qint64 bytesToWrite() const override { return 0; }
    bool isEncrypted() const override { return true; }
    void close() override { m_closed = true; }
    void abort() override { m_closed = true; }
    std::unique_ptr<net::Transport> another() const override
    {
        return std::make_unique<ScramServer>(m_proof, m_greedy, m_lines);
    }

private:
    enum class State { Command, First, Final, Confirmed };

    void say(const QByteArray &line)
    {
        if (m_closed)
            return;
        m_toClient += line + "\r\n";
        Q_EMIT readyRead();
    }

    void answer(const QByteArray &line)
    {
        switch (std::exchange(m_state, State::Command)) {
        case State::Command:
            command(line);
            return;
        case State::First:
            clientFirst(QByteArray::fromBase64(line));
            return;
        case State::Final:
            clientFinal(QByteArray::fromBase64(line));
            return;
        case State::Confirmed:
            say(line == "*" ? "-ERR cancelled" : "+OK welcome");
            return;
        }
    }

    void command(const QByteArray &line)
    {
        if (line == "CAPA") {
            say(m_greedy ? "+OK\r\nSASL SCRAM-SHA-256 PLAIN LOGIN\r\nUSER\r\n." : "+OK\r\nSASL SCRAM-SHA-256\r\n.");
        } else if (line.startsWith("AUTH SCRAM-SHA-256 ")) {
            clientFirst(QByteArray::fromBase64(line.sliced(line.lastIndexOf(' ') + 1)));
        } else if (line == "AUTH SCRAM-SHA-256") {
            m_state = State::First;
            say("+ ");
        } else if (line == "AUTH PLAIN" || line == "AUTH LOGIN") {
            m_state = State::Confirmed;
            say("+ ");
        } else {
            say("+OK");
        }
    }

    void clientFirst(const QByteArray &message)
    {
        QVERIFY(message.startsWith("n,,n=alice,r="));
        m_clientFirstBare = message.sliced(3);
        m_nonce = m_clientFirstBare.sliced(m_clientFirstBare.indexOf("r=") + 2) + "server";
        m_serverFirst = "r=" + m_nonce + ",s=" + QByteArray("pinch of salt").toBase64() + ",i=4096";
        m_state = State::Final;
        say("+ " + m_serverFirst.toBase64());
    }

    void clientFinal(const QByteArray &message)
    {
        const QByteArray withoutProof = "c=biws,r=" + m_nonce;
        const QByteArray authMessage = m_clientFirstBare + ',' + m_serverFirst + ',' + withoutProof;
        const QByteArray clientKey = mac(salted("secret"), "Client Key");
        QByteArray proof = mac(QCryptographicHash::hash(clientKey, Hash), authMessage);
        for (qsizetype i = 0; i < proof.size(); ++i)
            proof[i] = static_cast<char>(proof.at(i) ^ clientKey.at(i));
        if (message != withoutProof + ",p=" + proof.toBase64()) {
            say("-ERR [AUTH] wrong password");
            return;
        }
        const QByteArray signature = mac(mac(salted("secret"), "Server Key"), authMessage);
        QByteArray last;
        switch (m_proof) {
        case Proof::None:
            say("+OK welcome");
            return;
        case Proof::Right:
            last = "v=" + signature.toBase64();
            break;
        case Proof::Wrong:
            last = "v=" + mac(mac(salted("guess"), "Server Key"), authMessage).toBase64();
            break;
        case Proof::Cut:
            last = "v=" + signature.first(16).toBase64();
            break;
        case Proof::Empty:
            last = "v=";
            break;
        case Proof::Refusal:
            last = "e=other-error";
            break;
        }
        m_state = State::Confirmed;
        say("+ " + last.toBase64());
    }

    static QByteArray mac(const QByteArray &key, const QByteArray &text)
    {
        return QMessageAuthenticationCode::hash(text, key, Hash);
    }
    static QByteArray salted(const QByteArray &password)
    {
        return QPasswordDigestor::deriveKeyPbkdf2(Hash, password, "pinch of salt", 4096, 32);
    }

    Proof m_proof;
    bool m_greedy; ///< offers ways to sign in that show it the password
    Lines m_lines;
    State m_state = State::Command;
    QByteArray m_received;
    QByteArray m_toClient;
    QByteArray m_nonce;
    QByteArray m_clientFirstBare;
    QByteArray m_serverFirst;
    bool m_closed = false;
};

/// One sign-in, up to the word of the session about it.
struct Visit {
    Visit(Proof proof, bool greedy, const QString &password = QStringLiteral("secret"))
        : session(std::make_unique<ScramServer>(proof, greedy, lines), endpoint())
    {
        session.open();
        if (!ready.wait())
            return;
        session.login({QStringLiteral("alice"), password, {}});
        static_cast<void>(
            QTest::qWaitFor([this] { return !loggedIn.isEmpty() || !refused.isEmpty() || !failed.isEmpty(); }));
    }

    static net::Endpoint endpoint()
    {
        net::Endpoint result;
        result.host = QStringLiteral("mail.example.test");
        result.port = 995;
        return result;
    }

    [[nodiscard]] QByteArrayList signIns() const
    {
        QByteArrayList found;
        for (const QByteArray &line : *lines) {
            if (line.startsWith("AUTH ") || line.startsWith("USER "))
                found.append(line.split(' ').first(2).join(' '));
        }
        return found;
    }

    Lines lines = std::make_shared<QByteArrayList>();
    pop3::Session session;
    QSignalSpy ready{&session, &pop3::Session::ready};
    QSignalSpy loggedIn{&session, &pop3::Session::loggedIn};
    QSignalSpy refused{&session, &pop3::Session::refused};
    QSignalSpy failed{&session, &pop3::Session::failed};
};

} // namespace

class TestScram : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aServerThatProvesItselfIsBelieved()
    {
        const Visit visit(Proof::Right, true);
        QCOMPARE(visit.loggedIn.size(), 1);
        QCOMPARE(visit.session.mechanism(), "SCRAM-SHA-256");
        QVERIFY(visit.refused.isEmpty());
    }

    void sec_scramSuccessWithoutProofIsNotBelieved_data()
    {
        QTest::addColumn<int>("proof");
        QTest::addColumn<bool>("greedy");
        const auto rows = [](const char *name, Proof proof) {
            QTest::addRow("%s", name) << static_cast<int>(proof) << false;
            QTest::addRow("%s, PLAIN is offered too", name) << static_cast<int>(proof) << true;
        };
        rows("no signature", Proof::None);
        rows("signature of another password", Proof::Wrong);
        rows("half a signature", Proof::Cut);
        rows("empty signature", Proof::Empty);
        rows("an error and then success", Proof::Refusal);
    }

    void sec_scramSuccessWithoutProofIsNotBelieved()
    {
        QFETCH(int, proof);
        QFETCH(bool, greedy);
        const Visit visit(static_cast<Proof>(proof), greedy);
        QVERIFY(visit.loggedIn.isEmpty());
        QCOMPARE(visit.refused.size(), 1);
        QCOMPARE(visit.refused.first().at(0).value<pop3::Verb>(), pop3::Verb::Auth);
        const auto error = visit.refused.first().at(2).value<Error>();
        QCOMPARE(error.kind, ErrorKind::AuthenticationFailed);
        QCOMPARE(error.action, ErrorAction::EditAccount);
        // Who could not prove that it knows the password is not told it.
        QCOMPARE(visit.signIns(), QByteArrayList{"AUTH SCRAM-SHA-256"});
    }

    void Q12_aRefusedProofIsFollowedByThePasswordItself()
    {
        // The server says that the proof was wrong: it may hold nothing that SCRAM could work with.
        const Visit visit(Proof::Right, true, QStringLiteral("another"));
        QCOMPARE(visit.loggedIn.size(), 1);
        QCOMPARE(visit.session.mechanism(), "PLAIN");
    }
};

QTEST_GUILESS_MAIN(TestScram)
#include "tst_scram.moc"
