// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/wizard/lastpage.h"

#include "ui/theme/appearance.h"
#include "ui/theme/text.h"
#include "ui/wizard/hintlist.h"
#include "ui/wizard/keepchoice.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace satchel::ui {

LastPage::LastPage(bool keychainAvailable, const QString &keychainReason, QWidget *parent)
    : WizardPage(parent)
    , m_outcome(new HintList(this))
    , m_policy(new QLabel(this))
    , m_change(new QPushButton(tr("C&hange…"), this))
    , m_choice(new KeepChoice(this))
    , m_remember(new QCheckBox(tr("&Remember the password in the keychain"), this))
{
    m_policy->setTextFormat(Qt::PlainText);
    m_policy->setWordWrap(true);
    m_change->setAutoDefault(false);
    m_change->setAccessibleName(tr("Change how long mail stays on the server"));
    m_choice->setVisible(false);
    m_remember->setChecked(keychainAvailable);
    m_remember->setEnabled(keychainAvailable);
    auto *row = new QHBoxLayout;
    row->setSpacing(12);
    row->addWidget(m_policy, 1);
    row->addWidget(m_change, 0, Qt::AlignTop);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(12);
    column->addWidget(m_outcome);
    column->addLayout(row);
    column->addWidget(m_choice);
    column->addWidget(m_remember);
    if (!keychainAvailable) {
        auto *reason = new QLabel(keychainReason.isEmpty()
                ? tr("No keychain can be used here: the password is kept until Satchel is closed.")
                : keychainReason,
            this);
        reason->setTextFormat(Qt::PlainText);
        reason->setWordWrap(true);
        reason->setEnabled(false);
        column->addWidget(reason);
    }
    column->addStretch(1);
    connect(m_change, &QPushButton::clicked, this, &LastPage::showChoices);
    connect(m_choice, &KeepChoice::changed, this, [this] {
        AccountSettings settings;
        m_choice->applyTo(settings);
        m_policy->setText(retentionSentence(settings));
    });
}

void LastPage::showOutcome(
    const AccountSettings &settings, const std::optional<sync::TrialResult> &result, const QString &why)
{
    m_tested = result.has_value();
    m_outcome->clear();
    if (!m_tested) {
        m_outcome->add(BarKind::Warning, why);
    } else if (result->messages > 0) {
        m_outcome->add(BarKind::Note,
            tr("%Ln message(s) lie in the mailbox, %1.", nullptr, result->messages).arg(fileSize(result->bytes)));
    } else {
        m_outcome->add(BarKind::Note, tr("The mailbox is empty for now."));
    }
    if (m_tested && !result->encrypted) {
        m_outcome->add(BarKind::Warning,
            tr("The connection was not encrypted: anyone on the way can read your password and your mail."));
    }
    m_remember->setVisible(settings.tokenProgram.isEmpty());
    m_choice->setSettings(settings);
    m_policy->setText(retentionSentence(settings));
    Q_EMIT changed();
}

void LastPage::showChoices()
{
    m_choice->setVisible(true);
    m_change->setVisible(false);
    m_choice->chosen()->setFocus(Qt::TabFocusReason);
    Q_EMIT changed();
}

void LastPage::applyTo(AccountSettings &settings) const
{
    m_choice->applyTo(settings);
}

bool LastPage::remembersPassword() const
{
    return m_remember->isChecked();
}

QString LastPage::title() const
{
    return m_tested ? tr("It works") : tr("Kept, not tested yet");
}

QString LastPage::summary() const
{
    return m_outcome->text() + u' ' + m_policy->text();
}

} // namespace satchel::ui
