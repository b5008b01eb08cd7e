// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/account.h"
#include "ui/settings/formparts.h"

#include <QWidget>

class QCheckBox;
class QComboBox;
class QFormLayout;
class QLineEdit;
class QSpinBox;

namespace satchel::ui {

class NoteBar;

/// Who the account is of, and where its mailbox is. Guesses what can be guessed from the address of a new one, and
/// warns before a connection without encryption.
class AccountPage : public QWidget
{
    Q_OBJECT

public:
    AccountPage(bool isNew, bool keychainAvailable, const QString &keychainReason, QWidget *parent = nullptr);

    void setAccount(const AccountSettings &settings);
    void apply(AccountSettings &settings) const;
    [[nodiscard]] Fault fault() const;
    [[nodiscard]] QString password() const; ///< empty when editing: unchanged
    [[nodiscard]] bool remembersPassword() const;
    void forgetPassword(); ///< it was taken
    void focusFirst();

Q_SIGNALS:
    void edited();

private:
    void makeIdentity(QFormLayout *form);
    void makeServer(QFormLayout *form);
    void guess();
    void securityChosen();
    [[nodiscard]] Security security() const;

    const bool m_isNew;
    const bool m_keychainAvailable;
    const QString m_keychainReason;
    bool m_hostTyped = false;
    bool m_userTyped = false;
    bool m_nameTyped = false;
    bool m_portTyped = false;
    bool m_isLocal = false; ///< without a server, which it may remain

    QLineEdit *m_personName;
    QLineEdit *m_address;
    QLineEdit *m_name;
    QLineEdit *m_host;
    QSpinBox *m_port;
    QComboBox *m_security;
    NoteBar *m_plainWarning;
    QLineEdit *m_user;
    QLineEdit *m_password;
    QCheckBox *m_remember;
};

} // namespace satchel::ui
