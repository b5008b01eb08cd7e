// SPDX-License-Identifier: GPL-3.0-or-later
#include "pop3/listingquery.h"

#include "pop3/channel.h"
#include "pop3/listing.h"
#include "pop3/refusal.h"

#include <utility>

namespace satchel::pop3 {

namespace {

// The longest lines: a number, a blank, a UIDL of 70 characters or a size, CRLF.
constexpr qint64 nameLine = 10 + 1 + 70 + 2;
constexpr qint64 sizeLine = 10 + 1 + 19 + 2;

} // namespace

ListingQuery::ListingQuery(
    QString host, const Capabilities &capabilities, std::function<void(const ListingAnswer &)> answered)
    : m_host(std::move(host))
    , m_capabilities(capabilities)
    , m_answered(std::move(answered))
{
}

void ListingQuery::ask(Channel &channel)
{
    // UIDL first: a message that comes between the two is then in LIST alone, and left for the next time (Q20).
    // It is tried even where CAPA does not name it (Q3).
    sendUidl(channel, [] { });
    askSizes(channel);
}

void ListingQuery::askNames(Channel &channel)
{
    sendUidl(channel, [this, &channel] {
        if (!m_named) {
            askSizes(channel);
            return;
        }
        ListingAnswer answer;
        answer.uidlProven = true;
        answer.messages = *m_named;
        m_answered(answer);
    });
}

void ListingQuery::askSizes(Channel &channel)
{
    Command list;
    list.verb = Verb::List;
    list.line = "LIST";
    list.shape = ReplyShape::Listing;
    list.announced = [this] { return m_stated * sizeLine; };
    list.windowed = true;
    list.answered = [this](const Reply &reply) { listAnswered(reply); };
    channel.send(std::move(list));
}

void ListingQuery::sendUidl(Channel &channel, std::function<void()> answered)
{
    Command uidl;
    uidl.verb = Verb::Uidl;
    uidl.line = "UIDL";
    uidl.shape = ReplyShape::Listing;
    uidl.announced = [this] { return m_stated * nameLine; };
    uidl.windowed = true;
    uidl.answered = [this, answered = std::move(answered)](Reply &&reply) {
        uidlAnswered(std::move(reply));
        answered();
    };
    channel.send(std::move(uidl));
}

/// The text of a long listing is let go of here: whoever is told next needs the memory.
void ListingQuery::uidlAnswered(Reply &&reply)
{
    const Reply answer = std::move(reply);
    m_named.reset();
    m_uidlRefusal = {};
    if (answer.status == Reply::Status::Ok)
        m_named = namedListing(answer.listing);
    else
        m_uidlRefusal = answer;
}

void ListingQuery::listAnswered(const Reply &reply)
{
    ListingAnswer answer;
    if (m_named) {
        answer.uidlProven = true;
        answer.messages = *std::exchange(m_named, std::nullopt);
        takeSizes(answer.messages, reply.listing);
        addUnnamed(answer.messages, reply.listing, m_stated);
    } else if (reply.status != Reply::Status::Ok) {
        answer.error = refusal(Verb::List, 0, reply, m_host);
    } else {
        answer.messages = plainListing(reply.listing);
        if (answer.messages.isEmpty()) {
            answer.uidlSupported = true; // some servers refuse UIDL for an empty mailbox
        } else if (m_capabilities.uidl || m_uidlRefusal.code == "SYS/TEMP") {
            // Announced and refused: trouble of the moment. Without it everything would be fetched again (Q31).
            answer.refused = Verb::Uidl;
            answer.error = refusal(Verb::Uidl, 0, m_uidlRefusal, m_host);
            answer.error->kind = ErrorKind::TryLater;
        } else {
            answer.uidlSupported = false;
        }
    }
    m_answered(answer);
}

} // namespace satchel::pop3
