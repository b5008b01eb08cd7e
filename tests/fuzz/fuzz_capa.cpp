// SPDX-License-Identifier: GPL-3.0-or-later
// Whatever a server lists: capabilities, UIDL and LIST lines, refusals, stamps.
#include "pop3/authentication.h"
#include "pop3/listing.h"
#include "pop3/refusal.h"

#include <cstdint>
#include <cstdlib>

using namespace satchel::pop3;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const QByteArray text(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size));
    const QByteArrayList lines = text.split('\n');
    const Capabilities capabilities = parseCapabilities(lines);
    if (capabilities.loginDelay < 0 || capabilities.expireDays.value_or(0) < -1)
        std::abort();
    auto messages = namedListing(text);
    takeSizes(messages, text);
    for (const ListedMessage &message : messages) {
        if (message.number < 1 || message.size < 0 || message.uidl.size() > 1024)
            std::abort();
    }
    if (plainListing(text).size() != messages.size())
        std::abort();
    const QByteArray stamp = apopStamp(text);
    if (!stamp.isEmpty() && (stamp.count('<') != 1 || stamp.contains(' ') || stamp.contains('\r')))
        std::abort();
    Reply reply;
    reply.status = Reply::Status::Err;
    reply.text = text;
    const satchel::Error error = refusal(Verb::Pass, 0, reply, QStringLiteral("host"));
    if (error.detail.size() > 201 || error.detail.contains(QChar(u'\n')) || error.detail.contains(QChar(u'\x1b')))
        std::abort();
    return 0;
}
