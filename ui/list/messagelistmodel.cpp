// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/list/messagelistmodel.h"

#include "ui/folders/foldermodel.h"
#include "ui/theme/text.h"

#include <QMimeData>

using namespace Qt::StringLiterals;

namespace satchel::ui {

namespace {

constexpr int rowsAround = 64; ///< fetched beyond each edge, so that a small scroll shows no placeholder
constexpr qint64 mostMoves = 50'000'000; ///< ids shifted by removing range after range; beyond it, a reset is quicker

} // namespace

MessageListModel::MessageListModel(Fetch fetch, QObject *parent)
    : QAbstractTableModel(parent)
    , m_fetch(std::move(fetch))
    , m_cache(cachedSummaries)
{
}

void MessageListModel::setMessages(const QList<MessageId> &ids)
{
    beginResetModel();
    m_ids = ids;
    m_gone.clear();
    m_first = 0;
    m_last = -1;
    endResetModel();
}

void MessageListModel::updateMessages(const QList<MessageId> &ids)
{
    if (ids == m_ids)
        return;
    m_gone.clear();

    // Most updates touch one end: what is the same at both ends is left alone.
    const qsizetype shorter = qMin(ids.size(), m_ids.size());
    qsizetype head = 0;
    while (head < shorter && ids.at(head) == m_ids.at(head))
        ++head;
    qsizetype tail = 0;
    while (tail < shorter - head && ids.at(ids.size() - 1 - tail) == m_ids.at(m_ids.size() - 1 - tail))
        ++tail;
    const QList<MessageId> before = m_ids.mid(head, m_ids.size() - head - tail);
    const QList<MessageId> after = ids.mid(head, ids.size() - head - tail);
    const QSet<MessageId> was(before.begin(), before.end());
    const QSet<MessageId> is(after.begin(), after.end());

    QList<std::pair<int, int>> removed; // first, last; in rows of now
    QList<MessageId> stayed;
    for (qsizetype i = 0; i < before.size(); ++i) {
        if (is.contains(before.at(i))) {
            stayed.append(before.at(i));
        } else if (const int row = int(head + i); !removed.isEmpty() && removed.constLast().second == row - 1) {
            removed.last().second = row;
        } else {
            removed.append({row, row});
        }
    }
    QList<std::pair<int, int>> added; // in rows of afterwards
    qsizetype next = 0;
    bool sameOrder = true;
    for (qsizetype i = 0; i < after.size() && sameOrder; ++i) {
        if (was.contains(after.at(i)))
            sameOrder = next < stayed.size() && stayed.at(next++) == after.at(i);
        else if (const int row = int(head + i); !added.isEmpty() && added.constLast().second == row - 1)
            added.last().second = row;
        else
            added.append({row, row});
    }

    Q_EMIT aboutToChangeRows();
    if (!sameOrder || (removed.size() + added.size()) * qMax(ids.size(), m_ids.size()) > mostMoves) {
        beginResetModel();
        m_ids = ids;
        endResetModel();
    } else {
        removeRanges(removed);
        for (const auto &[first, last] : std::as_const(added)) {
            beginInsertRows({}, first, last);
            m_ids.insert(first, last - first + 1, MessageId());
            std::copy(ids.begin() + first, ids.begin() + last + 1, m_ids.begin() + first);
            endInsertRows();
        }
    }
    Q_EMIT rowsChanged();
}

void MessageListModel::removeRanges(const QList<std::pair<int, int>> &ranges)
{
    for (auto range = ranges.crbegin(); range != ranges.crend(); ++range) {
        beginRemoveRows({}, range->first, range->second);
        m_ids.remove(range->first, range->second - range->first + 1);
        endRemoveRows();
    }
}

void MessageListModel::removeMessages(const QSet<MessageId> &ids)
{
    QList<std::pair<int, int>> ranges;
    qsizetype left = ids.size();
    for (int row = 0; row < m_ids.size() && left > 0; ++row) {
        if (!ids.contains(m_ids.at(row)))
            continue;
        --left;
        if (!ranges.isEmpty() && ranges.constLast().second == row - 1)
            ranges.last().second = row;
        else
            ranges.append({row, row});
    }
    if (ranges.isEmpty())
        return;
    Q_EMIT aboutToChangeRows();
    if (ranges.size() * m_ids.size() > mostMoves) {
        beginResetModel();
        m_ids.removeIf([&ids](MessageId id) { return ids.contains(id); });
        endResetModel();
    } else {
        removeRanges(ranges);
    }
    Q_EMIT rowsChanged();
}

void MessageListModel::refresh(const QList<MessageId> &ids)
{
    for (const MessageId id : ids) {
        if (m_cache.contains(id))
            m_stale.insert(id);
    }
    fetchVisible();
}

void MessageListModel::remember(const QList<MessageSummary> &summaries)
{
    for (const MessageSummary &summary : summaries)
        m_cache.insert(summary.id, new MessageSummary(summary));
}

void MessageListModel::setVisibleRows(int first, int last)
{
    m_first = qMax(0, first);
    m_last = last;
    fetchVisible();
}

void MessageListModel::fetchVisible()
{
    // One question at a time: while it is under way the view may move on, and then only the place
    // where it came to rest is asked for.
    if (m_fetching || m_ids.isEmpty() || m_last < m_first)
        return;
    QList<MessageId> wanted;
    const auto want = [&](int row) {
        const MessageId id = m_ids.at(row);
        if ((!m_cache.contains(id) || m_stale.contains(id)) && !m_gone.contains(id) && wanted.size() < pageSize)
            wanted.append(id);
    };
    const int first = qMin(m_first, int(m_ids.size()) - 1);
    const int last = qMin(m_last, int(m_ids.size()) - 1);
    for (int row = first; row <= last; ++row)
        want(row);
    for (int row = last + 1; row < qMin(last + 1 + rowsAround, int(m_ids.size())); ++row)
        want(row);
    for (int row = first - 1; row >= qMax(0, first - rowsAround); --row)
        want(row);
    if (wanted.isEmpty())
        return;
    m_fetching = true;
    m_fetch(wanted).then(this, [this, wanted](const Expected<QList<MessageSummary>> &answer) { took(answer, wanted); });
}

void MessageListModel::took(const Expected<QList<MessageSummary>> &answer, const QList<MessageId> &asked)
{
    m_fetching = false;
    if (!answer) {
        // Not asked again by itself: what fails once would fail with every repaint.
        for (const MessageId id : asked)
            m_gone.insert(id);
        Q_EMIT fetchFailed(answer.error());
        return;
    }
    QSet<MessageId> missing(asked.begin(), asked.end());
    for (const MessageId id : asked)
        m_stale.remove(id);
    for (const MessageSummary &summary : *answer) {
        missing.remove(summary.id);
        m_cache.insert(summary.id, new MessageSummary(summary));
    }
    m_gone.unite(missing);
    if (const int last = qMin(m_last, int(m_ids.size()) - 1); m_first <= last)
        Q_EMIT dataChanged(index(m_first, 0), index(last, 0));
    Q_EMIT summariesChanged();
    fetchVisible();
}

const MessageSummary *MessageListModel::summaryAt(int row) const
{
    return row >= 0 && row < m_ids.size() ? m_cache.object(m_ids.at(row)) : nullptr;
}

const MessageSummary *MessageListModel::summary(MessageId id) const
{
    return m_cache.object(id);
}

QString MessageListModel::folderNameAt(int row) const
{
    const MessageSummary *summary = m_folderNames ? summaryAt(row) : nullptr;
    return summary ? m_folderNames(summary->folder) : QString();
}

MessageListModel::AccountMark MessageListModel::accountMarkAt(int row) const
{
    const MessageSummary *summary = m_accountMarks ? summaryAt(row) : nullptr;
    return summary ? m_accountMarks(summary->account) : AccountMark();
}

int MessageListModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_ids.size());
}

int MessageListModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : 1;
}

QString MessageListModel::accessibleText(const MessageSummary &summary) const
{
    QStringList words;
    if (!summary.flags.testFlag(MessageFlag::Read))
        words.append(tr("unread"));
    words.append(m_showsRecipients && !summary.recipients.isEmpty() ? tr("to %1").arg(summary.recipients)
                                                                    : senderText(summary.from));
    words.append(summary.subject.isEmpty() ? tr("no subject") : summary.subject);
    words.append(shortDate(shownDate(summary), now()));
    if (summary.flags.testFlag(MessageFlag::Starred))
        words.append(tr("starred"));
    if (summary.flags.testFlag(MessageFlag::Partial))
        words.append(tr("only the beginning is here"));
    if (summary.flags.testFlag(MessageFlag::HasAttachment))
        words.append(tr("has attachments"));
    if (m_accountMarks)
        words.append(m_accountMarks(summary.account).name);
    return words.join(tr(", "));
}

QVariant MessageListModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    if (role == IdRole)
        return QVariant::fromValue(messageAt(index.row()));
    const MessageSummary *summary = summaryAt(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return summary ? summary->subject : QString();
    case Qt::AccessibleTextRole:
        return summary ? accessibleText(*summary) : tr("loading");
    default:
        return {};
    }
}

Qt::ItemFlags MessageListModel::flags(const QModelIndex &index) const
{
    if (!index.isValid())
        return {};
    return Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsDragEnabled | Qt::ItemNeverHasChildren;
}

QStringList MessageListModel::mimeTypes() const
{
    return {messagesMimeType()};
}

QMimeData *MessageListModel::mimeData(const QModelIndexList &indexes) const
{
    QList<MessageId> ids;
    ids.reserve(indexes.size());
    for (const QModelIndex &index : indexes)
        ids.append(messageAt(index.row()));
    auto *data = new QMimeData;
    data->setData(messagesMimeType(), encodeMessages(ids));
    return data;
}

Qt::DropActions MessageListModel::supportedDragActions() const
{
    return Qt::MoveAction;
}

} // namespace satchel::ui
