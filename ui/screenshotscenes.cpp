// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures of the window itself.
#include "ui/folders/folderpane.h"
#include "ui/list/messagelistmodel.h"
#include "ui/list/messagelistpane.h"
#include "ui/list/messagelistview.h"
#include "ui/mainwindowprivate.h"
#include "ui/message/messageview.h"
#include "ui/screenshotsprivate.h"

#include <QLineEdit>
#include <QSplitter>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace satchel::ui {

void Screenshots::Private::plan()
{
    const auto dark = [this] { this->dark(); };
    // All rows of the Inbox are fetched once, so that each scene can find its message.
    add(
        {},
        [this] {
            window.resize(1280, 800);
            window.selectFolder(
                w().folderPane->folders()->folder(w().folderPane->currentAccount(), FolderRole::Inbox).id);
        },
        [this] {
            MessageListModel *list = w().listPane->messages();
            inbox = list->messages();
            if (inbox.isEmpty())
                return true;
            list->setVisibleRows(0, int(qMin(inbox.size(), qsizetype(1000))) - 1);
            return std::ranges::all_of(inbox.first(qMin(inbox.size(), qsizetype(1000))),
                [list](MessageId id) { return list->summary(id) != nullptr; });
        });
    add(u"main-light"_s, [this] { select(find({u"christmas"_s, u"[MRC] Minutes"_s, u"games"_s})); });
    add(u"main-dark"_s, dark);
    add(u"html-light"_s, [this] {
        light();
        select(find({u"newsletter"_s, u"walk"_s, u"books"_s}));
    });
    add(u"html-dark"_s, dark);
    add(
        u"html-dark-colours"_s, [this] { w().messageView->setDarkHtml(true); }, {}, {},
        [this] { w().messageView->setDarkHtml(false); });
    add(u"japanese"_s, [this] {
        light();
        const MessageId kana = findScript(QChar::Script_Hiragana);
        select(kana.isValid() ? kana : findScript(QChar::Script_Katakana));
    });
    add(u"arabic"_s, [this] { select(findScript(QChar::Script_Arabic)); });
    add(u"attachments"_s, [this] {
        const MessageId zip = find({u"rota"_s, u"photos"_s, u"winmail"_s});
        select(zip.isValid() ? zip : findFlag(MessageFlag::HasAttachment));
    });
    add(u"phishing"_s, [this] { select(find({u"account will be"_s, u"suspended"_s, u"verify"_s, u"bank"_s})); });
    add(u"delivered-to"_s, [this] { select(find({u"you have won"_s})); });
    add(u"several"_s, [this] {
        MessageListView *view = w().listPane->view();
        view->selectRow(2);
        view->selectionModel()->select(QItemSelection(view->model()->index(1, 0), view->model()->index(4, 0)),
            QItemSelectionModel::ClearAndSelect);
    });
    add(
        u"search"_s, [this] { w().searchField->setText(u"train"_s); },
        [this] {
            if (!w().listPane->isSearching() || w().listPane->isListing())
                return false;
            if (w().listPane->view()->selectedCount() == 0)
                w().listPane->view()->selectRow(1);
            return w().listPane->messages()->rowCount() < 2 || w().messageView->showsMessage();
        });
    add(
        u"search-nothing"_s, [this] { w().searchField->setText(u"xylophone"_s); },
        [this] { return w().listPane->query() == u"xylophone"; }, {}, [this] { w().searchField->clear(); });
    add(
        u"tall"_s,
        [this] {
            w().setTall(true);
            select(find({u"newsletter"_s, u"books"_s}));
        },
        {}, {}, [this] { w().setTall(false); });
    add(
        u"narrow"_s,
        [this] {
            window.resize(800, 600);
            select(find({u"[MRC] Minutes"_s, u"christmas"_s}));
        },
        {}, {}, [this] { window.resize(1280, 800); });
    add(
        u"large"_s,
        [this] {
            window.resize(1920, 1080);
            select(find({u"walks"_s, u"books"_s}));
        },
        {}, {}, [this] { window.resize(1280, 800); });
    planDialogs();
    planSettings();
    planMailbox();
    planBars();
    planWindows();
    planSeldomSettings();
    planDiagnosis();
    planAccounts();
}

} // namespace satchel::ui
