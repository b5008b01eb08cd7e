// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/account.h"
#include "sync/trialresult.h"
#include "sync/types.h"
#include "ui/wizard/wizardpage.h"

#include <optional>

class QCheckBox;
class QLabel;
class QPushButton;

namespace satchel::ui {

class HintList;
class KeepChoice;

/// What was found in the mailbox, and what will become of it on the server, before the account is added.
class LastPage : public WizardPage
{
    Q_OBJECT

public:
    LastPage(bool keychainAvailable, const QString &keychainReason, QWidget *parent = nullptr);

    /// \a result of the trial; none: the settings were not tested, for the reason \a why.
    void showOutcome(
        const AccountSettings &settings, const std::optional<sync::TrialResult> &result, const QString &why);
    void applyTo(AccountSettings &settings) const;
    [[nodiscard]] bool remembersPassword() const;

    [[nodiscard]] QString title() const override;
    [[nodiscard]] QString summary() const;

private:
    void showChoices();

    bool m_tested = false;
    HintList *m_outcome;
    QLabel *m_policy;
    QPushButton *m_change;
    KeepChoice *m_choice;
    QCheckBox *m_remember;
};

} // namespace satchel::ui
