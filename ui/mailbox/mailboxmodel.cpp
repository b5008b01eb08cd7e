// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/mailbox/mailboxmodel.h"

#include "ui/mailbox/mailboxtext.h"
#include "ui/theme/text.h"

#include <QDateTime>

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace satchel::ui {

using sync::ServerMark;
using sync::ServerMessage;
using sync::ServerMessageState;

namespace {

constexpr qsizetype readAtOnce = 5000;

bool isHere(const ServerMessage &message)
{
    return message.state == ServerMessageState::Stored;
}

sync::ServerHeader headerOf(int id, const MessageSummary &summary)
{
    return {id, false, summary.from, summary.subject, summary.date};
}

} // namespace

MailboxModel::MailboxModel(Fetch fetch, QObject *parent)
    : QAbstractTableModel(parent)
    , m_fetch(std::move(fetch))
{
}

void MailboxModel::setListing(const sync::ServerListing &listing)
{
    Q_EMIT aboutToReorder();
    beginResetModel();
    m_messages = listing.messages;
    m_mayDelete = listing.whyNoDeletion.isEmpty();
    m_ids.clear();
    m_totalBytes = 0;
    QSet<int> there;
    for (const ServerMessage &message : std::as_const(m_messages)) {
        m_totalBytes += message.size;
        there.insert(message.id);
        if (message.message.isValid())
            m_ids.insert(message.message, message.id);
    }
    m_marks.removeIf([&there](const auto &mark) { return !there.contains(mark.key()); });
    for (const ServerMessage &message : std::as_const(m_messages)) {
        if (m_marks.contains(message.id) && !mayMark(message, m_marks.value(message.id)))
            m_marks.remove(message.id);
    }
    reorder();
    endResetModel();
    Q_EMIT reordered();
    Q_EMIT marksChanged();
    if (isSortedByHeaders() || !m_words.isEmpty())
        readAllFromStore();
}

void MailboxModel::addHeaders(const QList<sync::ServerHeader> &headers)
{
    for (const sync::ServerHeader &header : headers) {
        m_headers.insert(header.id, header);
        if (const int row = m_rows.value(header.id, -1); row >= 0)
            Q_EMIT dataChanged(index(row, Sender), index(row, Date));
    }
    Q_EMIT headersChanged();
}

bool MailboxModel::passes(const ServerMessage &message) const
{
    switch (m_filter) {
    case Filter::All:
        break;
    case Filter::New:
        if (message.state != ServerMessageState::New)
            return false;
        break;
    case Filter::Here:
        if (!isHere(message))
            return false;
        break;
    case Filter::NotHere:
        if (isHere(message))
            return false;
        break;
    case Filter::Leaving:
        if (message.fate == sync::ServerFate::Stays)
            return false;
        break;
    case Filter::Marked:
        if (!m_marks.contains(message.id))
            return false;
        break;
    }
    if (m_words.isEmpty())
        return true;
    const auto known = m_headers.constFind(message.id);
    return known != m_headers.constEnd()
        && (known->subject.contains(m_words, Qt::CaseInsensitive)
            || known->from.name.contains(m_words, Qt::CaseInsensitive)
            || known->from.address.contains(m_words, Qt::CaseInsensitive));
}

void MailboxModel::reorder()
{
    m_shown.clear();
    for (qsizetype i = m_messages.size() - 1; i >= 0; --i) { // the newest first
        if (passes(m_messages.at(i)))
            m_shown.append(int(i));
    }
    if (m_sortColumn >= 0) {
        const bool ascending = m_sortOrder == Qt::AscendingOrder;
        // What nobody has looked at comes last, whichever way the rest is sorted.
        std::ranges::stable_sort(m_shown, [&](int one, int other) {
            const auto order = compareMessages(m_messages.at(one), m_messages.at(other), *this, m_sortColumn);
            if (order.unknown != 0)
                return order.unknown < 0;
            return ascending ? order.value < 0 : order.value > 0;
        });
    }
    m_rows.clear();
    m_rows.reserve(m_shown.size());
    for (int row = 0; row < int(m_shown.size()); ++row)
        m_rows.insert(m_messages.at(m_shown.at(row)).id, row);
}

void MailboxModel::setFilter(Filter filter, const QString &words)
{
    const QString trimmed = words.trimmed();
    if (m_filter == filter && m_words == trimmed)
        return;
    Q_EMIT aboutToReorder();
    beginResetModel();
    m_filter = filter;
    m_words = trimmed;
    reorder();
    endResetModel();
    Q_EMIT reordered();
    if (!m_words.isEmpty())
        readAllFromStore();
}

void MailboxModel::sort(int column, Qt::SortOrder order)
{
    Q_EMIT aboutToReorder();
    beginResetModel();
    m_sortColumn = column;
    m_sortOrder = order;
    reorder();
    endResetModel();
    Q_EMIT reordered();
    if (isSortedByHeaders())
        readAllFromStore();
}

bool MailboxModel::isSortedByHeaders() const
{
    return m_sortColumn == Sender || m_sortColumn == Subject || m_sortColumn == Date;
}

void MailboxModel::setVisibleRows(int first, int last)
{
    m_first = qMax(0, first);
    m_last = qMin(last, int(m_shown.size()) - 1);
    QList<MessageId> stored;
    for (int row = m_first; row <= m_last; ++row) {
        const ServerMessage &seen = message(row);
        if (seen.message.isValid() && !m_headers.contains(seen.id))
            stored.append(seen.message);
    }
    readFromStore(stored);
    wish();
}

void MailboxModel::lookAtAll()
{
    m_all = true;
    readAllFromStore();
    wish();
}

/// What is in sight comes first; what was wished for before and scrolled away is not wished for any more.
void MailboxModel::wish()
{
    QList<int> missing;
    QSet<int> seen;
    const auto add = [&](const ServerMessage &one) {
        if (!one.message.isValid() && !m_headers.contains(one.id) && !seen.contains(one.id)) {
            seen.insert(one.id);
            missing.append(one.id);
        }
    };
    for (int row = m_first; row <= m_last; ++row)
        add(message(row));
    if (m_all) {
        for (qsizetype i = m_messages.size() - 1; i >= 0; --i)
            add(m_messages.at(i));
    }
    if (!missing.isEmpty())
        Q_EMIT headersWished(missing);
}

void MailboxModel::readFromStore(const QList<MessageId> &ids)
{
    QList<MessageId> missing;
    for (const MessageId id : ids) {
        if (!m_asked.contains(id))
            missing.append(id);
    }
    if (missing.isEmpty())
        return;
    m_asked.unite({missing.begin(), missing.end()});
    m_fetch(missing).then(this, [this, missing](const Expected<QList<MessageSummary>> &answer) {
        for (const MessageId id : missing)
            m_asked.remove(id);
        if (!answer)
            return;
        QList<sync::ServerHeader> headers;
        for (const MessageSummary &summary : *answer) {
            if (const auto id = m_ids.constFind(summary.id); id != m_ids.constEnd())
                headers.append(headerOf(*id, summary));
        }
        addHeaders(headers);
    });
}

void MailboxModel::readAllFromStore()
{
    QList<MessageId> missing;
    for (const ServerMessage &message : std::as_const(m_messages)) {
        if (message.message.isValid() && !m_headers.contains(message.id))
            missing.append(message.message);
    }
    if (missing.isEmpty())
        return;
    for (qsizetype at = 0; at < missing.size(); at += readAtOnce)
        readFromStore(missing.mid(at, readAtOnce));
    // Once they are known, they have another place.
    m_fetch({missing.constLast()}).then(this, [this](const Expected<QList<MessageSummary>> &) {
        Q_EMIT aboutToReorder();
        beginResetModel();
        reorder();
        endResetModel();
        Q_EMIT reordered();
    });
}

int MailboxModel::rowOf(int id) const
{
    return m_rows.value(id, -1);
}

std::optional<sync::ServerHeader> MailboxModel::header(int id) const
{
    const auto known = m_headers.constFind(id);
    return known == m_headers.constEnd() ? std::nullopt : std::optional(*known);
}

const sync::ServerHeader *MailboxModel::knownHeader(int id) const
{
    const auto known = m_headers.constFind(id);
    return known == m_headers.constEnd() ? nullptr : &*known;
}

int MailboxModel::unknown() const
{
    return int(std::ranges::count_if(m_messages, [this](const ServerMessage &message) {
        return !message.message.isValid() && !m_headers.contains(message.id);
    }));
}

bool MailboxModel::mayMark(const ServerMessage &message, ServerMark mark) const
{
    switch (mark) {
    case ServerMark::Get:
    case ServerMark::Skip:
        return !isHere(message);
    case ServerMark::Delete:
        return m_mayDelete && message.deletable;
    case ServerMark::Keep:
        return message.ordered;
    case ServerMark::None:
        break;
    }
    return true;
}

void MailboxModel::setMark(const QList<int> &rows, ServerMark mark)
{
    int first = rowCount();
    int last = -1;
    for (const int row : rows) {
        const ServerMessage &one = message(row);
        if (!mayMark(one, mark))
            continue;
        if (mark == ServerMark::None)
            m_marks.remove(one.id);
        else
            m_marks.insert(one.id, mark);
        first = qMin(first, row);
        last = qMax(last, row);
    }
    if (last < 0)
        return;
    Q_EMIT dataChanged(index(first, 0), index(last, Columns - 1));
    Q_EMIT marksChanged();
}

void MailboxModel::clearMarks()
{
    m_marks.clear();
    if (rowCount() > 0)
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, Columns - 1));
    Q_EMIT marksChanged();
}

MailboxOrders MailboxModel::orders() const
{
    MailboxOrders orders;
    if (m_marks.isEmpty())
        return orders;
    for (const ServerMessage &message : m_messages) {
        switch (mark(message.id)) {
        case ServerMark::Get:
            ++orders.get;
            orders.getBytes += message.size;
            break;
        case ServerMark::Skip:
            ++orders.skip;
            break;
        case ServerMark::Delete:
            ++orders.remove;
            orders.lost += message.provable ? 0 : 1;
            break;
        case ServerMark::Keep:
            ++orders.keep;
            break;
        case ServerMark::None:
            break;
        }
    }
    return orders;
}

QList<sync::ServerWish> MailboxModel::wishes(bool withLoss) const
{
    QList<sync::ServerWish> wishes;
    for (const ServerMessage &message : m_messages) {
        const ServerMark wanted = mark(message.id);
        const bool lost = wanted == ServerMark::Delete && !message.provable;
        if (wanted == ServerMark::None || (lost && !withLoss))
            continue;
        const sync::ServerHeader known = m_headers.value(message.id);
        wishes.append({message.id, wanted, lost, senderText(known.from), known.subject});
    }
    return wishes;
}

QStringList MailboxModel::losses(int most) const
{
    QStringList lines;
    for (const ServerMessage &message : m_messages) {
        if (mark(message.id) != ServerMark::Delete || message.provable)
            continue;
        if (lines.size() == most) {
            lines.append(u"…"_s);
            break;
        }
        const auto known = header(message.id);
        lines.append(known && !known->refused
                ? tr("%1: %2").arg(
                      senderText(known->from), known->subject.isEmpty() ? tr("(no subject)") : known->subject)
                : tr("a message of %1 that nobody has looked at").arg(fileSize(message.size)));
    }
    return lines;
}

int MailboxModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_shown.size());
}

int MailboxModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(Columns);
}

QVariant MailboxModel::display(const ServerMessage &message, int column) const
{
    const auto known = m_headers.constFind(message.id);
    const bool isKnown = known != m_headers.constEnd();
    switch (column) {
    case Mark:
        return markText(mark(message.id));
    case Sender:
        return !isKnown ? u"…"_s : known->refused ? tr("(not told)") : senderText(known->from);
    case Subject:
        return !isKnown                ? QString()
            : known->refused           ? QString()
            : known->subject.isEmpty() ? tr("(no subject)")
                                       : known->subject;
    case Date:
        return isKnown && known->date.isValid() ? shortDate(known->date, m_clock.now()) : QString();
    case Size:
        return fileSize(message.size);
    case State:
        return stateText(message.state);
    case Fate:
        return fateText(message);
    default:
        return {};
    }
}

QString MailboxModel::accessibleText(const ServerMessage &message) const
{
    QStringList words;
    for (int column = 0; column < Columns; ++column) {
        if (const QString word = display(message, column).toString(); !word.isEmpty())
            words.append(word);
    }
    return words.join(tr(", "));
}

QVariant MailboxModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= m_shown.size())
        return {};
    const ServerMessage &one = message(index.row());
    switch (role) {
    case Qt::DisplayRole: {
        // Numbers stand at the end of their column; the next one begins close behind it.
        const QVariant shown = display(one, index.column());
        return index.column() == Size ? shown.toString() + QChar(0x2003) : shown;
    }
    case Qt::AccessibleTextRole:
        return index.column() == Mark ? accessibleText(one) : display(one, index.column()).toString();
    case Qt::ToolTipRole:
        if (index.column() == State)
            return asPlainRichText(stateExplained(one));
        if (index.column() == Sender || index.column() == Subject)
            return asPlainRichText(display(one, index.column()).toString());
        return {};
    case Qt::TextAlignmentRole:
        return int(index.column() == Size ? Qt::AlignRight | Qt::AlignVCenter : Qt::AlignLeft | Qt::AlignVCenter);
    default:
        return markLook(mark(one.id), index.column() == Mark, role);
    }
}

QVariant MailboxModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return int(section == Size ? Qt::AlignRight | Qt::AlignVCenter : Qt::AlignLeft | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Mark:
        return tr("To do");
    case Sender:
        return tr("From");
    case Subject:
        return tr("Subject");
    case Date:
        return tr("Date");
    case Size:
        return tr("Size");
    case State:
        return tr("Here");
    case Fate:
        return tr("Without your doing");
    default:
        return {};
    }
}

} // namespace satchel::ui
