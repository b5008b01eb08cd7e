// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures of bars and windows that are seldom seen: sample mail, a beginning, undo, find, a message of its own, its
// source, what a log of deletions holds, a damaged store.
#include "ui/bars/notebar.h"
#include "ui/bars/undobar.h"
#include "ui/dialogs/connectionpage.h"
#include "ui/dialogs/deletionlog.h"
#include "ui/dialogs/deletionmodel.h"
#include "ui/dialogs/passworddialog.h"
#include "ui/folders/folderpane.h"
#include "ui/list/messagelistmodel.h"
#include "ui/list/messagelistpane.h"
#include "ui/list/messagelistview.h"
#include "ui/mainwindowprivate.h"
#include "ui/message/messageview.h"
#include "ui/message/messagewindow.h"
#include "ui/message/partbar.h"
#include "ui/message/textwindow.h"
#include "ui/screenshotsprivate.h"
#include "ui/settings/accounteditor.h"
#include "ui/settings/restoredialog.h"
#include "ui/settings/retentionpage.h"
#include "ui/settings/settingsdialog.h"

#include <QApplication>
#include <QLineEdit>
#include <QSplitter>
#include <QStackedWidget>
#include <QTimeZone>

using namespace Qt::StringLiterals;

namespace satchel::ui {

namespace {

template <class Window>
Window *openWindowOf()
{
    for (QWidget *widget : QApplication::topLevelWidgets()) {
        if (auto *found = qobject_cast<Window *>(widget); found && found->isVisible())
            return found;
    }
    return nullptr;
}

QList<DeletionRecord> someDeletions(AccountId account, const QList<MessageId> &stored)
{
    const QDateTime last(QDate(2026, 11, 25), QTime(9, 58), QTimeZone::UTC);
    QList<DeletionRecord> records;
    const QList<std::pair<QString, QString>> mails{{u"Harbour Film Society"_s, u"Programme for the winter season"_s},
        {u"Photo Corner"_s, u"Your 214 pictures are ready, and so is the album that you ordered in October"_s},
        {u"Ben Okafor"_s, u"Re: the boat, and who paints it"_s}, {{}, {}}};
    const QList<DeletionRule> rules{DeletionRule::Days, DeletionRule::Size, DeletionRule::DeletedHere,
        DeletionRule::ByHand, DeletionRule::AfterDownload, DeletionRule::Count};
    for (int i = 0; i < 18; ++i) {
        const auto &[sender, subject] = mails.at(i % mails.size());
        records.append({account, "0000018" + QByteArray::number(1000 + i, 16), sender, subject, rules.at(i % 6),
            last.addSecs(-7200LL * i), i % 4 != 3,
            i % 4 == 0 && !stored.isEmpty() ? stored.constFirst() : MessageId()});
    }
    return records;
}

} // namespace

void Screenshots::Private::planBars()
{
    const auto dark = [this] { this->dark(); };
    add(u"sample-bar"_s, [this] {
        light();
        window.selectFolder(w().folderPane->folders()->folder(w().folderPane->currentAccount(), FolderRole::Inbox).id);
        select(find({u"christmas"_s, u"[MRC] Minutes"_s}));
        w().sampleBar->setVisible(true);
    });
    add(u"sample-bar-dark"_s, dark, {}, {}, [this] { w().sampleBar->setVisible(false); });
    const auto showPart = [this](MessageFlags flags) {
        const MessageSummary *known = w().listPane->messages()->summary(w().listPane->view()->currentMessage());
        MessageSummary summary = known ? *known : MessageSummary();
        summary.flags = MessageFlag::Partial | flags;
        summary.size = 31'700'000;
        w().messageView->partBar()->show(summary);
    };
    add(u"part-bar"_s, [this, showPart] {
        light();
        showPart({});
    });
    add(u"part-bar-dark"_s, [this, showPart] {
        this->dark();
        showPart({});
    });
    add(
        u"part-bar-wished"_s,
        [this, showPart] {
            light();
            showPart(MessageFlag::RestWished);
        },
        {}, {}, [this] { w().messageView->partBar()->hide(); });
    add(u"undo-bar"_s, [this] { w().undoBar->offer(MainWindow::tr("The message was deleted.")); });
    add(
        u"undo-bar-dark"_s,
        [this] {
            this->dark();
            w().undoBar->offer(MainWindow::tr("The message was deleted."));
        },
        {}, {}, [this] { w().undoBar->withdraw(); });
    add(u"find-bar"_s, [this] {
        light();
        w().messageView->find();
    });
    add(u"find-bar-dark"_s, dark, {}, {}, [this] {
        for (QLineEdit *field : w().messageView->findChildren<QLineEdit *>()) {
            if (field->isVisible())
                field->parentWidget()->hide();
        }
    });
    add(
        u"open-failed"_s,
        [this] {
            light();
            window.openFailed({ErrorKind::StoreDamaged,
                MainWindow::tr("The file that holds your mail is damaged. Nothing in it was changed; it can be "
                               "repaired, or a backup put in its place."),
                ErrorAction::RepairStore, {}, {}});
        },
        {}, {},
        [this] {
            w().openError.reset();
            w().storage.open = true;
            w().pages->setCurrentWidget(w().outer);
            w().updateActions();
        });
}

void Screenshots::Private::planWindows()
{
    const auto account = [this] { return w().folderPane->currentAccount(); };
    const auto dialogScene = [this, account]<class Dialog>(const QString &name, const std::function<void()> &open) {
        add(
            name, [this, open] { light(), open(); }, [this] { return window.findChild<Dialog *>() != nullptr; },
            [this] { return grabWith(window.findChild<Dialog *>()); });
        add(
            name + u"-dark"_s, [this] { dark(); }, {}, [this] { return grabWith(window.findChild<Dialog *>()); },
            [this] { delete window.findChild<Dialog *>(); });
    };
    dialogScene.operator()<PasswordDialog>(u"password"_s, [this, account] { window.askPassword(account()); });
    dialogScene.operator()<PasswordDialog>(u"passphrase"_s, [this, account] {
        AccountSettings asked = w().account(account());
        asked.certificateFile = u"/home/robin/robin.p12"_s;
        auto *dialog = new PasswordDialog(PasswordDialog::Secret::Passphrase, asked, true, {}, &window);
        dialog->show();
    });
    dialogScene.operator()<RestoreDialog>(u"restore"_s, [this] {
        const QDateTime made(QDate(2026, 11, 25), QTime(9, 58), QTimeZone::UTC);
        auto *dialog = new RestoreDialog({{u"/home/robin/mail-2.sqlite"_s, made, 812'000'000, false},
                                             {u"/home/robin/mail-1.sqlite"_s, made.addDays(-1), 811'000'000, true},
                                             {u"/home/robin/mail-0.sqlite"_s, made.addDays(-9), 640'000'000, false}},
            &window);
        dialog->open();
    });
    add(
        u"message-window"_s,
        [this] {
            light();
            w().openWindow(w().listPane->view()->currentMessage());
        },
        [] {
            const auto *shown = openWindowOf<MessageWindow>();
            return shown && shown->view()->showsMessage() && !shown->view()->isLoading();
        },
        [] { return openWindowOf<MessageWindow>()->grab(); });
    add(
        u"message-window-dark"_s, [this] { dark(); }, {}, [] { return openWindowOf<MessageWindow>()->grab(); },
        [] { delete openWindowOf<MessageWindow>(); });
    add(
        u"source"_s,
        [this] {
            light();
            w().messageView->viewSource();
        },
        [] { return openWindowOf<TextWindow>() != nullptr; }, [] { return openWindowOf<TextWindow>()->grab(); },
        [] { delete openWindowOf<TextWindow>(); });
    const auto logPicture = [this] { return w().deletionLog->grab(); };
    add(
        u"deletion-log"_s, [this] { w().showDeletions({}); },
        [this, account] {
            if (w().deletionLog->isLoading())
                return false;
            auto *model = w().deletionLog->findChild<DeletionModel *>();
            if (model->rowCount() == 0) {
                model->setRecords(someDeletions(account(), inbox));
                w().deletionLog->table()->selectRow(0);
            }
            return true;
        },
        logPicture);
    add(
        u"deletion-log-dark"_s, [this] { dark(); }, {}, logPicture,
        [this] {
            w().deletionLog->close();
            light();
        });
}

void Screenshots::Private::planSeldomSettings()
{
    const auto account = [this] { return w().folderPane->currentAccount(); };
    const auto picture = [this] { return w().settingsDialog->grab(); };
    const auto editor = [this, account] {
        w().openSettings()->showAccount(account());
        return w().settingsDialog->editor(account());
    };
    add(
        u"settings-forecast"_s,
        [this, editor] {
            light();
            AccountEditor *shown = editor();
            shown->showRetention();
        },
        [editor] {
            if (!editor()->forecast())
                return false;
            sync::Forecast forecast = *editor()->forecast();
            forecast.isKnown = true;
            forecast.fetches = 3;
            forecast.fetchBytes = 2'400'000;
            forecast.deletes = 12;
            forecast.freedBytes = 48'000'000;
            forecast.oldestDeleted = QDateTime(QDate(2026, 5, 3), QTime(8, 0), QTimeZone::UTC);
            forecast.stays = 230;
            forecast.staysBytes = 161'000'000;
            forecast.tooLarge = 2;
            editor()->findChild<RetentionPage *>()->showForecast(&forecast);
            return true;
        },
        picture);
    add(u"settings-forecast-dark"_s, [this] { dark(); }, {}, picture);
    add(
        u"settings-connection-warnings"_s,
        [this, editor] {
            light();
            AccountEditor *shown = editor();
            sync::ServerAnnouncement server;
            server.loginAt = QDateTime(QDate(2026, 11, 25), QTime(9, 58), QTimeZone::UTC);
            server.implementation = u"Cyrus 3.10"_s;
            server.capabilities = {u"PIPELINING"_s, u"UIDL"_s, u"TOP"_s, u"SASL PLAIN CRAM-MD5"_s};
            server.expireDays = 7;
            server.loginDelay = 1800;
            server.mechanism = u"CRAM-MD5"_s;
            server.encrypted = true;
            shown->setServer(server, 1240);
            AccountSettings settings = shown->before();
            settings.mechanism = u"CRAM-MD5"_s;
            settings.oldTls = true;
            settings.recentMode = true;
            auto *page = shown->findChild<ConnectionPage *>();
            page->setAccount(settings);
            page->warnFor(settings);
            shown->setCurrentIndex(3);
        },
        {}, picture);
    add(u"settings-connection-warnings-dark"_s, [this] { dark(); }, {}, picture);
    const auto signingIn = [editor](const QString &file, const QString &program, const QString &mechanism) {
        AccountEditor *shown = editor();
        AccountSettings settings = shown->before();
        settings.certificateFile = file;
        settings.tokenProgram = program;
        settings.mechanism = mechanism;
        auto *page = shown->findChild<ConnectionPage *>();
        page->setAccount(settings);
        page->warnFor(settings);
        shown->setServer({}, 0);
        shown->setCurrentIndex(3);
    };
    add(
        u"settings-connection-certificate"_s,
        [this, signingIn] {
            light();
            signingIn(u"/home/robin/robin.p12"_s, {}, u"EXTERNAL"_s);
        },
        {}, picture);
    add(u"settings-connection-certificate-dark"_s, [this] { dark(); }, {}, picture);
    add(
        u"settings-connection-token"_s,
        [this, signingIn] {
            light();
            signingIn({}, u"/usr/bin/oama access robin@example.org"_s, u"OAUTHBEARER"_s);
        },
        {}, picture);
    add(u"settings-connection-token-dark"_s, [this] { dark(); }, {}, picture);
    add(
        u"settings-storage-busy"_s,
        [this] {
            light();
            w().showStorage();
            window.careStarted(sync::CareTask::FullCheck);
            window.careProgressed(sync::CareTask::FullCheck, 40);
        },
        {}, picture,
        [this] {
            window.careFinished({});
            w().settingsDialog->reject();
        });
}

} // namespace satchel::ui
