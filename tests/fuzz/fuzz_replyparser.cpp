// SPDX-License-Identifier: GPL-3.0-or-later
// The same bytes, whole and cut, must give the same replies, whatever they are.
#include "pop3/replyparser.h"

#include <QList>

#include <cstdint>
#include <cstdlib>

using namespace satchel::pop3;

namespace {

struct Outcome {
    QList<Reply> replies;
    std::optional<ParseError> error;
};

Outcome run(QByteArrayView bytes, ReplyShape shape, qsizetype piece)
{
    ParserLimits limits;
    limits.line = 256;
    limits.listingLine = 512;
    limits.message = 2048;
    limits.lines = 64;
    ReplyParser parser(limits);
    Outcome outcome;
    for (qsizetype at = 0; at < bytes.size(); at += piece) {
        parser.feed(bytes.sliced(at, qMin(piece, bytes.size() - at)));
        while (auto reply = parser.next(shape))
            outcome.replies.append(*std::move(reply));
    }
    outcome.error = parser.error();
    return outcome;
}

void require(bool holds)
{
    if (!holds)
        std::abort();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    if (size == 0)
        return 0;
    const auto shape = static_cast<ReplyShape>(data[0] % 5);
    const QByteArrayView bytes(reinterpret_cast<const char *>(data) + 1, static_cast<qsizetype>(size) - 1);
    const Outcome whole = run(bytes, shape, qMax<qsizetype>(1, bytes.size()));
    for (const qsizetype piece : {1, 2, 7}) {
        const Outcome cut = run(bytes, shape, piece);
        require(cut.error == whole.error && cut.replies.size() == whole.replies.size());
        for (qsizetype i = 0; i < cut.replies.size(); ++i) {
            const Reply &a = cut.replies.at(i);
            const Reply &b = whole.replies.at(i);
            require(a.status == b.status && a.text == b.text && a.code == b.code && a.lines == b.lines
                && a.listing == b.listing && a.message == b.message);
        }
    }
    return 0;
}
