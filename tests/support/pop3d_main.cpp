// SPDX-License-Identifier: GPL-3.0-or-later
// satchel-test-pop3d: the scripted server as a process of its own, for tests that kill things.
#include "support/serverlistener.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QFile>
#include <QTimer>

#include <cstdio>

using namespace satchel::test;

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    QCommandLineParser options;
    options.setApplicationDescription(QStringLiteral(
        "A POP3 server on 127.0.0.1 for tests. User alice, password secret. Prints \"PORT TLSPORT\" when it listens. "
        "Deletions count at QUIT only."));
    options.addHelpOption();
    const auto option = [&options](const char *name, const char *description, const char *value, const char *standard) {
        options.addOption({QString::fromLatin1(name), QString::fromLatin1(description), QString::fromLatin1(value),
            QString::fromLatin1(standard)});
    };
    option("port", "Plain and STLS.", "port", "0");
    option("tls-port", "TLS from the first byte.", "port", "0");
    option("messages", "Serve the files of this folder.", "folder", "");
    option("count", "Serve so many generated messages.", "n", "0");
    option("size", "Bytes of the body of a generated message.", "bytes", "2000");
    option("state", "Keeps what was deleted, so that a second start knows it.", "file", "");
    option("log", "Append RETR, DELE and QUIT with their UIDLs.", "file", "");
    option("latency", "Milliseconds before every answer.", "ms", "0");
    option("cut-in", "Hang up within the RETR of this number.", "n", "0");
    option("cut-after", "... after so many bytes.", "bytes", "0");
    option("silent-at", "Do not answer this verb.", "verb", "");
    option("hang-up-at", "Hang up instead of answering this verb.", "verb", "");
    option("quit", "commit, refuse, commit-and-hang-up, keep-and-hang-up or silent.", "how", "commit");
    option("certificate", "good, wrong-host, no-names, expired or self-signed.", "kind", "good");
    option("authority", "Write the certificate of the test authority to this file.", "file", "");
    option("max-seconds", "End after this time.", "s", "600");
    options.addOption({QStringLiteral("no-stls"), QStringLiteral("Neither announce nor accept STLS.")});
    options.addOption({QStringLiteral("no-pipelining"), QStringLiteral("Do not announce PIPELINING.")});
    options.process(application);

    const auto text = [&options](const char *name) { return options.value(QString::fromLatin1(name)); };
    const auto number = [&text](const char *name) { return text(name).toInt(); };

    ServerListener server;
    ServerQuirks &quirks = server.quirks;
    quirks.latency = std::chrono::milliseconds(number("latency"));
    quirks.cutInMessage = number("cut-in");
    quirks.cutAfter = number("cut-after");
    quirks.silentAt = text("silent-at").toLatin1();
    quirks.hangsUpAt = text("hang-up-at").toLatin1();
    quirks.stls = !options.isSet(QStringLiteral("no-stls"));
    quirks.pipelining = !options.isSet(QStringLiteral("no-pipelining"));
    // A client that was killed leaves its session open until the kernel says so: that is no second reader.
    quirks.exclusive = false;
    const QHash<QString, QuitBehaviour> ends{
        {QStringLiteral("commit"), QuitBehaviour::Commit},
        {QStringLiteral("refuse"), QuitBehaviour::RefuseAndKeep},
        {QStringLiteral("commit-and-hang-up"), QuitBehaviour::CommitAndHangUp},
        {QStringLiteral("keep-and-hang-up"), QuitBehaviour::KeepAndHangUp},
        {QStringLiteral("silent"), QuitBehaviour::CommitAndStaySilent},
    };
    const QHash<QString, CertificateKind> kinds{
        {QStringLiteral("good"), CertificateKind::Good},
        {QStringLiteral("wrong-host"), CertificateKind::WrongHost},
        {QStringLiteral("no-names"), CertificateKind::NoNames},
        {QStringLiteral("expired"), CertificateKind::Expired},
        {QStringLiteral("self-signed"), CertificateKind::SelfSigned},
    };
    if (!ends.contains(text("quit")) || !kinds.contains(text("certificate"))) {
        std::fputs("satchel-test-pop3d: unknown value for --quit or --certificate\n", stderr);
        return 2;
    }
    quirks.quit = ends.value(text("quit"));
    quirks.certificate = kinds.value(text("certificate"));

    server.maildrop.messages = text("messages").isEmpty() ? Maildrop::generated(number("count"), number("size"))
                                                          : Maildrop::fromDirectory(text("messages"));
    if (!text("state").isEmpty())
        server.maildrop.setStateFile(text("state"));
    if (!text("log").isEmpty())
        server.maildrop.setLogFile(text("log"));
    if (!testCertificates().isValid())
        return 2;
    if (!text("authority").isEmpty()) {
        QFile file(text("authority"));
        if (!file.open(QIODevice::WriteOnly) || file.write(testCertificates().authority()) < 0)
            return 2;
    }
    if (!server.plain.listen(QHostAddress::LocalHost, static_cast<quint16>(number("port")))
        || !server.tls.listen(QHostAddress::LocalHost, static_cast<quint16>(number("tls-port")))) {
        std::fputs("satchel-test-pop3d: the port is taken\n", stderr);
        return 1;
    }
    std::printf("%d %d\n", server.plain.serverPort(), server.tls.serverPort());
    std::fflush(stdout);
    QTimer::singleShot(std::chrono::seconds(number("max-seconds")), &application, &QCoreApplication::quit);
    return QCoreApplication::exec();
}
