// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/account.h"
#include "base/message.h"

#include <QList>

#include <memory>

class QSettings;

namespace satchel::library {
class Library;
}

namespace satchel::ui {

class MailboxWindow;

/// A mailbox window for a picture: a listing made up of what is stored here and a few messages that are not.
[[nodiscard]] std::unique_ptr<MailboxWindow> mailboxForPicture(const AccountSettings &account,
    library::Library &library, QSettings &settings, const QList<MessageId> &stored);

} // namespace satchel::ui
