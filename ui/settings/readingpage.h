// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/settings/preferencespage.h"

class QComboBox;
class QDoubleSpinBox;
class QRadioButton;
class QSpinBox;

namespace satchel::ui {

/// How messages are read.
class ReadingPage : public PreferencesPage
{
    Q_OBJECT

public:
    explicit ReadingPage(QWidget *parent = nullptr);

    void setPreferences(const Preferences &preferences) override;
    void apply(Preferences &preferences) const override;

private:
    QCheckBox *m_marksRead;
    QDoubleSpinBox *m_seconds;
    QComboBox *m_afterRemoval;
    QRadioButton *m_html;
    QRadioButton *m_plain;
    QCheckBox *m_monospaced;
    QCheckBox *m_darkHtml;
    QSpinBox *m_zoom;
};

} // namespace satchel::ui
