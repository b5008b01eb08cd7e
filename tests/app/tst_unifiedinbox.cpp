// SPDX-License-Identifier: GPL-3.0-or-later
// All inboxes at once: whatever is done there to a message happens in the account that it is of. The whole program, by
// its keys, and the store asked what became of it.
#include "app/running.h"
#include "store/reader.h"
#include "store/writer.h"
#include "ui/list/messagelistmodel.h"

#include <QAction>
#include <QApplication>
#include <QItemSelectionModel>
#include <QMenu>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

using namespace Qt::StringLiterals;
using namespace satchel;
using namespace satchel::test;
using namespace satchel::ui;

namespace {

constexpr int patience = 60'000;

} // namespace

class TestUnifiedInbox : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void movesToTheFolderOfItsOwnAccount_data();
    void movesToTheFolderOfItsOwnAccount();
    void movesThoseOfSeveralAccountsToFoldersOfTheirOwnAndBackInOneStep_data();
    void movesThoseOfSeveralAccountsToFoldersOfTheirOwnAndBackInOneStep();
    void movesWhereThePersonSays();
    void marksOnlyWhatIsSelected_data();
    void marksOnlyWhatIsSelected();
    void showsWhatIsInEveryInboxAndNothingElse();

private:
    void choose(const QList<MessageId> &messages);
    void press(int key, Qt::KeyboardModifiers modifiers = {});
    void undo(); ///< when it is offered
    [[nodiscard]] FolderInfo placeOf(MessageId message) const;
    [[nodiscard]] MessageFlags flagsOf(MessageId message) const;

    std::unique_ptr<QTemporaryDir> m_profile;
    AccountId m_work;
    AccountId m_home;
    QHash<AccountId, QList<MessageId>> m_mails; ///< in the inboxes, oldest first
    FolderId m_projects; ///< a folder of the person's own, of the account at home
    std::unique_ptr<Running> m_running;
};

void TestUnifiedInbox::init()
{
    m_profile = std::make_unique<QTemporaryDir>();
    m_mails.clear();
    {
        const auto writer = *store::Writer::open(m_profile->filePath(u"mail.sqlite"_s));
        const auto addAccount = [&writer](const QString &name) {
            AccountSettings settings;
            settings.name = name;
            settings.address = name.toLower() + u"@example.org"_s;
            settings.enabled = false;
            settings.checkEveryMinutes = 0;
            return writer->addAccount(settings)->id;
        };
        m_work = addAccount(u"Work"_s);
        m_home = addAccount(u"Home"_s);
        m_projects = writer->addFolder(m_home, u"Projects"_s)->id;
        // One of each in turn, so that neighbours in the list are of different accounts.
        for (int i = 0; i < 8; ++i) {
            const AccountId account = i % 2 == 0 ? m_work : m_home;
            const QByteArray raw =
                "From: a@example.org\r\nSubject: Number " + QByteArray::number(i) + "\r\n\r\ntext\r\n";
            Envelope envelope;
            envelope.from = {u"A"_s, u"a@example.org"_s};
            envelope.subject = u"Number %1"_s.arg(i);
            envelope.date = QDateTime::currentDateTimeUtc().addSecs(i - 1000);
            const auto stored = writer->append({store::AppendItem{account, *writer->folder(account, FolderRole::Inbox),
                {"uid-" + QByteArray::number(i), 0}, raw.size(), QDateTime::currentDateTimeUtc(), {},
                store::prepare(raw, envelope, {})}});
            m_mails[account].append(stored->stored.constFirst().id);
        }
    }
    m_running = std::make_unique<Running>(m_profile->path());
    QTRY_COMPARE_WITH_TIMEOUT(m_running->window().accounts().size(), 2, patience);
    QTRY_VERIFY_WITH_TIMEOUT(m_running->folder(m_home, FolderRole::Inbox).total == 4, patience);
    m_running->folders()->select(Place{.folder = {}, .allInboxes = true});
    QTRY_COMPARE_WITH_TIMEOUT(m_running->shown(), 8, patience);
    m_running->window().activateWindow();
    m_running->list()->setFocus();
    QTRY_VERIFY_WITH_TIMEOUT(m_running->list()->hasFocus(), patience);
}

void TestUnifiedInbox::cleanup()
{
    m_running.reset();
}

void TestUnifiedInbox::choose(const QList<MessageId> &messages)
{
    const auto *model = qobject_cast<const MessageListModel *>(m_running->list()->model());
    QItemSelectionModel *selection = m_running->list()->selectionModel();
    selection->clearSelection();
    for (const MessageId id : messages) {
        const QModelIndex index = model->index(model->rowOf(id), 0);
        QVERIFY(index.isValid());
        selection->setCurrentIndex(index, QItemSelectionModel::Select | QItemSelectionModel::Rows);
    }
    QTRY_COMPARE(m_running->list()->selectedCount(), messages.size());
    // What is selected was read from the store: then its actions know what they mean.
    QTRY_VERIFY_WITH_TIMEOUT(
        std::ranges::all_of(messages, [model](MessageId id) { return model->summary(id) != nullptr; }), patience);
}

void TestUnifiedInbox::press(int key, Qt::KeyboardModifiers modifiers)
{
    QTest::keyClick(m_running->list(), Qt::Key(key), modifiers);
}

void TestUnifiedInbox::undo()
{
    const auto offered = [this] {
        const QList<QAction *> actions = m_running->window().findChildren<QAction *>();
        return std::ranges::any_of(actions, [](const QAction *action) {
            return action->text().remove(u'&').startsWith(u"Undo:"_s) && action->isEnabled();
        });
    };
    QTRY_VERIFY_WITH_TIMEOUT(offered(), patience);
    press(Qt::Key_Z, Qt::ControlModifier);
}

FolderInfo TestUnifiedInbox::placeOf(MessageId message) const
{
    const auto reader = *store::Reader::open(m_profile->filePath(u"mail.sqlite"_s));
    const QList<FolderInfo> folders = *reader->folders();
    for (const FolderInfo &folder : folders) {
        if (reader->list({folder.id}, {})->contains(message))
            return folder;
    }
    return {};
}

MessageFlags TestUnifiedInbox::flagsOf(MessageId message) const
{
    const auto reader = *store::Reader::open(m_profile->filePath(u"mail.sqlite"_s));
    return reader->summaries({message})->value(0).flags;
}

void TestUnifiedInbox::movesToTheFolderOfItsOwnAccount_data()
{
    QTest::addColumn<int>("key");
    QTest::addColumn<FolderRole>("role");
    QTest::newRow("archive") << int(Qt::Key_A) << FolderRole::Archive;
    QTest::newRow("junk") << int(Qt::Key_J) << FolderRole::Junk;
    QTest::newRow("delete") << int(Qt::Key_Delete) << FolderRole::Trash;
}

void TestUnifiedInbox::movesToTheFolderOfItsOwnAccount()
{
    QFETCH(int, key);
    QFETCH(FolderRole, role);
    int left = 8;
    for (const AccountId account : {m_home, m_work}) {
        const MessageId message = m_mails.value(account).at(1);
        choose({message});
        press(key);
        --left;
        QTRY_COMPARE_WITH_TIMEOUT(m_running->shown(), left, patience);
        QCOMPARE(placeOf(message).account, account);
        QCOMPARE(placeOf(message).role, role);
        QTRY_COMPARE_WITH_TIMEOUT(m_running->folder(account, role).total, 1, patience);
        QTRY_COMPARE_WITH_TIMEOUT(m_running->folder(account, FolderRole::Inbox).total, 3, patience);
    }
    // The last step first, and each to where it came from.
    for (const AccountId account : {m_work, m_home}) {
        const MessageId message = m_mails.value(account).at(1);
        undo();
        ++left;
        QTRY_COMPARE_WITH_TIMEOUT(m_running->shown(), left, patience);
        QCOMPARE(placeOf(message).account, account);
        QCOMPARE(placeOf(message).role, FolderRole::Inbox);
        QTRY_COMPARE_WITH_TIMEOUT(m_running->folder(account, FolderRole::Inbox).total, 4, patience);
    }
    QCOMPARE(m_running->complaint(), QString());
}

void TestUnifiedInbox::movesThoseOfSeveralAccountsToFoldersOfTheirOwnAndBackInOneStep_data()
{
    movesToTheFolderOfItsOwnAccount_data();
}

void TestUnifiedInbox::movesThoseOfSeveralAccountsToFoldersOfTheirOwnAndBackInOneStep()
{
    QFETCH(int, key);
    QFETCH(FolderRole, role);
    const QList<MessageId> chosen{
        m_mails.value(m_work).at(0), m_mails.value(m_home).at(0), m_mails.value(m_home).at(2)};
    choose(chosen);
    press(key);
    QTRY_COMPARE_WITH_TIMEOUT(m_running->shown(), 5, patience);
    for (const MessageId message : chosen) {
        QCOMPARE(placeOf(message).account, m_mails.value(m_work).contains(message) ? m_work : m_home);
        QCOMPARE(placeOf(message).role, role);
    }
    QTRY_COMPARE_WITH_TIMEOUT(m_running->folder(m_work, role).total, 1, patience);
    QTRY_COMPARE_WITH_TIMEOUT(m_running->folder(m_home, role).total, 2, patience);
    undo();
    QTRY_COMPARE_WITH_TIMEOUT(m_running->shown(), 8, patience);
    for (const MessageId message : chosen) {
        QCOMPARE(placeOf(message).account, m_mails.value(m_work).contains(message) ? m_work : m_home);
        QCOMPARE(placeOf(message).role, FolderRole::Inbox);
    }
}

void TestUnifiedInbox::movesWhereThePersonSays()
{
    const MessageId message = m_mails.value(m_home).at(3);
    choose({message});
    // The menu has each account, and its folders below it.
    QAction *target = nullptr;
    for (QMenu *menu : m_running->window().findChildren<QMenu *>()) {
        if (menu->title().remove(u'&') == "Move to"_L1) {
            Q_EMIT menu->aboutToShow();
            for (QAction *account : menu->actions()) {
                if (account->text() != "Home"_L1)
                    continue;
                for (QAction *folder : account->menu()->actions()) {
                    if (folder->text().trimmed() == "Projects"_L1)
                        target = folder;
                }
            }
        }
    }
    QVERIFY(target && target->isEnabled());
    target->trigger();
    QTRY_COMPARE_WITH_TIMEOUT(m_running->shown(), 7, patience);
    QCOMPARE(placeOf(message).id, m_projects);
    undo();
    QTRY_COMPARE_WITH_TIMEOUT(m_running->shown(), 8, patience);
    QCOMPARE(placeOf(message).account, m_home);
    QCOMPARE(placeOf(message).role, FolderRole::Inbox);
}

void TestUnifiedInbox::marksOnlyWhatIsSelected_data()
{
    QTest::addColumn<int>("key");
    QTest::addColumn<MessageFlag>("flag");
    QTest::newRow("star") << int(Qt::Key_S) << MessageFlag::Starred;
    QTest::newRow("read") << int(Qt::Key_M) << MessageFlag::Read;
}

void TestUnifiedInbox::marksOnlyWhatIsSelected()
{
    QFETCH(int, key);
    QFETCH(MessageFlag, flag);
    const MessageId work = m_mails.value(m_work).at(2);
    const MessageId home = m_mails.value(m_home).at(2);
    choose({work, home});
    press(key);
    QTRY_VERIFY_WITH_TIMEOUT(flagsOf(work).testFlag(flag) && flagsOf(home).testFlag(flag), patience);
    for (const AccountId account : {m_work, m_home}) {
        const int unread = flag == MessageFlag::Read ? 3 : 4;
        QTRY_COMPARE_WITH_TIMEOUT(m_running->folder(account, FolderRole::Inbox).unread, unread, patience);
        const QList<MessageId> all = m_mails.value(account);
        for (const MessageId other : all)
            QCOMPARE(flagsOf(other).testFlag(flag), other == work || other == home);
    }
    QCOMPARE(m_running->shown(), 8);
    undo();
    QTRY_VERIFY_WITH_TIMEOUT(!flagsOf(work).testFlag(flag) && !flagsOf(home).testFlag(flag), patience);
}

void TestUnifiedInbox::showsWhatIsInEveryInboxAndNothingElse()
{
    const MessageId archived = m_mails.value(m_work).at(0);
    choose({archived});
    press(Qt::Key_A);
    QTRY_COMPARE_WITH_TIMEOUT(m_running->shown(), 7, patience);
    m_running->folders()->select(Place{.folder = m_running->folder(m_work, FolderRole::Archive).id});
    QTRY_COMPARE_WITH_TIMEOUT(m_running->shown(), 1, patience);
    m_running->folders()->select(Place{.folder = m_running->folder(m_home, FolderRole::Archive).id});
    QTRY_COMPARE_WITH_TIMEOUT(m_running->shown(), 0, patience);
    m_running->folders()->select(Place{.folder = {}, .allInboxes = true});
    QTRY_COMPARE_WITH_TIMEOUT(m_running->shown(), 7, patience);
    const auto *model = qobject_cast<const MessageListModel *>(m_running->list()->model());
    QVERIFY(!model->messages().contains(archived));
}

int main(int argc, char *argv[])
{
    QApplication application(argc, argv);
    QApplication::setQuitOnLastWindowClosed(false);
    TestUnifiedInbox tests;
    return QTest::qExec(&tests, argc, argv);
}

#include "tst_unifiedinbox.moc"
