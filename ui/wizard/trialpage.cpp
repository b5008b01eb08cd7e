// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/wizard/trialpage.h"

#include "ui/theme/calmbar.h"
#include "ui/theme/text.h"
#include "ui/wizard/advice.h"
#include "ui/wizard/hintlist.h"
#include "ui/wizard/identitypage.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace satchel::ui {

TrialPage::TrialPage(QWidget *parent)
    : WizardPage(parent)
    , m_busy(new CalmBar(this))
    , m_phase(new QLabel(this))
    , m_hints(new HintList(this))
    , m_passwordLabel(new QLabel(tr("Pass&word:"), this))
    , m_password(makePasswordField(tr("Password"), this))
    , m_review(new QPushButton(tr("&Review certificate…"), this))
    , m_keep(new QPushButton(tr("&Keep the settings untested"), this))
{
    m_busy->setRange(0, 0);
    m_busy->setTextVisible(false);
    m_busy->setAccessibleName(tr("Trying the settings"));
    m_phase->setTextFormat(Qt::PlainText);
    m_phase->setWordWrap(true);
    m_passwordLabel->setBuddy(m_password);
    m_review->setAutoDefault(false);
    m_keep->setAutoDefault(false);
    auto *choices = new QHBoxLayout;
    choices->addWidget(m_review);
    choices->addWidget(m_keep);
    choices->addStretch(1);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(10);
    column->addWidget(m_busy);
    column->addWidget(m_phase);
    column->addWidget(m_hints);
    column->addWidget(m_passwordLabel);
    column->addWidget(m_password);
    column->addLayout(choices);
    column->addStretch(1);
    connect(m_password, &QLineEdit::textEdited, this, &TrialPage::changed);
    connect(m_review, &QPushButton::clicked, this, [this] {
        if (m_error.certificate)
            Q_EMIT reviewWished(*m_error.certificate);
    });
    connect(m_keep, &QPushButton::clicked, this, &TrialPage::keepWished);
}

void TrialPage::showRunning(const AccountSettings &account, const QString &password)
{
    m_running = true;
    m_account = account;
    m_error = {};
    m_password->setText(password);
    m_hints->clear();
    m_busy->setVisible(true);
    m_phase->setVisible(true);
    m_passwordLabel->setVisible(false);
    m_password->setVisible(false);
    m_review->setVisible(false);
    m_keep->setVisible(false);
    showPhase(sync::CheckPhase::Connecting);
    Q_EMIT changed();
}

void TrialPage::showPhase(sync::CheckPhase phase)
{
    switch (phase) {
    case sync::CheckPhase::Waiting:
    case sync::CheckPhase::Connecting:
        m_phase->setText(tr("Connecting to %1…").arg(m_account.host));
        break;
    case sync::CheckPhase::LoggingIn:
        m_phase->setText(tr("Signing in as %1…").arg(m_account.userName));
        break;
    default:
        m_phase->setText(tr("Counting the messages…"));
        break;
    }
}

void TrialPage::showProblem(const Error &error, const std::optional<autoconfig::Proposal> &proposal)
{
    m_running = false;
    m_error = error;
    const Advice advice = adviceFor(error, m_account, proposal);
    m_hints->clear();
    m_hints->add(BarKind::Problem, advice.sentence, error.detail);
    m_hints->add(BarKind::Note, advice.steps);
    m_busy->setVisible(false);
    m_phase->setVisible(false);
    m_passwordLabel->setVisible(advice.asksPassword);
    m_password->setVisible(advice.asksPassword);
    m_review->setVisible(advice.reviewsCertificate);
    m_keep->setVisible(advice.mayKeep);
    if (advice.asksPassword)
        m_password->selectAll();
    Q_EMIT changed();
}

QString TrialPage::title() const
{
    return m_running ? tr("Trying the settings") : tr("That did not work");
}

QString TrialPage::text() const
{
    return m_running ? tr("Satchel signs in, counts the messages and leaves. Nothing is changed on the server.")
                     : QString();
}

bool TrialPage::isComplete() const
{
    return !m_running && !m_password->text().isEmpty() && !hasLineBreak(m_password->text());
}

QWidget *TrialPage::firstField() const
{
    if (!m_password->isHidden())
        return m_password;
    return m_review->isHidden() ? nullptr : m_review;
}

QString TrialPage::password() const
{
    return m_password->text();
}

QString TrialPage::summary() const
{
    return m_running ? m_phase->text() : m_hints->text();
}

} // namespace satchel::ui
