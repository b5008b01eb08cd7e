// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/settings/offlinepage.h"

#include "ui/settings/formparts.h"

#include <QCheckBox>
#include <QVBoxLayout>

namespace satchel::ui {

OfflinePage::OfflinePage(QWidget *parent)
    : PreferencesPage(parent)
{
    auto *column = new QVBoxLayout(this);
    column->addWidget(heading(tr("When Satchel starts"), this));
    m_startsOffline = addCheck(
        column, tr("Start &offline"), tr("No server is asked for anything until “Work offline” is switched off."));
    m_checksAtStart = addCheck(column, tr("&Get mail at the start"),
        tr("Without this, each account waits for its own interval, or for “Get mail”."));
    column->addSpacing(10);
    column->addWidget(heading(tr("When the network returns"), this));
    m_checksWhenOnline = addCheck(column, tr("Get mail &when the network returns"),
        tr("Accounts that are due, or could not be reached, are checked a few seconds later."));
    column->addSpacing(10);
    column->addWidget(new Explanation(tr("How often an account is checked is set with the account."), this));
    column->addStretch(1);
    connect(m_startsOffline, &QCheckBox::toggled, m_checksAtStart, &QWidget::setDisabled);
}

void OfflinePage::setPreferences(const Preferences &preferences)
{
    m_startsOffline->setChecked(preferences.startsOffline);
    m_checksAtStart->setChecked(preferences.checksAtStart);
    m_checksAtStart->setDisabled(preferences.startsOffline);
    m_checksWhenOnline->setChecked(preferences.checksWhenOnline);
}

void OfflinePage::apply(Preferences &preferences) const
{
    preferences.startsOffline = m_startsOffline->isChecked();
    preferences.checksAtStart = m_checksAtStart->isChecked();
    preferences.checksWhenOnline = m_checksWhenOnline->isChecked();
}

} // namespace satchel::ui
