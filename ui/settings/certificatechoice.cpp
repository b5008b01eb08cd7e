// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/settings/certificatechoice.h"

#include "ui/theme/text.h"

#include <QCheckBox>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace satchel::ui {

CertificateChoice::CertificateChoice(QWidget *parent)
    : QWidget(parent)
    , m_on(new QCheckBox(tr("Show the server a certi&ficate of yours"), this))
    , m_fields(new QWidget(this))
    , m_file(named(new QLineEdit(m_fields), tr("File of the certificate")))
    , m_passphrase(named(new QLineEdit(m_fields), tr("Passphrase of the certificate")))
    , m_remember(new QCheckBox(tr("Re&member the passphrase in the keychain"), m_fields))
{
    auto *browse = new QPushButton(tr("&Browse…"), m_fields);
    auto *row = new QHBoxLayout;
    row->addWidget(m_file, 1);
    row->addWidget(browse);
    m_file->setPlaceholderText(tr("With its key: .p12, .pfx or .pem"));
    m_passphrase->setEchoMode(QLineEdit::Password);
    auto *form = new QFormLayout(m_fields);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    form->setRowWrapPolicy(QFormLayout::WrapLongRows);
    form->setContentsMargins(belowWordsOf(m_on));
    auto *label = new QLabel(tr("Fi&le:"), m_fields);
    label->setBuddy(m_file); // a row of several does not know whom the letter is for
    form->addRow(label, row);
    form->addRow(tr("Passp&hrase:"), m_passphrase);
    form->addRow(QString(), m_remember);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_on);
    column->addWidget(m_fields);
    connect(browse, &QPushButton::clicked, this, &CertificateChoice::browse);
    connect(m_on, &QCheckBox::toggled, this, &CertificateChoice::refresh);
    connect(m_file, &QLineEdit::textChanged, this, &CertificateChoice::refresh);
    connect(m_passphrase, &QLineEdit::textChanged, this, &CertificateChoice::edited);
    setKeychain(true);
    setAccount({});
}

void CertificateChoice::setKeychain(bool available)
{
    m_remember->setChecked(available);
    m_remember->setEnabled(available);
}

void CertificateChoice::setAccount(const AccountSettings &settings)
{
    m_before = settings.certificateFile;
    m_on->setChecked(!m_before.isEmpty());
    m_file->setText(QDir::toNativeSeparators(m_before));
    refresh();
}

void CertificateChoice::refresh()
{
    m_fields->setVisible(m_on->isChecked());
    const bool isSame = !m_before.isEmpty() && QDir::fromNativeSeparators(m_file->text().trimmed()) == m_before;
    m_passphrase->setPlaceholderText(isSame ? tr("unchanged") : tr("None, if the file is not locked"));
    Q_EMIT edited();
}

void CertificateChoice::browse()
{
    auto *dialog = new QFileDialog(this, tr("File of the certificate"), QFileInfo(m_file->text()).path());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    dialog->setNameFilters({tr("Certificates (*.p12 *.pfx *.pem *.crt *.cer)"), tr("All files (*)")});
    connect(dialog, &QFileDialog::fileSelected, this,
        [this](const QString &file) { m_file->setText(QDir::toNativeSeparators(file)); });
    dialog->open();
}

void CertificateChoice::apply(AccountSettings &settings) const
{
    settings.certificateFile = isOn() ? QDir::fromNativeSeparators(m_file->text().trimmed()) : QString();
}

bool CertificateChoice::isOn() const
{
    return m_on->isChecked();
}

Fault CertificateChoice::fault() const
{
    if (!isOn())
        return {};
    if (m_file->text().trimmed().isEmpty())
        return {m_file, tr("Choose the file of the certificate, or take the tick away.")};
    if (QFileInfo(m_file->text().trimmed()).isRelative())
        return {m_file, tr("Choose the file of the certificate by “Browse”, so that it is found from everywhere.")};
    return {};
}

QString CertificateChoice::passphrase() const
{
    return isOn() ? m_passphrase->text() : QString();
}

bool CertificateChoice::remembersPassphrase() const
{
    return m_remember->isChecked();
}

void CertificateChoice::forgetPassphrase()
{
    m_passphrase->clear();
}

} // namespace satchel::ui
