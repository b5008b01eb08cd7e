// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/settings/tokenchoice.h"

#include "ui/theme/text.h"

#include <QCheckBox>
#include <QFormLayout>
#include <QLineEdit>
#include <QVBoxLayout>

namespace satchel::ui {

TokenChoice::TokenChoice(QWidget *parent)
    : QWidget(parent)
    , m_on(new QCheckBox(tr("Sign in by an access to&ken that a program gives"), this))
    , m_fields(new QWidget(this))
    , m_command(named(new QLineEdit(m_fields), tr("Program that gives the access token")))
{
    m_command->setPlaceholderText(tr("/usr/bin/oama access ada@example.org"));
    m_command->setInputMethodHints(Qt::ImhNoAutoUppercase | Qt::ImhNoPredictiveText);
    auto *form = new QFormLayout(m_fields);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    form->setRowWrapPolicy(QFormLayout::WrapLongRows);
    form->setContentsMargins(belowWordsOf(m_on));
    form->addRow(tr("Comman&d:"), m_command);
    form->addRow(new Explanation(
        tr("It is run when mail is fetched; the first line that it prints takes the place of the password."),
        m_fields));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_on);
    column->addWidget(m_fields);
    connect(m_on, &QCheckBox::toggled, this, &TokenChoice::refresh);
    connect(m_command, &QLineEdit::textChanged, this, &TokenChoice::refresh);
    setAccount({});
}

void TokenChoice::setAccount(const AccountSettings &settings)
{
    m_on->setChecked(!settings.tokenProgram.isEmpty());
    m_command->setText(settings.tokenProgram);
    refresh();
}

void TokenChoice::refresh()
{
    m_fields->setVisible(m_on->isChecked());
    Q_EMIT edited();
}

void TokenChoice::apply(AccountSettings &settings) const
{
    settings.tokenProgram = isOn() ? m_command->text().trimmed() : QString();
}

bool TokenChoice::isOn() const
{
    return m_on->isChecked();
}

Fault TokenChoice::fault() const
{
    if (isOn() && m_command->text().trimmed().isEmpty())
        return {m_command, tr("Enter the command that prints the access token, or take the tick away.")};
    return {};
}

} // namespace satchel::ui
