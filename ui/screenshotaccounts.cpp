// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures of many accounts, and of the page for the storage.
#include "base/clock.h"
#include "ui/bars/activitypanel.h"
#include "ui/folders/folderpane.h"
#include "ui/mainwindowprivate.h"
#include "ui/screenshotsprivate.h"
#include "ui/settings/settingsdialog.h"

using namespace Qt::StringLiterals;

namespace satchel::ui {

void Screenshots::Private::showManyAccounts() const
{
    // Twenty accounts that exist in the picture only.
    QList<AccountSettings> accounts = w().accounts;
    QList<FolderInfo> folders = w().folderPane->folders()->folders();
    const QStringList names{u"Work"_s, u"Home"_s, u"Rowing club"_s, u"School board"_s, u"Grandmother’s letters"_s};
    const QDateTime now = Clock().now();
    for (int i = 0; i < 20; ++i) {
        AccountSettings settings;
        settings.id = AccountId{1000 + i};
        settings.name = i < names.size() ? names.at(i) : MainWindow::tr("Account %1").arg(i + 1);
        settings.host = u"pop.example.org"_s;
        settings.position = int(accounts.size());
        accounts.append(settings);
        folders.append({FolderId{1000 + i}, settings.id, {}, FolderRole::Inbox, {}, 40 + i, i % 3});
    }
    w().folderPane->setContent(accounts, folders);
    w().activity->setAccounts(accounts);
    for (int i = 0; i < 20; ++i) {
        const AccountId id{1000 + i};
        sync::AccountState state{
            .account = id, .running = i >= 3, .checkedAt = now.addSecs(-240), .error = {}, .nextAt = now.addSecs(660)};
        if (i == 1)
            state.error = Error{ErrorKind::AuthenticationFailed,
                MainWindow::tr("The server did not accept the password."), ErrorAction::EnterPassword, {}, {}};
        w().folderPane->folders()->setState(state);
        if (i < 3)
            continue;
        w().activity->started(id);
        if (i < 9)
            w().activity->progressed({id, sync::CheckPhase::Receiving, 12 * i, 200, 120'000LL * i, 2'000'000});
        else
            w().activity->progressed({.account = id});
    }
}

void Screenshots::Private::planAccounts()
{
    add(
        u"settings-storage"_s,
        [this] {
            light();
            w().showStorage();
        },
        [this] { return w().settingsDialog != nullptr; }, [this] { return grabWith(w().settingsDialog); });
    add(
        u"settings-storage-dark"_s, [this] { dark(); }, [this] { return w().settingsDialog != nullptr; },
        [this] { return grabWith(w().settingsDialog); }, [this] { w().settingsDialog->close(); });
    add(u"accounts-light"_s, [this] {
        light();
        showManyAccounts();
    });
    add(u"accounts-dark"_s, [this] { dark(); });
    add(
        u"accounts-narrow"_s, [this] { window.resize(640, 480); }, {}, {},
        [this] {
            window.resize(1280, 800);
            for (int i = 3; i < 20; ++i)
                w().activity->finished(AccountId{1000 + i});
            w().setAccounts(w().accounts);
        });
}

} // namespace satchel::ui
