// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures of the window that shows the mailbox on the server.
#include "ui/folders/folderpane.h"
#include "ui/mailbox/mailboxmodel.h"
#include "ui/mailbox/mailboxpreview.h"
#include "ui/mailbox/mailboxwindow.h"
#include "ui/mailboxscenes.h"
#include "ui/mainwindowprivate.h"
#include "ui/screenshotsprivate.h"

#include <memory>

using namespace Qt::StringLiterals;

namespace satchel::ui {

void Screenshots::Private::planMailbox()
{
    const auto mailbox = std::make_shared<std::unique_ptr<MailboxWindow>>();
    const auto open = [this, mailbox] {
        *mailbox = mailboxForPicture(w().account(w().folderPane->currentAccount()), w().library, w().settings, inbox);
    };
    const auto isReady = [mailbox] {
        const MailboxModel *model = (*mailbox)->model();
        return model->rowCount() > 0 && model->header(model->message(model->rowCount() > 6 ? 6 : 0).id).has_value()
            && !(*mailbox)->findChild<MailboxPreview *>()->text().isEmpty();
    };
    const auto picture = [mailbox] { return (*mailbox)->grab(); };
    const auto close = [mailbox] { mailbox->reset(); };
    const auto openLight = [this, open] {
        light();
        open();
    };
    const auto openDark = [this, open] {
        dark();
        open();
    };
    add(u"mailbox"_s, openLight, isReady, picture, close);
    add(u"mailbox-dark"_s, openDark, isReady, picture, close);
    add(
        u"mailbox-narrow"_s,
        [openLight, mailbox] {
            openLight();
            (*mailbox)->resize(600, 480);
        },
        isReady, picture, close);
}

} // namespace satchel::ui
