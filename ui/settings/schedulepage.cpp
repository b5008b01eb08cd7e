// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/settings/schedulepage.h"

#include "ui/bars/notebar.h"
#include "ui/settings/formparts.h"
#include "ui/theme/text.h"

#include <QCheckBox>
#include <QSpinBox>
#include <QVBoxLayout>

namespace satchel::ui {

SchedulePage::SchedulePage(QWidget *parent)
    : QWidget(parent)
    , m_enabled(new QCheckBox(tr("&Get mail for this account"), this))
    , m_checks(new QCheckBox(tr("Chec&k by itself every"), this))
    , m_minutes(named(new QSpinBox(this), tr("Minutes between checks")))
    , m_warning(new NoteBar(BarKind::Warning, this))
{
    auto *column = new QVBoxLayout(this);
    column->addWidget(m_enabled);
    explainBelow(column,
        tr("Without this, the account rests: its mail stays here to be read, and its server is not asked."), m_enabled);
    m_minutes->setRange(1, 1440);
    m_minutes->setSuffix(tr(" minutes"));
    auto *row = new QHBoxLayout;
    row->addWidget(m_checks);
    row->addWidget(m_minutes);
    row->addStretch(1);
    column->addSpacing(6);
    column->addLayout(row);
    explainBelow(column,
        tr("Without this, mail comes only after “Get mail”. While “Work offline” is on, nothing is checked."),
        m_checks);
    column->addSpacing(6);
    column->addWidget(m_warning);
    column->addStretch(1);
    for (QCheckBox *box : {m_enabled, m_checks}) {
        connect(box, &QCheckBox::toggled, this, &SchedulePage::enable);
        connect(box, &QCheckBox::toggled, this, &SchedulePage::edited);
    }
    connect(m_minutes, &QSpinBox::valueChanged, this, &SchedulePage::edited);
    warn({});
}

void SchedulePage::warn(const QString &sentence)
{
    m_warning->setText(sentence);
    m_warning->setVisible(!sentence.isEmpty());
}

void SchedulePage::setAccount(const AccountSettings &settings)
{
    m_enabled->setChecked(settings.enabled);
    m_checks->setChecked(settings.checkEveryMinutes > 0);
    m_minutes->setValue(settings.checkEveryMinutes > 0 ? settings.checkEveryMinutes : 15);
    enable();
}

void SchedulePage::enable()
{
    m_checks->setEnabled(m_enabled->isChecked());
    m_minutes->setEnabled(m_enabled->isChecked() && m_checks->isChecked());
}

void SchedulePage::apply(AccountSettings &settings) const
{
    settings.checkEveryMinutes = m_checks->isChecked() ? m_minutes->value() : 0;
    settings.enabled = m_enabled->isChecked();
}

} // namespace satchel::ui
