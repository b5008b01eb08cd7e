// SPDX-License-Identifier: GPL-3.0-or-later
#include "filledstore.h"
#include "ui/bars/emptystate.h"
#include "ui/mailbox/mailboxwindow.h"
#include "ui/mailbox/mailboxwindows.h"
#include "ui/theme/text.h"

#include <QAction>
#include <QLabel>
#include <QSettings>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace satchel;
using namespace satchel::ui;
using sync::VisitPhase;

/// What the window of a mailbox says while the server lets nobody in.
class TestMailboxWaiting : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void Q16_saysUntilWhenItWaits();
};

void TestMailboxWaiting::Q16_saysUntilWhenItWaits()
{
    test::FilledStore store;
    const AccountSettings account = store.addAccount(u"Personal"_s);
    QSettings settings(store.dir.filePath(u"settings.ini"_s), QSettings::IniFormat);
    MailboxWindow window(account, *store.library, settings);
    window.show();
    const QDateTime until = QDateTime::currentDateTimeUtc().addSecs(600);
    const QString time = shortTime(until.toLocalTime().time());
    window.setDelayed(until);
    const auto *empty = window.findChild<EmptyState *>();
    QVERIFY(empty->isVisible());
    QVERIFY2(empty->title().contains(time), qPrintable(empty->title()));
    const auto refreshes = [&window] {
        const auto actions = window.findChildren<QAction *>();
        return std::ranges::any_of(actions, [](const QAction *action) {
            return action->shortcut() == QKeySequence(Qt::Key_F5) && action->isEnabled();
        });
    };
    QVERIFY(!refreshes());

    // With a listing, it stays in sight, and the status line tells of the next.
    sync::ServerListing listing;
    listing.account = account.id;
    listing.at = QDateTime::currentDateTimeUtc();
    listing.messages.resize(1);
    window.setListing(listing);
    window.setDelayed(until);
    const auto labels = window.findChildren<QLabel *>();
    QVERIFY(std::ranges::any_of(labels, [&time](const QLabel *label) {
        return label->isVisible() && label->text().contains(time) && label->text().contains(u"lets nobody in"_s);
    }));
    window.setPhase(VisitPhase::Ready);
    QVERIFY(refreshes());
    QVERIFY(std::ranges::none_of(
        labels, [](const QLabel *label) { return label->isVisible() && label->text().contains(u"lets nobody in"_s); }));
}

QTEST_MAIN(TestMailboxWaiting)
#include "tst_mailboxwaiting.moc"
