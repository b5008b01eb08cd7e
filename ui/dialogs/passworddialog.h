// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/account.h"

#include <QDialog>

class QCheckBox;
class QLineEdit;

namespace satchel::ui {

/// Asks for the password of one account, or for the passphrase of its own certificate, beside the window and not in its
/// way. The answer goes out in one signal and is not kept (law 6).
class PasswordDialog : public QDialog
{
    Q_OBJECT

public:
    enum class Secret { Password, Passphrase };

    PasswordDialog(Secret secret, const AccountSettings &account, bool keychainAvailable, const QString &keychainReason,
        QWidget *parent = nullptr);

    [[nodiscard]] QLineEdit *field() const { return m_password; }
    [[nodiscard]] QCheckBox *rememberBox() const { return m_remember; }

Q_SIGNALS:
    void given(const QString &password, bool remember);

private:
    QLineEdit *m_password;
    QCheckBox *m_remember;
};

} // namespace satchel::ui
