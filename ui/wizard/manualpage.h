// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/account.h"
#include "ui/wizard/identitypage.h"
#include "ui/wizard/wizardpage.h"

class QComboBox;
class QLineEdit;
class QSpinBox;

namespace satchel::ui {

class NoteBar;

/// All that a connection needs, typed by the person: server, port, protection, user name and way to sign in.
class ManualPage : public WizardPage
{
    Q_OBJECT

public:
    explicit ManualPage(QWidget *parent = nullptr);

    void setSettings(const AccountSettings &settings); ///< what is known so far; the rest is guessed from the address
    [[nodiscard]] AccountSettings settings() const; ///< those that were set, with what the fields say

    [[nodiscard]] QString title() const override;
    [[nodiscard]] QString text() const override;
    [[nodiscard]] QWidget *firstField() const override;
    [[nodiscard]] IdentityPage::Fault fault() const;

private:
    void securityChosen();
    [[nodiscard]] Security security() const;

    AccountSettings m_before;
    QLineEdit *m_host;
    QComboBox *m_security;
    QSpinBox *m_port;
    NoteBar *m_plainWarning;
    QLineEdit *m_user;
    QComboBox *m_mechanism;
};

} // namespace satchel::ui
