// SPDX-License-Identifier: GPL-3.0-or-later
// satchel-test-walker PROFILE ACCOUNTS: the whole program with its window, used at random by somebody who reads, marks,
// moves, deletes and searches without end. ACCOUNTS is a JSON file; what it names is added to a profile that has no
// accounts yet. Takes orders by its standard input, line by line: "walk", "rest", "check", "clock SECONDS" (the wall
// clock is so much ahead from now on), "memory", "quit". Prints "ready" when the window is open, "done N" for each
// hundred things done, and for "memory" the bytes that are allocated, and those of them that are SQLite's.
#include "app/application.h"
#include "store/writer.h"
#include "support/turnedclock.h"
#include "ui/folders/folderpane.h"
#include "ui/list/messagelistmodel.h"
#include "ui/list/messagelistview.h"

#include <QApplication>
#include <QDeadlineTimer>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLineEdit>
#include <QRandomGenerator>
#include <QSocketNotifier>
#include <QTimer>

#include <cstdio>
#include <dlfcn.h>
#include <malloc.h>
#include <unistd.h>

using namespace Qt::StringLiterals;
using namespace satchel;

namespace {

/// What is allocated, whatever the allocator holds besides. SQLite's share is told apart, because its caches fill up to
/// their limits while a store grows.
void printMemory()
{
    const struct mallinfo2 info = ::mallinfo2();
    using Used = long long (*)();
    void *const library = ::dlopen("libsqlite3.so.0", RTLD_LAZY | RTLD_NOLOAD);
    const auto used = library ? reinterpret_cast<Used>(::dlsym(library, "sqlite3_memory_used")) : nullptr;
    std::printf("memory %zu %lld\n", info.uordblks + info.hblkhd, used ? used() : 0);
    std::fflush(stdout);
    if (library)
        ::dlclose(library);
}

struct Place {
    QString password;
    QList<AccountSettings> accounts;
};

Place readAccounts(const QString &file)
{
    QFile source(file);
    if (!source.open(QIODevice::ReadOnly))
        qFatal("%s cannot be read", qPrintable(file));
    const QJsonObject json = QJsonDocument::fromJson(source.readAll()).object();
    Place place;
    place.password = json.value("password"_L1).toString();
    const QJsonArray accounts = json.value("accounts"_L1).toArray();
    for (const QJsonValue &value : accounts) {
        AccountSettings account;
        account.name = value["name"_L1].toString();
        account.address = account.name + u"@example.org"_s;
        account.host = u"127.0.0.1"_s;
        account.port = quint16(value["port"_L1].toInt());
        account.security = value["tls"_L1].toBool() ? Security::ImplicitTls : Security::StartTls;
        account.trustedCertificate = QByteArray::fromHex(json.value("certificate"_L1).toString().toLatin1());
        account.userName = value["user"_L1].toString();
        account.retention = Retention(value["retention"_L1].toInt());
        account.keepDays = value["days"_L1].toInt(14);
        account.keepCount = value["count"_L1].toInt(500);
        account.deleteWhenDeletedHere = account.deleteAtOnce = value["deletesThere"_L1].toBool();
        account.checkEveryMinutes = 1;
        place.accounts.append(account);
    }
    return place;
}

/// The person.
class Walker : public QObject
{
public:
    Walker(Application &program, Place place, int pace)
        : m_program(program)
        , m_place(std::move(place))
        , m_input(STDIN_FILENO, QSocketNotifier::Read)
    {
        connect(&m_input, &QSocketNotifier::activated, this, &Walker::obey);
        connect(&m_step, &QTimer::timeout, this, &Walker::step);
        m_step.start(pace);
        connect(&m_passwords, &QTimer::timeout, this, &Walker::givePasswords);
        m_passwords.start(200);
    }

private:
    void givePasswords()
    {
        const QList<AccountSettings> accounts = window().accounts();
        if (accounts.size() < m_place.accounts.size())
            return;
        m_passwords.stop();
        for (const AccountSettings &account : accounts)
            Q_EMIT window().passwordGiven(account.id, m_place.password, false, true);
        std::puts("ready");
        std::fflush(stdout);
    }

    void obey()
    {
        char bytes[4096];
        const auto count = ::read(STDIN_FILENO, bytes, sizeof bytes);
        if (count <= 0) {
            m_input.setEnabled(false);
            window().close();
            return;
        }
        m_heard += QByteArray(bytes, count);
        for (qsizetype end = m_heard.indexOf('\n'); end >= 0; end = m_heard.indexOf('\n')) {
            const QByteArrayList words = m_heard.first(end).split(' ');
            m_heard.remove(0, end + 1);
            if (words.first() == "walk")
                m_walks = true;
            else if (words.first() == "rest")
                m_walks = false;
            else if (words.first() == "check")
                Q_EMIT window().checkMailWished({});
            else if (words.first() == "clock")
                test::turnClocks({std::chrono::seconds(words.value(1).toLongLong()), {}});
            else if (words.first() == "memory")
                printMemory();
            else if (words.first() == "quit")
                window().close();
        }
    }

    void step()
    {
        if (!m_walks)
            return;
        const int what = m_random.bounded(100);
        if (what < 10) {
            selectFolder();
        } else if (what < 70) {
            read();
        } else if (what < 78 && !m_seen.isEmpty()) {
            const bool set = m_random.bounded(2) == 0;
            Q_EMIT window().setFlagsWished(
                {seen()}, set ? MessageFlag::Starred : MessageFlags(), set ? MessageFlags() : MessageFlag::Starred);
        } else if (what < 84 && !m_seen.isEmpty()) {
            // What was thrown away stays thrown away: the witness would take it for one that nobody deleted.
            if (const MessageId message = seen(); m_folder.role != FolderRole::Trash && !m_deleted.contains(message))
                Q_EMIT window().moveToRoleWished({message}, FolderRole::Archive);
        } else if (what < 92 && !m_seen.isEmpty()) {
            remove();
        } else if (what < 96) {
            search();
        } else if (what < 98) {
            window().resize(700 + m_random.bounded(500), 500 + m_random.bounded(300));
        }
        if (++m_steps % 100 == 0) {
            std::printf("done %d\n", m_steps);
            std::fflush(stdout);
        }
    }

    void selectFolder()
    {
        const QList<FolderInfo> folders = window().findChild<ui::FolderPane *>()->folders()->folders();
        if (folders.isEmpty())
            return;
        m_folder = folders.at(m_random.bounded(int(folders.size())));
        m_seen.clear();
        window().selectFolder(m_folder.id);
    }

    void read()
    {
        auto *list = window().findChild<ui::MessageListView *>();
        const auto *messages = qobject_cast<const ui::MessageListModel *>(list->model());
        const int rows = list->model()->rowCount();
        if (!messages || rows == 0)
            return;
        // Down the list for a while, then somewhere else.
        m_row = m_random.bounded(10) == 0 ? m_random.bounded(rows) : (m_row + 1) % rows;
        list->setCurrentIndex(list->model()->index(m_row, 0));
        m_seen.append(messages->messageAt(m_row));
        if (m_seen.size() > 20)
            m_seen.removeFirst();
    }

    /// For good only where the witness looked in between.
    void remove()
    {
        const MessageId message = seen();
        m_newest = qMax(m_newest, message.value);
        if (!m_deleted.value(message, QDeadlineTimer(0)).hasExpired()
            || (m_folder.role == FolderRole::Trash && message.value + 100 > m_newest))
            return;
        m_deleted.insert(message, QDeadlineTimer(std::chrono::minutes(1)));
        Q_EMIT window().deleteMessagesWished({message});
    }

    void search()
    {
        auto *field = window().findChild<QLineEdit *>(u"search"_s);
        if (!field)
            return;
        if (!field->text().isEmpty())
            field->clear();
        else
            field->setText(m_random.bounded(2) == 0 ? u"line %1"_s.arg(m_random.bounded(50)) : u"mail"_s);
    }

    [[nodiscard]] MessageId seen() { return m_seen.at(m_random.bounded(int(m_seen.size()))); }
    [[nodiscard]] ui::MainWindow &window() { return m_program.window(); }

    Application &m_program;
    const Place m_place;
    QSocketNotifier m_input;
    QTimer m_step;
    QTimer m_passwords;
    QRandomGenerator m_random{QRandomGenerator::global()->generate()};
    QByteArray m_heard;
    FolderInfo m_folder;
    QList<MessageId> m_seen;
    QHash<MessageId, QDeadlineTimer> m_deleted; ///< when they may go for good
    qint64 m_newest = 0;
    int m_row = 0;
    int m_steps = 0;
    bool m_walks = true;
};

} // namespace

int main(int argc, char **argv)
{
    QApplication application(argc, argv);
    QApplication::setQuitOnLastWindowClosed(false);
    if (argc < 3) {
        std::fputs("satchel-test-walker: a profile and a file of accounts are needed\n", stderr);
        return 64;
    }
    const auto profile = Profile::open(QApplication::arguments().at(1));
    if (!profile)
        return 2;
    const Place place = readAccounts(QApplication::arguments().at(2));
    if (!QFile::exists(profile->storeFile())) {
        const auto writer = store::Writer::open(profile->storeFile());
        if (!writer)
            return 3;
        for (const AccountSettings &account : place.accounts)
            (void)(*writer)->addAccount(account);
    }
    Application program(*profile, CommandLine());
    program.start();
    const int pace = qEnvironmentVariableIntValue("SATCHEL_WALKER_PACE");
    Walker walker(program, place, pace > 0 ? pace : 100);
    QObject::connect(&program, &Application::finished, &application, &QCoreApplication::exit);
    const int status = QApplication::exec();
    if (!program.endCare())
        std::_Exit(status);
    return status;
}
