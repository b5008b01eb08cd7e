// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures of what tells why mail did not come: messages that a server did not hand out, the log of connections.
#include "base/clock.h"
#include "ui/bars/messagebar.h"
#include "ui/dialogs/failedmessagesdialog.h"
#include "ui/dialogs/logwindow.h"
#include "ui/folders/folderpane.h"
#include "ui/mainwindowprivate.h"
#include "ui/screenshotsprivate.h"

#include <QTimeZone>

using namespace Qt::StringLiterals;

namespace satchel::ui {

void Screenshots::Private::planDiagnosis()
{
    const auto account = [this] { return w().folderPane->currentAccount(); };
    add(
        u"failed-messages"_s,
        [this, account] {
            sync::CheckResult result;
            result.account = account();
            result.finishedAt = Clock().now();
            result.failedMessages = 2;
            result.failed = {{u"Minutes of the Club"_s, u"October meeting"_s, 48'200, u"Mailbox index is corrupt"_s},
                {u""_s, u""_s, 1'204'000, u"Message not available"_s}};
            window.checked(result);
            w().showFailed(account());
        },
        [this] { return window.findChild<FailedMessagesDialog *>() != nullptr; },
        [this] { return grabWith(window.findChild<FailedMessagesDialog *>()); },
        [this, account] {
            window.findChild<FailedMessagesDialog *>()->reject();
            w().messageBar->clear(account());
        });
    add(
        u"connection-log"_s,
        [this, account] {
            using From = net::WireLine::From;
            const QList<std::pair<From, QByteArray>> lines{{From::Event, "connected, encrypted"},
                {From::Server, "+OK ready"}, {From::Client, "CAPA"}, {From::Server, "+OK"},
                {From::Client, "AUTH PLAIN"}, {From::Server, "+"}, {From::Client, "****"},
                {From::Server, "+OK logged in"}, {From::Client, "UIDL"}, {From::Server, "+OK"},
                {From::Event, "(48 lines)"}, {From::Client, "QUIT"}, {From::Server, "+OK bye"}};
            for (const auto &[from, bytes] : lines)
                window.wire(account(), {QDateTime(QDate(2026, 11, 25), QTime(9, 58), QTimeZone::UTC), from, bytes});
            w().logWindow->showAccount({});
        },
        [this] { return w().logWindow && w().logWindow->isVisible(); }, [this] { return w().logWindow->grab(); },
        [this] { w().logWindow->close(); });
}

} // namespace satchel::ui
