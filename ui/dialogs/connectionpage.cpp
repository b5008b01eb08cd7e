// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/connectionpage.h"

#include "ui/bars/notebar.h"
#include "ui/dialogs/servernotes.h"
#include "ui/settings/certificatechoice.h"
#include "ui/settings/tokenchoice.h"
#include "ui/theme/text.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFormLayout>
#include <QLabel>
#include <QPushButton>
#include <QSignalBlocker>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace satchel::ui {

ConnectionPage::ConnectionPage(QWidget *parent)
    : QWidget(parent)
    , m_mechanism(named(new QComboBox(this), tr("Way to sign in")))
    , m_mechanismNote(new NoteBar(BarKind::Warning, this))
    , m_certificate(new CertificateChoice(this))
    , m_token(new TokenChoice(this))
    , m_oldTls(new QCheckBox(tr("Allow &old encryption (TLS 1.0 and 1.1)"), this))
    , m_oldTlsNote(new NoteBar(BarKind::Warning, this))
    , m_utf8(new QCheckBox(tr("Switch the server to UTF-&8 where it offers that"), this))
    , m_recent(new QCheckBox(tr("Other de&vices fetch this mailbox too (Gmail’s “recent” mode)"), this))
    , m_warning(new NoteBar(BarKind::Warning, this))
    , m_elsewhere(new NoteBar(BarKind::Note, this))
    , m_server(named(new QLabel(this), tr("What the server says of itself")))
{
    m_recent->setToolTip(
        tr("Fetches the mail of the last 30 days whether or not another device has fetched it, sent mail "
           "too, and deletes nothing on the server."));
    m_mechanismNote->setText(tr("This way hides the password by means that are broken today. Use it only inside an "
                                "encrypted connection, or where the server knows nothing else."));
    m_oldTlsNote->setText(
        tr("Old encryption can be broken: someone on the way may read your password and your mail. Use "
           "it only while the server cannot do better, and ask its provider for TLS 1.2."));
    m_server->setTextFormat(Qt::PlainText);
    m_server->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_server->setWordWrap(true);

    auto *form = new QFormLayout;
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    form->addRow(tr("S&ign in by:"), m_mechanism);
    auto *column = new QVBoxLayout(this);
    column->addLayout(form);
    for (QWidget *widget : QList<QWidget *>{
             m_mechanismNote, m_certificate, m_token, m_oldTls, m_oldTlsNote, m_utf8, m_recent, m_warning, m_elsewhere})
        column->addWidget(widget);
    column->addStretch(1);
    column->addWidget(m_server);
    connect(m_mechanism, &QComboBox::currentIndexChanged, this, &ConnectionPage::refresh);
    const auto listAnew = [this] {
        listMechanisms();
        refresh();
    };
    connect(m_certificate, &CertificateChoice::edited, this, listAnew);
    connect(m_token, &TokenChoice::edited, this, listAnew);
    for (QCheckBox *box : {m_oldTls, m_utf8, m_recent})
        connect(box, &QCheckBox::toggled, this, &ConnectionPage::refresh);
    setServer({});
    setElsewhere(0);
    setAccount({});
    warnFor({});
}

void ConnectionPage::setAccount(const AccountSettings &settings)
{
    const QSignalBlocker quiet(this);
    m_certificate->setAccount(settings);
    m_token->setAccount(settings);
    listMechanisms();
    const QString mechanism = settings.mechanism.toUpper();
    // One that was set by other means stays.
    if (m_mechanism->findData(mechanism) < 0)
        m_mechanism->addItem(withoutMnemonic(mechanism), mechanism);
    m_mechanism->setCurrentIndex(m_mechanism->findData(mechanism));
    m_oldTls->setChecked(settings.oldTls);
    m_utf8->setChecked(settings.utf8);
    m_recent->setChecked(settings.recentMode);
    refresh();
}

/// What is chosen stays as long as there is what it takes; without that, nothing stays fixed.
void ConnectionPage::listMechanisms()
{
    const QSignalBlocker quiet(m_mechanism);
    const QString chosen = m_mechanism->currentData().toString();
    m_mechanism->clear();
    m_mechanism->addItem(tr("Automatic (the safest that works)"), QString());
    if (m_certificate->isOn())
        m_mechanism->addItem(tr("EXTERNAL (the certificate alone)"), u"EXTERNAL"_s);
    QStringList names{u"SCRAM-SHA-512"_s, u"SCRAM-SHA-256"_s, u"SCRAM-SHA-1"_s, u"PLAIN"_s, u"LOGIN"_s, u"USER"_s,
        u"CRAM-MD5"_s, u"DIGEST-MD5"_s, u"APOP"_s};
    if (m_token->isOn()) // in place of the password, which all of these would take
        names = {u"OAUTHBEARER"_s, u"XOAUTH2"_s};
    for (const QString &name : std::as_const(names))
        m_mechanism->addItem(name == "USER"_L1 ? tr("USER and PASS") : name, name);
    m_mechanism->setCurrentIndex(qMax(0, m_mechanism->findData(chosen)));
}

void ConnectionPage::setKeychain(bool available)
{
    m_certificate->setKeychain(available);
}

Fault ConnectionPage::fault() const
{
    const Fault ofCertificate = m_certificate->fault();
    return ofCertificate.field ? ofCertificate : m_token->fault();
}

QString ConnectionPage::passphrase() const
{
    return m_certificate->passphrase();
}

bool ConnectionPage::remembersPassphrase() const
{
    return m_certificate->remembersPassphrase();
}

void ConnectionPage::forgetPassphrase()
{
    m_certificate->forgetPassphrase();
}

void ConnectionPage::refresh()
{
    const QString mechanism = m_mechanism->currentData().toString();
    m_mechanismNote->setVisible(mechanism == "APOP"_L1 || mechanism == "CRAM-MD5"_L1 || mechanism == "DIGEST-MD5"_L1);
    m_oldTlsNote->setVisible(m_oldTls->isChecked());
    Q_EMIT edited();
}

void ConnectionPage::setServer(const sync::ServerAnnouncement &server)
{
    m_said = server;
    const QStringList lines = serverDescription(server);
    m_server->setText(lines.join(u'\n'));
    m_server->setVisible(!lines.isEmpty());
}

void ConnectionPage::setElsewhere(int count)
{
    m_elsewhere->clearButtons();
    m_elsewhere->setVisible(count > 0);
    if (count == 0)
        return;
    m_elsewhere->setText(
        tr("%Ln message(s) on the server were fetched by another program, and not here.", nullptr, count));
    connect(m_elsewhere->addButton(tr("Fetch &them too")), &QPushButton::clicked, this, [this] {
        m_elsewhere->setVisible(false);
        Q_EMIT fetchElsewhereWished();
    });
}

void ConnectionPage::warnFor(const AccountSettings &edited)
{
    m_recent->setVisible(isGmail(edited.host) || m_recent->isChecked());
    const QStringList warnings = serverWarnings(edited, m_said);
    m_warning->setText(warnings.join(u' '));
    m_warning->setVisible(!warnings.isEmpty());
}

void ConnectionPage::apply(AccountSettings &settings) const
{
    settings.mechanism = m_mechanism->currentData().toString();
    m_certificate->apply(settings);
    m_token->apply(settings);
    settings.oldTls = m_oldTls->isChecked();
    settings.utf8 = m_utf8->isChecked();
    settings.recentMode = m_recent->isChecked();
}

} // namespace satchel::ui
