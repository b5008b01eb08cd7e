// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/account.h"

#include <QWidget>

class QCheckBox;
class QSpinBox;

namespace satchel::ui {

class NoteBar;

/// Whether and when an account is checked by itself.
class SchedulePage : public QWidget
{
    Q_OBJECT

public:
    explicit SchedulePage(QWidget *parent = nullptr);

    void setAccount(const AccountSettings &settings);
    void apply(AccountSettings &settings) const;
    void warn(const QString &sentence); ///< that the server does otherwise than is chosen here; empty: it does not

Q_SIGNALS:
    void edited();

private:
    void enable();

    QCheckBox *m_enabled;
    QCheckBox *m_checks;
    QSpinBox *m_minutes;
    NoteBar *m_warning;
};

} // namespace satchel::ui
