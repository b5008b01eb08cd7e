// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/mailbox/mailboxwindows.h"

#include "ui/mailbox/mailboxwindow.h"

#include <algorithm>

namespace satchel::ui {

MailboxWindows::MailboxWindows(library::Library &library, QSettings &settings, QWidget *parent)
    : QObject(parent)
    , m_library(library)
    , m_settings(settings)
    , m_parent(parent)
{
}

MailboxWindow *MailboxWindows::window(AccountId account) const
{
    return m_windows.value(account);
}

void MailboxWindows::open(const AccountSettings &account)
{
    if (!account.id.isValid())
        return;
    if (MailboxWindow *open = window(account.id)) {
        open->raise();
        open->activateWindow();
        Q_EMIT openWished(account.id);
        return;
    }
    auto *shown = new MailboxWindow(account, m_library, m_settings, m_parent);
    shown->setAttribute(Qt::WA_DeleteOnClose);
    m_windows.insert(account.id, shown);
    const AccountId id = account.id;
    connect(shown, &MailboxWindow::listWished, this, [this, id] { Q_EMIT openWished(id); });
    connect(shown, &MailboxWindow::headersWished, this,
        [this, id](const QList<int> &messages) { Q_EMIT headersWished(id, messages); });
    connect(shown, &MailboxWindow::previewWished, this, [this, id](int message) { Q_EMIT previewWished(id, message); });
    connect(shown, &MailboxWindow::applyWished, this,
        [this, id](const QList<sync::ServerWish> &wishes) { Q_EMIT applyWished(id, wishes); });
    connect(shown, &MailboxWindow::problemActionWished, this,
        [this, id](const Error &error) { Q_EMIT problemActionWished(id, error); });
    connect(shown, &MailboxWindow::closed, this, [this, id] {
        m_windows.remove(id);
        Q_EMIT closeWished(id);
    });
    shown->show();
    Q_EMIT openWished(id);
}

void MailboxWindows::setAccounts(const QList<AccountSettings> &accounts)
{
    const QList<AccountId> open = m_windows.keys();
    for (const AccountId id : open) {
        const auto found = std::ranges::find(accounts, id, &AccountSettings::id);
        MailboxWindow *shown = window(id);
        if (found != accounts.end() && shown)
            shown->setAccount(*found);
        else if (shown)
            shown->deleteLater();
        if (found == accounts.end())
            m_windows.remove(id);
    }
}

void MailboxWindows::closeAll()
{
    for (const QPointer<MailboxWindow> &shown : std::as_const(m_windows)) {
        if (shown)
            shown->deleteLater();
    }
    m_windows.clear();
}

void MailboxWindows::phaseChanged(AccountId account, sync::VisitPhase phase)
{
    if (MailboxWindow *shown = window(account))
        shown->setPhase(phase);
}

void MailboxWindows::delayed(AccountId account, const QDateTime &until)
{
    if (MailboxWindow *shown = window(account))
        shown->setDelayed(until);
}

void MailboxWindows::listed(const sync::ServerListing &listing)
{
    if (MailboxWindow *shown = window(listing.account))
        shown->setListing(listing);
}

void MailboxWindows::headersKnown(AccountId account, const QList<sync::ServerHeader> &headers)
{
    if (MailboxWindow *shown = window(account))
        shown->addHeaders(headers);
}

void MailboxWindows::previewed(AccountId account, const sync::ServerPreview &preview)
{
    if (MailboxWindow *shown = window(account))
        shown->showPreview(preview);
}

void MailboxWindows::failed(AccountId account, const Error &error)
{
    if (MailboxWindow *shown = window(account))
        shown->showError(error);
}

} // namespace satchel::ui
