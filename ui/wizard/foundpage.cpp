// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/wizard/foundpage.h"

#include "ui/theme/calmbar.h"
#include "ui/theme/text.h"
#include "ui/wizard/hintlist.h"
#include "ui/wizard/identitypage.h"

#include <QCheckBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace satchel::ui {

using autoconfig::Proposal;
using autoconfig::SignIn;
using autoconfig::Source;

namespace {

QString sourceText(const Proposal &proposal)
{
    switch (proposal.source) {
    case Source::Preset:
        return FoundPage::tr("The list of providers that comes with Satchel (%1)").arg(proposal.provider);
    case Source::Autoconfig:
        return FoundPage::tr("A settings file that %1 publishes").arg(proposal.provider);
    case Source::Dns:
        return FoundPage::tr("The public directory entry (DNS) of %1").arg(proposal.provider);
    case Source::Mx:
        return FoundPage::tr("%1, which receives the mail of this address").arg(proposal.provider);
    case Source::Guess:
        return FoundPage::tr("A usual name, tried out: a mail server answered there");
    }
    return {};
}

} // namespace

QString securityText(Security security)
{
    switch (security) {
    case Security::ImplicitTls:
        return FoundPage::tr("Encrypted from the start (TLS)");
    case Security::StartTls:
        return FoundPage::tr("Encrypted before anything is sent (STARTTLS)");
    case Security::Plain:
        return FoundPage::tr("Not encrypted: anyone on the way can read along");
    }
    return {};
}

FoundPage::FoundPage(QWidget *parent)
    : WizardPage(parent)
    , m_busy(new CalmBar(this))
    , m_progress(new QLabel(this))
    , m_factsBox(new QWidget(this))
    , m_facts(new QFormLayout(m_factsBox))
    , m_hints(new HintList(this))
    , m_passwordLabel(new QLabel(this))
    , m_password(makePasswordField(tr("Password for mail programs"), this))
    , m_programLabel(new QLabel(tr("Comman&d that prints the access token:"), this))
    , m_program(named(new QLineEdit(this), tr("Program that gives the access token")))
    , m_confirm(new QCheckBox(tr("&Use this server all the same"), this))
{
    m_busy->setRange(0, 0);
    m_busy->setTextVisible(false);
    m_busy->setAccessibleName(tr("Looking for the server"));
    m_progress->setTextFormat(Qt::PlainText);
    m_progress->setWordWrap(true);
    m_facts->setContentsMargins(0, 0, 0, 0);
    m_facts->setVerticalSpacing(8);
    m_facts->setRowWrapPolicy(QFormLayout::WrapLongRows);
    m_facts->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    m_passwordLabel->setBuddy(m_password);
    m_passwordLabel->setWordWrap(true);
    m_programLabel->setBuddy(m_program);
    m_programLabel->setWordWrap(true);
    m_program->setPlaceholderText(tr("/usr/bin/oama access ada@example.org"));
    m_program->setInputMethodHints(Qt::ImhNoAutoUppercase | Qt::ImhNoPredictiveText);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(10);
    column->addWidget(m_busy);
    column->addWidget(m_progress);
    column->addWidget(m_factsBox);
    column->addWidget(m_hints);
    column->addWidget(m_passwordLabel);
    column->addWidget(m_password);
    column->addWidget(m_programLabel);
    column->addWidget(m_program);
    column->addWidget(m_confirm);
    column->addStretch(1);
    connect(m_confirm, &QCheckBox::toggled, this, &FoundPage::changed);
    connect(m_password, &QLineEdit::textEdited, this, &FoundPage::changed);
    connect(m_program, &QLineEdit::textChanged, this, &FoundPage::changed);
    showSearch({});
}

void FoundPage::showSearch(const QString &address)
{
    m_state = State::Searching;
    m_proposal.reset();
    m_hints->clear();
    m_confirm->setChecked(false);
    m_progress->setText(tr("Looking for the settings of %1…").arg(address));
    showFacts();
}

void FoundPage::showProgress(const QString &sentence)
{
    if (isSearching())
        m_progress->setText(sentence);
}

void FoundPage::showProposal(const Proposal &proposal, const QString &password, bool addressKnown)
{
    m_state = State::Found;
    m_proposal = proposal;
    m_hints->clear();
    m_password->setText(password);
    m_password->selectAll(); // the usual one, most likely: what is typed now takes its place
    m_confirm->setChecked(false);
    if (addressKnown)
        m_hints->add(BarKind::Warning, tr("An account with this address is in Satchel already."));
    m_program->clear();
    const bool careful = proposal.insecure || proposal.needsConfirmation || takesTokensOnly();
    m_hints->add(proposal.noPop3 ? BarKind::Problem : careful ? BarKind::Warning : BarKind::Note, proposal.hints);
    if (takesTokensOnly()) {
        m_hints->add(BarKind::Note,
            tr("Satchel cannot sign in that way by itself, but a program on this computer can give it the access "
               "tokens, "
               "such as oama or mutt_oauth2.py. If you know that %1 lets you in with a password, type the settings "
               "yourself.")
                .arg(proposal.provider));
    }
    showFacts();
}

void FoundPage::showNothing(const Error &error)
{
    m_state = State::Nothing;
    m_proposal.reset();
    m_error = error;
    m_hints->clear();
    m_hints->add(error.kind == ErrorKind::Offline ? BarKind::Warning : BarKind::Problem, error.text, error.detail);
    if (error.kind == ErrorKind::Offline) {
        m_hints->add(BarKind::Note,
            tr("Settings that you type now are kept; they are tested as soon as there is a connection."));
    }
    showFacts();
}

void FoundPage::addFact(const QString &label, const QString &text)
{
    auto *value = named(new QLabel(text, m_factsBox), label);
    value->setTextFormat(Qt::PlainText);
    value->setWordWrap(true);
    value->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_facts->addRow(tr("%1:").arg(label), value);
}

void FoundPage::showFacts()
{
    while (m_facts->rowCount() > 0)
        m_facts->removeRow(0);
    const bool found = m_proposal && !m_proposal->noPop3;
    if (found) {
        const AccountSettings &account = m_proposal->account;
        addFact(tr("Mail server"), tr("%1, port %2").arg(account.host).arg(account.port));
        addFact(tr("Connection"), securityText(account.security));
        addFact(tr("User name"), account.userName);
        addFact(tr("Learned from"), sourceText(*m_proposal));
    }
    const SignIn signIn = m_proposal ? m_proposal->signIn : SignIn::Password;
    const bool other = found && (signIn == SignIn::AppPassword || signIn == SignIn::AuthorizationCode);
    m_passwordLabel->setText(signIn == SignIn::AuthorizationCode
            ? tr("Authorization co&de, in place of the password you typed:")
            : tr("App &password, in place of the one you typed:"));
    m_busy->setVisible(isSearching());
    m_progress->setVisible(isSearching());
    m_factsBox->setVisible(found);
    m_passwordLabel->setVisible(other);
    m_password->setVisible(other);
    m_programLabel->setVisible(takesTokensOnly());
    m_program->setVisible(takesTokensOnly());
    m_confirm->setVisible(found && m_proposal->needsConfirmation && signIn != SignIn::OAuth);
    Q_EMIT changed();
}

QString FoundPage::title() const
{
    switch (m_state) {
    case State::Searching:
        return tr("Looking for your mail server");
    case State::Nothing:
        return m_error.kind == ErrorKind::Offline ? tr("No connection") : tr("The settings were not found");
    case State::Found:
        break;
    }
    if (m_proposal->noPop3)
        return tr("%1 has no POP3").arg(m_proposal->provider);
    return m_proposal->signIn == SignIn::OAuth ? tr("%1 does not take passwords").arg(m_proposal->provider)
                                               : tr("This was found");
}

QString FoundPage::text() const
{
    if (m_state != State::Found || m_proposal->noPop3)
        return {};
    if (takesTokensOnly())
        return tr(
            "If you go on, Satchel runs the command below and signs in by what it prints, to see whether it works. "
            "No mail is fetched or deleted yet.");
    return tr("If you go on, Satchel signs in there to see whether it works. No mail is fetched or deleted yet.");
}

bool FoundPage::isComplete() const
{
    if (m_state == State::Nothing)
        return true; // looking again
    if (!m_proposal || m_proposal->noPop3)
        return false;
    if (takesTokensOnly())
        return !tokenProgram().isEmpty();
    return (!m_proposal->needsConfirmation || m_confirm->isChecked()) && !m_password->text().isEmpty()
        && !hasLineBreak(m_password->text());
}

QWidget *FoundPage::firstField() const
{
    if (!m_confirm->isHidden())
        return m_confirm;
    if (!m_program->isHidden())
        return m_program;
    return m_password->isHidden() ? nullptr : m_password;
}

bool FoundPage::takesTokensOnly() const
{
    return m_proposal && !m_proposal->noPop3 && m_proposal->signIn == SignIn::OAuth;
}

QString FoundPage::tokenProgram() const
{
    return takesTokensOnly() ? m_program->text().trimmed() : QString();
}

QString FoundPage::password() const
{
    return m_password->text();
}

QString FoundPage::summary() const
{
    QStringList parts{title()};
    if (m_proposal && !m_proposal->noPop3) {
        parts.append(m_proposal->account.host);
        parts.append(securityText(m_proposal->account.security));
    }
    parts.append(m_hints->text());
    return parts.join(u". "_s);
}

} // namespace satchel::ui
