// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/account.h"
#include "base/deletion.h"

#include <QAbstractTableModel>
#include <QHash>

namespace satchel::ui {

/// The log of deletions as a table.
class DeletionModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { Time, Sender, Subject, Rule, Account, Here, Uidl, ColumnCount };
    static constexpr int sortRole = Qt::UserRole; ///< what a column is sorted by

    using QAbstractTableModel::QAbstractTableModel;

    void setAccounts(const QList<AccountSettings> &accounts);
    void setRecords(const QList<DeletionRecord> &records);
    [[nodiscard]] const DeletionRecord &record(int row) const { return m_records.at(row); }

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    [[nodiscard]] QString text(const DeletionRecord &record, int column) const;

    QHash<AccountId, QString> m_accounts;
    QList<DeletionRecord> m_records;
};

/// The rule in the person's words.
[[nodiscard]] QString ruleText(DeletionRule rule);

} // namespace satchel::ui
