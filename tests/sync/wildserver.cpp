// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/wildserver.h"

#include <QTimer>

#include <algorithm>
#include <numeric>
#include <utility>

namespace satchel::test {

namespace {

QByteArray numbered(qsizetype number)
{
    return QByteArray::number(number);
}

QByteArray headerOf(const QByteArray &bytes)
{
    const qsizetype end = bytes.indexOf("\r\n\r\n");
    if (end >= 0)
        return bytes.first(end + 4);
    const qsizetype bare = bytes.indexOf("\n\n");
    return bare >= 0 ? bytes.first(bare + 2) : bytes;
}

} // namespace

WildServer::WildServer(quint32 seed, Whims &whims)
    : m_whims(whims)
    , m_random(seed)
{
    // Of several, the first that strikes.
    constexpr std::pair<Whim, double> namings[] = {{Whim::NumbersAsNames, 0.15}, {Whim::CounterStartsAnew, 0.15},
        {Whim::NamesUsedAgain, 0.2}, {Whim::NamesByChance, 0.08}, {Whim::NamesMove, 0.1}, {Whim::OneNameForAll, 0.04},
        {Whim::NoNames, 0.05}, {Whim::EmptyNames, 0.05}};
    for (const auto &[naming, probability] : namings) {
        if (m_whims.strikes(naming, probability) && m_naming == Whim::Last)
            m_naming = naming;
    }
    m_sizesOfLines = m_whims.strikes(Whim::SizesOfLines, 0.1);
    m_sizesByChance = m_whims.strikes(Whim::SizesByChance, 0.08);
    m_alike = m_whims.strikes(Whim::AlikeInSize, 0.4);
    m_top = !m_whims.strikes(Whim::NoTop, 0.12);
    m_topRefused = m_whims.strikes(Whim::TopRefused, 0.1);
    m_topChanged = m_whims.strikes(Whim::TopChanged, 0.05);
    m_pipelining = !m_whims.strikes(Whim::NoPipelining, 0.3);
    m_bareLineFeeds = m_whims.strikes(Whim::BareLineFeeds, 0.02);
    m_stuffs = !m_whims.strikes(Whim::NoDotStuffing, 0.05);
    m_portion = m_whims.strikes(Whim::Portions, 0.08) ? 1 + m_whims.below(Whim::Portions, 5) : 0;
    m_deletesAtOnce = m_whims.strikes(Whim::DeletesAtOnce, 0.1);
}

void WildServer::tell(const QByteArray &line)
{
    m_story.append(line);
    if (qEnvironmentVariableIsSet("SATCHEL_TELL"))
        qInfo("%s", line.constData());
}

QByteArray WildServer::newMail()
{
    const QByteArray number = numbered(m_nextId);
    const auto word = [this] { return numbered(m_random.generate()); };
    if (!m_all.isEmpty() && m_whims.strikes(Whim::SameBytes, 0.05))
        return m_all.at(m_whims.below(Whim::SameBytes, int(m_all.size()))).bytes;
    QByteArray header = "From: a" + number + "@example.org\r\nSubject: mail " + number + "\r\nMessage-ID: <" + word()
        + "@example.org>\r\n\r\n";
    // Told apart by its size alone, which then must be true.
    const bool sizesAreTrue = !m_sizesByChance && !m_alike;
    if (!m_all.isEmpty() && m_whims.strikes(Whim::SameHeader, 0.04) && sizesAreTrue)
        header = headerOf(m_all.at(m_whims.below(Whim::SameHeader, int(m_all.size()))).bytes);
    else if (m_whims.strikes(Whim::NoHeader, 0.02))
        header = word() + " no header at all\r\n" + word() + "\r\n";
    QByteArray body;
    const qsizetype length = m_alike ? 1500 - header.size() : 100 + (m_nextId % 23) * 211 + m_random.bounded(100);
    if (m_whims.strikes(Whim::WordsOfTheProtocol, 0.15)) {
        constexpr const char *words[] = {"+OK\r\n", "-ERR no\r\n", ".\r\n", "+OK 120 octets\r\nFrom: b@example.org\r\n",
            "..\r\n", "+OK\r\n.\r\n", "RETR 1\r\n", "-ERR [SYS/TEMP] busy\r\n.\r\n+OK\r\n"};
        body = words[m_whims.below(Whim::WordsOfTheProtocol, int(std::size(words)))];
        // A dot that is not doubled is lost where a line begins with it, and nobody could know.
        if (!m_stuffs && body.startsWith(".."))
            body = "+OK\r\n";
    }
    while (body.size() < length)
        body += "line " + word() + " of " + number + "\r\n";
    if (m_alike && body.size() > length + 2) {
        body.truncate(length);
        body += "\r\n";
    }
    QByteArray mail = header + body;
    return m_bareLineFeeds ? mail.replace("\r\n", "\n") : mail;
}

QByteArray WildServer::nextName()
{
    if (m_naming == Whim::NamesUsedAgain && !m_freeNames.isEmpty() && m_random.bounded(5) > 0)
        return m_freeNames.takeAt(m_random.bounded(m_freeNames.size()));
    if (m_naming == Whim::CounterStartsAnew) {
        if (m_mailbox.isEmpty() && m_random.bounded(2) == 0)
            m_nextNumber = 0;
        return numbered(++m_nextNumber);
    }
    if (m_naming == Whim::OneNameForAll)
        return "same";
    if (m_naming == Whim::EmptyNames && m_random.bounded(3) == 0)
        return {};
    return "u" + numbered(++m_nextNumber);
}

void WildServer::deliver(int count)
{
    for (int i = 0; i < count; ++i) {
        ++m_nextId;
        Delivery mail{m_nextId, newMail(), nextName()};
        tell("delivered " + numbered(mail.id) + " as \"" + mail.name + "\", " + numbered(mail.bytes.size()) + " bytes");
        m_all.append(mail);
        m_mailbox.append(mail);
    }
}

void WildServer::renameAll()
{
    tell("all names are new");
    if (m_naming == Whim::CounterStartsAnew)
        m_nextNumber = 0;
    for (Delivery &mail : m_mailbox)
        mail.name = nextName();
}

void WildServer::changeBetweenVisits()
{
    const auto some = [this](Whim whim) { return 1 + m_whims.below(whim, qMin(4, int(m_mailbox.size()))); };
    if (!m_mailbox.isEmpty() && m_whims.strikes(Whim::TakenElsewhere, 0.15)) {
        for (int i = some(Whim::TakenElsewhere); i > 0 && !m_mailbox.isEmpty(); --i) {
            const Delivery gone = m_mailbox.takeAt(m_whims.below(Whim::TakenElsewhere, int(m_mailbox.size())));
            m_freeNames.append(gone.name);
            tell("taken elsewhere: " + numbered(gone.id));
        }
    }
    if (!m_removed.isEmpty() && m_whims.strikes(Whim::Restored, 0.06)) {
        Delivery back = m_removed.at(m_whims.below(Whim::Restored, int(m_removed.size())));
        if (m_whims.below(Whim::Restored, 2) == 0)
            back.name = nextName();
        tell("back again: " + numbered(back.id) + " as \"" + back.name + '"');
        m_freeNames.removeAll(back.name);
        m_mailbox.append(back);
    }
    if ((m_naming == Whim::CounterStartsAnew || m_naming == Whim::NamesByChance) && m_random.bounded(4) == 0)
        renameAll();
    if (m_naming == Whim::NamesMove && m_mailbox.size() > 1 && m_random.bounded(3) == 0) {
        tell("the names move by one");
        const QByteArray first = m_mailbox.first().name;
        for (qsizetype i = 0; i + 1 < m_mailbox.size(); ++i)
            m_mailbox[i].name = m_mailbox.at(i + 1).name;
        m_mailbox.last().name = first;
    }
}

void WildServer::calmDown()
{
    tell("the server is calm from now on");
    m_calm = true;
    m_sizesOfLines = m_sizesByChance = m_topRefused = m_topChanged = m_deletesAtOnce = false;
    m_portion = 0;
    m_top = m_stuffs = true;
}

qint64 WildServer::sizeOf(const QByteArray &bytes)
{
    if (m_sizesByChance)
        return m_random.bounded(1, 20'000);
    return m_sizesOfLines ? bytes.size() - bytes.count('\r') : bytes.size();
}

void WildServer::planAccident()
{
    constexpr std::pair<Whim, double> accidents[] = {{Whim::Doubled, 0.05}, {Whim::Missing, 0.03},
        {Whim::Swapped, 0.03}, {Whim::ExtraErr, 0.04}, {Whim::ExtraOk, 0.04}, {Whim::CutWithoutEnd, 0.05},
        {Whim::NoEnd, 0.03}, {Whim::CutClean, 0.04}, {Whim::Late, 0.03}, {Whim::Silent, 0.03}, {Whim::Lost, 0.12}};
    constexpr const char *verbs[] = {"RETR", "RETR", "RETR", "RETR", "RETR", "RETR", "TOP", "TOP", "TOP", "TOP", "DELE",
        "DELE", "UIDL", "LIST", "STAT", "NOOP", "QUIT"};
    for (const auto &[kind, probability] : accidents) {
        if (!m_whims.strikes(kind, probability) || m_accident)
            continue;
        Accident accident{kind, verbs[m_whims.below(kind, int(std::size(verbs)))], 1 + m_whims.below(kind, 6)};
        const bool sizesAreTrue = !m_sizesByChance && !m_sizesOfLines;
        if (kind == Whim::CutClean && (!sizesAreTrue || accident.verb != "RETR"))
            continue; // nobody could tell
        if (kind == Whim::Swapped && (!sizesAreTrue || m_naming != Whim::Last || m_alike))
            continue; // nobody could tell
        if (accident.verb != "RETR" && accident.verb != "TOP" && accident.verb != "DELE")
            accident.countdown = 1;
        m_accident = accident;
    }
}

void WildServer::beginVisit()
{
    m_inVisit = true;
    m_inStep = true;
    m_silent = false;
    m_heldBack.clear();
    m_shown.clear();
    m_accident.reset();
    const bool hides = !m_calm && m_whims.strikes(Whim::Hidden, 0.1);
    for (const Delivery &mail : std::as_const(m_mailbox)) {
        if (m_portion > 0 && m_shown.size() == m_portion)
            break;
        if (hides && m_whims.below(Whim::Hidden, 3) == 0)
            continue;
        Shown &shown = m_shown.emplaceBack();
        shown.mail = mail;
        shown.size = sizeOf(mail.bytes);
        shown.uidl = m_naming == Whim::NumbersAsNames ? numbered(m_shown.size()) : mail.name;
    }
    m_deletionsForgotten = !m_calm && m_whims.strikes(Whim::DeleForgotten, 0.06);
    if (!m_calm) {
        planAccident();
        // One lie at a time: two can cancel each other out, and then nobody could tell.
        if (m_whims.strikes(Whim::NamesBehind, 0.04) && m_shown.size() > 1 && !m_accident) {
            m_inStep = false;
            const QByteArray first = m_shown.first().uidl;
            for (qsizetype i = 0; i + 1 < m_shown.size(); ++i)
                m_shown[i].uidl = m_shown.at(i + 1).uidl;
            m_shown.last().uidl = first;
            tell("UIDL says the names of the next");
        }
    }
    QByteArray line = "visit:";
    for (qsizetype i = 0; i < m_shown.size(); ++i)
        line += ' ' + numbered(i + 1) + '=' + numbered(m_shown.at(i).mail.id) + '"' + m_shown.at(i).uidl + '"';
    if (m_accident) {
        line += ", and then " + QByteArray(QMetaEnum::fromType<Whim>().valueToKey(int(m_accident->kind))) + " at "
            + m_accident->verb + ' ' + numbered(m_accident->countdown);
    }
    tell(line);
}

void WildServer::commit()
{
    for (Shown &shown : m_shown) {
        if (!std::exchange(shown.marked, false) || m_deletionsForgotten)
            continue;
        const auto gone = std::ranges::find(m_mailbox, shown.mail.id, &Delivery::id);
        if (gone == m_mailbox.end())
            continue;
        tell("gone: " + numbered(gone->id));
        m_removed.append(*gone);
        m_freeNames.append(gone->name);
        m_mailbox.erase(gone);
    }
}

void WildServer::endVisit(bool quit)
{
    if (!std::exchange(m_inVisit, false))
        return;
    if (quit || m_deletesAtOnce)
        commit();
    tell(quit ? "the visit ended by QUIT" : "the visit ended without QUIT");
}

QByteArray WildServer::capabilities() const
{
    QByteArray lines = "+OK\r\nUSER\r\n";
    if (m_naming != Whim::NoNames)
        lines += "UIDL\r\n";
    if (m_top)
        lines += "TOP\r\n";
    if (m_pipelining)
        lines += "PIPELINING\r\n";
    return lines + ".\r\n";
}

QByteArray WildServer::onTheWire(const QByteArray &text) const
{
    QByteArray wire = text;
    // Who keeps bare line feeds sends them as they are: a dot behind one begins no line of the protocol.
    if (m_stuffs && !m_bareLineFeeds) {
        if (wire.startsWith('.'))
            wire.prepend('.');
        wire.replace("\n.", "\n..");
    }
    return wire + (m_bareLineFeeds || wire.endsWith('\n') ? ".\r\n" : "\r\n.\r\n");
}

QByteArray WildServer::listing(bool uidl)
{
    QByteArrayList lines;
    for (qsizetype i = 0; i < m_shown.size(); ++i)
        lines.append(numbered(i + 1) + ' ' + (uidl ? m_shown.at(i).uidl : numbered(m_shown.at(i).size)));
    if (!m_calm && !lines.isEmpty()) {
        const auto any = [&](Whim whim) { return m_whims.below(whim, int(lines.size())); };
        if (uidl && m_whims.strikes(Whim::UidlMalformed, 0.05)) {
            constexpr const char *bad[] = {"3", "", "abc", "1 ", "x y z", "99999 zz", "-1 u1", " ", "2\tu1", "1 u 1"};
            lines[any(Whim::UidlMalformed)] = bad[m_whims.below(Whim::UidlMalformed, int(std::size(bad)))];
            m_inStep = false;
        }
        if (uidl && m_whims.strikes(Whim::UidlTwice, 0.03) && m_inStep) {
            lines.append(numbered(1 + any(Whim::UidlTwice)) + ' '
                + m_shown.at(m_whims.below(Whim::UidlTwice, int(m_shown.size()))).uidl);
            m_inStep = false;
        }
        const Whim shorter = uidl ? Whim::UidlShort : Whim::ListShort;
        if (m_whims.strikes(shorter, 0.04))
            lines.removeAt(m_whims.below(shorter, int(lines.size())));
    }
    QByteArray reply = "+OK\r\n";
    for (const QByteArray &line : std::as_const(lines))
        reply += line + "\r\n";
    if (uidl && !m_calm && m_whims.strikes(Whim::DeliveredBetween, 0.05)) {
        deliver(1);
        Shown &shown = m_shown.emplaceBack();
        shown.mail = m_mailbox.last();
        shown.uidl = m_naming == Whim::NumbersAsNames ? numbered(m_shown.size()) : shown.mail.name;
        shown.size = sizeOf(shown.mail.bytes);
        tell("it is number " + numbered(m_shown.size()) + " at once");
    }
    return reply + ".\r\n";
}

QByteArray WildServer::transaction(const QByteArray &verb, const QByteArrayList &words)
{
    const QByteArray ok = "+OK\r\n";
    if (verb == "STAT") {
        qint64 bytes = std::accumulate(m_shown.cbegin(), m_shown.cend(), qint64(0),
            [](qint64 sum, const Shown &shown) { return sum + shown.size; });
        auto count = m_shown.size();
        if (!m_calm && m_whims.strikes(Whim::StatWrong, 0.05)) {
            count += m_whims.below(Whim::StatWrong, 3) - 1;
            bytes += m_whims.below(Whim::StatWrong, 1000);
        }
        return "+OK " + numbered(qMax<qsizetype>(0, count)) + ' ' + QByteArray::number(bytes) + "\r\n";
    }
    if (verb == "UIDL")
        return m_naming == Whim::NoNames ? QByteArray("-ERR unknown\r\n") : listing(true);
    if (verb == "LIST")
        return listing(false);
    if (verb != "RETR" && verb != "TOP" && verb != "DELE")
        return verb == "UTF8" || verb == "LANG" ? QByteArray("-ERR unknown\r\n") : ok;
    const int number = words.value(1).toInt();
    if (number < 1 || number > m_shown.size() || m_shown.at(number - 1).marked)
        return "-ERR no such message\r\n";
    Shown &shown = m_shown[number - 1];
    // What was cut by its own dot is followed by what is no reply.
    if (verb == "RETR" && !m_stuffs && shown.mail.bytes.contains("\n.\r\n"))
        m_inStep = false;
    if (verb == "RETR")
        return "+OK " + numbered(shown.size) + " octets\r\n" + onTheWire(shown.mail.bytes);
    if (verb == "TOP") {
        if (!m_top || (m_topRefused && m_whims.below(Whim::TopRefused, 3) == 0))
            return "-ERR not here\r\n";
        QByteArray header = headerOf(shown.mail.bytes);
        return ok + onTheWire(m_topChanged ? changedByTop(header) : header);
    }
    if (onDele)
        onDele(shown);
    if (!m_calm && m_whims.strikes(Whim::DeleRefused, 0.03))
        return "-ERR cannot\r\n";
    shown.marked = true;
    return ok;
}

WildServer::Answer WildServer::hear(const QByteArray &line)
{
    if (m_silent)
        return {};
    const QByteArrayList words = line.split(' ');
    const QByteArray verb = words.first().toUpper();
    if (verb == "CAPA")
        return {capabilities()};
    if (verb == "USER" || verb == "PASS")
        return {"+OK\r\n"};
    if (verb == "QUIT") {
        if (!m_calm && m_whims.strikes(Whim::QuitRefused, 0.05)) {
            if (m_whims.below(Whim::QuitRefused, 2) == 0)
                commit();
            endVisit(false);
            return {"-ERR some messages not removed\r\n", true};
        }
        if (!m_calm && m_whims.strikes(Whim::QuitLost, 0.05)) {
            endVisit(m_whims.below(Whim::QuitLost, 2) == 0);
            return {{}, true};
        }
        Answer answer = distort(verb, "+OK\r\n");
        endVisit(true);
        answer.hangUp = true;
        return answer;
    }
    const QByteArray reply = transaction(verb, words);
    tell("  " + line + (reply.startsWith("-ERR") ? " -ERR" : ""));
    return distort(verb, reply);
}

WildServer::Answer WildServer::distort(const QByteArray &verb, const QByteArray &reply)
{
    Answer answer{std::exchange(m_heldBack, {})};
    answer.bytes.prepend(reply); // what was held back comes after it
    if (!m_accident || m_accident->verb != verb || --m_accident->countdown > 0)
        return answer;
    const Whim kind = std::exchange(m_accident, std::nullopt)->kind;
    const bool isLong = reply.endsWith("\r\n.\r\n") || reply.endsWith("\n.\r\n");
    const qsizetype head = reply.indexOf('\n') + 1;
    tell("  " + QByteArray(QMetaEnum::fromType<Whim>().valueToKey(int(kind))) + " now");
    m_inStep = m_inStep && (kind == Whim::Late || kind == Whim::Silent || kind == Whim::Lost);
    switch (kind) {
    case Whim::Doubled:
        answer.bytes = reply + reply;
        break;
    case Whim::Missing:
        answer.bytes.clear();
        break;
    case Whim::Swapped:
        m_heldBack = reply;
        answer.bytes.clear();
        break;
    case Whim::ExtraErr:
        answer.bytes = "-ERR server busy\r\n" + reply;
        break;
    case Whim::ExtraOk:
        answer.bytes = "+OK\r\n" + reply;
        break;
    case Whim::CutWithoutEnd:
        answer.bytes = reply.first(head + m_whims.below(kind, int(reply.size() - head)));
        // A server breaks off between two lines, or in the middle of one.
        if (m_whims.below(kind, 4) > 0)
            answer.bytes = answer.bytes.first(answer.bytes.lastIndexOf('\n') + 1);
        break;
    case Whim::NoEnd:
        if (isLong)
            answer.bytes = reply.chopped(3);
        break;
    case Whim::CutClean:
        // So much that its size tells.
        if (const qsizetype keep = reply.size() - 200 - m_whims.below(kind, 1000); isLong && keep > head)
            answer.bytes = reply.first(reply.lastIndexOf('\n', keep) + 1) + ".\r\n";
        break;
    case Whim::Late:
        answer.lateMs = 1 + m_whims.below(kind, 30);
        break;
    case Whim::Silent:
        m_silent = true;
        answer.bytes.clear();
        break;
    default:
        answer.bytes = reply.first(m_whims.below(kind, int(reply.size() + 1)));
        answer.hangUp = true;
        break;
    }
    return answer;
}

WildTransport::WildTransport(WildServer &server, quint32 seed)
    : m_server(server)
    , m_random(seed)
    , m_inPieces(m_random.bounded(3) == 0)
{
}

WildTransport::~WildTransport()
{
    end(false);
}

void WildTransport::open()
{
    m_open = true;
    m_server.beginVisit();
    QMetaObject::invokeMethod(
        this,
        [this] {
            if (!m_open)
                return;
            m_onTheWay += m_server.greet();
            Q_EMIT opened();
            later();
        },
        Qt::QueuedConnection);
}

void WildTransport::startTls()
{
    qFatal("nobody spoke of TLS");
}

void WildTransport::write(const QByteArray &bytes)
{
    m_fromClient += bytes;
    later();
}

QByteArray WildTransport::readAll()
{
    return std::exchange(m_delivered, {});
}

void WildTransport::close()
{
    end(false);
}

void WildTransport::abort()
{
    end(false);
}

void WildTransport::end(bool quit)
{
    m_open = false;
    m_server.endVisit(quit);
}

void WildTransport::later(int milliseconds)
{
    if (std::exchange(m_scheduled, true))
        return;
    QTimer::singleShot(milliseconds, this, [this] {
        m_scheduled = false;
        advance();
    });
}

void WildTransport::advance()
{
    int wait = 0;
    while (m_open && !m_hangUp && wait == 0) {
        const qsizetype end = m_fromClient.indexOf("\r\n");
        if (end < 0)
            break;
        const QByteArray line = m_fromClient.first(end);
        m_fromClient.remove(0, end + 2);
        const WildServer::Answer answer = m_server.hear(line);
        m_onTheWay += answer.bytes;
        m_hangUp = answer.hangUp;
        wait = answer.lateMs;
    }
    if (!m_open)
        return;
    if (wait > 0) {
        later(wait);
        return;
    }
    if (m_onTheWay.isEmpty()) {
        if (m_hangUp) {
            end(false);
            Q_EMIT closed();
        }
        return;
    }
    const qsizetype count = m_inPieces ? m_random.bounded(1, 2000) : m_onTheWay.size();
    m_delivered += m_onTheWay.first(qMin(count, m_onTheWay.size()));
    m_onTheWay.remove(0, qMin(count, m_onTheWay.size()));
    if (m_hangUp || !m_onTheWay.isEmpty() || m_fromClient.contains("\r\n"))
        later();
    Q_EMIT readyRead();
}

} // namespace satchel::test
