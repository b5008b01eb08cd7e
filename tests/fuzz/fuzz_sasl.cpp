// SPDX-License-Identifier: GPL-3.0-or-later
// Challenges that make no sense: no mechanism may believe a server that did not prove anything.
#include "net/sasl.h"

#include <cstdint>
#include <cstdlib>
#include <iterator>

using namespace satchel::net;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    static const char *const Names[] = {"PLAIN", "SCRAM-SHA-1", "DIGEST-MD5", "CRAM-MD5", "XOAUTH2", "OAUTHBEARER",
        "LOGIN", "SCRAM-SHA-256", "EXTERNAL"};
    if (size == 0)
        return 0;
    const QByteArray name = Names[data[0] % std::size(Names)];
    const QByteArray text(reinterpret_cast<const char *>(data) + 1, static_cast<qsizetype>(size) - 1);
    // Iteration counts are allowed up to millions; here they would only take time.
    if (name.startsWith("SCRAM") && !text.contains("i=4096"))
        return 0;
    SaslContext context;
    context.host = QStringLiteral("host");
    context.nonce = [] { return QByteArray("abc"); };
    const auto mechanism = makeSaslMechanism(name, {QStringLiteral("user"), QStringLiteral("password"), {}}, context);
    static_cast<void>(mechanism->initialResponse());
    const QByteArrayList challenges = text.split('\n');
    for (const QByteArray &challenge : challenges) {
        const auto answer = mechanism->respond(challenge);
        // SCRAM gives the server its own nonce back, which may hold any word.
        if (answer && answer->contains("password") && !text.contains("password") && name != "LOGIN" && name != "PLAIN")
            std::abort();
    }
    // Nobody who does not know the password can make these signatures.
    if ((name.startsWith("SCRAM") || name == "DIGEST-MD5") && mechanism->mayFinish())
        std::abort();
    return 0;
}
