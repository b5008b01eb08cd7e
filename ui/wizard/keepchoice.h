// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/account.h"

#include <QWidget>

class QRadioButton;
class QSpinBox;

namespace satchel::ui {

/// How long mail that is stored here stays on the server: the five policies, to choose one.
class KeepChoice : public QWidget
{
    Q_OBJECT

public:
    explicit KeepChoice(QWidget *parent = nullptr);

    void setSettings(const AccountSettings &settings);
    void applyTo(AccountSettings &settings) const;
    [[nodiscard]] QWidget *chosen() const;

Q_SIGNALS:
    void changed();

private:
    QRadioButton *m_keepDays;
    QRadioButton *m_keepCount;
    QRadioButton *m_keepSize;
    QRadioButton *m_keep;
    QRadioButton *m_deleteNow;
    QSpinBox *m_days;
    QSpinBox *m_count;
    QSpinBox *m_megabytes;
};

/// What becomes of the mail on the server, in one sentence.
[[nodiscard]] QString retentionSentence(const AccountSettings &settings);

} // namespace satchel::ui
