// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/settings/preferencespage.h"

class QSpinBox;

namespace satchel::ui {

/// The log, and where the program keeps its things.
class AdvancedPage : public PreferencesPage
{
    Q_OBJECT

public:
    /// \a settingsFile lies in the profile's folder.
    explicit AdvancedPage(const QString &settingsFile, QWidget *parent = nullptr);

    void setPreferences(const Preferences &preferences) override;
    void apply(Preferences &preferences) const override;

Q_SIGNALS:
    void logWished();
    void folderWished(const QString &folder); ///< to be opened

private:
    QSpinBox *m_lines;
};

} // namespace satchel::ui
