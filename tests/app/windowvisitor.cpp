// SPDX-License-Identifier: GPL-3.0-or-later
// satchel-test-window PROFILE: the whole program with its window, used for a moment by somebody who looks at the
// messages, marks, moves and deletes some, searches and begins a full check; then closed. Ends with 0 whatever was
// shown, with 9 when something was waited for in vain.
#include "app/application.h"
#include "ui/list/messagelistmodel.h"
#include "ui/list/messagelistview.h"
#include "ui/message/messageview.h"

#include <QApplication>
#include <QDeadlineTimer>
#include <QEventLoop>
#include <QLineEdit>
#include <QRandomGenerator>
#include <QTimer>

#include <chrono>
#include <cstdio>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace satchel;

namespace {

void pass(std::chrono::milliseconds time)
{
    QEventLoop loop;
    QTimer::singleShot(time, &loop, &QEventLoop::quit);
    loop.exec();
}

template <class Condition>
bool becomes(Condition condition, std::chrono::milliseconds patience = 20s)
{
    const QDeadlineTimer until(patience);
    while (!condition() && !until.hasExpired())
        pass(10ms);
    return condition();
}

} // namespace

int main(int argc, char **argv)
{
    QApplication application(argc, argv);
    QApplication::setQuitOnLastWindowClosed(false);
    QTimer::singleShot(150s, &application, [] {
        std::fputs("satchel-test-window: it hangs\n", stderr);
        std::_Exit(9);
    });
    const auto profile = Profile::open(QApplication::arguments().value(1));
    if (!profile)
        return 2;
    Application program(*profile, CommandLine());
    ui::MainWindow &window = program.window();
    program.start();
    auto *list = window.findChild<ui::MessageListView *>();
    auto *view = window.findChild<ui::MessageView *>();
    // Where the store cannot be opened there is nothing to look at.
    if (becomes([&] { return list->model()->rowCount() > 0; }, 3s)) {
        QRandomGenerator random(1);
        const auto *messages = qobject_cast<const ui::MessageListModel *>(list->model());
        QList<MessageId> seen;
        for (int i = 0; i < 25 && list->model()->rowCount() > 0; ++i) {
            const int row = int(random.bounded(list->model()->rowCount()));
            seen += messages->messageAt(row);
            list->setCurrentIndex(list->model()->index(row, 0));
            (void)becomes([&] { return !view->isLoading(); });
            pass(5ms);
        }
        Q_EMIT window.setFlagsWished(seen.first(qMin(seen.size(), 5)), MessageFlag::Starred, {});
        Q_EMIT window.moveToRoleWished(seen.first(qMin(seen.size(), 3)), FolderRole::Archive);
        Q_EMIT window.deleteMessagesWished(seen.last(qMin(seen.size(), 2)));
        if (auto *search = window.findChild<QLineEdit *>(u"search"_s)) {
            search->setText(u"line"_s);
            pass(300ms);
            search->clear();
        }
        Q_EMIT window.careWished(sync::CareTask::FullCheck, {});
        pass(100ms);
    }
    QEventLoop end;
    QObject::connect(&program, &Application::finished, &end, &QEventLoop::quit);
    window.close();
    end.exec();
    if (!program.endCare())
        std::_Exit(0);
    return 0;
}
