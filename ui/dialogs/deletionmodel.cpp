// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/deletionmodel.h"

#include "ui/theme/text.h"

namespace satchel::ui {

QString ruleText(DeletionRule rule)
{
    switch (rule) {
    case DeletionRule::AfterDownload:
        return DeletionModel::tr("At once, as it is stored here");
    case DeletionRule::Days:
        return DeletionModel::tr("Its days on the server were over");
    case DeletionRule::Count:
        return DeletionModel::tr("Enough newer messages there");
    case DeletionRule::Size:
        return DeletionModel::tr("Newer messages fill the limit");
    case DeletionRule::DeletedHere:
        return DeletionModel::tr("You deleted it here");
    case DeletionRule::ByHand:
        return DeletionModel::tr("You ordered it");
    }
    return {};
}

void DeletionModel::setAccounts(const QList<AccountSettings> &accounts)
{
    m_accounts.clear();
    for (const AccountSettings &account : accounts)
        m_accounts.insert(account.id, account.name);
    if (!m_records.isEmpty())
        Q_EMIT dataChanged(index(0, Account), index(rowCount() - 1, Account));
}

void DeletionModel::setRecords(const QList<DeletionRecord> &records)
{
    beginResetModel();
    m_records = records;
    endResetModel();
}

int DeletionModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_records.size());
}

int DeletionModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(ColumnCount);
}

QString DeletionModel::text(const DeletionRecord &record, int column) const
{
    switch (column) {
    case Time:
        return readingDate(record.at);
    case Sender:
        return record.sender.isEmpty() ? tr("not known any more") : record.sender;
    case Subject:
        return record.subject.isEmpty() && record.wasHere ? tr("(no subject)") : record.subject;
    case Rule:
        return ruleText(record.rule);
    case Account:
        return m_accounts.value(record.account);
    case Here:
        return record.message.isValid() ? tr("Yes") : record.wasHere ? tr("Deleted here later") : tr("No");
    case Uidl:
        return QString::fromLatin1(record.uidl);
    default:
        return {};
    }
}

QVariant DeletionModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= m_records.size())
        return {};
    const DeletionRecord &record = m_records.at(index.row());
    if (role == Qt::DisplayRole)
        return text(record, index.column());
    if (role == Qt::ToolTipRole)
        return asPlainRichText(text(record, index.column()));
    if (role == sortRole)
        return index.column() == Time ? QVariant(record.at) : QVariant(text(record, index.column()));
    return {};
}

QVariant DeletionModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Time:
        return tr("Deleted");
    case Sender:
        return tr("From");
    case Subject:
        return tr("Subject");
    case Rule:
        return tr("Why");
    case Account:
        return tr("Account");
    case Here:
        return tr("On this computer");
    case Uidl:
        return tr("Name on the server");
    default:
        return {};
    }
}

} // namespace satchel::ui
