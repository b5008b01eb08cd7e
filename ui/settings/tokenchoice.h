// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/account.h"
#include "ui/settings/formparts.h"

#include <QWidget>

class QCheckBox;
class QLineEdit;

namespace satchel::ui {

/// Whether a program gives the access token by which the account signs in, and which: one tick, and the field only
/// where it is set.
class TokenChoice : public QWidget
{
    Q_OBJECT

public:
    explicit TokenChoice(QWidget *parent = nullptr);

    void setAccount(const AccountSettings &settings);
    void apply(AccountSettings &settings) const;
    [[nodiscard]] bool isOn() const;
    [[nodiscard]] Fault fault() const;

Q_SIGNALS:
    void edited();

private:
    void refresh();

    QCheckBox *m_on;
    QWidget *m_fields;
    QLineEdit *m_command;
};

} // namespace satchel::ui
