// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "base/error.h"
#include "base/message.h"
#include "sync/mailboxtypes.h"

#include <QAbstractTableModel>
#include <QFuture>
#include <QHash>
#include <QSet>

#include <functional>
#include <optional>

namespace satchel::ui {

/// What the marks of a person come to.
struct MailboxOrders {
    int get = 0;
    qint64 getBytes = 0;
    int skip = 0;
    int remove = 0;
    int lost = 0; ///< of `remove`: not stored here
    int keep = 0;

    [[nodiscard]] bool isEmpty() const { return get + skip + remove + keep == 0; }
    [[nodiscard]] QString text() const; ///< what will happen, in words
};

/// The messages on a server, as rows: what the server lists, what the store knows of those that are here, the headers
/// that were asked for, and the marks of the person. Headers are wished for the rows in sight alone and kept as long as
/// the model lives; what is stored here is read from the store. Lives on the GUI thread.
class MailboxModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    using Fetch = std::function<QFuture<Expected<QList<MessageSummary>>>(const QList<MessageId> &)>;
    enum Column { Mark, Sender, Subject, Date, Size, State, Fate, Columns };
    enum class Filter { All, New, Here, NotHere, Leaving, Marked };

    explicit MailboxModel(Fetch fetch, QObject *parent = nullptr);
    void setClock(const Clock &clock) { m_clock = clock; } ///< that says what is today

    void setListing(const sync::ServerListing &listing); ///< marks and headers of what is still there stay
    void addHeaders(const QList<sync::ServerHeader> &headers);
    void setFilter(Filter filter, const QString &words);
    void sort(int column, Qt::SortOrder order = Qt::AscendingOrder) override;
    void setVisibleRows(int first, int last);
    void lookAtAll(); ///< wishes for every header that is missing

    [[nodiscard]] const sync::ServerMessage &message(int row) const { return m_messages.at(m_shown.at(row)); }
    [[nodiscard]] int rowOf(int id) const; ///< -1: it is not shown
    [[nodiscard]] std::optional<sync::ServerHeader> header(int id) const;
    [[nodiscard]] const sync::ServerHeader *knownHeader(int id) const; ///< null: nobody has looked at it
    [[nodiscard]] sync::ServerMark mark(int id) const { return m_marks.value(id, sync::ServerMark::None); }
    [[nodiscard]] bool mayMark(const sync::ServerMessage &message, sync::ServerMark mark) const;
    void setMark(const QList<int> &rows, sync::ServerMark mark); ///< of those that may
    void clearMarks();
    [[nodiscard]] MailboxOrders orders() const;
    /// \a withLoss: also of what is not stored here, to which the person agreed.
    [[nodiscard]] QList<sync::ServerWish> wishes(bool withLoss) const;
    [[nodiscard]] QStringList losses(int most) const; ///< senders and subjects of what would be lost

    [[nodiscard]] int total() const { return int(m_messages.size()); }
    [[nodiscard]] qint64 totalBytes() const { return m_totalBytes; }
    [[nodiscard]] int unknown() const; ///< whose header nobody has looked at
    [[nodiscard]] bool isSortedByHeaders() const;

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

Q_SIGNALS:
    void headersWished(const QList<int> &ids);
    void marksChanged();
    void headersChanged();
    void aboutToReorder(); ///< rows get other places; what is selected is to be remembered by id
    void reordered();

private:
    void reorder();
    void wish();
    void readFromStore(const QList<MessageId> &ids);
    void readAllFromStore();
    [[nodiscard]] bool passes(const sync::ServerMessage &message) const;
    [[nodiscard]] QVariant display(const sync::ServerMessage &message, int column) const;
    [[nodiscard]] QString accessibleText(const sync::ServerMessage &message) const;

    Fetch m_fetch;
    QList<sync::ServerMessage> m_messages;
    QList<int> m_shown; ///< indexes into m_messages
    QHash<int, int> m_rows; ///< id to row
    QHash<int, sync::ServerHeader> m_headers; ///< by id
    QHash<MessageId, int> m_ids; ///< of what is stored here
    QSet<MessageId> m_asked; ///< of the store
    QHash<int, sync::ServerMark> m_marks;
    bool m_mayDelete = true;
    bool m_all = false;
    qint64 m_totalBytes = 0;
    int m_first = 0;
    int m_last = -1;
    int m_sortColumn = -1; ///< -1: as the server lists them, newest first
    Qt::SortOrder m_sortOrder = Qt::AscendingOrder;
    Filter m_filter = Filter::All;
    QString m_words;
    Clock m_clock;
};

[[nodiscard]] QString markText(sync::ServerMark mark);
[[nodiscard]] QString stateText(sync::ServerMessageState state);
[[nodiscard]] QString fateText(const sync::ServerMessage &message);

} // namespace satchel::ui
