// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures of the settings dialog: every page, light and dark, wide and small.
#include "ui/folders/folderpane.h"
#include "ui/mainwindowprivate.h"
#include "ui/screenshotsprivate.h"
#include "ui/settings/accounteditor.h"
#include "ui/settings/settingsdialog.h"

using namespace Qt::StringLiterals;

namespace satchel::ui {

namespace {

constexpr QSize usual(780, 640);
constexpr QSize smallSize(640, 420);

} // namespace

void Screenshots::Private::planSettings()
{
    using Page = SettingsDialog::Page;
    const auto open = [this] { return w().openSettings(); };
    const auto editor = [this] {
        return w().settingsDialog ? w().settingsDialog->editor(w().folderPane->currentAccount()) : nullptr;
    };
    struct Shown {
        QString name;
        std::function<void()> prepare;
    };
    QList<Shown> pages;
    const QList<std::pair<Page, QString>> named{{Page::Accounts, u"accounts"_s}, {Page::Reading, u"reading"_s},
        {Page::Appearance, u"appearance"_s}, {Page::Privacy, u"privacy"_s}, {Page::Offline, u"offline"_s},
        {Page::Shortcuts, u"shortcuts"_s}, {Page::Advanced, u"advanced"_s}};
    for (const auto &[page, name] : named)
        pages.append({name, [open, page] { open()->showPage(page); }});
    for (int tab = 0; tab < 4; ++tab)
        pages.append({u"account-%1"_s.arg(tab + 1), [this, open, editor, tab] {
                          open()->showAccount(w().folderPane->currentAccount());
                          editor()->setCurrentIndex(tab);
                      }});
    const auto known = [editor] { return !editor() || !editor()->isVisible() || editor()->forecast().has_value(); };
    const auto picture = [this] { return w().settingsDialog->grab(); };
    for (const bool isDark : {false, true}) {
        for (const Shown &page : std::as_const(pages)) {
            add(
                u"settings-%1-%2"_s.arg(page.name, isDark ? u"dark"_s : u"light"_s),
                [this, isDark, prepare = page.prepare] {
                    isDark ? dark() : light();
                    prepare();
                    w().settingsDialog->resize(usual);
                },
                known, picture);
        }
    }
    for (const Shown &page : std::as_const(pages)) {
        add(
            u"settings-%1-small"_s.arg(page.name),
            [this, prepare = page.prepare] {
                light();
                prepare();
                w().settingsDialog->resize(smallSize);
            },
            known, picture);
    }
    for (const bool isDark : {false, true}) {
        add(
            isDark ? u"settings-expiry-dark"_s : u"settings-expiry"_s,
            [this, isDark, open, editor] {
                isDark ? dark() : light();
                open()->showAccount(w().folderPane->currentAccount());
                w().settingsDialog->resize(usual);
                sync::ServerAnnouncement server;
                server.expireDays = 7;
                editor()->setServer(server, 0);
                editor()->showRetention();
            },
            known, picture);
    }
    add({}, [this] { w().settingsDialog->reject(); });
}

} // namespace satchel::ui
