// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/wizard/accountwizard.h"

#include "ui/bars/notebar.h"
#include "ui/dialogs/certificatedialog.h"
#include "ui/theme/pagescroller.h"
#include "ui/theme/taborder.h"
#include "ui/wizard/foundpage.h"
#include "ui/wizard/identitypage.h"
#include "ui/wizard/lastpage.h"
#include "ui/wizard/manualpage.h"
#include "ui/wizard/trialpage.h"

#include <QAccessible>
#include <QDialogButtonBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QScreen>
#include <QScrollArea>
#include <QScrollBar>
#include <QStackedWidget>
#include <QStyle>
#include <QTimer>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace satchel::ui {

AccountWizard::AccountWizard(const WizardContext &context, QWidget *parent)
    : QDialog(parent)
    , m_context(context)
    , m_title(new QLabel(this))
    , m_text(new QLabel(this))
    , m_pages(new QStackedWidget(this))
    , m_fault(new NoteBar(BarKind::Problem, this))
    , m_identity(new IdentityPage(context.offersSample))
    , m_found(new FoundPage)
    , m_manual(new ManualPage)
    , m_trialPage(new TrialPage)
    , m_last(new LastPage(context.keychainAvailable, context.keychainReason))
    , m_manualButton(new QPushButton(tr("Type the &settings…"), this))
    , m_back(new QPushButton(tr("&Back"), this))
    , m_next(new QPushButton(this))
    , m_cancel(new QPushButton(tr("Cancel"), this))
{
    setWindowTitle(tr("Add an account"));
    QFont font = m_title->font();
    font.setPointSizeF(font.pointSizeF() * 1.3);
    font.setWeight(QFont::DemiBold);
    m_title->setFont(font);
    for (QLabel *label : {m_title, m_text}) {
        label->setTextFormat(Qt::PlainText);
        label->setWordWrap(true);
    }
    m_text->setMinimumHeight(m_text->fontMetrics().height());
    m_fault->setVisible(false);
    for (WizardPage *page : std::initializer_list<WizardPage *>{m_identity, m_found, m_manual, m_trialPage, m_last}) {
        // Long texts in a small window are scrolled, never cut.
        m_pages->addWidget(new PageScroller(page));
        connect(page, &WizardPage::changed, this, &AccountWizard::refresh);
    }

    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(18, 16, 18, 14);
    column->setSpacing(8);
    column->addWidget(m_title);
    column->addWidget(m_text);
    column->addSpacing(6);
    column->addWidget(m_pages, 1);
    column->addWidget(m_fault);
    column->addSpacing(4);
    column->addLayout(makeButtons());
    // The keyboard goes through the fields first, then on, then back.
    tabInReadingOrder(this);
    QWidget *last = m_manualButton->previousInFocusChain();
    for (QWidget *button : {m_next, m_back, m_cancel, m_manualButton}) {
        setTabOrder(last, button);
        last = button;
    }

    connect(m_next, &QPushButton::clicked, this, &AccountWizard::goOn);
    connect(m_back, &QPushButton::clicked, this, &AccountWizard::goBack);
    connect(m_cancel, &QPushButton::clicked, this, &AccountWizard::reject);
    connect(m_manualButton, &QPushButton::clicked, this, &AccountWizard::typeSettings);
    connect(sampleButton(), &QPushButton::clicked, this, [this] {
        Q_EMIT sampleMailWished();
        accept();
    });
    connect(m_trialPage, &TrialPage::reviewWished, this, &AccountWizard::reviewCertificate);
    connect(m_trialPage, &TrialPage::keepWished, this, [this] {
        keepUntested(
            tr("The settings were not tested. The first check for mail will tell whether they work; until it has "
               "worked, it is tried again by itself."));
    });
    setMinimumHeight(340);
    resize(600, 420);
    turnTo(m_identity);
}

AccountWizard::~AccountWizard() = default;

QHBoxLayout *AccountWizard::makeButtons()
{
    m_next->setDefault(true);
    for (QPushButton *button : {m_manualButton, m_back, m_cancel})
        button->setAutoDefault(false);
    auto *row = new QHBoxLayout;
    row->addWidget(m_manualButton);
    row->addStretch(1);
    // "Cancel" stands last on Windows and in Plasma, and before the buttons that go on elsewhere.
    const int layout = style()->styleHint(QStyle::SH_DialogButtonLayout, nullptr, this);
    const bool cancelLast = layout == QDialogButtonBox::WinLayout || layout == QDialogButtonBox::KdeLayout;
    if (!cancelLast)
        row->addWidget(m_cancel);
    row->addWidget(m_back);
    row->addWidget(m_next);
    if (cancelLast)
        row->addWidget(m_cancel);
    return row;
}

QPushButton *AccountWizard::sampleButton() const
{
    return m_identity->sampleButton();
}

WizardPage *AccountWizard::page() const
{
    return static_cast<WizardPage *>(static_cast<QScrollArea *>(m_pages->currentWidget())->widget());
}

void AccountWizard::turnTo(WizardPage *page)
{
    for (int i = 0; i < m_pages->count(); ++i) {
        auto *scroller = static_cast<QScrollArea *>(m_pages->widget(i));
        if (scroller->widget() == page) {
            m_pages->setCurrentIndex(i);
            scroller->verticalScrollBar()->setValue(0);
        }
    }
    if (!m_way.contains(page))
        m_way.append(page);
    else
        m_way.resize(m_way.indexOf(page) + 1);
    refresh();
    QWidget *field = page->firstField();
    (field ? field : m_next->isEnabled() ? m_next : m_back)->setFocus(Qt::OtherFocusReason);
    announce(page->title() + u". "_s + page->text());
}

void AccountWizard::refresh()
{
    WizardPage *shown = page();
    m_title->setText(shown->title());
    m_text->setText(shown->text());
    m_text->setVisible(!shown->text().isEmpty());
    setAccessibleName(shown->title());
    setAccessibleDescription(shown->text());
    m_fault->setVisible(false);
    const bool again = (shown == m_found && m_found->hasNothing()) || shown == m_trialPage;
    m_next->setText(shown == m_last ? tr("&Add account") : again ? tr("&Try again") : tr("&Continue"));
    m_next->setEnabled(shown->isComplete());
    m_back->setVisible(shown != m_identity);
    m_manualButton->setVisible(shown == m_identity || shown == m_found || shown == m_trialPage);
    m_manualButton->setText(shown == m_trialPage || (shown == m_found && m_proposal && !m_proposal->noPop3)
            ? tr("Change the &settings…")
            : tr("Type the &settings…"));
    // When the page has been laid out anew.
    QTimer::singleShot(0, this, &AccountWizard::growToFit);
}

void AccountWizard::growToFit()
{
    if (!isVisible())
        return;
    const auto *scroller = static_cast<QScrollArea *>(m_pages->currentWidget());
    const QSize room = scroller->viewport()->size();
    const QLayout *content = page()->layout();
    const int needed =
        content->hasHeightForWidth() ? content->totalHeightForWidth(room.width()) : content->totalSizeHint().height();
    const int most = screen()->availableSize().height() * 4 / 5;
    if (needed > room.height())
        resize(width(), qMax(height(), qMin(height() + needed - room.height(), most)));
}

void AccountWizard::announce(const QString &text)
{
    QAccessibleAnnouncementEvent event(this, text);
    QAccessible::updateAccessibility(&event);
}

void AccountWizard::showFault(QWidget *field, const QString &sentence)
{
    m_fault->setText(sentence);
    m_fault->setVisible(true);
    field->setFocus();
    announce(sentence);
}

bool AccountWizard::knowsAddress() const
{
    return std::ranges::any_of(m_context.accounts, [this](const AccountSettings &account) {
        return account.address.compare(m_settings.address, Qt::CaseInsensitive) == 0;
    });
}

void AccountWizard::goOn()
{
    if (!page()->isComplete())
        return;
    if (page() == m_identity) {
        leaveIdentity();
    } else if (page() == m_found && m_found->hasNothing()) {
        search();
    } else if (page() == m_found) {
        m_settings = m_proposal->account;
        m_settings.position = int(m_context.accounts.size());
        m_settings.tokenProgram = m_found->tokenProgram();
        m_password = m_found->password();
        startTrial();
    } else if (page() == m_manual) {
        const IdentityPage::Fault fault = m_manual->fault();
        if (fault.field) {
            showFault(fault.field, fault.sentence);
            return;
        }
        m_settings = m_manual->settings();
        startTrial();
    } else if (page() == m_trialPage) {
        m_password = m_trialPage->password();
        startTrial();
    } else {
        finish();
    }
}

void AccountWizard::goBack()
{
    callOff();
    if (m_way.size() < 2)
        return;
    // Where a trial or a search stood in between there is nothing to see any more.
    qsizetype previous = m_way.size() - 2;
    while (previous > 0
        && (m_way.at(previous) == m_trialPage || (m_way.at(previous) == m_found && m_found->isSearching())))
        --previous;
    m_identity->setPassword(m_password);
    turnTo(m_way.at(previous));
}

void AccountWizard::leaveIdentity()
{
    const IdentityPage::Fault fault = m_identity->fault();
    if (fault.field) {
        showFault(fault.field, fault.sentence);
        return;
    }
    const bool same = m_settings.address == m_identity->address();
    m_password = m_identity->password();
    if (!same) {
        m_proposal.reset();
        m_settings = {};
    }
    m_settings.address = m_identity->address();
    m_settings.personName = m_identity->personName();
    m_settings.name = m_settings.address;
    m_settings.position = int(m_context.accounts.size());
    search();
}

void AccountWizard::search()
{
    m_proposal.reset();
    m_found->showSearch(m_settings.address);
    turnTo(m_found);
    Q_EMIT findSettingsWished(m_settings.address, m_settings.personName);
}

void AccountWizard::searchProgressed(const QString &sentence)
{
    m_found->showProgress(sentence);
}

void AccountWizard::settingsFound(const autoconfig::Proposal &proposal)
{
    if (page() != m_found || !m_found->isSearching() || proposal.account.address != m_settings.address)
        return;
    m_proposal = proposal;
    m_proposal->account.name = m_settings.name;
    m_proposal->account.personName = m_settings.personName;
    m_found->showProposal(*m_proposal, m_password, knowsAddress());
    turnTo(m_found);
    announce(m_found->summary());
}

void AccountWizard::settingsNotFound(const Error &error)
{
    if (page() != m_found || !m_found->isSearching())
        return;
    if (error.kind == ErrorKind::InvalidRequest) {
        turnTo(m_identity);
        showFault(m_identity->firstField(), error.text);
        return;
    }
    m_found->showNothing(error);
    turnTo(m_found);
    announce(m_found->summary());
}

void AccountWizard::typeSettings()
{
    if (page() == m_identity) {
        const IdentityPage::Fault fault = m_identity->fault();
        if (fault.field) {
            showFault(fault.field, fault.sentence);
            return;
        }
        m_password = m_identity->password();
        if (m_settings.address != m_identity->address()) {
            m_proposal.reset();
            m_settings = {};
        }
        m_settings.address = m_identity->address();
        m_settings.personName = m_identity->personName();
        m_settings.name = m_settings.address;
        m_settings.position = int(m_context.accounts.size());
    } else {
        callOff();
        if (page() == m_found && m_proposal) {
            const int position = m_settings.position;
            m_settings = m_proposal->account;
            m_settings.position = position;
            m_password = m_found->password();
        } else if (page() == m_trialPage) {
            m_password = m_trialPage->password();
        }
    }
    m_settings.tokenProgram.clear(); // what is typed there signs in by a password
    m_manual->setSettings(m_settings);
    m_way.removeAll(m_trialPage);
    m_way.removeAll(m_manual);
    turnTo(m_manual);
}

void AccountWizard::startTrial()
{
    if (m_context.offline) {
        keepUntested(
            tr("You are working offline, so the settings were not tested. The first check for mail after you go "
               "online will tell whether they work."));
        return;
    }
    m_trialPage->showRunning(m_settings, m_password);
    turnTo(m_trialPage);
    Q_EMIT tryAccountWished(++m_trial, m_settings, usedPassword());
}

QString AccountWizard::usedPassword() const
{
    return m_settings.tokenProgram.isEmpty() ? m_password : QString();
}

void AccountWizard::trialProgressed(sync::CheckPhase phase)
{
    if (m_trialPage->isRunning())
        m_trialPage->showPhase(phase);
}

void AccountWizard::tried(int number, const sync::TrialResult &result)
{
    if (number != m_trial || page() != m_trialPage || !m_trialPage->isRunning())
        return;
    if (result.error) {
        m_trialPage->showProblem(*result.error, m_proposal);
        turnTo(m_trialPage);
        announce(m_trialPage->summary());
        return;
    }
    m_last->showOutcome(m_settings, result, {});
    turnTo(m_last);
    announce(m_last->summary());
}

void AccountWizard::keepUntested(const QString &why)
{
    m_last->showOutcome(m_settings, std::nullopt, why);
    turnTo(m_last);
    announce(m_last->summary());
}

void AccountWizard::reviewCertificate(const CertificateProblem &problem)
{
    auto *dialog = new CertificateDialog(m_settings.name, problem, this);
    connect(dialog, &CertificateDialog::trusted, this, [this](const QByteArray &sha256) {
        m_settings.trustedCertificate = sha256;
        if (m_proposal && m_proposal->account.host == m_settings.host)
            m_proposal->account.trustedCertificate = sha256;
        startTrial();
    });
    dialog->open();
}

void AccountWizard::callOff()
{
    if (page() == m_found && m_found->isSearching())
        Q_EMIT cancelFindWished();
    if (page() == m_trialPage && m_trialPage->isRunning()) {
        ++m_trial; // an answer that is on its way already is none
        Q_EMIT cancelTrialWished();
    }
}

void AccountWizard::finish()
{
    m_last->applyTo(m_settings);
    Q_EMIT accountReady(m_settings, usedPassword(), m_last->remembersPassword());
    m_password.clear();
    accept();
}

void AccountWizard::reject()
{
    callOff();
    QDialog::reject();
}

} // namespace satchel::ui
