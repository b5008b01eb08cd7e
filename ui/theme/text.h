// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/message.h"

#include <QDateTime>
#include <QLocale>
#include <QString>

class QLineEdit;

namespace satchel::ui {

/// "14:05" today, "Tue" within a week, "3 May" within the year, else "2024-05-03".
[[nodiscard]] QString shortDate(const QDateTime &date, const QDateTime &now, const QLocale &locale = {});
/// The time without seconds, as the locale writes it.
[[nodiscard]] QString shortTime(QTime time, const QLocale &locale = {});
/// "Sun 15 Nov 2026, 09:58", in local time.
[[nodiscard]] QString readingDate(const QDateTime &date, const QLocale &locale = {});
/// The whole date, in local time, and the sender's own clock when that differs.
[[nodiscard]] QString fullDate(const QDateTime &date, const QLocale &locale = {});
[[nodiscard]] QString fileSize(qint64 bytes, const QLocale &locale = {});

/// "Name <address>", the address always there; the address first when the name looks like one (security.md).
[[nodiscard]] QString mailboxText(const Mailbox &mailbox);
/// What a list row shows: the name, unless it is missing or pretends to be an address.
[[nodiscard]] QString senderText(const Mailbox &mailbox);
[[nodiscard]] bool nameHoldsAddress(const Mailbox &mailbox);

/// The name of a folder in the user's language.
[[nodiscard]] QString roleName(FolderRole role);
[[nodiscard]] QString folderName(const FolderInfo &folder);
[[nodiscard]] QLatin1StringView roleIconName(FolderRole role);
[[nodiscard]] bool holdsSentMail(FolderRole role); ///< Sent, Drafts: rows show whom it is to

/// Text from outside for a place that sniffs rich text (tool tips): escaped, so that it shows as it is written.
[[nodiscard]] QString asPlainRichText(const QString &text);
/// Text from outside for a place that reads "&" as a mnemonic (actions, tabs, buttons).
[[nodiscard]] QString withoutMnemonic(QString text);
/// What a field says while it is empty is never cut.
void fitPlaceholder(QLineEdit *field);
/// Names a widget for screen readers and stylesheets at once.
template <class Widget>
Widget *named(Widget *widget, const QString &accessibleName)
{
    widget->setAccessibleName(accessibleName);
    return widget;
}

} // namespace satchel::ui
