// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/clock.h"
#include "ui/folders/folderpane.h"
#include "ui/mailbox/mailboxpreview.h"
#include "ui/mailbox/mailboxwindow.h"
#include "ui/mainwindowprivate.h"
#include "ui/screenshotsprivate.h"

#include <QTableView>
#include <QTimeZone>

using namespace Qt::StringLiterals;

namespace satchel::ui {

namespace {

struct MadeUp {
    QString name;
    QString subject;
    qint64 size;
    sync::ServerMessageState state;
};

QList<MadeUp> madeUp()
{
    using enum sync::ServerMessageState;
    return {
        {u"Harbour Film Society"_s, u"Programme for the winter season"_s, 412'000, New},
        {u"Photo Corner"_s, u"Your 214 pictures are ready"_s, 48'300'000, TooLarge},
        {u"Ada Novak"_s, u"Keys of the boathouse"_s, 6'400, Elsewhere},
        {u"Ben Okafor"_s, u"Re: the boat, and who paints it"_s, 8'200, New},
        {u"Lottery Winners Office"_s, u"You have won"_s, 5'100, Skipped},
        {u"Mira Lindqvist"_s, u"Choir recording, all voices"_s, 31'700'000, TooLarge},
    };
}

/// A listing made up of what is stored here and a few messages that are not.
std::unique_ptr<MailboxWindow> mailboxForPicture(
    const AccountSettings &account, library::Library &library, QSettings &settings, const QList<MessageId> &stored)
{
    sync::ServerListing listing;
    listing.account = account.id;
    listing.at = Clock().now();
    const QDate today = Clock().now().toLocalTime().date();
    int id = 0;
    for (qsizetype i = qMin(stored.size(), qsizetype(24)) - 1; i >= 0; --i) {
        sync::ServerMessage message;
        message.id = id++;
        message.message = stored.at(i);
        message.size = 3'000 + 1'700 * i;
        message.state = sync::ServerMessageState::Stored;
        message.provable = true;
        message.fate = i > 18 ? sync::ServerFate::GoesNext : sync::ServerFate::GoesOn;
        message.goesOn = today.addDays(14 - i / 2).startOfDay(QTimeZone::UTC);
        listing.messages.append(message);
    }
    QList<sync::ServerHeader> headers;
    for (const MadeUp &made : madeUp()) {
        sync::ServerMessage message;
        message.id = id++;
        message.size = made.size;
        message.state = made.state;
        message.fetchedNext = made.state == sync::ServerMessageState::New;
        listing.messages.append(message);
        headers.append({message.id, false, {made.name, u"someone@example.net"_s}, made.subject,
            today.startOfDay(QTimeZone::UTC).addSecs(3600LL * (5 + id % 5))});
    }
    auto window = std::make_unique<MailboxWindow>(account, library, settings);
    window->resize(1000, 680);
    window->show();
    window->setListing(listing);
    window->setPhase(sync::VisitPhase::Ready);
    window->addHeaders(headers);
    MailboxModel *model = window->model();
    const auto mark = [&](int row, sync::ServerMark wanted) {
        if (row < model->rowCount())
            model->setMark({row}, wanted);
    };
    mark(0, sync::ServerMark::Get);
    mark(3, sync::ServerMark::Delete);
    mark(1, sync::ServerMark::Skip);
    mark(8, sync::ServerMark::Delete);
    mark(9, sync::ServerMark::Delete);
    window->table()->selectRow(2);
    sync::ServerPreview preview;
    preview.header = headers.at(3);
    preview.text =
        u"Hello,\n\nI have the paint and two brushes. The weather will hold until Sunday, so come on Saturday, "
        "and bring the long ladder.\n\nBen"_s;
    QObject::connect(window.get(), &MailboxWindow::previewWished, window.get(),
        [shown = window.get(), preview] { shown->showPreview(preview); });
    return window;
}

} // namespace

void Screenshots::Private::planMailbox()
{
    const auto mailbox = std::make_shared<std::unique_ptr<MailboxWindow>>();
    const auto open = [this, mailbox](QSize size) {
        *mailbox = mailboxForPicture(w().account(w().folderPane->currentAccount()), w().library, w().settings, inbox);
        (*mailbox)->resize(size);
    };
    const auto isReady = [mailbox] {
        const MailboxModel *model = (*mailbox)->model();
        // One that is read from the store, if it is in sight.
        const QTableView *table = (*mailbox)->table();
        const int last = table->rowAt(table->viewport()->height() - 1);
        const int row = qMin(8, last < 0 ? model->rowCount() - 1 : last);
        return row >= 0 && model->header(model->message(row).id).has_value()
            && !(*mailbox)->findChild<MailboxPreview *>()->text().isEmpty();
    };
    const auto picture = [mailbox] { return (*mailbox)->grab(); };
    const auto close = [mailbox] { mailbox->reset(); };
    const auto scene = [&](const QString &name, bool isDark, QSize size) {
        add(
            name,
            [this, open, isDark, size] {
                isDark ? dark() : light();
                open(size);
            },
            isReady, picture, close);
    };
    scene(u"mailbox"_s, false, {1000, 680});
    scene(u"mailbox-dark"_s, true, {1000, 680});
    scene(u"mailbox-narrow"_s, false, {640, 480});
    add(
        u"mailbox-delayed"_s,
        [this, mailbox] {
            light();
            const AccountSettings account = w().account(w().folderPane->currentAccount());
            *mailbox = std::make_unique<MailboxWindow>(account, w().library, w().settings);
            (*mailbox)->resize(800, 500);
            (*mailbox)->show();
            (*mailbox)->setDelayed(Clock().now().addSecs(600));
        },
        {}, picture, close);
}

} // namespace satchel::ui
