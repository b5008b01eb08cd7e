// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/settings/preferencespage.h"

class QComboBox;
class QFontComboBox;
class QRadioButton;

namespace satchel::ui {

/// How the window looks.
class AppearancePage : public PreferencesPage
{
    Q_OBJECT

public:
    explicit AppearancePage(QWidget *parent = nullptr);

    void setPreferences(const Preferences &preferences) override;
    void apply(Preferences &preferences) const override;

private:
    struct FontChoice {
        QCheckBox *own = nullptr;
        QFontComboBox *choice = nullptr;

        QString wanted; ///< by the settings, installed or not
        QString shown; ///< in its place

        void set(const QString &family);
        [[nodiscard]] QString get() const;
    };
    FontChoice addFont(QVBoxLayout *column, const QString &text, const QString &name, bool fixed);

    QComboBox *m_look;
    QComboBox *m_density;
    QComboBox *m_layout;
    FontChoice m_textFont;
    FontChoice m_fixedFont;
};

} // namespace satchel::ui
