// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/witnessstory.h"

#include "store/prepared.h"
#include "sync/retrievalplan.h"

#include <QDir>
#include <QFileInfo>

#include <algorithm>

namespace satchel::test {

namespace {

/// In memory where the system has such a place: a story commits some hundred times.
QString quickPlace()
{
    const QString memory = QStringLiteral("/dev/shm");
    return QFileInfo(memory).isWritable() ? memory : QDir::tempPath();
}

QByteArray numbered(qsizetype number)
{
    return QByteArray::number(number);
}

} // namespace

WitnessFigures &WitnessFigures::operator+=(const WitnessFigures &other)
{
    stories += other.stories;
    sessions += other.sessions;
    messages += other.messages;
    deletions += other.deletions;
    unread += other.unread;
    lost += other.lost;
    misnamed += other.misnamed;
    doubled += other.doubled;
    doubledUnseen += other.doubledUnseen;
    missed += other.missed;
    mistaken += other.mistaken;
    errors += other.errors;
    return *this;
}

QByteArray WitnessFigures::text() const
{
    return numbered(stories) + " stories, " + numbered(sessions) + " sessions (" + numbered(errors)
        + " ended with an error), " + numbered(messages) + " messages, " + numbered(deletions)
        + " DELE: " + numbered(unread) + " of unread messages, " + numbered(lost) + " lost, " + numbered(misnamed)
        + " under another's name, " + numbered(doubled) + " doubled (and " + numbered(doubledUnseen)
        + " by replies out of step or names that moved unseen), " + numbered(missed) + " never fetched (and "
        + numbered(mistaken) + " that took over a name from their like)";
}

WitnessStory::WitnessStory(quint32 seed, Whims::Set without)
    : m_whims(seed, without)
    , m_random(seed)
    , m_server(seed, m_whims)
    , m_harness(quickPlace())
    , m_witness(m_harness.storeFile())
{
    m_server.onDele = [this](const Shown &shown) { watchDelete(shown); };
    m_harness.account().security = Security::Plain;
    m_harness.account().userName = QStringLiteral("alice");
    m_harness.connectTo = [this](const net::Endpoint &) {
        return std::make_unique<WildTransport>(m_server, m_random.generate());
    };
    // Days pass by both clocks: what the wall says is confirmed by the other one.
    m_harness.clock = Clock([this] { return Clock().now().addDuration(m_passed); },
        [this] {
            BootTime boot = Clock().moment().boot;
            boot.passed += m_passed;
            return boot;
        });
    // A server that falls silent is waited for no longer than it takes to be sure on a busy machine.
    m_harness.options.silence = m_harness.options.slowSilence = std::chrono::milliseconds(150);
    m_harness.options.doubtfulEnd = std::chrono::milliseconds(60);
    m_harness.options.expectedEnd = std::chrono::milliseconds(20);
    choosePolicy();
}

WitnessStory::~WitnessStory() = default;

void WitnessStory::fault(int WitnessFigures::*figure, const QByteArray &text)
{
    ++(m_figures.*figure);
    m_server.tell("FAULT: " + text);
}

QByteArray WitnessStory::told() const
{
    QByteArrayList lines = m_server.story();
    const auto isFault = [](const QByteArray &line) { return line.startsWith("FAULT"); };
    // What comes after the first fault explains nothing.
    const auto first = std::ranges::find_if(lines, isFault);
    if (first != lines.end())
        lines.erase(first + 1, lines.end());
    return lines.join('\n');
}

void WitnessStory::choosePolicy()
{
    AccountSettings &account = m_harness.account();
    constexpr Retention retentions[] = {Retention::DeleteAfterDownload, Retention::DeleteAfterDownload,
        Retention::KeepDays, Retention::KeepDays, Retention::KeepDays, Retention::KeepCount, Retention::KeepSize,
        Retention::Keep};
    account.retention = retentions[m_random.bounded(int(std::size(retentions)))];
    constexpr int days[] = {0, 0, 1, 7};
    account.keepDays = days[m_random.bounded(int(std::size(days)))];
    account.keepCount = m_random.bounded(6);
    account.keepMegabytes = 0;
    account.deleteWhenDeletedHere = m_random.bounded(3) == 0;
    account.deleteAtOnce = m_random.bounded(2) == 0;
    account.sizeLimit = m_random.bounded(8) == 0 ? 3000 : 0;
    m_everLimited |= account.sizeLimit > 0;
    m_server.tell("policy: retention " + numbered(int(account.retention)) + ", days " + numbered(account.keepDays)
        + ", count " + numbered(account.keepCount) + (account.deleteWhenDeletedHere ? ", deletes there too" : "")
        + (account.sizeLimit > 0 ? ", limit of size" : ""));
}

WitnessFigures WitnessStory::run()
{
    m_figures.stories = 1;
    const int visits = m_random.bounded(3, 12);
    for (int i = 0; i < visits; ++i) {
        m_server.deliver(m_random.bounded(6));
        if (m_whims.strikes(Whim::ManyMessages, 0.08))
            m_server.deliver(20 + m_whims.below(Whim::ManyMessages, 40));
        m_server.changeBetweenVisits();
        visit();
        if (m_whims.strikes(Whim::DaysPass, 0.5)) {
            constexpr int days[] = {1, 2, 8, 40};
            passDays(days[m_whims.below(Whim::DaysPass, int(std::size(days)))]);
        } else if (m_whims.strikes(Whim::Restarted, 0.15)) {
            m_harness.reopen();
        }
        if (m_whims.strikes(Whim::DeletedHere, 0.3))
            actLocally();
        if (m_whims.strikes(Whim::OrderedByHand, 0.25))
            orderByHand();
        if (m_whims.strikes(Whim::PolicyChanged, 0.1))
            choosePolicy();
    }
    m_server.calmDown();
    for (int i = 0; i < 3; ++i) {
        visit();
        passDays(8);
    }
    visit();
    checkEnd();
    return m_figures;
}

void WitnessStory::visit()
{
    ++m_figures.sessions;
    const sync::CheckResult result = m_harness.check(QStringLiteral("secret"));
    if (result.error) {
        ++m_figures.errors;
        m_server.tell("error: " + result.error->text.toUtf8());
    }
    noteWhatCannotBeTold();
    m_server.tell("stored " + numbered(result.stored) + ", deleted " + numbered(result.deletedOnServer) + ", left "
        + numbered(result.leftOnServer) + ", held " + numbered(result.heldDeletions) + ", failed "
        + numbered(result.failedMessages) + (m_server.wasInStep() ? "" : ", out of step"));
    m_everOutOfStep |= !m_server.wasInStep();
    look();
    checkNames();
}

/// A message that takes over, between two visits, the name of another one of its size, is not looked for by anybody who
/// deletes nothing. That it is never deleted unread is asked all the same.
void WitnessStory::noteWhatCannotBeTold()
{
    if (!m_server.wasInStep())
        return;
    QHash<QByteArray, Shown> names;
    for (const Shown &shown : m_server.shown()) {
        const auto before = m_names.constFind(shown.uidl);
        if (before != m_names.cend() && before->mail.id != shown.mail.id
            && sync::similarSizes(before->size, shown.size))
            m_mistaken.insert(shown.mail.id);
        names.insert(shown.uidl, shown);
    }
    m_names = names;
}

void WitnessStory::look()
{
    (void)m_witness.holds({});
}

void WitnessStory::passDays(int days)
{
    m_server.tell(numbered(days) + " days pass");
    m_passed += std::chrono::days(days);
    m_harness.reopen();
}

void WitnessStory::actLocally()
{
    const auto ids = m_harness.reader().list({}, {});
    if (!ids || ids->isEmpty())
        return;
    QList<MessageId> chosen;
    for (int i = 1 + m_whims.below(Whim::DeletedHere, 3); i > 0; --i)
        chosen.append(ids->at(m_whims.below(Whim::DeletedHere, int(ids->size()))));
    // Of what is here in part, the rest is not wanted any more.
    const auto summaries = m_harness.reader().summaries(chosen);
    if (!summaries)
        qFatal("what is shown cannot be read");
    for (const MessageSummary &summary : *summaries) {
        const auto beginning = m_harness.reader().source(summary.id);
        if (!summary.flags.testFlag(MessageFlag::Partial) || !beginning)
            continue;
        const QByteArray header = store::headerHash(*beginning);
        for (const Delivery &mail : m_server.everything()) {
            if (store::headerHash(mail.bytes) == header)
                m_notWanted.insert(mail.id);
        }
    }
    const auto trash = m_harness.writer().folder(m_harness.account().id, FolderRole::Trash);
    if (!trash || !m_harness.writer().move(chosen, *trash))
        qFatal("a message cannot be moved to Trash");
    const bool forGood = m_whims.below(Whim::DeletedHere, 2) == 0;
    if (forGood) {
        for (const MessageId id : std::as_const(chosen)) {
            if (const auto source = m_harness.reader().source(id))
                m_givenUp.insert(hashOf(*source));
        }
        if (!m_harness.writer().remove(chosen) || !m_harness.writer().purge())
            qFatal("a message cannot be deleted");
    }
    m_server.tell("the person deletes " + numbered(chosen.size()) + (forGood ? " for good" : ""));
}

void WitnessStory::orderByHand()
{
    using Kind = store::ServerOrder::Kind;
    constexpr Kind kinds[] = {Kind::Get, Kind::Skip, Kind::DeleteIfStored, Kind::DeleteIfStored, Kind::DeleteAnyway};
    QList<const Shown *> known;
    for (const Shown &shown : m_server.shown()) {
        const auto sameName = [&shown](const Shown &other) { return other.uidl == shown.uidl; };
        if (!shown.uidl.isEmpty() && std::ranges::count_if(m_server.shown(), sameName) == 1)
            known.append(&shown);
    }
    if (known.isEmpty() || !m_server.wasInStep())
        return;
    const Shown &shown = *known.at(m_whims.below(Whim::OrderedByHand, int(known.size())));
    const Kind kind = kinds[m_whims.below(Whim::OrderedByHand, int(std::size(kinds)))];
    store::ServerOrder order;
    order.key = {shown.uidl, 0};
    order.serverSize = shown.size;
    order.kind = kind;
    // What the person saw of it before.
    order.headerHash = store::headerHash(shown.mail.bytes);
    if (!m_harness.writer().noteOrders(m_harness.account().id, {order}, m_harness.clock.now()))
        qFatal("an order cannot be noted");
    m_server.tell("ordered by hand: " + numbered(int(kind)) + " for " + numbered(shown.mail.id));
    if (kind == Kind::DeleteAnyway)
        m_orderedAnyway.insert(shown.mail.id);
    if (kind == Kind::Skip || kind == Kind::DeleteAnyway)
        m_notWanted.insert(shown.mail.id);
}

void WitnessStory::watchDelete(const Shown &shown)
{
    ++m_figures.deletions;
    if (m_witness.holds(hashOf(shown.mail.bytes)) || m_orderedAnyway.contains(shown.mail.id))
        return;
    fault(&WitnessFigures::unread, "DELE of message " + numbered(shown.mail.id) + ", whose bytes are not stored");
}

/// Each row that is new or another than before must bear the name that the server gave those bytes in this visit.
void WitnessStory::checkNames()
{
    QHash<QByteArray, QByteArray> rows;
    for (const store::LedgerEntry &row : m_harness.ledger()) {
        if (!row.wasStored() || row.sha256.isEmpty())
            continue;
        const QByteArray key = row.key.uidl + '\n' + numbered(row.key.occurrence);
        rows.insert(key, row.sha256);
        if (!m_server.wasInStep() || m_rows.value(key) == row.sha256 || row.doubted)
            continue;
        const bool namedByHeader = sync::isNamedByHeader(row.key.uidl);
        const auto isIt = [&row](const Shown &shown) {
            return shown.uidl == row.key.uidl && row.sha256 == hashOf(shown.mail.bytes);
        };
        // Such a name is none of the server's: it is true of whatever has that header, as TOP gives it.
        const auto hasHeader = [this, &row](const Delivery &mail) {
            return row.sha256 == hashOf(mail.bytes)
                && (row.key.uidl == sync::nameByHeader(store::headerHash(mail.bytes))
                    || row.key.uidl == sync::nameByHeader(store::headerHash(m_server.changedByTop(mail.bytes))));
        };
        const bool isTrue = namedByHeader ? std::ranges::any_of(m_server.everything(), hasHeader)
                                          : std::ranges::any_of(m_server.shown(), isIt);
        if (!isTrue)
            fault(&WitnessFigures::misnamed, "the row of \"" + row.key.uidl + "\" names another message");
    }
    m_rows = rows;
}

void WitnessStory::checkEnd()
{
    m_figures.messages = int(m_server.everything().size());
    QHash<QByteArray, int> stored;
    for (const QByteArray &source : m_harness.sources())
        ++stored[hashOf(source)];
    QHash<QByteArray, int> brought;
    for (const Delivery &mail : m_server.everything())
        ++brought[hashOf(mail.bytes)];
    QSet<int> asked;
    for (const Delivery &mail : m_server.removed()) {
        const QByteArray hash = hashOf(mail.bytes);
        if (asked.contains(mail.id) || stored.contains(hash) || m_givenUp.contains(hash)
            || m_orderedAnyway.contains(mail.id))
            continue;
        asked.insert(mail.id);
        fault(&WitnessFigures::lost, "message " + numbered(mail.id) + " is lost");
    }
    for (auto it = stored.cbegin(); it != stored.cend(); ++it) {
        if (*it <= brought.value(it.key()) || !brought.contains(it.key()))
            continue;
        // Or a message of the same size had come under its name meanwhile, so that nobody looked; or sizes that lie
        // told nobody which of several beginnings it completes.
        const bool beginningsAreAlike = m_everLimited && m_whims.struck().test(std::size_t(Whim::SizesByChance));
        if (m_everOutOfStep || !m_mistaken.isEmpty() || beginningsAreAlike)
            ++m_figures.doubledUnseen;
        else
            fault(&WitnessFigures::doubled, "a message is stored " + numbered(*it) + " times");
    }
    const qint64 limit = m_harness.account().sizeLimit;
    for (const Delivery &mail : m_server.mailbox()) {
        const QByteArray hash = hashOf(mail.bytes);
        const bool tooLarge = limit > 0 && mail.bytes.size() > limit;
        if (stored.contains(hash) || m_givenUp.contains(hash) || m_notWanted.contains(mail.id) || tooLarge)
            continue;
        if (m_mistaken.contains(mail.id)) {
            ++m_figures.mistaken;
            continue;
        }
        fault(&WitnessFigures::missed, "message " + numbered(mail.id) + " is on the server and was never fetched");
    }
}

Whims::Set WitnessStory::needed(quint32 seed)
{
    const auto isBad = [seed](Whims::Set without) { return !WitnessStory(seed, without).run().isGood(); };
    Whims::Set without;
    for (std::size_t whim = 0; whim < without.size(); ++whim) {
        without.set(whim);
        if (!isBad(without))
            without.reset(whim);
    }
    WitnessStory story(seed, without);
    return story.run().isGood() ? ~without : story.whims();
}

} // namespace satchel::test
