// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/signinhelp.h"

#include "ui/theme/pagescroller.h"
#include "ui/wizard/hintlist.h"

#include <QDialogButtonBox>
#include <QPushButton>
#include <QVBoxLayout>

namespace satchel::ui {

SignInHelp::SignInHelp(const QString &accountName, const Advice &advice, QWidget *parent)
    : QDialog(parent)
    , m_hints(new HintList(this))
{
    setWindowTitle(tr("Signing in to %1").arg(accountName));
    setAttribute(Qt::WA_DeleteOnClose);
    m_hints->add(BarKind::Problem, advice.sentence);
    m_hints->add(BarKind::Note, advice.steps);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    m_password = buttons->addButton(tr("&Enter password…"), QDialogButtonBox::AcceptRole);
    m_password->setVisible(advice.asksPassword);
    m_settings = buttons->addButton(tr("Account &settings…"), QDialogButtonBox::ActionRole);
    (advice.asksPassword ? m_password : buttons->button(QDialogButtonBox::Close))->setDefault(true);
    m_settings->setAutoDefault(false);
    auto *column = new QVBoxLayout(this);
    column->setSpacing(12);
    column->addWidget(m_hints);
    column->addStretch(1);
    column->addWidget(buttons);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(buttons, &QDialogButtonBox::accepted, this, [this] {
        Q_EMIT passwordWished();
        accept();
    });
    connect(m_settings, &QPushButton::clicked, this, [this] {
        Q_EMIT settingsWished();
        accept();
    });
    setMinimumWidth(480);
    keepWordsWhole(this);
}

QString SignInHelp::text() const
{
    return m_hints->text();
}

} // namespace satchel::ui
