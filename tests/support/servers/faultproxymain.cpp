// SPDX-License-Identifier: GPL-3.0-or-later
// satchel-test-faultproxy: the proxy of the tests for use from a shell, by the benchmarks above all.
#include "support/servers/faultproxy.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QSocketNotifier>

#include <cstdio>
#include <unistd.h>

using namespace Qt::StringLiterals;
using satchel::test::FaultProxy;
using satchel::test::LineFaults;

int main(int argc, char *argv[])
{
    QCoreApplication application(argc, argv);
    QCommandLineParser options;
    options.setApplicationDescription(u"Stands between a client and a server on 127.0.0.1 and does to their connection "
                                      "what networks do. Prints \"ready PORT\"; ends when its standard input ends."_s);
    options.addHelpOption();
    options.addOptions({
        {u"listen"_s, u"Port to listen on; a free one when not given."_s, u"port"_s, u"0"_s},
        {u"round-trip"_s, u"Delay of a question and its answer together."_s, u"ms"_s, u"0"_s},
        {u"rate"_s, u"What the server's side of the line carries; 0 is without a limit."_s, u"bytes a second"_s,
            u"0"_s},
        {u"slow-start"_s, u"Begin with ten segments a round trip, and twice as much in each that follows."_s},
        {u"piece"_s, u"Largest number of bytes handed on at once."_s, u"bytes"_s, u"65536"_s},
        {u"end"_s, u"close, reset or silence: how connections end, see --after and --after-text."_s, u"how"_s},
        {u"after"_s, u"End when so many bytes of the server were handed on."_s, u"bytes"_s, u"0"_s},
        {u"after-text"_s, u"Count these bytes from where the client has sent this text."_s, u"text"_s},
    });
    options.addPositionalArgument(u"port"_s, u"Port of the server."_s);
    options.process(application);
    const QStringList ports = options.positionalArguments();
    if (ports.size() != 1 || ports.first().toUShort() == 0)
        options.showHelp(2);

    LineFaults faults;
    const std::chrono::milliseconds roundTrip(options.value(u"round-trip"_s).toInt());
    faults.delayToServer = roundTrip / 2;
    faults.delayToClient = roundTrip - roundTrip / 2;
    faults.rateToClient = options.value(u"rate"_s).toLongLong();
    faults.slowStart = options.isSet(u"slow-start"_s);
    faults.largestPiece = std::max(1, options.value(u"piece"_s).toInt());
    faults.afterServerBytes = options.value(u"after"_s).toLongLong();
    faults.clientText = options.value(u"after-text"_s).toUtf8();
    if (options.isSet(u"end"_s)) {
        const QString how = options.value(u"end"_s);
        if (how == "close"_L1)
            faults.end = LineFaults::End::Close;
        else if (how == "reset"_L1)
            faults.end = LineFaults::End::Reset;
        else if (how == "silence"_L1)
            faults.end = LineFaults::End::Silence;
        else
            options.showHelp(2);
    }

    const FaultProxy proxy(ports.first().toUShort(), faults, options.value(u"listen"_s).toUShort());
    if (!proxy.isListening()) {
        std::fprintf(stderr, "satchel-test-faultproxy: cannot listen on that port\n");
        return 1;
    }
    std::printf("ready %d\n", int(proxy.port()));
    std::fflush(stdout);

    QSocketNotifier input(STDIN_FILENO, QSocketNotifier::Read);
    QObject::connect(&input, &QSocketNotifier::activated, &application, [] {
        char ignored[256];
        if (::read(STDIN_FILENO, ignored, sizeof ignored) <= 0)
            QCoreApplication::quit();
    });
    return application.exec();
}
