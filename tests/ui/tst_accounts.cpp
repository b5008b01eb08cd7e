// SPDX-License-Identifier: GPL-3.0-or-later
// Several accounts: their order, colours and states, and what becomes of the mail of one that is removed.
#include "filledstore.h"
#include "ui/bars/activitypanel.h"
#include "ui/folders/folderpane.h"
#include "ui/list/messagelistmodel.h"
#include "ui/list/messagelistpane.h"
#include "ui/mainwindow.h"
#include "ui/theme/accountcolours.h"
#include "ui/theme/appearance.h"
#include "ui/theme/text.h"

#include <QAbstractItemModelTester>
#include <QLocale>
#include <QMessageBox>
#include <QMimeData>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

#include <algorithm>
#include <cmath>
#include <memory>

using namespace Qt::StringLiterals;
using namespace satchel;
using namespace satchel::ui;

namespace {

QList<AccountSettings> three()
{
    QList<AccountSettings> accounts;
    for (const QString &name : {u"Work"_s, u"Home"_s, u"Club"_s}) {
        AccountSettings settings;
        settings.id = AccountId{accounts.size() + 1};
        settings.name = name;
        settings.host = u"pop.example.org"_s;
        settings.position = int(accounts.size());
        accounts.append(settings);
    }
    return accounts;
}

qreal luminance(const QColor &colour)
{
    const auto part = [](qreal value) {
        return value <= 0.03928 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * part(colour.redF()) + 0.7152 * part(colour.greenF()) + 0.0722 * part(colour.blueF());
}

qreal contrast(const QColor &a, const QColor &b)
{
    const qreal one = luminance(a);
    const qreal other = luminance(b);
    return (qMax(one, other) + 0.05) / (qMin(one, other) + 0.05);
}

} // namespace

class TestAccounts : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void coloursStandOutInLightAndDark()
    {
        for (const QPalette &palette : {lightPalette(), darkPalette()}) {
            QSet<QRgb> seen;
            for (int number = 1; number <= accountColourCount; ++number) {
                const QColor colour = accountColour(number, palette);
                seen.insert(colour.rgb());
                QVERIFY(contrast(colour, palette.color(QPalette::Base)) >= 3.0);
                QVERIFY(!accountColourName(number).isEmpty());
            }
            QCOMPARE(seen.size(), accountColourCount);
        }
    }

    void tellsTheStateOfEachAccountWithoutAClick()
    {
        FolderPane pane;
        const QAbstractItemModelTester tester(pane.folders());
        const QList<AccountSettings> accounts = three();
        pane.setContent(accounts, {});
        FolderModel &model = *pane.folders();
        QCOMPARE(model.stateText(accounts.at(0).id), u"Not checked yet"_s);
        sync::AccountState state;
        state.account = accounts.at(0).id;
        state.checkedAt = QDateTime::currentDateTimeUtc();
        state.nextAt = state.checkedAt.addSecs(900);
        QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
        model.setState(state);
        QCOMPARE(changed.size(), 1);
        const QModelIndex row = model.indexOf(accounts.at(0).id);
        QVERIFY(row.data(FolderModel::StateRole).toString().contains(u"next"));
        QVERIFY(row.data(Qt::AccessibleDescriptionRole).toString().contains(u"Next check"));
        QVERIFY(row.data(Qt::ToolTipRole).toString().contains(u"Last check"));
        QVERIFY(!row.data(FolderModel::TroubleRole).toBool());
        state.error =
            Error{ErrorKind::AuthenticationFailed, u"The password is wrong."_s, ErrorAction::EnterPassword, {}, {}};
        state.nextAt = {};
        model.setState(state);
        QVERIFY(row.data(FolderModel::TroubleRole).toBool());
        QCOMPARE(row.data(FolderModel::StateRole).toString(), u"The password is wrong."_s);
        state.running = true;
        model.setState(state);
        QVERIFY(!row.data(FolderModel::TroubleRole).toBool());
        AccountSettings local = accounts.at(2);
        local.host.clear();
        pane.setContent({accounts.at(0), accounts.at(1), local}, {});
        QCOMPARE(model.stateText(local.id), u"On this computer only"_s);
    }

    void F14_whatIsTodayIsSaidByTheClockThatIsGiven()
    {
        FolderPane pane;
        const QList<AccountSettings> accounts = three();
        pane.setContent(accounts, {});
        FolderModel &model = *pane.folders();
        QDateTime now(QDate(2031, 5, 14), QTime(12, 0));
        model.setClock([&now] { return now.toUTC(); });
        sync::AccountState state;
        state.account = accounts.at(0).id;
        state.checkedAt = QDateTime(QDate(2031, 5, 14), QTime(11, 45)).toUTC();
        model.setState(state);
        QCOMPARE(model.stateText(state.account), u"Checked "_s + shortTime(QTime(11, 45)));
        now = now.addDays(1);
        QCOMPARE(model.stateText(state.account),
            u"Checked "_s + QLocale().standaloneDayName(3, QLocale::ShortFormat)); // a Wednesday
        now = now.addYears(1);
        QCOMPARE(model.stateText(state.account), u"Checked 2031-05-14"_s);
        // What is due is due now at the earliest, whatever was foretold by another clock.
        state.nextAt = QDateTime(QDate(2031, 5, 14), QTime(12, 0)).toUTC();
        model.setState(state);
        QCOMPARE(model.stateText(state.account), u"Checked 2031-05-14 · next "_s + shortTime(now.time()));
    }

    void anAccountMovesWithItsColour()
    {
        FolderPane pane;
        const QList<AccountSettings> accounts = three();
        pane.setContent(accounts, {});
        QSignalSpy wished(&pane, &FolderPane::updateAccountWished);
        pane.moveAccount(accounts.at(0).id, 1);
        QHash<AccountId, AccountSettings> after;
        for (const auto &wish : std::as_const(wished)) {
            const auto settings = wish.constFirst().value<AccountSettings>();
            after.insert(settings.id, settings);
        }
        QCOMPARE(after.value(accounts.at(0).id).position, 1);
        QCOMPARE(after.value(accounts.at(1).id).position, 0);
        QCOMPARE(accountColourNumber(after.value(accounts.at(0).id)), accountColourNumber(accounts.at(0)));
        wished.clear();
        pane.moveAccount(accounts.at(0).id, -1);
        pane.moveAccount(accounts.at(2).id, 1);
        QVERIFY(wished.isEmpty()); // at the ends nothing moves
        pane.setCurrentIndex(pane.folders()->indexOf(accounts.at(2).id));
        QTest::keyClick(&pane, Qt::Key_Up, Qt::AltModifier | Qt::ShiftModifier);
        QVERIFY(!wished.isEmpty());
    }

    void anAccountIsDraggedToItsPlace()
    {
        FolderPane pane;
        FolderModel &model = *pane.folders();
        const QAbstractItemModelTester tester(&model);
        QList<AccountSettings> accounts = three();
        const QList<FolderInfo> folders{{FolderId{1}, accounts.at(0).id, {}, FolderRole::Inbox, {}, 3, 1},
            {FolderId{2}, accounts.at(1).id, {}, FolderRole::Inbox, {}, 3, 1}};
        pane.setContent(accounts, folders);
        // As the engine answers: the order is read by the positions that were written.
        connect(&pane, &FolderPane::updateAccountWished, this, [&](const AccountSettings &settings) {
            *std::ranges::find(accounts, settings.id, &AccountSettings::id) = settings;
        });
        const AccountId first = accounts.at(0).id;
        const AccountId second = accounts.at(1).id;
        const AccountId third = accounts.at(2).id;
        const auto order = [&] {
            std::ranges::sort(accounts, {}, &AccountSettings::position);
            pane.setContent(accounts, folders);
            QList<AccountId> ids;
            for (const AccountSettings &account : std::as_const(accounts))
                ids.append(account.id);
            return ids;
        };
        const auto dragged = [&](AccountId account) {
            const QModelIndex index = model.indexOf(account);
            [&] { QVERIFY(model.flags(index).testFlag(Qt::ItemIsDragEnabled)); }();
            return std::unique_ptr<QMimeData>(model.mimeData({index}));
        };
        const auto drop = [&](AccountId account, int row, const QModelIndex &parent) {
            const std::unique_ptr<QMimeData> data = dragged(account);
            return data && model.canDropMimeData(data.get(), Qt::MoveAction, row, 0, parent)
                && model.dropMimeData(data.get(), Qt::MoveAction, row, 0, parent);
        };
        QVERIFY(model.flags({}).testFlag(Qt::ItemIsDropEnabled)); // so that the view shows a line between two
        QVERIFY(drop(third, model.indexOf(first).row(), {})); // above the first one
        QCOMPARE(order(), (QList<AccountId>{third, first, second}));
        QVERIFY(drop(third, model.rowCount(), {})); // below the last one
        QCOMPARE(order(), (QList<AccountId>{first, second, third}));
        QVERIFY(drop(first, -1, model.indexOf(second))); // on another one: into its place
        QCOMPARE(order(), (QList<AccountId>{second, first, third}));
        QVERIFY(drop(second, -1, {})); // where no row is
        QCOMPARE(order(), (QList<AccountId>{first, third, second}));
        QVERIFY(drop(third, 0, {})); // above "All inboxes", which stays the first row
        QCOMPARE(order(), (QList<AccountId>{third, first, second}));
        // What is no account is not dragged, and neither kind of drop is taken for the other.
        QVERIFY(!model.mimeData({model.indexOf(Place{.folder = FolderId{1}})}));
        QVERIFY(!drop(first, -1, model.indexOf(Place{.folder = FolderId{2}})));
        QMimeData foreign;
        foreign.setData(accountMimeType(), "4711");
        QVERIFY(!model.canDropMimeData(&foreign, Qt::MoveAction, 0, 0, {}));
        QMimeData messages;
        messages.setData(messagesMimeType(), encodeMessages({MessageId{1}}));
        QVERIFY(!model.canDropMimeData(&messages, Qt::MoveAction, 1, 0, {}));
        QVERIFY(!model.canDropMimeData(&messages, Qt::MoveAction, -1, -1, model.indexOf(first)));
        // One account alone has no other place.
        pane.setContent(accounts.first(1), {});
        QVERIFY(!model.flags(model.index(0, 0)).testFlag(Qt::ItemIsDragEnabled));
    }

    void asksWhatBecomesOfTheMailOfARemovedAccount()
    {
        FolderPane pane;
        const QList<AccountSettings> accounts = three();
        pane.setContent(accounts, {});
        QSignalSpy removed(&pane, &FolderPane::removeAccountWished);
        QSignalSpy retired(&pane, &FolderPane::retireAccountWished);
        const auto ask = [&](const char *button) {
            pane.askRemoveAccount(accounts.at(1).id);
            auto *box = pane.findChildren<QMessageBox *>().constLast();
            box->findChild<QPushButton *>(QLatin1StringView(button))->click();
        };
        pane.askRemoveAccount(accounts.at(1).id);
        QTest::keyClick(pane.findChild<QMessageBox *>(), Qt::Key_Escape);
        QVERIFY(removed.isEmpty() && retired.isEmpty());
        ask("keepMail");
        QCOMPARE(retired.size(), 1);
        QVERIFY(removed.isEmpty());
        ask("doIt");
        QCOMPARE(removed.size(), 1);
        QCOMPARE(retired.size(), 1);
    }

    void marksEachMessageOfTheUnifiedInbox()
    {
        test::FilledStore store;
        const AccountSettings work = store.addAccount(u"Work"_s);
        const AccountSettings home = store.addAccount(u"Home"_s);
        store.addPlain(work.id, {u"one"_s});
        store.addPlain(home.id, {u"two"_s});
        QTemporaryDir dir;
        QSettings settings(dir.filePath(u"s.ini"_s), QSettings::IniFormat);
        MainWindow window(*store.library, settings);
        store.connectTo(window);
        window.show();
        auto *pane = window.findChild<FolderPane *>();
        auto *model = window.findChild<MessageListPane *>()->messages();
        QTRY_VERIFY(pane->folders()->indexOf(Place{.folder = {}, .allInboxes = true}).isValid());
        pane->select({.folder = {}, .allInboxes = true});
        QTRY_COMPARE(model->rowCount(), 2);
        QTRY_VERIFY(model->summaryAt(0) && model->summaryAt(1));
        const auto first = model->accountMarkAt(0);
        const auto second = model->accountMarkAt(1);
        QVERIFY(first.colour > 0 && second.colour > 0 && first.colour != second.colour);
        QVERIFY(model->index(0, 0).data(Qt::AccessibleTextRole).toString().contains(first.name));
        // Each message goes to the Archive of its own account.
        window.findChild<MessageListPane *>()->selectFirst();
        pane->select({.folder = store.folder(work.id, FolderRole::Inbox)});
        QTRY_COMPARE(model->rowCount(), 1);
        QCOMPARE(model->accountMarkAt(0).colour, 0); // one account alone needs no mark
    }

    void twentyChecksScrollAndStopAtOnce()
    {
        ActivityPanel panel;
        QList<AccountSettings> accounts;
        for (int i = 0; i < 20; ++i) {
            AccountSettings settings;
            settings.id = AccountId{i + 1};
            settings.name = u"Account %1"_s.arg(i);
            accounts.append(settings);
        }
        panel.setAccounts(accounts);
        panel.resize(240, 600);
        for (const AccountSettings &account : std::as_const(accounts)) {
            panel.started(account.id);
            if (account.id.value > 6)
                panel.progressed({.account = account.id, .phase = sync::CheckPhase::Waiting});
        }
        panel.show();
        QVERIFY(panel.sizeHint().height() < 300);
        QTRY_VERIFY(panel.findChild<QScrollArea *>()->verticalScrollBar()->maximum() > 0);
        QCOMPARE(panel.text(accounts.at(19).id), u"Waiting…"_s);
        QSignalSpy cancelled(&panel, &ActivityPanel::cancelWished);
        auto *stopAll = panel.findChild<QToolButton *>(u"stopAll"_s);
        QVERIFY(stopAll->isVisible());
        stopAll->click();
        QCOMPARE(cancelled.size(), 1);
        QVERIFY(!cancelled.constFirst().constFirst().value<AccountId>().isValid());
        for (const AccountSettings &account : std::as_const(accounts).sliced(1))
            panel.finished(account.id);
        QVERIFY(!stopAll->isVisible()); // one alone has its own button
        panel.finished(accounts.at(0).id);
        QVERIFY(!panel.isVisible());
    }
};

QTEST_MAIN(TestAccounts)
#include "tst_accounts.moc"
