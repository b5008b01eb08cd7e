// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/text.h"

#include <QAction>
#include <QCoreApplication>
#include <QLineEdit>
#include <QStyle>

using namespace Qt::StringLiterals;

namespace satchel::ui {

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(satchel::ui::Words)
};

QString dayAndMonth(QDate date, const QLocale &locale)
{
    switch (locale.language()) {
    case QLocale::Japanese:
    case QLocale::Chinese:
    case QLocale::Cantonese:
        return locale.toString(date, u"M月d日");
    case QLocale::Korean:
        return locale.toString(date, u"M월 d일");
    default:
        break;
    }
    // There is no format without the year in QLocale: the order is taken from the short one.
    const QString shortest = locale.dateFormat(QLocale::ShortFormat);
    const bool monthFirst = shortest.indexOf(u'M') < shortest.indexOf(u'd');
    return locale.toString(date, monthFirst && locale.language() != QLocale::C ? u"MMM d" : u"d MMM");
}

} // namespace

QString shortTime(QTime time, const QLocale &locale)
{
    QString format = locale.timeFormat(QLocale::ShortFormat);
    format.remove(u":ss"_s).remove(u".ss"_s);
    return locale.toString(time, format);
}

QString readingDate(const QDateTime &date, const QLocale &locale)
{
    if (!date.isValid())
        return Words::tr("No date");
    const QDateTime local = date.toLocalTime();
    const QString day = locale.language() == QLocale::C ? locale.toString(local.date(), u"ddd d MMM yyyy")
                                                        : locale.toString(local.date(), QLocale::ShortFormat);
    return Words::tr("%1, %2").arg(day, shortTime(local.time(), locale));
}

QString shortDate(const QDateTime &date, const QDateTime &now, const QLocale &locale)
{
    if (!date.isValid())
        return {};
    const QDateTime local = date.toLocalTime();
    const QDate day = local.date();
    const QDate today = now.toLocalTime().date();
    if (day == today)
        return shortTime(local.time(), locale);
    const qint64 ago = day.daysTo(today);
    if (ago > 0 && ago < 7)
        return locale.standaloneDayName(day.dayOfWeek(), QLocale::ShortFormat);
    if (day.year() == today.year())
        return dayAndMonth(day, locale);
    return day.toString(Qt::ISODate);
}

QString fullDate(const QDateTime &date, const QLocale &locale)
{
    if (!date.isValid())
        return Words::tr("No date");
    const QDateTime local = date.toLocalTime();
    QString text =
        Words::tr("%1, %2").arg(locale.toString(local.date(), QLocale::LongFormat), shortTime(local.time(), locale));
    if (date.timeSpec() != Qt::UTC && date.offsetFromUtc() != local.offsetFromUtc()) {
        const int minutes = date.offsetFromUtc() / 60;
        const QString offset = u"UTC%1%2:%3"_s.arg(QChar(minutes < 0 ? u'−' : u'+'))
                                   .arg(qAbs(minutes) / 60, 2, 10, QChar(u'0'))
                                   .arg(qAbs(minutes) % 60, 2, 10, QChar(u'0'));
        text += u' ' + Words::tr("(%1 for the sender, %2)").arg(shortTime(date.time(), locale), offset);
    }
    return text;
}

QString fileSize(qint64 bytes, const QLocale &locale)
{
    return locale.formattedDataSize(bytes, bytes < 1024 * 1024 ? 0 : 1, QLocale::DataSizeTraditionalFormat);
}

bool nameHoldsAddress(const Mailbox &mailbox)
{
    return (mailbox.name.contains(u'@') || mailbox.name.contains(u'＠')) && mailbox.name != mailbox.address;
}

QString mailboxText(const Mailbox &mailbox)
{
    if (mailbox.name.isEmpty() || mailbox.name == mailbox.address)
        return mailbox.address;
    if (mailbox.address.isEmpty())
        return mailbox.name;
    if (nameHoldsAddress(mailbox))
        return Words::tr("%1 (calls itself “%2”)").arg(mailbox.address, mailbox.name);
    return u"%1 <%2>"_s.arg(mailbox.name, mailbox.address);
}

QString senderText(const Mailbox &mailbox)
{
    if (!mailbox.address.isEmpty() && (mailbox.name.isEmpty() || nameHoldsAddress(mailbox)))
        return mailbox.address;
    if (mailbox.name.isEmpty())
        return Words::tr("Unknown sender");
    return mailbox.name;
}

QString roleName(FolderRole role)
{
    switch (role) {
    case FolderRole::Inbox:
        return Words::tr("Inbox");
    case FolderRole::Archive:
        return Words::tr("Archive");
    case FolderRole::Sent:
        return Words::tr("Sent");
    case FolderRole::Drafts:
        return Words::tr("Drafts");
    case FolderRole::Junk:
        return Words::tr("Junk");
    case FolderRole::Trash:
        return Words::tr("Trash");
    case FolderRole::Own:
    case FolderRole::Removed:
        break;
    }
    return {};
}

QString folderName(const FolderInfo &folder)
{
    return folder.role == FolderRole::Own ? folder.name : roleName(folder.role);
}

QLatin1StringView roleIconName(FolderRole role)
{
    switch (role) {
    case FolderRole::Inbox:
        return "inbox"_L1;
    case FolderRole::Archive:
        return "archive"_L1;
    case FolderRole::Sent:
        return "sent"_L1;
    case FolderRole::Drafts:
        return "drafts"_L1;
    case FolderRole::Junk:
        return "junk"_L1;
    case FolderRole::Trash:
        return "delete"_L1;
    case FolderRole::Own:
    case FolderRole::Removed:
        break;
    }
    return "folder"_L1;
}

bool holdsSentMail(FolderRole role)
{
    return role == FolderRole::Sent || role == FolderRole::Drafts;
}

QString asPlainRichText(const QString &text)
{
    return u"<p style=\"white-space:pre-wrap\">"_s + text.toHtmlEscaped() + u"</p>"_s;
}

QString withoutMnemonic(QString text)
{
    return text.replace(u'&', u"&&"_s);
}

void fitPlaceholder(QLineEdit *field)
{
    // The field's frame, and the signs in it.
    const int signs = int(field->actions().size()) * (field->style()->pixelMetric(QStyle::PM_SmallIconSize) + 10);
    field->setMinimumWidth(field->fontMetrics().horizontalAdvance(field->placeholderText()) + signs + 20);
}

} // namespace satchel::ui
