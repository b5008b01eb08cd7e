// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/settings/privacypage.h"

#include "ui/settings/formparts.h"
#include "ui/theme/text.h"

#include <QCheckBox>
#include <QLocale>
#include <QPushButton>
#include <QVBoxLayout>

namespace satchel::ui {

PrivacyPage::PrivacyPage(QWidget *parent)
    : PreferencesPage(parent)
    , m_exceptions(named(new QLabel(this), tr("Certificates that are trusted by exception")))
    , m_forget(new QPushButton(tr("&Forget these exceptions"), this))
{
    auto *column = new QVBoxLayout(this);
    column->addWidget(heading(tr("While reading"), this));
    column->addWidget(new Explanation(tr("Reading a message never opens a connection: pictures and other things that a "
                                         "message wants from the internet "
                                         "are never loaded, so that no sender learns that you read it. A link that "
                                         "shows another address than it leads "
                                         "to always warns you first."),
        this));
    m_asksBeforeLinks = addCheck(column, tr("&Ask before every link is opened"),
        tr("Shows where it leads, even where nothing is suspicious about it."));
    column->addSpacing(10);
    column->addWidget(heading(tr("On this computer"), this));
    m_remembersPlace = addCheck(column, tr("&Open where Satchel was closed"),
        tr("Without this, nobody sees by starting Satchel which folder and message were read last; the Inbox is "
           "shown."));
    column->addSpacing(10);
    column->addWidget(heading(tr("Servers that are trusted by exception"), this));
    m_exceptions->setTextFormat(Qt::PlainText);
    m_exceptions->setWordWrap(true);
    column->addWidget(m_exceptions);
    m_forget->setAutoDefault(false);
    auto *row = new QHBoxLayout;
    row->addWidget(m_forget);
    row->addStretch(1);
    column->addLayout(row);
    column->addStretch(1);
    connect(m_forget, &QPushButton::clicked, this, [this] {
        for (const AccountSettings &account : std::as_const(m_accounts)) {
            if (!account.trustedCertificate.isEmpty())
                m_forgotten.append(account.id);
        }
        showExceptions();
        Q_EMIT edited();
    });
    showExceptions();
}

void PrivacyPage::setAccounts(const QList<AccountSettings> &accounts)
{
    m_accounts = accounts;
    m_forgotten.clear();
    showExceptions();
}

void PrivacyPage::showExceptions()
{
    QStringList names;
    for (const AccountSettings &account : std::as_const(m_accounts)) {
        if (!account.trustedCertificate.isEmpty() && !m_forgotten.contains(account.id))
            names += tr("%1 (%2)").arg(account.host, account.name);
    }
    m_exceptions->setText(names.isEmpty()
            ? tr("None: every server must prove itself by a certificate that this computer trusts.")
            : tr("You trusted a certificate of your own accord for: %1.").arg(QLocale().createSeparatedList(names)));
    m_forget->setVisible(!names.isEmpty());
}

void PrivacyPage::setPreferences(const Preferences &preferences)
{
    m_asksBeforeLinks->setChecked(preferences.asksBeforeLinks);
    m_remembersPlace->setChecked(preferences.remembersPlace);
}

void PrivacyPage::apply(Preferences &preferences) const
{
    preferences.asksBeforeLinks = m_asksBeforeLinks->isChecked();
    preferences.remembersPlace = m_remembersPlace->isChecked();
}

} // namespace satchel::ui
