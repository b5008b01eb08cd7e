// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/account.h"
#include "ui/settings/preferencespage.h"

class QLabel;
class QPushButton;

namespace satchel::ui {

/// What leaves this computer, and what is kept on it.
class PrivacyPage : public PreferencesPage
{
    Q_OBJECT

public:
    explicit PrivacyPage(QWidget *parent = nullptr);

    void setPreferences(const Preferences &preferences) override;
    void apply(Preferences &preferences) const override;
    void setAccounts(const QList<AccountSettings> &accounts);
    /// Accounts whose certificate exception is to be forgotten.
    [[nodiscard]] QList<AccountId> forgottenExceptions() const { return m_forgotten; }

private:
    void showExceptions();

    QCheckBox *m_asksBeforeLinks;
    QCheckBox *m_remembersPlace;
    QLabel *m_exceptions;
    QPushButton *m_forget;
    QList<AccountSettings> m_accounts;
    QList<AccountId> m_forgotten;
};

} // namespace satchel::ui
