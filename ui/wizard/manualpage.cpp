// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/wizard/manualpage.h"

#include "ui/bars/notebar.h"
#include "ui/settings/formparts.h"
#include "ui/theme/text.h"

#include <QComboBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QRegularExpression>
#include <QSpinBox>

using namespace Qt::StringLiterals;

namespace satchel::ui {

namespace {

constexpr int portOfTls = 995;
constexpr int portOfPlain = 110;

} // namespace

ManualPage::ManualPage(QWidget *parent)
    : WizardPage(parent)
{
    auto *form = new QFormLayout(this);
    form->setContentsMargins(0, 0, 0, 0);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    form->setRowWrapPolicy(QFormLayout::WrapLongRows);
    m_host = named(new QLineEdit(this), tr("POP3 server"));
    m_host->setPlaceholderText(u"pop.example.org"_s);
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
    m_mechanism = named(new QComboBox(this), tr("Way to sign in"));
    m_mechanism->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_mechanism->addItem(tr("The safest that the server offers"), QString());
    m_mechanism->addItem(tr("Password as it is (USER and PASS)"), u"USER"_s);
    m_mechanism->addItem(tr("Password as it is (PLAIN)"), u"PLAIN"_s);
    m_mechanism->addItem(tr("Password as it is (LOGIN)"), u"LOGIN"_s);
    for (const QString &name :
        {u"APOP"_s, u"CRAM-MD5"_s, u"DIGEST-MD5"_s, u"SCRAM-SHA-1"_s, u"SCRAM-SHA-256"_s, u"SCRAM-SHA-512"_s})
        m_mechanism->addItem(tr("Proof without the password (%1)").arg(name), name);
    form->addRow(tr("Sign-&in:"), m_mechanism);
    for (const QLineEdit *field : {m_host, m_user})
        connect(field, &QLineEdit::textEdited, this, &ManualPage::changed);
    connect(m_security, &QComboBox::currentIndexChanged, this, &ManualPage::securityChosen);
}

void ManualPage::setSettings(const AccountSettings &settings)
{
    m_before = settings;
    const QString domain = settings.address.section(u'@', -1).toLower();
    m_host->setText(settings.host.isEmpty() && domain.contains(u'.') ? u"pop."_s + domain : settings.host);
    m_security->setCurrentIndex(m_security->findData(int(settings.security)));
    m_port->setValue(settings.port);
    securityChosen();
    m_user->setText(settings.userName.isEmpty() ? settings.address : settings.userName);
    m_mechanism->setCurrentIndex(qMax(0, m_mechanism->findData(settings.mechanism)));
}

AccountSettings ManualPage::settings() const
{
    AccountSettings settings = m_before;
    settings.host = m_host->text().trimmed();
    settings.security = security();
    settings.port = quint16(m_port->value());
    settings.userName = m_user->text();
    settings.mechanism = m_mechanism->currentData().toString();
    // An exception was made for one certificate of one server: it does not follow to another.
    if (settings.host != m_before.host || settings.port != m_before.port)
        settings.trustedCertificate.clear();
    return settings;
}

Security ManualPage::security() const
{
    return Security(m_security->currentData().toInt());
}

void ManualPage::securityChosen()
{
    m_plainWarning->setVisible(security() == Security::Plain);
    // A port that was typed is meant; one of the two usual ones follows the choice.
    if (m_port->value() == portOfTls || m_port->value() == portOfPlain)
        m_port->setValue(security() == Security::ImplicitTls ? portOfTls : portOfPlain);
    Q_EMIT changed();
}

QString ManualPage::title() const
{
    return tr("Type the settings");
}

QString ManualPage::text() const
{
    return tr("Your provider's help pages name them, often under “POP3” or “mail programs”.");
}

QWidget *ManualPage::firstField() const
{
    return m_host;
}

IdentityPage::Fault ManualPage::fault() const
{
    static const QRegularExpression hostName(uR"(^[^\s/@:\x00-\x1f]+$|^\[?[0-9a-fA-F:.]+\]?$)"_s);
    if (!hostName.match(m_host->text().trimmed()).hasMatch())
        return {m_host, tr("Enter the name of the POP3 server, such as pop.example.org.")};
    if (m_user->text().isEmpty())
        return {m_user, tr("Enter the user name for the server; it is often the mail address.")};
    if (hasLineBreak(m_user->text()))
        return {m_user, tr("A user name cannot hold a line break.")};
    return {};
}

} // namespace satchel::ui
