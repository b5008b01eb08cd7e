// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/wizard/identitypage.h"

#include "ui/theme/icons.h"
#include "ui/theme/text.h"

#include <QAction>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace satchel::ui {

bool hasLineBreak(QStringView text)
{
    return text.contains(u'\r') || text.contains(u'\n') || text.contains(QChar(u'\0'));
}

QLineEdit *makePasswordField(const QString &accessibleName, QWidget *parent)
{
    auto *field = named(new QLineEdit(parent), accessibleName);
    field->setEchoMode(QLineEdit::Password);
    field->setInputMethodHints(Qt::ImhHiddenText | Qt::ImhNoAutoUppercase | Qt::ImhNoPredictiveText);
    QAction *show = field->addAction(icon("lock"_L1), QLineEdit::TrailingPosition);
    show->setCheckable(true);
    show->setText(IdentityPage::tr("Show the password"));
    show->setToolTip(show->text());
    QObject::connect(show, &QAction::toggled, field, [field, show](bool shown) {
        field->setEchoMode(shown ? QLineEdit::Normal : QLineEdit::Password);
        show->setIcon(icon(shown ? "unlock"_L1 : "lock"_L1));
        show->setText(shown ? IdentityPage::tr("Hide the password") : IdentityPage::tr("Show the password"));
        show->setToolTip(show->text());
    });
    return field;
}

IdentityPage::IdentityPage(bool offersSample, QWidget *parent)
    : WizardPage(parent)
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    auto *form = new QFormLayout;
    column->addLayout(form);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    form->setRowWrapPolicy(QFormLayout::WrapLongRows);
    m_name = named(new QLineEdit(this), tr("Your name"));
    m_name->setPlaceholderText(tr("As others should see it"));
    form->addRow(tr("Your &name:"), m_name);
    m_address = named(new QLineEdit(this), tr("Mail address"));
    m_address->setPlaceholderText(u"ada@example.org"_s);
    m_address->setInputMethodHints(Qt::ImhEmailCharactersOnly | Qt::ImhNoAutoUppercase);
    form->addRow(tr("&Mail address:"), m_address);
    m_password = makePasswordField(tr("Password"), this);
    form->addRow(tr("Pass&word:"), m_password);
    column->addStretch(1);
    auto *question = new QLabel(tr("No account at hand? The sample mail needs none, and no network either."), this);
    question->setTextFormat(Qt::PlainText);
    question->setWordWrap(true);
    m_sample = new QPushButton(tr("&Look around with sample mail"), this);
    m_sample->setAutoDefault(false);
    column->addWidget(question);
    column->addWidget(m_sample, 0, Qt::AlignLeading);
    question->setVisible(offersSample);
    m_sample->setVisible(offersSample);
    for (const QLineEdit *field : {m_name, m_address, m_password})
        connect(field, &QLineEdit::textEdited, this, &IdentityPage::changed);
}

QString IdentityPage::title() const
{
    return tr("Add your mail account");
}

QString IdentityPage::text() const
{
    return tr("Satchel finds the server by itself and shows you what it found before anything is sent there.");
}

QWidget *IdentityPage::firstField() const
{
    return m_name->text().isEmpty() ? m_name : m_address->text().isEmpty() ? m_address : m_password;
}

QString IdentityPage::personName() const
{
    return m_name->text().simplified();
}

QString IdentityPage::address() const
{
    return m_address->text().trimmed();
}

QString IdentityPage::password() const
{
    return m_password->text();
}

void IdentityPage::setPassword(const QString &password)
{
    m_password->setText(password);
}

IdentityPage::Fault IdentityPage::fault() const
{
    const QString given = address();
    const qsizetype at = given.lastIndexOf(u'@');
    const QStringView domain = QStringView(given).sliced(at + 1);
    const bool isAddress = at > 0 && !domain.isEmpty() && domain.contains(u'.') && !domain.startsWith(u'.')
        && !domain.endsWith(u'.') && !given.contains(u' ') && !hasLineBreak(given);
    if (!isAddress)
        return {m_address, tr("Enter your whole mail address, such as ada@example.org.")};
    if (password().isEmpty())
        return {m_password, tr("Enter the password of your mailbox.")};
    if (hasLineBreak(password()))
        return {m_password, tr("A password cannot hold a line break.")};
    return {};
}

} // namespace satchel::ui
