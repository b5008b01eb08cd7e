// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/account.h"
#include "base/error.h"
#include "sync/mailboxtypes.h"

#include <QHash>
#include <QObject>
#include <QPointer>

class QSettings;
class QWidget;

namespace satchel::library {
class Library;
}

namespace satchel::ui {

class MailboxWindow;

/// The windows that show what is on a server, one for each account at most: opens them, tells each what happened, and
/// hands their wishes on. The signatures are those of sync::Engine. Lives on the GUI thread.
class MailboxWindows : public QObject
{
    Q_OBJECT

public:
    MailboxWindows(library::Library &library, QSettings &settings, QWidget *parent);

    void open(const AccountSettings &account);
    void setAccounts(const QList<AccountSettings> &accounts); ///< windows of those that are gone close
    void closeAll();
    [[nodiscard]] MailboxWindow *window(AccountId account) const;

public Q_SLOTS:
    void phaseChanged(satchel::AccountId account, satchel::sync::VisitPhase phase);
    void delayed(satchel::AccountId account, const QDateTime &until);
    void listed(const satchel::sync::ServerListing &listing);
    void headersKnown(satchel::AccountId account, const QList<satchel::sync::ServerHeader> &headers);
    void previewed(satchel::AccountId account, const satchel::sync::ServerPreview &preview);
    void failed(satchel::AccountId account, const satchel::Error &error);

Q_SIGNALS:
    void openWished(satchel::AccountId account);
    void closeWished(satchel::AccountId account);
    void headersWished(satchel::AccountId account, const QList<int> &messages);
    void previewWished(satchel::AccountId account, int message);
    void applyWished(satchel::AccountId account, const QList<satchel::sync::ServerWish> &wishes);
    void problemActionWished(satchel::AccountId account, const satchel::Error &error);

private:
    library::Library &m_library;
    QSettings &m_settings;
    QWidget *m_parent;
    QHash<AccountId, QPointer<MailboxWindow>> m_windows;
};

} // namespace satchel::ui
