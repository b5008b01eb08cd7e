// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/accountdialog.h"

#include "ui/bars/notebar.h"
#include "ui/dialogs/connectionpage.h"
#include "ui/dialogs/servernotes.h"
#include "ui/theme/text.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QGroupBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QRadioButton>
#include <QRegularExpression>
#include <QSpinBox>
#include <QTabWidget>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace satchel::ui {

namespace {

constexpr int portOfTls = 995;
constexpr int portOfPlain = 110;
constexpr qint64 megabyte = 1024 * 1024;

bool hasLineBreak(const QString &text)
{
    return text.contains(u'\r') || text.contains(u'\n') || text.contains(QChar(u'\0'));
}

QLabel *explanation(const QString &text, QWidget *parent)
{
    auto *label = new QLabel(text, parent);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    label->setEnabled(false);
    return label;
}

} // namespace

AccountDialog::AccountDialog(
    const AccountSettings &settings, bool keychainAvailable, const QString &keychainReason, QWidget *parent)
    : QDialog(parent)
    , m_before(settings)
    , m_keychainAvailable(keychainAvailable)
    , m_keychainReason(keychainReason)
    , m_tabs(new QTabWidget(this))
    , m_connection(new ConnectionPage(settings, this))
    , m_fault(new NoteBar(BarKind::Problem, this))
    , m_buttons(new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel, this))
{
    setWindowTitle(isNew() ? tr("Add an account") : tr("Account settings"));
    m_tabs->addTab(makeAccountTab(), tr("&Account"));
    m_tabs->addTab(makeServerTab(), tr("Mail on the &server"));
    m_tabs->addTab(makeCheckTab(), tr("&Checking for mail"));
    m_tabs->addTab(m_connection, tr("C&onnection"));
    m_tabs->setAccessibleName(tr("Account settings"));
    m_fault->setVisible(false);
    m_buttons->button(QDialogButtonBox::Ok)->setText(isNew() ? tr("A&dd account") : tr("&Save"));
    auto *column = new QVBoxLayout(this);
    column->addWidget(m_tabs, 1);
    column->addWidget(m_fault);
    column->addWidget(m_buttons);
    connect(m_buttons, &QDialogButtonBox::accepted, this, &AccountDialog::accept);
    connect(m_buttons, &QDialogButtonBox::rejected, this, &AccountDialog::reject);
    fill();
    (isNew() ? m_personName : m_name)->setFocus();
    setMinimumWidth(480);
}

QWidget *AccountDialog::makeAccountTab()
{
    auto *page = new QWidget(this);
    auto *form = new QFormLayout(page);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    m_personName = named(new QLineEdit(page), tr("Your name"));
    m_personName->setPlaceholderText(tr("Ada Example"));
    form->addRow(tr("Your &name:"), m_personName);
    m_address = named(new QLineEdit(page), tr("Mail address"));
    m_address->setPlaceholderText(tr("ada@example.org"));
    m_address->setInputMethodHints(Qt::ImhEmailCharactersOnly | Qt::ImhNoAutoUppercase);
    form->addRow(tr("&Mail address:"), m_address);
    m_name = named(new QLineEdit(page), tr("Name of the account"));
    m_name->setPlaceholderText(tr("As it is called in the folder list"));
    form->addRow(tr("Acc&ount name:"), m_name);

    auto *line = new QFrame(page);
    line->setFrameShape(QFrame::HLine);
    line->setFrameShadow(QFrame::Sunken);
    form->addRow(line);

    m_host = named(new QLineEdit(page), tr("POP3 server"));
    m_host->setInputMethodHints(Qt::ImhUrlCharactersOnly | Qt::ImhNoAutoUppercase);
    form->addRow(tr("POP3 ser&ver:"), m_host);
    m_security = named(new QComboBox(page), tr("Connection security"));
    m_security->addItem(tr("TLS (encrypted from the start)"), int(Security::ImplicitTls));
    m_security->addItem(tr("STARTTLS (encryption required)"), int(Security::StartTls));
    m_security->addItem(tr("None (not encrypted)"), int(Security::Plain));
    m_port = named(new QSpinBox(page), tr("Port"));
    m_port->setRange(1, 65535);
    m_port->setGroupSeparatorShown(false);
    auto *portLabel = new QLabel(tr("&Port:"), page);
    portLabel->setBuddy(m_port);
    auto *securityRow = new QHBoxLayout;
    securityRow->addWidget(m_security, 1);
    securityRow->addWidget(portLabel);
    securityRow->addWidget(m_port);
    auto *securityLabel = new QLabel(tr("Securit&y:"), page);
    securityLabel->setBuddy(m_security);
    form->addRow(securityLabel, securityRow);
    m_plainWarning = new NoteBar(BarKind::Warning, page);
    m_plainWarning->setText(
        tr("Without encryption, everyone on the way can read your password and all of your mail. Use "
           "this only inside a network that you trust."));
    form->addRow(m_plainWarning);
    m_user = named(new QLineEdit(page), tr("User name"));
    m_user->setInputMethodHints(Qt::ImhNoAutoUppercase | Qt::ImhNoPredictiveText);
    form->addRow(tr("&User name:"), m_user);
    m_password = named(new QLineEdit(page), tr("Password"));
    m_password->setEchoMode(QLineEdit::Password);
    m_password->setPlaceholderText(isNew() ? QString() : tr("unchanged"));
    form->addRow(isNew() ? tr("Pass&word:") : tr("Ne&w password:"), m_password);
    m_remember = new QCheckBox(tr("Remember the password in the &keychain"), page);
    m_remember->setChecked(m_keychainAvailable);
    m_remember->setEnabled(m_keychainAvailable);
    form->addRow(QString(), m_remember);
    if (!m_keychainAvailable)
        form->addRow(QString(),
            explanation(m_keychainReason.isEmpty()
                    ? tr("No keychain can be used here: the password is kept until Satchel is closed.")
                    : m_keychainReason,
                page));

    for (QLineEdit *field : {m_personName, m_address, m_name, m_host, m_user, m_password})
        connect(field, &QLineEdit::textEdited, this, &AccountDialog::hideFault);
    connect(m_address, &QLineEdit::textEdited, this, &AccountDialog::guess);
    connect(m_host, &QLineEdit::textEdited, this, [this] { m_hostTyped = true; });
    connect(m_user, &QLineEdit::textEdited, this, [this] { m_userTyped = true; });
    connect(m_name, &QLineEdit::textEdited, this, [this] { m_nameTyped = true; });
    connect(m_port, &QSpinBox::textChanged, this, [this] { m_portTyped = m_port->hasFocus() || m_portTyped; });
    connect(m_security, &QComboBox::currentIndexChanged, this, &AccountDialog::securityChosen);
    return page;
}

QWidget *AccountDialog::makeServerTab()
{
    auto *page = new QWidget(this);
    auto *column = new QVBoxLayout(page);
    auto *group = new QGroupBox(tr("After a message was stored on this computer"), page);
    auto *groupColumn = new QVBoxLayout(group);
    m_keep = new QRadioButton(tr("&Keep it on the server"), group);
    m_keepDays = new QRadioButton(tr("Delete it from the server a&fter"), group);
    m_days = named(new QSpinBox(group), tr("Days a message is kept on the server"));
    m_days->setRange(1, 3650);
    m_days->setSuffix(tr(" days"));
    m_deleteNow = new QRadioButton(tr("Delete it from the server at &once"), group);
    m_keepCount = new QRadioButton(tr("Keep only the &newest there, at most"), group);
    m_count = named(new QSpinBox(group), tr("Messages kept on the server"));
    m_count->setRange(1, 1'000'000);
    m_count->setSuffix(tr(" messages"));
    m_keepSize = new QRadioButton(tr("Keep only the newest there, &up to"), group);
    m_megabytes = named(new QSpinBox(group), tr("Megabytes kept on the server"));
    m_megabytes->setRange(1, 1'000'000);
    m_megabytes->setSuffix(tr(" MB"));
    const auto row = [groupColumn](QRadioButton *choice, QSpinBox *number) {
        auto *line = new QHBoxLayout;
        line->addWidget(choice);
        line->addWidget(number);
        line->addStretch(1);
        groupColumn->addLayout(line);
        QObject::connect(choice, &QRadioButton::toggled, number, &QWidget::setEnabled);
    };
    row(m_keepDays, m_days);
    row(m_keepCount, m_count);
    row(m_keepSize, m_megabytes);
    groupColumn->addWidget(m_keep);
    groupColumn->addWidget(m_deleteNow);
    column->addWidget(group);
    m_serverWarning = new NoteBar(BarKind::Warning, page);
    column->addWidget(m_serverWarning);
    m_elsewhere = new NoteBar(BarKind::Note, page);
    m_elsewhere->setVisible(false);
    column->addWidget(m_elsewhere);

    m_recent = new QCheckBox(tr("Other de&vices fetch this mailbox too (Gmail’s “recent” mode)"), page);
    m_recent->setToolTip(tr("Fetches the mail of the last 30 days whether or not another device has fetched it, sent mail "
                            "too, and deletes nothing on the server."));
    column->addWidget(m_recent);
    m_deleteThere = new QCheckBox(tr("Delete on the server what is deleted &here for good"), page);
    column->addWidget(m_deleteThere);
    auto *limitRow = new QHBoxLayout;
    m_limited = new QCheckBox(tr("&Leave messages there that are larger than"), page);
    m_limit = named(new QSpinBox(page), tr("Largest message to get, in megabytes"));
    m_limit->setRange(1, 2000);
    m_limit->setSuffix(tr(" MB"));
    limitRow->addWidget(m_limited);
    limitRow->addWidget(m_limit);
    limitRow->addStretch(1);
    column->addLayout(limitRow);
    connect(m_limited, &QCheckBox::toggled, m_limit, &QWidget::setEnabled);
    for (QRadioButton *choice : {m_keep, m_keepDays, m_deleteNow, m_keepCount, m_keepSize})
        connect(choice, &QRadioButton::toggled, this, &AccountDialog::warnOfServer);
    connect(m_days, &QSpinBox::valueChanged, this, &AccountDialog::warnOfServer);
    connect(m_recent, &QCheckBox::toggled, this, [this, group](bool on) {
        group->setEnabled(!on);
        m_deleteThere->setEnabled(!on);
        warnOfServer();
    });
    column->addStretch(1);
    column->addWidget(
        explanation(tr("Nothing is deleted from a server before it is stored safely on this computer."), page));
    return page;
}

QWidget *AccountDialog::makeCheckTab()
{
    auto *page = new QWidget(this);
    auto *column = new QVBoxLayout(page);
    m_enabled = new QCheckBox(tr("&Get mail for this account"), page);
    column->addWidget(m_enabled);
    auto *row = new QHBoxLayout;
    m_checks = new QCheckBox(tr("Chec&k by itself every"), page);
    m_minutes = named(new QSpinBox(page), tr("Minutes between checks"));
    m_minutes->setRange(1, 1440);
    m_minutes->setSuffix(tr(" minutes"));
    row->addWidget(m_checks);
    row->addWidget(m_minutes);
    row->addStretch(1);
    column->addLayout(row);
    column->addStretch(1);
    column->addWidget(
        explanation(tr("Without this, mail comes only after “Get mail”. While “Work offline” is on, nothing "
                       "is checked."),
            page));
    const auto enable = [this] {
        m_checks->setEnabled(m_enabled->isChecked());
        m_minutes->setEnabled(m_enabled->isChecked() && m_checks->isChecked());
    };
    connect(m_enabled, &QCheckBox::toggled, this, enable);
    connect(m_checks, &QCheckBox::toggled, this, enable);
    return page;
}

void AccountDialog::fill()
{
    m_personName->setText(m_before.personName);
    m_address->setText(m_before.address);
    m_name->setText(m_before.name);
    m_host->setText(m_before.host);
    m_user->setText(m_before.userName);
    m_security->setCurrentIndex(m_security->findData(int(m_before.security)));
    securityChosen();
    m_port->setValue(m_before.port);
    m_portTyped = !isNew();
    m_hostTyped = !m_before.host.isEmpty();
    m_userTyped = !m_before.userName.isEmpty();
    m_nameTyped = !m_before.name.isEmpty();
    m_keep->setChecked(m_before.retention == Retention::Keep);
    m_keepDays->setChecked(m_before.retention == Retention::KeepDays);
    m_deleteNow->setChecked(m_before.retention == Retention::DeleteAfterDownload);
    m_days->setValue(m_before.keepDays > 0 ? m_before.keepDays : 14);
    m_days->setEnabled(m_keepDays->isChecked());
    m_keepCount->setChecked(m_before.retention == Retention::KeepCount);
    m_count->setValue(m_before.keepCount);
    m_count->setEnabled(m_keepCount->isChecked());
    m_keepSize->setChecked(m_before.retention == Retention::KeepSize);
    m_megabytes->setValue(m_before.keepMegabytes);
    m_megabytes->setEnabled(m_keepSize->isChecked());
    m_deleteThere->setChecked(m_before.deleteWhenDeletedHere);
    m_recent->setChecked(m_before.recentMode);
    m_limited->setChecked(m_before.sizeLimit > 0);
    m_limit->setValue(m_before.sizeLimit > 0 ? int((m_before.sizeLimit + megabyte - 1) / megabyte) : 25);
    m_limit->setEnabled(m_limited->isChecked());
    m_enabled->setChecked(m_before.enabled);
    m_checks->setChecked(m_before.checkEveryMinutes > 0);
    m_minutes->setValue(m_before.checkEveryMinutes > 0 ? m_before.checkEveryMinutes : 15);
    m_checks->setEnabled(m_before.enabled);
    m_minutes->setEnabled(m_before.enabled && m_checks->isChecked());
    connect(m_host, &QLineEdit::textChanged, this, &AccountDialog::warnOfServer);
    warnOfServer();
}

void AccountDialog::setServer(const sync::ServerAnnouncement &server)
{
    m_server = server;
    m_connection->setServer(server);
    warnOfServer();
}

void AccountDialog::setElsewhere(int count)
{
    m_elsewhere->clearButtons();
    m_elsewhere->setVisible(count > 0);
    if (count == 0)
        return;
    m_elsewhere->setText(tr("%n message(s) on the server were fetched by another program, and not here.", nullptr, count));
    connect(m_elsewhere->addButton(tr("Fetch &them too")), &QPushButton::clicked, this, [this] {
        m_elsewhere->setVisible(false);
        Q_EMIT fetchElsewhereWished();
    });
}

void AccountDialog::warnOfServer()
{
    m_recent->setVisible(isGmail(m_host->text()) || m_recent->isChecked());
    const QStringList warnings = serverWarnings(settings(), m_server);
    m_serverWarning->setText(warnings.join(u' '));
    m_serverWarning->setVisible(!warnings.isEmpty());
}

void AccountDialog::guess()
{
    if (!isNew())
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

Security AccountDialog::security() const
{
    return Security(m_security->currentData().toInt());
}

void AccountDialog::securityChosen()
{
    m_plainWarning->setVisible(security() == Security::Plain);
    // A port that was typed is meant; one of the two usual ones follows the choice.
    const bool usual = m_port->value() == portOfTls || m_port->value() == portOfPlain;
    if (!m_portTyped || usual)
        m_port->setValue(security() == Security::ImplicitTls ? portOfTls : portOfPlain);
}

AccountDialog::Fault AccountDialog::fault() const
{
    static const QRegularExpression hostName(uR"(^[^\s/@:\x00-\x1f]+$|^\[?[0-9a-fA-F:.]+\]?$)"_s);
    const QString address = m_address->text().trimmed();
    const qsizetype at = address.lastIndexOf(u'@');
    if (at < 1 || at == address.size() - 1 || address.contains(u' ') || hasLineBreak(address))
        return {m_address, 0, tr("Enter your mail address, such as ada@example.org.")};
    const QString host = m_host->text().trimmed();
    if (host.isEmpty())
        return {m_host, 0, tr("Enter the name of the POP3 server; your provider's help pages name it.")};
    if (!hostName.match(host).hasMatch())
        return {m_host, 0, tr("This is not the name of a server. It looks like pop.example.org.")};
    if (m_user->text().isEmpty())
        return {m_user, 0, tr("Enter the user name for the server; it is often the mail address.")};
    if (hasLineBreak(m_user->text()))
        return {m_user, 0, tr("A user name cannot hold a line break.")};
    if (hasLineBreak(m_password->text()))
        return {m_password, 0, tr("A password cannot hold a line break.")};
    return {};
}

QString AccountDialog::problem() const
{
    return fault().sentence;
}

void AccountDialog::hideFault()
{
    m_fault->setVisible(false);
}

void AccountDialog::accept()
{
    const Fault found = fault();
    if (!found.field) {
        QDialog::accept();
        return;
    }
    m_tabs->setCurrentIndex(found.tab);
    m_fault->setText(found.sentence);
    m_fault->setVisible(true);
    found.field->setFocus();
}

AccountSettings AccountDialog::settings() const
{
    AccountSettings settings = m_before;
    settings.personName = m_personName->text().trimmed();
    settings.address = m_address->text().trimmed();
    settings.name = m_name->text().trimmed();
    if (settings.name.isEmpty())
        settings.name = settings.address;
    settings.host = m_host->text().trimmed();
    settings.port = quint16(m_port->value());
    settings.security = security();
    settings.userName = m_user->text();
    settings.retention = m_keep->isChecked() ? Retention::Keep
        : m_deleteNow->isChecked()           ? Retention::DeleteAfterDownload
        : m_keepDays->isChecked()            ? Retention::KeepDays
        : m_keepCount->isChecked()           ? Retention::KeepCount
        : m_keepSize->isChecked()            ? Retention::KeepSize
                                             : m_before.retention;
    settings.keepDays = m_days->value();
    settings.keepCount = m_count->value();
    settings.keepMegabytes = m_megabytes->value();
    settings.deleteWhenDeletedHere = m_deleteThere->isChecked();
    settings.recentMode = m_recent->isChecked();
    m_connection->apply(settings);
    settings.sizeLimit = m_limited->isChecked() ? m_limit->value() * megabyte : 0;
    settings.checkEveryMinutes = m_checks->isChecked() ? m_minutes->value() : 0;
    settings.enabled = m_enabled->isChecked();
    // An exception was made for one certificate of one server: it does not follow to another.
    if (settings.host != m_before.host || settings.port != m_before.port)
        settings.trustedCertificate.clear();
    return settings;
}

QString AccountDialog::password() const
{
    return m_password->text();
}

bool AccountDialog::remembersPassword() const
{
    return m_remember->isChecked();
}

} // namespace satchel::ui
