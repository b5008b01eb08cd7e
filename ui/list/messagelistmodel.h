// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "base/error.h"
#include "base/message.h"

#include <QAbstractTableModel>
#include <QCache>
#include <QFuture>
#include <QHash>
#include <QSet>

#include <functional>

namespace satchel::ui {

/// The rows of the message list: all ids of the folder in memory, summaries fetched in pages around what is
/// visible and kept in a bounded cache. A million rows cost eight megabytes and no fetch until they are seen.
/// Lives on the GUI thread.
class MessageListModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    using Fetch = std::function<QFuture<Expected<QList<MessageSummary>>>(const QList<MessageId> &)>;
    static constexpr int pageSize = 128;
    static constexpr int cachedSummaries = 4096;

    enum Role { IdRole = Qt::UserRole + 1 };

    explicit MessageListModel(Fetch fetch, QObject *parent = nullptr);
    void setClock(const Clock &clock) { m_clock = clock; } ///< that says what is today
    [[nodiscard]] QDateTime now() const { return m_clock.now(); }

    /// Another list altogether: a reset.
    void setMessages(const QList<MessageId> &ids);
    /// The same list, later: rows come and go, the others stay (and so does what is selected).
    void updateMessages(const QList<MessageId> &ids);
    void removeMessages(const QSet<MessageId> &ids);
    /// Their flags changed: they are fetched again when visible; until then the old ones are shown.
    void refresh(const QList<MessageId> &ids);
    /// Messages that just arrived need not be fetched again.
    void remember(const QList<MessageSummary> &summaries);

    /// What is on the screen; fetches what is missing there.
    void setVisibleRows(int first, int last);

    [[nodiscard]] const QList<MessageId> &messages() const { return m_ids; }
    [[nodiscard]] MessageId messageAt(int row) const { return m_ids.value(row); }
    [[nodiscard]] int rowOf(MessageId id) const { return int(m_ids.indexOf(id)); } ///< linear: a few ms for a million
    [[nodiscard]] const MessageSummary *summaryAt(int row) const; ///< null until it was fetched
    [[nodiscard]] const MessageSummary *summary(MessageId id) const;
    /// Names the folder of a row; set while search results are shown.
    void setFolderNames(std::function<QString(FolderId)> names) { m_folderNames = std::move(names); }
    [[nodiscard]] QString folderNameAt(int row) const;
    /// Where mail of several accounts is listed: what tells them apart. Empty: nothing does.
    struct AccountMark {
        QString name;
        int colour = 0; ///< accountColour(); 0: none
    };
    void setAccountMarks(std::function<AccountMark(AccountId)> marks) { m_accountMarks = std::move(marks); }
    [[nodiscard]] AccountMark accountMarkAt(int row) const;
    void setShowsRecipients(bool shows) { m_showsRecipients = shows; }
    [[nodiscard]] bool showsRecipients() const { return m_showsRecipients; }
    /// Rows show when a message arrived, not its date: what they are sorted by.
    void setShowsArrival(bool shows) { m_showsArrival = shows; }
    [[nodiscard]] QDateTime shownDate(const MessageSummary &summary) const
    {
        return m_showsArrival ? summary.stored : summary.date;
    }

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;
    QStringList mimeTypes() const override;
    QMimeData *mimeData(const QModelIndexList &indexes) const override;
    Qt::DropActions supportedDragActions() const override;

Q_SIGNALS:
    void summariesChanged(); ///< what is visible was fetched
    void aboutToChangeRows();
    void rowsChanged(); ///< after updateMessages() and removeMessages(), when rows came or went
    void fetchFailed(const satchel::Error &error);

private:
    void fetchVisible();
    void took(const Expected<QList<MessageSummary>> &answer, const QList<MessageId> &asked);
    void removeRanges(const QList<std::pair<int, int>> &ranges);
    [[nodiscard]] QString accessibleText(const MessageSummary &summary) const;

    Fetch m_fetch;
    QList<MessageId> m_ids;
    mutable QCache<MessageId, MessageSummary> m_cache; ///< reading a row makes it recent
    QSet<MessageId> m_stale;
    QSet<MessageId> m_gone; ///< asked for and not answered: removed since
    bool m_fetching = false;
    int m_first = 0;
    int m_last = -1;
    bool m_showsRecipients = false;
    bool m_showsArrival = false;
    Clock m_clock;
    std::function<QString(FolderId)> m_folderNames;
    std::function<AccountMark(AccountId)> m_accountMarks;
};

} // namespace satchel::ui
