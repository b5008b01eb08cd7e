// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/account.h"

#include <QWidget>

class QListWidget;
class QPushButton;

namespace satchel::ui {

/// The accounts in their order: add, remove, move.
class AccountListPage : public QWidget
{
    Q_OBJECT

public:
    explicit AccountListPage(QWidget *parent = nullptr);

    void setAccounts(const QList<AccountSettings> &accounts); ///< in order
    [[nodiscard]] QList<AccountId> order() const;

Q_SIGNALS:
    void edited(); ///< the order
    void addWished();
    void removeWished(satchel::AccountId account);
    void editWished(satchel::AccountId account);

private:
    void move(int step);
    void enable();
    [[nodiscard]] AccountId current() const;

    QListWidget *m_list;
    QPushButton *m_edit;
    QPushButton *m_remove;
    QPushButton *m_up;
    QPushButton *m_down;
};

} // namespace satchel::ui
