// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/settings/preferences.h"

#include <QWidget>

class QCheckBox;
class QVBoxLayout;

namespace satchel::ui {

/// A page of the settings dialog that edits a part of the Preferences.
class PreferencesPage : public QWidget
{
    Q_OBJECT

public:
    using QWidget::QWidget;

    virtual void setPreferences(const Preferences &preferences) = 0;
    virtual void apply(Preferences &preferences) const = 0;

Q_SIGNALS:
    void edited();

protected:
    /// A check box with a sentence below it, at the end of \a column.
    QCheckBox *addCheck(QVBoxLayout *column, const QString &text, const QString &sentence = {});
};

} // namespace satchel::ui
