// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "autoconfig/proposal.h"
#include "base/account.h"
#include "sync/trialresult.h"
#include "sync/types.h"
#include "ui/wizard/wizardpage.h"

class QLabel;
class QLineEdit;
class QPushButton;

namespace satchel::ui {

class CalmBar;
class HintList;

/// Shows how the settings are tried out, and when they do not work, why and what to do about it.
class TrialPage : public WizardPage
{
    Q_OBJECT

public:
    explicit TrialPage(QWidget *parent = nullptr);

    void showRunning(const AccountSettings &account, const QString &password);
    void showPhase(sync::CheckPhase phase);
    void showProblem(const Error &error, const std::optional<autoconfig::Proposal> &proposal);

    [[nodiscard]] QString title() const override;
    [[nodiscard]] QString text() const override;
    [[nodiscard]] bool isComplete() const override;
    [[nodiscard]] QWidget *firstField() const override;
    [[nodiscard]] bool isRunning() const { return m_running; }
    [[nodiscard]] QString password() const; ///< as it was, or as typed here after it was refused
    [[nodiscard]] QString summary() const;

Q_SIGNALS:
    void reviewWished(const satchel::CertificateProblem &problem);
    void keepWished(); ///< untested, to be tested by the first check

private:
    bool m_running = true;
    AccountSettings m_account;
    Error m_error;
    CalmBar *m_busy;
    QLabel *m_phase;
    HintList *m_hints;
    QLabel *m_passwordLabel;
    QLineEdit *m_password;
    QPushButton *m_review;
    QPushButton *m_keep;
};

} // namespace satchel::ui
