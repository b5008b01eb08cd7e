// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/account.h"

#include <QWidget>

class QCheckBox;
class QSpinBox;

namespace satchel::ui {

/// Whether and when an account is checked by itself.
class SchedulePage : public QWidget
{
    Q_OBJECT

public:
    explicit SchedulePage(QWidget *parent = nullptr);

    void setAccount(const AccountSettings &settings);
    void apply(AccountSettings &settings) const;

Q_SIGNALS:
    void edited();

private:
    void enable();

    QCheckBox *m_enabled;
    QCheckBox *m_checks;
    QSpinBox *m_minutes;
};

} // namespace satchel::ui
