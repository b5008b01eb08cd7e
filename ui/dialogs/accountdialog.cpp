// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/accountdialog.h"

#include "ui/bars/notebar.h"
#include "ui/settings/accounteditor.h"

#include <QDialogButtonBox>
#include <QPushButton>
#include <QVBoxLayout>

namespace satchel::ui {

AccountDialog::AccountDialog(
    const AccountSettings &settings, bool keychainAvailable, const QString &keychainReason, QWidget *parent)
    : QDialog(parent)
    , m_editor(new AccountEditor(settings, keychainAvailable, keychainReason, this))
    , m_fault(new NoteBar(BarKind::Problem, this))
    , m_buttons(new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel, this))
{
    const bool isNew = !settings.id.isValid();
    setWindowTitle(isNew ? tr("Add an account") : tr("Account settings"));
    m_fault->setVisible(false);
    m_buttons->button(QDialogButtonBox::Ok)->setText(isNew ? tr("A&dd account") : tr("&Save"));
    auto *column = new QVBoxLayout(this);
    column->addWidget(m_editor, 1);
    column->addWidget(m_fault);
    column->addWidget(m_buttons);
    connect(m_buttons, &QDialogButtonBox::accepted, this, &AccountDialog::accept);
    connect(m_buttons, &QDialogButtonBox::rejected, this, &AccountDialog::reject);
    connect(m_editor, &AccountEditor::edited, m_fault, &QWidget::hide);
    m_editor->focusFirst();
    resize(520, 500);
}

AccountSettings AccountDialog::settings() const
{
    return m_editor->settings();
}

QString AccountDialog::password() const
{
    return m_editor->password();
}

bool AccountDialog::remembersPassword() const
{
    return m_editor->remembersPassword();
}

QString AccountDialog::problem() const
{
    return m_editor->problem();
}

void AccountDialog::accept()
{
    if (problem().isEmpty()) {
        QDialog::accept();
        return;
    }
    m_fault->setText(problem());
    m_fault->setVisible(true);
    m_editor->goToProblem();
}

} // namespace satchel::ui
