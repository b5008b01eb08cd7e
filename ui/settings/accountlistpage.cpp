// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/settings/accountlistpage.h"

#include "ui/settings/formparts.h"
#include "ui/theme/icons.h"
#include "ui/theme/taborder.h"
#include "ui/theme/text.h"

#include <QListWidget>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace satchel::ui {

AccountListPage::AccountListPage(QWidget *parent)
    : QWidget(parent)
    , m_list(named(new QListWidget(this), tr("Accounts")))
    , m_edit(new QPushButton(icon("settings"_L1), tr("&Settings"), this))
    , m_remove(new QPushButton(icon("delete"_L1), tr("&Remove…"), this))
    , m_up(new QPushButton(icon("previous"_L1), tr("Move &up"), this))
    , m_down(new QPushButton(icon("next"_L1), tr("Move &down"), this))
{
    auto *add = new QPushButton(icon("add"_L1), tr("&Add…"), this);
    m_list->setIconSize(QSize(18, 18));
    auto *buttons = new QVBoxLayout;
    for (QPushButton *button : {add, m_edit, m_remove, m_up, m_down}) {
        button->setAutoDefault(false);
        buttons->addWidget(button);
        if (button == m_remove)
            buttons->addSpacing(10);
    }
    buttons->addStretch(1);
    auto *row = new QHBoxLayout;
    row->addWidget(m_list, 1);
    row->addLayout(buttons);
    auto *column = new QVBoxLayout(this);
    column->addWidget(heading(tr("Accounts, in the order of the folder list"), this));
    column->addLayout(row, 1);

    tabInReadingOrder(this);
    connect(add, &QPushButton::clicked, this, &AccountListPage::addWished);
    connect(m_edit, &QPushButton::clicked, this, [this] { Q_EMIT editWished(current()); });
    connect(m_list, &QListWidget::itemActivated, this, [this] { Q_EMIT editWished(current()); });
    connect(m_remove, &QPushButton::clicked, this, [this] { Q_EMIT removeWished(current()); });
    connect(m_up, &QPushButton::clicked, this, [this] { move(-1); });
    connect(m_down, &QPushButton::clicked, this, [this] { move(1); });
    connect(m_list, &QListWidget::currentRowChanged, this, &AccountListPage::enable);
    enable();
}

void AccountListPage::setAccounts(const QList<AccountSettings> &accounts)
{
    const AccountId before = current();
    m_list->clear();
    for (const AccountSettings &account : accounts) {
        const QString text =
            account.name == account.address ? account.name : tr("%1 – %2").arg(account.name, account.address);
        auto *item = new QListWidgetItem(icon("account"_L1), text, m_list);
        item->setData(Qt::UserRole, account.id.value);
        if (account.id == before)
            m_list->setCurrentItem(item);
    }
    if (m_list->currentRow() < 0 && m_list->count() > 0)
        m_list->setCurrentRow(0);
    enable();
}

QList<AccountId> AccountListPage::order() const
{
    QList<AccountId> order;
    for (int row = 0; row < m_list->count(); ++row)
        order.append(AccountId{m_list->item(row)->data(Qt::UserRole).toLongLong()});
    return order;
}

AccountId AccountListPage::current() const
{
    const QListWidgetItem *item = m_list->currentItem();
    return item ? AccountId{item->data(Qt::UserRole).toLongLong()} : AccountId();
}

void AccountListPage::move(int step)
{
    const int row = m_list->currentRow();
    if (row < 0 || row + step < 0 || row + step >= m_list->count())
        return;
    QListWidgetItem *item = m_list->takeItem(row);
    m_list->insertItem(row + step, item);
    m_list->setCurrentItem(item);
    Q_EMIT edited();
}

void AccountListPage::enable()
{
    const int row = m_list->currentRow();
    m_edit->setEnabled(row >= 0);
    m_remove->setEnabled(row >= 0);
    m_up->setEnabled(row > 0);
    m_down->setEnabled(row >= 0 && row < m_list->count() - 1);
}

} // namespace satchel::ui
