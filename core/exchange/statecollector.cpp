// SPDX-License-Identifier: GPL-3.0-or-later
#include "exchange/statecollector.h"

#include <QStringDecoder>
#include <QTimeZone>

#include <algorithm>

namespace satchel::exchange {

namespace {

constexpr qsizetype maximalMailboxes = 10'000;
constexpr qsizetype maximalHost = 255;
constexpr qsizetype maximalUser = 1024;

constexpr qint64 year1990 = 631'152'000;
constexpr qint64 year2100 = 4'102'444'800;

bool isBlank(char c)
{
    return c == ' ' || c == '\t';
}

} // namespace

LineReader::LineReader(QByteArrayView bytes)
    : m_bytes(bytes)
{
    if (m_bytes.startsWith("\xEF\xBB\xBF")) // an editor's mark
        m_position = 3;
}

QByteArrayView LineReader::next()
{
    qsizetype end = m_bytes.indexOf('\n', m_position);
    if (end < 0)
        end = m_bytes.size();
    QByteArrayView line = m_bytes.sliced(m_position, end - m_position);
    m_position = end + 1;
    if (line.endsWith('\r'))
        line.chop(1);
    return line;
}

QByteArrayView takeWord(QByteArrayView &text)
{
    const auto end = std::find_if(text.begin(), text.end(), isBlank);
    const QByteArrayView word(text.begin(), end);
    text = QByteArrayView(std::find_if_not(end, text.end(), isBlank), text.end());
    return word;
}

QString decoded(QByteArrayView bytes)
{
    QStringDecoder utf8(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
    QString text = utf8(bytes);
    return utf8.hasError() ? QString::fromLatin1(bytes) : text;
}

QDateTime stateTime(QByteArrayView text)
{
    if (text.size() > 12)
        return {};
    bool ok = false;
    const qint64 seconds = text.toLongLong(&ok);
    if (!ok || seconds < year1990 || seconds >= year2100)
        return {};
    return QDateTime::fromSecsSinceEpoch(seconds, QTimeZone::utc());
}

StateCollector::StateCollector(StateFormat format, QString program)
    : m_format(format)
    , m_program(std::move(program))
{
}

bool StateCollector::enterMailbox(const QString &host, const QString &user, quint16 port, const QString &mailboxName)
{
    m_current = -1;
    if (host.size() > maximalHost || user.size() > maximalUser || mailboxName.size() > maximalHost + maximalUser)
        return false;
    const std::pair key(host, user);
    if (const auto known = m_mailboxes.constFind(key); known != m_mailboxes.cend()) {
        m_current = *known;
        return true;
    }
    if (m_states.mailboxes.size() >= maximalMailboxes)
        return false;
    m_current = m_states.mailboxes.size();
    m_mailboxes.insert(key, m_current);
    m_states.mailboxes.append({m_format, m_program, host, user, port, mailboxName, {}});
    return true;
}

void StateCollector::add(FetchedMessage message)
{
    if (m_current < 0 || message.uidl.isEmpty() || message.uidl.size() > maximalStateUidl) {
        skip();
        return;
    }
    QList<FetchedMessage> &messages = m_states.mailboxes[m_current].messages;
    const Index index{m_current, message.uidl};
    if (const auto known = m_positions.constFind(index); known != m_positions.cend()) {
        messages[*known] = std::move(message);
        return;
    }
    if (m_positions.size() >= maximalStateMessages) {
        skip();
        return;
    }
    m_positions.insert(index, messages.size());
    messages.append(std::move(message));
}

FetchedStates StateCollector::take()
{
    return std::move(m_states);
}

} // namespace satchel::exchange
