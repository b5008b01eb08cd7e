// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "autoconfig/proposal.h"
#include "base/account.h"
#include "base/error.h"
#include "sync/trialresult.h"
#include "sync/types.h"

#include <QDialog>

#include <optional>

class QHBoxLayout;
class QLabel;
class QPushButton;
class QStackedWidget;

namespace satchel::ui {

class FoundPage;
class IdentityPage;
class LastPage;
class ManualPage;
class NoteBar;
class TrialPage;
class WizardPage;

/// What the window knows that the wizard must know too.
struct WizardContext {
    QList<AccountSettings> accounts; ///< that exist
    bool keychainAvailable = true;
    QString keychainReason;
    bool offline = false; ///< the person wants no connection
    bool offersSample = true;
};

/// From nothing to a mailbox: asks for name, address and password, shows which settings were found, tries them out,
/// says what is wrong if they do not work, and hands over an account. Lives on the GUI thread and knows no network: it
/// emits wishes and is told facts, as the window is (law 5). Settings can be typed at any point.
class AccountWizard : public QDialog
{
    Q_OBJECT

public:
    explicit AccountWizard(const WizardContext &context, QWidget *parent = nullptr);
    ~AccountWizard() override;

    [[nodiscard]] WizardPage *page() const;
    [[nodiscard]] QPushButton *nextButton() const { return m_next; }
    [[nodiscard]] QPushButton *backButton() const { return m_back; }
    [[nodiscard]] QPushButton *manualButton() const { return m_manualButton; }
    [[nodiscard]] QPushButton *sampleButton() const;
    void reject() override; ///< calls off what was asked for

public Q_SLOTS:
    // Facts. Each answers the last wish of its kind; later ones are not heard.
    void searchProgressed(const QString &sentence);
    void settingsFound(const satchel::autoconfig::Proposal &proposal);
    void settingsNotFound(const satchel::Error &error);
    void trialProgressed(satchel::sync::CheckPhase phase);
    void tried(int number, const satchel::sync::TrialResult &result);

Q_SIGNALS:
    // Wishes
    void findSettingsWished(const QString &address, const QString &personName);
    void cancelFindWished();
    void tryAccountWished(int number, const satchel::AccountSettings &settings, const QString &password);
    void cancelTrialWished();
    void sampleMailWished();
    void accountReady(const satchel::AccountSettings &settings, const QString &password, bool remember);

private:
    void goOn();
    void goBack();
    void leaveIdentity();
    void search();
    void typeSettings();
    void startTrial();
    [[nodiscard]] QString usedPassword() const; ///< none where an access token takes its place
    void callOff(); ///< a search or a trial that is under way
    void keepUntested(const QString &why);
    void reviewCertificate(const CertificateProblem &problem);
    void finish();
    void turnTo(WizardPage *page);
    void refresh();
    void growToFit(); ///< so that nothing of the page is hidden, as far as the screen allows
    void showFault(QWidget *field, const QString &sentence);
    void announce(const QString &text);
    [[nodiscard]] bool knowsAddress() const;
    QHBoxLayout *makeButtons();

    const WizardContext m_context;
    AccountSettings m_settings;
    QString m_password;
    std::optional<autoconfig::Proposal> m_proposal;
    int m_trial = 0; ///< number of the trial that is waited for, or of the last one
    QList<WizardPage *> m_way; ///< the pages that "Back" goes back through

    QLabel *m_title;
    QLabel *m_text;
    QStackedWidget *m_pages;
    NoteBar *m_fault;
    IdentityPage *m_identity;
    FoundPage *m_found;
    ManualPage *m_manual;
    TrialPage *m_trialPage;
    LastPage *m_last;
    QPushButton *m_manualButton;
    QPushButton *m_back;
    QPushButton *m_next;
    QPushButton *m_cancel;
};

} // namespace satchel::ui
