// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/passworddialog.h"

#include "ui/theme/icons.h"
#include "ui/theme/pagescroller.h"
#include "ui/theme/text.h"

#include <QCheckBox>
#include <QDialogButtonBox>
#include <QFileInfo>
#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>

using namespace Qt::StringLiterals;

namespace satchel::ui {

PasswordDialog::PasswordDialog(Secret secret, const AccountSettings &account, bool keychainAvailable,
    const QString &keychainReason, QWidget *parent)
    : QDialog(parent)
    , m_password(named(new QLineEdit(this), secret == Secret::Password ? tr("Password") : tr("Passphrase")))
    , m_remember(new QCheckBox(tr("&Remember it in the keychain"), this))
{
    const bool isPassword = secret == Secret::Password;
    setWindowTitle((isPassword ? tr("Password for %1") : tr("Passphrase for %1")).arg(account.name));
    setAttribute(Qt::WA_DeleteOnClose);
    auto *picture = new QLabel(this);
    picture->setPixmap(icon("key"_L1).pixmap(QSize(32, 32), devicePixelRatioF()));
    auto *question = new QLabel(isPassword
            ? tr("Password of %1 on %2:").arg(account.userName, account.host)
            : tr("Passphrase that opens the certificate in %1:").arg(QFileInfo(account.certificateFile).fileName()),
        this);
    question->setTextFormat(Qt::PlainText);
    question->setWordWrap(true);
    question->setBuddy(m_password);
    m_password->setEchoMode(QLineEdit::Password);
    m_remember->setChecked(keychainAvailable);
    m_remember->setEnabled(keychainAvailable);
    auto *why = new QLabel(keychainReason.isEmpty()
            ? (isPassword ? tr("No keychain can be used here: the password is kept until Satchel is closed.")
                          : tr("No keychain can be used here: the passphrase is kept until Satchel is closed."))
            : keychainReason,
        this);
    why->setTextFormat(Qt::PlainText);
    why->setWordWrap(true);
    why->setEnabled(false);
    why->setVisible(!keychainAvailable || !keychainReason.isEmpty());
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel, this);
    QPushButton *ok = buttons->button(QDialogButtonBox::Ok);
    ok->setText(tr("&Get mail"));
    ok->setEnabled(false);
    auto *grid = new QGridLayout(this);
    grid->setHorizontalSpacing(16);
    grid->addWidget(picture, 0, 0, 4, 1, Qt::AlignTop);
    grid->addWidget(question, 0, 1);
    grid->addWidget(m_password, 1, 1);
    grid->addWidget(m_remember, 2, 1);
    grid->addWidget(why, 3, 1);
    grid->addWidget(buttons, 4, 0, 1, 2);
    grid->setColumnStretch(1, 1);
    setMinimumWidth(400);
    keepWordsWhole(this);
    connect(m_password, &QLineEdit::textChanged, ok, [ok](const QString &text) {
        ok->setEnabled(
            !text.isEmpty() && !text.contains(u'\n') && !text.contains(u'\r') && !text.contains(QChar(u'\0')));
    });
    connect(buttons, &QDialogButtonBox::accepted, this, [this] {
        Q_EMIT given(m_password->text(), m_remember->isChecked());
        m_password->clear();
        accept();
    });
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    m_password->setFocus();
}

} // namespace satchel::ui
