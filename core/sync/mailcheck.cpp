// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/mailcheck.h"

#include "sync/announcement.h"
#include "sync/mailboxaccess.h"

#include <QTimer>

#include <algorithm>
#include <utility>

namespace satchel::sync {

namespace {

// What may be requested and not yet stored. It bounds memory, and it must be deep enough for a long round trip:
// 1,000 commands are what a 300 ms line needs (design.md §5).
constexpr qint64 underWayBytes = 16LL * 1024 * 1024;
constexpr qsizetype underWayMessages = 2000;
constexpr qint64 reportEveryMs = 100;
const QByteArray topAsStumblingBlock = QByteArrayLiteral("TOP"); ///< in the place of a UIDL (ServerFacts)

} // namespace

MailCheck::MailCheck(const AccountSettings &account, const net::Credentials &credentials, store::Writer &writer,
    const TransportFactory &connectTo, const pop3::SessionOptions &options, QObject *parent,
    std::unique_ptr<pop3::Session> handedOver, const Clock &clock)
    : QObject(parent)
    , m_account(account)
    , m_credentials(credentialsFor(account, credentials))
    , m_clock(clock)
    , m_writer(writer)
    , m_facts(writer, account, clock.now().toLocalTime().date())
    , m_session(std::move(handedOver))
    , m_connected(m_session != nullptr)
{
    m_progress.account = account.id;
    m_result.account = account.id;

    if (!m_session) {
        const Expected<Access> access = accessTo(account, credentials, m_clock.now());
        if (!access)
            m_obstacle = access.error();
        else if (endsSoon(access->certificateEnds, m_clock.now()))
            m_result.certificateEnds = access->certificateEnds;
        const net::Endpoint endpoint = access ? access->endpoint : net::Endpoint();
        m_session = std::make_unique<pop3::Session>(connectTo(endpoint), endpoint, m_facts.applied(options, account));
        m_session->keepSecret(m_credentials, namesOf(account));
    }
    const auto *session = m_session.get();
    connect(session, &pop3::Session::ready, this, &MailCheck::enter);
    connect(session, &pop3::Session::loggedIn, this, &MailCheck::list);
    m_survey = std::make_unique<Survey>(account, writer, *m_session, clock);
    m_survey->countWhatStays();
    m_survey->setTopUsable(isTopUsable());
    connect(m_survey.get(), &Survey::planned, this, &MailCheck::begin);
    connect(m_survey.get(), &Survey::failed, this, &MailCheck::endWith);
    m_failures = std::make_unique<Failures>(*m_session);
    connect(m_failures.get(), &Failures::described, this, &MailCheck::removeWhatIsDue);
    connect(session, &pop3::Session::retrieved, this, [this](int number, const QByteArray &message) {
        receive(number, message, [](ReceivedMessage &to, const QByteArray &bytes) { to.bytes = bytes; });
    });
    connect(session, &pop3::Session::spooled, this, [this](int number, const SpooledMessage &message) {
        receive(number, message, [](ReceivedMessage &to, const SpooledMessage &whole) { to.spooled = whole; });
    });
    m_removal = std::make_unique<Removal>(writer, account.id, *m_session);
    connect(m_removal.get(), &Removal::settled, this, &MailCheck::fetchWhatDiffers);
    connect(m_removal.get(), &Removal::failed, this, &MailCheck::endWith);
    connect(session, &pop3::Session::finished, this, &MailCheck::complete);
    connect(session, &pop3::Session::refused, this, &MailCheck::refuse);
    connect(session, &pop3::Session::failed, this, &MailCheck::loseConnection);
    connect(session, &pop3::Session::wire, this, &MailCheck::wire);
}

MailCheck::~MailCheck() = default;

void MailCheck::start()
{
    if (m_obstacle) {
        QTimer::singleShot(0, this, [this] { endWith(*m_obstacle); });
        return;
    }
    const Expected<FolderId> inbox = m_writer.folder(m_account.id, FolderRole::Inbox);
    if (!inbox) {
        endWith(inbox.error());
        return;
    }
    SpoolFile::removeLeftOvers(spoolPlace(m_writer, m_account.id));
    m_intake = std::make_unique<Intake>(m_writer, m_account.id, *inbox,
        m_writer.file() + QStringLiteral(".receiving-%1").arg(m_account.id.value), m_clock);
    connect(m_intake.get(), &Intake::differed, this,
        [this](const QHash<store::UidlKey, store::UidlKey> &others) { m_differed.insert(others); });
    connect(m_intake.get(), &Intake::stored, this, &MailCheck::noteStored);
    connect(m_intake.get(), &Intake::completed, this, &MailCheck::noteCompleted);
    connect(m_intake.get(), &Intake::idle, this, &MailCheck::request);
    connect(m_intake.get(), &Intake::failed, this, &MailCheck::endWith);

    if (m_connected) {
        list();
        return;
    }
    report(CheckPhase::Connecting, true);
    m_session->open();
}

void MailCheck::enter()
{
    report(CheckPhase::LoggingIn, true);
    m_session->login(m_credentials, m_account.mechanism);
}

void MailCheck::list()
{
    report(CheckPhase::Listing, true);
    m_facts.noteLogin(*m_session);
    m_loginAt = m_clock.now();
    m_result.server = announcementOf(m_account.id, *m_session, m_loginAt);
    m_survey->start();
}

void MailCheck::begin()
{
    m_listed = true;
    m_result.server = announcementOf(m_account.id, *m_session, m_loginAt); // CAPA was asked again (Q2, Q16)
    if (m_account.recentMode || isGmail(m_account.host, m_session->greeting())) {
        const Expected<FolderId> sent = m_writer.folder(m_account.id, FolderRole::Sent);
        if (!sent) {
            endWith(sent.error());
            return;
        }
        m_intake->fileSentMail(m_account.address, *sent);
    }
    m_plan = m_survey->plan();
    m_intake->countBy([this] { return m_survey->timeOnLine(); });
    m_result.ordersOnly = m_ordersOnly;
    if (m_ordersOnly)
        m_plan.keepOrdersOnly();
    m_result.recognised = m_survey->recognised();
    m_result.elsewhere = int(m_plan.elsewhere);
    for (const pop3::ListedMessage &listed : m_survey->unnamed()) {
        ++m_result.failedMessages;
        m_failures->note(listed.number, listed.size,
            {ErrorKind::ServerRefused,
                tr("The server gives neither a name nor a header of this message, so that it cannot be told from "
                   "others; read it in the provider's webmail."),
                ErrorAction::None, {}, {}});
    }
    // What broke the connection again and again waits until everything else is here (Q46).
    std::stable_partition(m_plan.fetch.begin(), m_plan.fetch.end(),
        [this](const PlannedMessage &message) { return !m_facts.isStumblingBlock(message.key.uidl); });
    m_result.skippedTooLarge = int(m_plan.tooLarge.size());
    m_result.heldDeletions = int(m_plan.held.size());
    m_result.clock = m_survey->time().doubt();
    m_result.unconfirmedDeletions = m_result.clock == ClockDoubt::None ? 0 : int(m_plan.unconfirmed);
    if (m_result.unconfirmedDeletions > 0) {
        m_result.unconfirmedText = m_result.clock == ClockDoubt::Stepped
            ? tr("The clock of this computer jumped ahead, so %Ln message(s) that it calls due stay on the server "
                 "until "
                 "the days have really passed.",
                  nullptr, m_result.unconfirmedDeletions)
            : tr("Only the clock of this computer says that so much time has passed since the last check, so %Ln "
                 "message(s) that are due stay on the server until something else confirms it.",
                  nullptr, m_result.unconfirmedDeletions);
    }
    m_progress.messagesTotal = int(m_plan.fetch.size());
    m_progress.bytesTotal = m_plan.fetchBytes;
    report(CheckPhase::Receiving, true);
    request();
}

void MailCheck::request()
{
    if (m_finished || m_quitting || !m_listed)
        return;
    while (m_nextFetch < m_plan.fetch.size()) {
        const PlannedMessage &next = m_plan.fetch.at(m_nextFetch);
        if (!mayRequest(next))
            return;
        ++m_nextFetch;
        m_underWay += next.listed.size;
        m_requested.insert(next.listed.number, next);
        m_step.noteRequested(next.listed.number, next.listed.size);
        m_session->retr(next.listed.number, next.listed.size);
        if (m_finished)
            return;
        // What follows a message proves it whole (Q25): asked for now, it costs no round trip of its own.
        if (m_nextFetch == m_plan.fetch.size())
            m_session->noop();
    }
    if (m_requested.isEmpty() && m_storing.isEmpty() && m_intake->isIdle())
        storeBeginnings();
}

void MailCheck::storeBeginnings()
{
    if (!m_beginnings && !m_plan.tooLarge.isEmpty() && !m_facts.topFails()) {
        m_beginnings = std::make_unique<Beginnings>(*m_session, *m_intake);
        connect(m_beginnings.get(), &Beginnings::finished, this, &MailCheck::request);
        m_beginnings->fetch(m_plan.tooLarge);
        return;
    }
    if (m_beginnings && m_beginnings->isWaiting())
        return;
    if (m_beginnings)
        m_result.skippedTooLarge = m_beginnings->refused();
    if (m_failures->isWaiting() || (!m_facts.topFails() && m_failures->describe()))
        return;
    removeWhatIsDue();
}

bool MailCheck::isTopUsable() const
{
    return !m_facts.topFails();
}

bool MailCheck::mayRequest(const PlannedMessage &next) const
{
    const qsizetype count = m_requested.size() + m_storing.size();
    if (count == 0)
        return true;
    return count < underWayMessages && m_underWay + next.listed.size <= underWayBytes
        && !m_facts.isStumblingBlock(next.key.uidl);
}

template <class Message, class Put>
void MailCheck::receive(int number, const Message &message, const Put &put)
{
    const auto requested = m_requested.constFind(number);
    if (requested == m_requested.constEnd())
        return;
    const PlannedMessage planned = *requested;
    const Expected<Message> whole = withoutStrayReply(message, planned.listed.size);
    if (!whole) {
        endWith(whole.error());
        return;
    }
    const StepWatch::Verdict verdict = m_step.judge(number, *whole, m_session->isPipelining());
    if (verdict == StepWatch::Verdict::OutOfStep) {
        m_facts.notePipeliningFails();
        endWith({ErrorKind::ProtocolError,
            tr("The answers of the server %1 got out of step, so this visit was given up before anything was deleted; "
               "Satchel tries again, one message at a time.")
                .arg(m_account.host),
            ErrorAction::Retry, {}, {}});
        return;
    }
    if (verdict == StepWatch::Verdict::FetchAgain) {
        m_session->retr(number, planned.listed.size);
        m_session->noop();
        return;
    }
    const bool fits = verdict == StepWatch::Verdict::Taken;
    m_requested.erase(requested);
    m_facts.noteReceived(planned.key.uidl);
    m_storing.insert(planned.key, planned);
    ReceivedMessage received{.number = number,
        .key = planned.key,
        .serverSize = planned.listed.size,
        .doubted = !fits,
        .compare = planned.compare};
    put(received, *whole);
    m_intake->take(std::move(received));
    request();
}

void MailCheck::noteStored(const QList<store::UidlKey> &keys, qint64 bytes, const QList<MessageSummary> &summaries)
{
    for (const store::UidlKey &key : keys) {
        const auto storing = m_storing.constFind(key);
        if (storing == m_storing.constEnd())
            continue; // a beginning: it is on its own, and never a reason for DELE
        PlannedMessage planned = *storing;
        m_storing.erase(storing);
        m_underWay -= planned.listed.size;
        if (const auto other = m_differed.constFind(key); other != m_differed.constEnd()) {
            planned.key = *other;
            planned.compare = false;
            planned.due = dueOnceStored(m_account);
        }
        m_storedKeys.insert(planned.key, planned.listed.number);
        m_storedNow.append(planned);
    }
    m_result.stored += int(summaries.size());
    m_result.beginnings += int(std::ranges::count_if(
        summaries, [](const MessageSummary &summary) { return summary.flags.testFlag(MessageFlag::Partial); }));
    m_progress.messagesDone += int(keys.size());
    m_progress.bytesDone += bytes;
    if (!summaries.isEmpty())
        Q_EMIT arrived(summaries);
    report(CheckPhase::Receiving, false);
    request();
}

void MailCheck::noteCompleted(const QList<MessageSummary> &messages, const QList<MovedMessage> &retired)
{
    m_result.completed += int(messages.size());
    Q_EMIT completed(messages, retired);
}

void MailCheck::removeWhatIsDue()
{
    if (m_quitting)
        return;
    m_quitting = true;
    QList<PlannedMessage> seen;
    QList<PlannedMessage> toLookAt;
    for (const PlannedMessage &message : std::exchange(m_plan.remove, {})) {
        const bool wasSeen = m_survey->hasSeen(message.listed.number) && message.stored && !message.resized;
        (wasSeen ? seen : toLookAt).append(message);
    }
    // What was fetched was seen, where the answers were in step.
    for (PlannedMessage &message : std::exchange(m_storedNow, {})) {
        if (!message.due)
            continue;
        message.stored = true;
        message.resized = false;
        (message.compare || !m_step.sawMisfits() ? seen : toLookAt).append(message);
    }
    if (m_holdsDeletions)
        m_result.waitingDeletions += int(std::exchange(seen, {}).size() + std::exchange(toLookAt, {}).size());
    if (!seen.isEmpty() || !toLookAt.isEmpty())
        report(CheckPhase::Deleting, true);
    m_removal->remove(seen, toLookAt, isTopUsable());
}

void MailCheck::fetchWhatDiffers()
{
    if (m_finished)
        return;
    if (m_removal->hasSeenAny())
        m_facts.noteReceived(topAsStumblingBlock);
    const qsizetype planned = m_plan.fetch.size();
    QList<store::UidlKey> gone;
    // Where TOP and RETR do not agree on a message, it is fetched once more and no oftener: it stays on the server.
    const auto isOften = [this](const PlannedMessage &message) {
        const bool before = m_fetchedAgain.contains(message.listed.number);
        m_fetchedAgain.insert(message.listed.number);
        return before;
    };
    for (PlannedMessage &message : m_removal->takeOthers()) {
        if (isOften(message))
            continue;
        gone.append(message.key);
        const bool tooLarge = m_account.sizeLimit > 0 && message.listed.size > m_account.sizeLimit;
        // The next visit finds it listed by a name that was gone, and looks at it.
        if (m_ordersOnly || tooLarge || !message.stored)
            continue;
        const Expected<int> next = m_writer.freeOccurrence(m_account.id, message.key.uidl);
        if (!next) {
            endWith(next.error());
            return;
        }
        message.key.occurrence = *next;
        message.due = dueOnceStored(m_account);
        m_plan.fetch.append(message);
    }
    const Expected<void> noted = m_writer.noteListing(m_account.id, {}, gone, m_clock.now());
    if (!noted) {
        endWith(noted.error());
        return;
    }
    QList<PlannedMessage> lost;
    for (PlannedMessage &message : m_removal->takeUnproven()) {
        if (message.stored) {
            message.compare = true;
            if (!isOften(message))
                m_plan.fetch.append(message);
            continue;
        }
        // By hand, though it is lost then: of a message whose header nobody could see.
        const Expected<QByteArray> shown = m_writer.headerHashOf(m_account.id, message.key);
        if (!shown) {
            endWith(shown.error());
            return;
        }
        if (shown->isEmpty())
            lost.append(message);
    }
    for (const PlannedMessage &message : std::as_const(m_plan.fetch).sliced(planned)) {
        ++m_progress.messagesTotal;
        m_progress.bytesTotal += message.listed.size;
    }
    if (m_plan.fetch.size() > planned) {
        m_plan.remove = lost;
        m_quitting = false;
        request();
    } else if (!lost.isEmpty()) {
        m_removal->remove(lost, {}, isTopUsable());
    } else {
        takeLeave();
    }
}

void MailCheck::takeLeave()
{
    // Before QUIT: should its answer be lost, the next listing decides (law 3).
    if (!m_removal->deleted().isEmpty()) {
        QList<store::Deletion> deletions;
        deletions.reserve(m_removal->deleted().size());
        for (const PlannedMessage &message : m_removal->deleted()) {
            store::Deletion &deletion = deletions.emplaceBack();
            deletion.key = message.key;
            deletion.rule = message.due.value_or(store::DeletionRule::AfterDownload);
        }
        const Expected<void> noted = m_writer.noteDeleteSent(m_account.id, deletions, m_clock.now());
        if (!noted) {
            endWith(noted.error());
            return;
        }
    }
    report(CheckPhase::Finishing, true);
    m_session->quit();
}

void MailCheck::complete()
{
    m_result.deletedOnServer = int(m_removal->deleted().size());
    m_deletionsDone = true;
    m_result.mayHoldMore = mayHoldMore();
    finish();
}

/// Gmail shows some 250 messages of those that were never fetched (Q36); other servers as many that are still there, so
/// that more may show when a full page was deleted (Q35).
bool MailCheck::mayHoldMore() const
{
    constexpr qsizetype page = 200;
    if (m_ordersOnly)
        return false;
    if (m_result.stored > 0 && isGmail(m_account.host, m_session->greeting()))
        return true;
    return m_survey->listing().size() >= page && m_removal->deleted().size() == m_survey->listing().size();
}

void MailCheck::refuse(pop3::Verb verb, int number, const Error &error)
{
    switch (verb) {
    case pop3::Verb::Retr:
        refuseMessage(number, error);
        break;
    case pop3::Verb::Dele: // the next listing tells (Q47)
    case pop3::Verb::Top:
    case pop3::Verb::Stat:
    case pop3::Verb::Noop:
        break;
    case pop3::Verb::Quit:
        // Some or all of the deletions may not have happened; the next listing tells (Q48).
        finish();
        break;
    default:
        endWith(error);
        break;
    }
}

void MailCheck::refuseMessage(int number, const Error &error)
{
    if (!m_requested.contains(number))
        return;
    const PlannedMessage message = m_requested.take(number);
    m_underWay -= message.listed.size;
    if (message.compare) { // what is stored stays so, and what is on the server stays there
        request();
        return;
    }
    ++m_result.failedMessages;
    m_failures->note(number, message.listed.size, error);
    const Expected<void> noted =
        m_writer.noteFailure(m_account.id, message.key, message.listed.size, m_survey->timeOnLine());
    if (!noted) {
        endWith(noted.error());
        return;
    }
    request();
}

void MailCheck::loseConnection(const Error &error)
{
    const bool isLooking = m_survey->isWaitingForHeaders() || m_removal->isLooking();
    const bool topIsDue = isLooking || (!m_quitting && (m_beginnings || m_failures->isWaiting()));
    if (topIsDue && error.kind == ErrorKind::ProtocolError) {
        m_facts.noteTopFails();
    } else if (isLooking) {
        // A line may break at any time; three times in a row within TOP is the server's doing.
        m_facts.noteInterrupted(topAsStumblingBlock);
        if (m_facts.isStumblingBlock(topAsStumblingBlock)) {
            m_facts.noteReceived(topAsStumblingBlock);
            m_facts.noteTopFails();
        }
    } else if (m_session->pipeliningSuspect()) {
        m_facts.notePipeliningFails();
    }
    if (const auto message = m_requested.constFind(m_session->interruptedMessage()); message != m_requested.constEnd())
        m_facts.noteInterrupted(message->key.uidl);
    endWith(error);
}

void MailCheck::cancel()
{
    endWith({ErrorKind::Cancelled, tr("The check was cancelled."), ErrorAction::None, {}, {}});
}

void MailCheck::interrupt()
{
    endWith({ErrorKind::ConnectionLost,
        tr("The computer slept while %1 was read, so the connection was given up; Satchel tries again.")
            .arg(m_account.host),
        ErrorAction::Retry, {}, {}});
}

void MailCheck::endWith(const Error &error)
{
    if (m_finished)
        return;
    if (error.kind == ErrorKind::AuthenticationFailed)
        m_facts.noteLoginRefused();
    // Everything was stored before QUIT. Whether its deletions happened, the next listing tells (Q48).
    const bool lostInQuit = m_progress.phase == CheckPhase::Finishing
        && (error.kind == ErrorKind::ConnectionLost || error.kind == ErrorKind::Timeout
            || error.kind == ErrorKind::ProtocolError);
    m_finished = true; // what is stored below must not request more
    m_removal->stop();
    m_session->abort();
    m_deletionsDone = lostInQuit;
    if (!lostInQuit)
        m_result.error = error;
    if (m_intake && error.kind == ErrorKind::Cancelled)
        m_intake->stop();
    else if (m_intake)
        m_intake->drain();
    if (!lostInQuit)
        (void)m_writer.doubt(m_account.id, doubtfulAfter(error));
    m_finished = false;
    finish();
}

/// Its headers are compared before it is believed.
QList<store::UidlKey> MailCheck::doubtfulAfter(const Error &error) const
{
    const bool waitedInVain = error.kind == ErrorKind::Timeout;
    if (error.kind == ErrorKind::ProtocolError || (waitedInVain && m_step.sawMisfits()))
        return m_storedKeys.keys();
    QList<store::UidlKey> doubtful;
    // An answer that is awaited in vain may be one of those before it.
    for (auto it = m_storedKeys.cbegin(); waitedInVain && it != m_storedKeys.cend(); ++it) {
        if (m_step.isLikeNeighbour(*it))
            doubtful.append(it.key());
    }
    return doubtful;
}

void MailCheck::finish()
{
    if (m_finished)
        return;
    m_finished = true;
    // Facts only spare trouble: that they could not be kept is no reason to call the visit a failure.
    (void)m_facts.save();
    if (m_listed && !m_survey->isUnchanged())
        (void)keepLastListing(m_writer, m_account, whatIsLeft());
    // Of no use to this visit: when it is lost, the next mail tells the same.
    if (m_intake)
        (void)noteReceived(m_writer, m_account.id, m_intake->receivedTimes());
    m_result.failed = m_failures->messages();
    m_result.finishedAt = m_clock.now();
    if (m_listed) {
        const qsizetype listed = m_survey->isUnchanged() ? m_plan.counted : m_survey->listing().size();
        m_result.leftOnServer = int(listed + m_survey->unnamed().size()) - m_result.deletedOnServer;
    }
    Q_EMIT finished(m_result);
}

LastListing MailCheck::whatIsLeft() const
{
    QSet<int> gone;
    if (m_deletionsDone) {
        for (const PlannedMessage &message : m_removal->deleted())
            gone.insert(message.listed.number);
    }
    LastListing left;
    left.nameless = m_survey->isNameless();
    left.numbered = m_survey->isNumbered();
    left.messages.reserve(m_survey->listing().size() - gone.size());
    for (const pop3::ListedMessage &listed : m_survey->listing()) {
        if (!gone.contains(listed.number))
            left.messages.append(listed);
    }
    return left;
}

void MailCheck::report(CheckPhase phase, bool now)
{
    m_progress.phase = phase;
    if (!now && m_sinceReport.isValid() && m_sinceReport.elapsed() < reportEveryMs)
        return;
    m_sinceReport.start();
    Q_EMIT progressed(m_progress);
}

} // namespace satchel::sync
