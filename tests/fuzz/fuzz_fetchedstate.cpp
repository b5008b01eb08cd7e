// SPDX-License-Identifier: GPL-3.0-or-later
// The state files of other programs: under every name that changes how they are read, and by every parser, whatever
// the format is recognised as.
#include "exchange/fetchedstateparsers.h"

#include <QSet>
#include <QTimeZone>

#include <cstddef>
#include <cstdint>
#include <cstdlib>

using namespace satchel::exchange;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

namespace {

void require(bool held)
{
    if (!held)
        std::abort();
}

void check(const FetchedStates &states)
{
    require(states.skipped >= 0);
    qsizetype count = 0;
    for (const FetchedState &state : states.mailboxes) {
        QSet<QByteArray> seen;
        QList<QByteArray> uidls;
        for (const FetchedMessage &message : state.messages) {
            require(!message.uidl.isEmpty() && message.uidl.size() <= maximalStateUidl);
            require(!seen.contains(message.uidl));
            require(!message.fetchedAt.isValid()
                || (message.fetchedAt.timeZone() == QTimeZone::utc() && message.fetchedAt.date().year() >= 1990));
            seen.insert(message.uidl);
            uidls.append(message.uidl);
        }
        count += uidls.size();
        const QList<qsizetype> matches = matchFetched(state, uidls);
        require(matches.size() == uidls.size());
        for (const qsizetype index : matches)
            require(index >= -1 && index < state.messages.size());
        static_cast<void>(isOfMailbox(state, state.host, state.user));
    }
    require(count <= maximalStateMessages);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const QByteArrayView bytes(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size));
    for (const char *name : {"popstate.dat", "/uidl/pop.my-isp.org-robin%2fx", "oldmail-my-pop.example.org-995-robin",
             ".fetchids", "akonadi_pop3_resource_0rc", "robin:@pop.example.org:995"}) {
        if (const auto states = parseFetchedState(QString::fromLatin1(name), bytes))
            check(*states);
    }
    // The content as a name, too: folders are as hostile as files.
    const QString name = QString::fromUtf8(bytes.first(qMin(bytes.size(), qsizetype(300))));
    check(parsePopState(name, bytes));
    check(parseUidlFile(name, bytes));
    check(parseOldmail(QStringLiteral("oldmail-") + name, bytes));
    check(parseFetchIds(bytes));
    check(parseMpopUidls(bytes));
    check(parseKMailSettings(name, bytes));
    static_cast<void>(detectFetchedState(name, bytes));
    return 0;
}
