// SPDX-License-Identifier: GPL-3.0-or-later
// What is done with the messages that are selected, or with all of a folder, beyond a single wish.
#include "ui/folders/folderpane.h"
#include "ui/list/messagelistmodel.h"
#include "ui/list/messagelistpane.h"
#include "ui/list/messagelistview.h"
#include "ui/mainwindowprivate.h"
#include "ui/message/messagesaver.h"
#include "ui/message/messageview.h"
#include "ui/theme/editing.h"
#include "ui/theme/text.h"

#include <QApplication>
#include <QClipboard>
#include <QMenu>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace satchel::ui {

/// Which are unread is a question for the store: only some rows of a long list were ever fetched.
void MainWindow::Private::markAllRead(const Place &place)
{
    if (!place.isValid())
        return;
    library.list({.folder = place.folder, .allInboxes = place.allInboxes, .unreadOnly = true}, {})
        .then(&q, [this](const Expected<QList<MessageId>> &answer) {
            if (!answer)
                q.failed(answer.error());
            else if (!answer->isEmpty())
                Q_EMIT q.setFlagsWished(*answer, MessageFlag::Read, {});
        });
}

void MainWindow::Private::saveSelection()
{
    const QList<MessageId> ids = selected();
    if (ids.size() == 1)
        messageView->save();
    else if (!ids.isEmpty())
        messageView->saver()->askFolder(library, ids);
}

/// Of the list: a line for each message.
void MainWindow::Private::copy()
{
    if (copyFocusedText())
        return;
    QStringList lines;
    for (const MessageId id : selected()) {
        if (const MessageSummary *summary = listPane->messages()->summary(id))
            lines.append(u"%1\t%2\t%3"_s.arg(
                readingDate(summary->date.toLocalTime()), mailboxText(summary->from), summary->subject));
    }
    if (!lines.isEmpty())
        QGuiApplication::clipboard()->setText(lines.join(u'\n'));
}

void MainWindow::Private::selectAll()
{
    if (!selectFocusedText())
        listPane->view()->selectAll();
}

/// By its key: where the message is, so that the eye need not wander.
void MainWindow::Private::popUpMoveMenu()
{
    const MessageListView *view = listPane->view();
    const QRect row = view->visualRect(view->currentIndex());
    const QPoint at =
        row.isValid() && view->viewport()->rect().intersects(row) ? row.center() : view->viewport()->rect().center();
    actions->moveMenu->popup(view->viewport()->mapToGlobal(at));
    const QList<QAction *> folders = actions->moveMenu->actions();
    const auto first = std::ranges::find_if(folders, &QAction::isEnabled);
    if (first != folders.end())
        actions->moveMenu->setActiveAction(*first);
}

} // namespace satchel::ui
