// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/settings/preferencespage.h"

namespace satchel::ui {

/// When servers are asked by themselves, and when not.
class OfflinePage : public PreferencesPage
{
    Q_OBJECT

public:
    explicit OfflinePage(QWidget *parent = nullptr);

    void setPreferences(const Preferences &preferences) override;
    void apply(Preferences &preferences) const override;

private:
    QCheckBox *m_startsOffline;
    QCheckBox *m_checksAtStart;
    QCheckBox *m_checksWhenOnline;
};

} // namespace satchel::ui
