// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/settings/accountpage.h"

#include "ui/bars/notebar.h"
#include "ui/theme/text.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFormLayout>
#include <QLineEdit>
#include <QRegularExpression>
#include <QSpacerItem>
#include <QSpinBox>

using namespace Qt::StringLiterals;

namespace satchel::ui {

namespace {

constexpr int portOfTls = 995;
constexpr int portOfPlain = 110;

bool hasLineBreak(const QString &text)
{
    return text.contains(u'\r') || text.contains(u'\n') || text.contains(QChar(u'\0'));
}

} // namespace

AccountPage::AccountPage(bool isNew, bool keychainAvailable, const QString &keychainReason, QWidget *parent)
    : QWidget(parent)
    , m_isNew(isNew)
    , m_keychainAvailable(keychainAvailable)
    , m_keychainReason(keychainReason)
{
    auto *form = new QFormLayout(this);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    form->setRowWrapPolicy(QFormLayout::WrapLongRows);
    form->addRow(heading(tr("You"), this));
    makeIdentity(form);
    form->addItem(new QSpacerItem(0, 6, QSizePolicy::Minimum, QSizePolicy::Fixed));
    form->addRow(heading(tr("Server"), this));
    makeServer(form);

    for (QLineEdit *field : {m_personName, m_address, m_name, m_host, m_user, m_password})
        connect(field, &QLineEdit::textEdited, this, &AccountPage::edited);
    connect(m_address, &QLineEdit::textEdited, this, &AccountPage::guess);
    connect(m_host, &QLineEdit::textEdited, this, [this] { m_hostTyped = true; });
    connect(m_user, &QLineEdit::textEdited, this, [this] { m_userTyped = true; });
    connect(m_name, &QLineEdit::textEdited, this, [this] { m_nameTyped = true; });
    connect(m_port, &QSpinBox::textChanged, this, [this] { m_portTyped = m_port->hasFocus() || m_portTyped; });
    connect(m_port, &QSpinBox::valueChanged, this, &AccountPage::edited);
    connect(m_security, &QComboBox::currentIndexChanged, this, &AccountPage::securityChosen);
    connect(m_security, &QComboBox::currentIndexChanged, this, &AccountPage::edited);
}

void AccountPage::makeIdentity(QFormLayout *form)
{
    m_personName = named(new QLineEdit(this), tr("Your name"));
    m_personName->setPlaceholderText(tr("Ada Example"));
    form->addRow(tr("Your &name:"), m_personName);
    m_address = named(new QLineEdit(this), tr("Mail address"));
    m_address->setPlaceholderText(tr("ada@example.org"));
    m_address->setInputMethodHints(Qt::ImhEmailCharactersOnly | Qt::ImhNoAutoUppercase);
    form->addRow(tr("&Mail address:"), m_address);
    m_name = named(new QLineEdit(this), tr("Name of the account"));
    m_name->setPlaceholderText(tr("As it is called in the folder list"));
    form->addRow(tr("Acc&ount name:"), m_name);
}

void AccountPage::makeServer(QFormLayout *form)
{
    m_host = named(new QLineEdit(this), tr("POP3 server"));
    m_host->setInputMethodHints(Qt::ImhUrlCharactersOnly | Qt::ImhNoAutoUppercase);
    form->addRow(tr("POP3 ser&ver:"), m_host);
    m_security = named(new QComboBox(this), tr("Connection security"));
    addSecurityChoices(m_security);
    form->addRow(tr("Securit&y:"), m_security);
    m_plainWarning = new NoteBar(BarKind::Warning, this);
    m_plainWarning->setText(plainConnectionWarning());
    form->addRow(m_plainWarning);
    m_port = named(new QSpinBox(this), tr("Port"));
    m_port->setRange(1, 65535);
    m_port->setGroupSeparatorShown(false);
    m_port->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    form->addRow(tr("&Port:"), m_port);
    m_user = named(new QLineEdit(this), tr("User name"));
    m_user->setInputMethodHints(Qt::ImhNoAutoUppercase | Qt::ImhNoPredictiveText);
    form->addRow(tr("&User name:"), m_user);
    m_password = named(new QLineEdit(this), tr("Password"));
    m_password->setEchoMode(QLineEdit::Password);
    m_password->setPlaceholderText(m_isNew ? QString() : tr("unchanged"));
    form->addRow(m_isNew ? tr("Pass&word:") : tr("Ne&w password:"), m_password);
    m_remember = new QCheckBox(tr("Remember the password in the &keychain"), this);
    m_remember->setChecked(m_keychainAvailable);
    m_remember->setEnabled(m_keychainAvailable);
    form->addRow(QString(), m_remember);
    if (!m_keychainAvailable)
        form->addRow(QString(),
            new Explanation(m_keychainReason.isEmpty()
                    ? tr("No keychain can be used here: the password is kept until Satchel is closed.")
                    : m_keychainReason,
                this));
}

void AccountPage::setAccount(const AccountSettings &settings)
{
    m_personName->setText(settings.personName);
    m_address->setText(settings.address);
    m_name->setText(settings.name);
    m_host->setText(settings.host);
    m_user->setText(settings.userName);
    m_security->setCurrentIndex(m_security->findData(int(settings.security)));
    securityChosen();
    m_port->setValue(settings.port);
    m_portTyped = !m_isNew;
    m_isLocal = !m_isNew && settings.host.isEmpty();
    m_hostTyped = !settings.host.isEmpty();
    m_userTyped = !settings.userName.isEmpty();
    m_nameTyped = !settings.name.isEmpty();
}

void AccountPage::focusFirst()
{
    (m_isNew ? m_personName : m_name)->setFocus();
}

void AccountPage::guess()
{
    if (!m_isNew)
        return;
    const QString address = m_address->text().trimmed();
    const QString domain = address.section(u'@', 1).toLower();
    if (!m_userTyped)
        m_user->setText(address);
    if (!m_nameTyped)
        m_name->setText(address);
    if (!m_hostTyped)
        m_host->setText(domain.contains(u'.') ? u"pop."_s + domain : QString());
}

Security AccountPage::security() const
{
    return Security(m_security->currentData().toInt());
}

void AccountPage::securityChosen()
{
    m_plainWarning->setVisible(security() == Security::Plain);
    // A port that was typed is meant; one of the two usual ones follows the choice.
    const bool usual = m_port->value() == portOfTls || m_port->value() == portOfPlain;
    if (!m_portTyped || usual)
        m_port->setValue(security() == Security::ImplicitTls ? portOfTls : portOfPlain);
}

Fault AccountPage::fault() const
{
    static const QRegularExpression hostName(uR"(^[^\s/@:\x00-\x1f]+$|^\[?[0-9a-fA-F:.]+\]?$)"_s);
    const QString address = m_address->text().trimmed();
    const qsizetype at = address.lastIndexOf(u'@');
    if (at < 1 || at == address.size() - 1 || address.contains(u' ') || hasLineBreak(address))
        return {m_address, tr("Enter your mail address, such as ada@example.org.")};
    const QString host = m_host->text().trimmed();
    if (m_isLocal && host.isEmpty()) // its mail is only kept here
        return {};
    if (host.isEmpty())
        return {m_host, tr("Enter the name of the POP3 server; your provider's help pages name it.")};
    if (!hostName.match(host).hasMatch())
        return {m_host, tr("This is not the name of a server. It looks like pop.example.org.")};
    if (m_user->text().isEmpty())
        return {m_user, tr("Enter the user name for the server; it is often the mail address.")};
    if (hasLineBreak(m_user->text()))
        return {m_user, tr("A user name cannot hold a line break.")};
    if (hasLineBreak(m_password->text()))
        return {m_password, tr("A password cannot hold a line break.")};
    return {};
}

void AccountPage::apply(AccountSettings &settings) const
{
    const QString host = m_host->text().trimmed();
    const auto port = quint16(m_port->value());
    // An exception was made for one certificate of one server: it does not follow to another.
    if (settings.host != host || settings.port != port)
        settings.trustedCertificate.clear();
    settings.personName = m_personName->text().trimmed();
    settings.address = m_address->text().trimmed();
    settings.name = m_name->text().trimmed();
    if (settings.name.isEmpty())
        settings.name = settings.address;
    settings.host = host;
    settings.port = port;
    settings.security = security();
    settings.userName = m_user->text();
}

QString AccountPage::password() const
{
    return m_password->text();
}

bool AccountPage::remembersPassword() const
{
    return m_remember->isChecked();
}

void AccountPage::forgetPassword()
{
    m_password->clear();
}

} // namespace satchel::ui
