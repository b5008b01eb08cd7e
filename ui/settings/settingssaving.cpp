// SPDX-License-Identifier: GPL-3.0-or-later
// What OK and Apply do: see what is wrong, ask before mail leaves a server that kept it, save.
#include "ui/bars/notebar.h"
#include "ui/settings/accounteditor.h"
#include "ui/settings/accountlistpage.h"
#include "ui/settings/forecasttext.h"
#include "ui/settings/privacypage.h"
#include "ui/settings/settingsdialog.h"
#include "ui/settings/shortcutspage.h"

#include <QMessageBox>
#include <QPushButton>
#include <QSettings>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace satchel::ui {

void SettingsDialog::proceed()
{
    m_proceeding = true;
    if (refuseFault() || askBeforeDeleting())
        return;
    m_proceeding = false;
    save();
    if (m_closes)
        QDialog::accept();
}

bool SettingsDialog::refuseFault()
{
    for (const AccountSettings &account : std::as_const(m_accounts)) {
        AccountEditor *open = m_editors.value(account.id);
        if (!open || !open->isChanged() || open->problem().isEmpty())
            continue;
        m_proceeding = false;
        showAccount(account.id);
        m_fault->setText(open->problem());
        m_fault->setVisible(true);
        open->goToProblem();
        return true;
    }
    return false;
}

bool SettingsDialog::askBeforeDeleting()
{
    for (const AccountSettings &account : std::as_const(m_accounts)) {
        AccountEditor *open = m_editors.value(account.id);
        if (!open || !open->startsDeleting() || m_agreed.contains(account.id))
            continue;
        if (!open->forecast())
            open->askForecast(); // the answer goes on from here
        else
            ask(open);
        return true;
    }
    return false;
}

void SettingsDialog::ask(AccountEditor *editor)
{
    m_proceeding = false;
    const sync::Forecast forecast = *editor->forecast();
    const AccountSettings account = editor->settings();
    showRetention(account.id);
    auto *box = new QMessageBox(this);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setObjectName(u"deletionQuestion"_s);
    box->setIcon(QMessageBox::Question);
    box->setWindowTitle(tr("Delete mail on the server"));
    box->setTextFormat(Qt::PlainText);
    box->setText(tr("Let mail of “%1” leave the server from now on?").arg(account.name));
    box->setInformativeText(deletionQuestion(forecast));
    QPushButton *agree = box->addButton(tr("&Delete on the server"), QMessageBox::AcceptRole);
    QPushButton *refuse = box->addButton(tr("&Keep it there"), QMessageBox::RejectRole);
    box->setDefaultButton(refuse);
    box->setEscapeButton(refuse);
    connect(agree, &QPushButton::clicked, this, [this, id = account.id, count = forecast.deletes + forecast.held] {
        m_agreed.insert(id, count);
        proceed();
    });
    box->open();
}

void SettingsDialog::save()
{
    const QHash<AccountId, int> agreed = m_agreed;
    savePreferences();
    saveAccounts(agreed);
    m_settings.sync();
    noteEdit();
}

void SettingsDialog::savePreferences()
{
    m_shortcutsPage->apply(m_shortcuts);
    Preferences edited = m_before;
    for (const PreferencesPage *page : std::as_const(m_pages))
        page->apply(edited);
    if (edited == m_before)
        return;
    edited.save(m_settings, m_before);
    m_before = Preferences::load(m_settings);
    for (PreferencesPage *page : std::as_const(m_pages))
        page->setPreferences(m_before);
    Q_EMIT preferencesChanged(m_before);
}

void SettingsDialog::saveAccounts(const QHash<AccountId, int> &agreed)
{
    const QList<AccountId> order = m_accountList->order();
    const bool reordered = isReordered();
    const QList<AccountId> forgotten = m_privacy->forgottenExceptions();
    QList<AccountSettings> after;
    for (const AccountSettings &account : std::as_const(m_accounts)) {
        AccountEditor *open = m_editors.value(account.id);
        AccountSettings changed = account;
        // What other windows changed meanwhile is not what was edited here.
        if (open && open->isChanged())
            changed = open->appliedTo(account);
        if (forgotten.contains(account.id))
            changed.trustedCertificate.clear();
        if (reordered)
            changed.position = int(order.indexOf(account.id));
        after.append(changed);
    }
    for (qsizetype i = 0; i < after.size(); ++i) {
        const AccountSettings &changed = after.at(i);
        AccountEditor *open = m_editors.value(changed.id);
        const QString password = open ? open->password() : QString();
        const bool remember = open && open->remembersPassword();
        const QString passphrase = open ? open->passphrase() : QString();
        const bool rememberPassphrase = open && open->remembersPassphrase();
        // Of another file, the old passphrase says nothing.
        const bool otherFile =
            !changed.certificateFile.isEmpty() && changed.certificateFile != m_accounts.at(i).certificateFile;
        if (changed != m_accounts.at(i))
            Q_EMIT updateAccountWished(changed);
        // It was asked with the number: the check need not ask again.
        if (const int count = agreed.value(changed.id); count > 0)
            Q_EMIT consentWished(changed.id, count);
        if (open)
            open->forgetSecrets();
        if (!password.isEmpty())
            Q_EMIT passwordGiven(changed.id, password, remember, false);
        if (!passphrase.isEmpty() || otherFile)
            Q_EMIT passphraseGiven(changed.id, passphrase, rememberPassphrase, false);
        if (open)
            open->setAccount(changed);
    }
    setAccounts(after);
}

} // namespace satchel::ui
