// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/wizard/advice.h"

#include <QDialog>

class QPushButton;

namespace satchel::ui {

class HintList;

/// What a person has to do where a provider refused a login that worked before, or that should work: switch POP3 on in
/// webmail, make an app password (Q19). The steps are those of the wizard.
class SignInHelp : public QDialog
{
    Q_OBJECT

public:
    SignInHelp(const QString &accountName, const Advice &advice, QWidget *parent = nullptr);

    [[nodiscard]] QPushButton *passwordButton() const { return m_password; } ///< hidden where a password is no help
    [[nodiscard]] QPushButton *settingsButton() const { return m_settings; }
    [[nodiscard]] QString text() const; ///< all that it says

Q_SIGNALS:
    void passwordWished();
    void settingsWished();

private:
    HintList *m_hints;
    QPushButton *m_password;
    QPushButton *m_settings;
};

} // namespace satchel::ui
