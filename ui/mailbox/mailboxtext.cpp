// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/mailbox/mailboxtext.h"

#include "ui/theme/appearance.h"
#include "ui/theme/icons.h"
#include "ui/theme/text.h"

#include <QApplication>
#include <QCoreApplication>
#include <QFont>
#include <QLocale>
#include <QPalette>

using namespace Qt::StringLiterals;

namespace satchel::ui {

using sync::ServerFate;
using sync::ServerMark;
using sync::ServerMessage;
using sync::ServerMessageState;

namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(satchel::ui::MailboxText)
};

int sign(qint64 value)
{
    return value < 0 ? -1 : value > 0 ? 1 : 0;
}

} // namespace

QString MailboxOrders::text() const
{
    QStringList parts;
    if (get > 0)
        parts.append(Text::tr("Get %Ln message(s) (%1)", nullptr, get).arg(fileSize(getBytes)));
    if (skip > 0)
        parts.append(Text::tr("Never get %Ln message(s)", nullptr, skip));
    if (keep > 0)
        parts.append(Text::tr("Leave %Ln message(s) as they are", nullptr, keep));
    if (remove > 0)
        parts.append(Text::tr("Delete %Ln message(s) on the server", nullptr, remove));
    QString text = parts.join(Text::tr(" · "));
    if (lost > 0)
        text += Text::tr(", of which %Ln is/are not stored here and will be gone for good", nullptr, lost);
    return text;
}

QString markText(ServerMark mark)
{
    switch (mark) {
    case ServerMark::Get:
        return Text::tr("Get");
    case ServerMark::Skip:
        return Text::tr("Never get");
    case ServerMark::Delete:
        return Text::tr("Delete");
    case ServerMark::Keep:
        return Text::tr("Leave");
    case ServerMark::None:
        break;
    }
    return {};
}

QString stateText(ServerMessageState state)
{
    switch (state) {
    case ServerMessageState::New:
        return Text::tr("New");
    case ServerMessageState::Stored:
        return Text::tr("Stored here");
    case ServerMessageState::DeletedHere:
        return Text::tr("Deleted here");
    case ServerMessageState::Beginning:
        return Text::tr("Beginning only");
    case ServerMessageState::TooLarge:
        return Text::tr("Too large");
    case ServerMessageState::Skipped:
        return Text::tr("Never fetched");
    case ServerMessageState::Failed:
        return Text::tr("Refused");
    case ServerMessageState::Elsewhere:
        return Text::tr("In another program");
    }
    return {};
}

QString stateExplained(const ServerMessage &message)
{
    if (!message.deletable)
        return Text::tr(
            "The server gives this message the same name as another one, so that Satchel deletes neither by guess.");
    switch (message.state) {
    case ServerMessageState::New:
        return Text::tr("Nothing of it is on this computer yet.");
    case ServerMessageState::Stored:
        return Text::tr("All of it is on this computer.");
    case ServerMessageState::DeletedHere:
        return Text::tr("It was on this computer and was deleted here. The copy on the server is the only one.");
    case ServerMessageState::Beginning:
        return Text::tr("Only its first lines are on this computer.");
    case ServerMessageState::TooLarge:
        return Text::tr("It is above the size limit of the account. Nothing of it is on this computer.");
    case ServerMessageState::Skipped:
        return Text::tr("It was marked as never to be fetched.");
    case ServerMessageState::Failed:
        return Text::tr("The server refused to hand it out. Satchel tries again later.");
    case ServerMessageState::Elsewhere:
        return Text::tr(
            "Another program has fetched it, and nothing of it is in Satchel, which leaves it on the server. "
            "Mark it with “Get” to have it here as well.");
    }
    return {};
}

QString fateText(const ServerMessage &message)
{
    switch (message.fate) {
    case ServerFate::GoesNext:
        return message.ordered ? Text::tr("Deleted next check, as ordered") : Text::tr("Deleted next check");
    case ServerFate::GoesOn:
        return Text::tr("Deleted %1")
            .arg(QLocale().toString(message.goesOn.toLocalTime().date(), QLocale::ShortFormat));
    case ServerFate::GoesOnceStored:
        return Text::tr("Fetched, then deleted");
    case ServerFate::AsksFirst:
        return Text::tr("Deleted when you agree");
    case ServerFate::Stays:
        break;
    }
    return message.fetchedNext ? Text::tr("Fetched next check") : Text::tr("Stays");
}

MessageOrder compareMessages(
    const ServerMessage &one, const ServerMessage &other, const MailboxModel &model, int column)
{
    switch (column) {
    case MailboxModel::Mark:
        return {0, sign(int(model.mark(one.id)) - int(model.mark(other.id)))};
    case MailboxModel::Size:
        return {0, sign(one.size - other.size)};
    case MailboxModel::State:
        return {0, sign(int(one.state) - int(other.state))};
    case MailboxModel::Fate:
        if (one.fate == other.fate && one.fate == ServerFate::GoesOn)
            return {0, sign(other.goesOn.secsTo(one.goesOn))};
        return {0, sign(int(one.fate) - int(other.fate))};
    default:
        break;
    }
    const sync::ServerHeader *first = model.knownHeader(one.id);
    const sync::ServerHeader *second = model.knownHeader(other.id);
    if (!first || !second)
        return {int(!first) - int(!second), 0};
    if (column == MailboxModel::Date)
        return {int(!first->date.isValid()) - int(!second->date.isValid()), sign(second->date.secsTo(first->date))};
    if (column == MailboxModel::Subject)
        return {0, first->subject.compare(second->subject, Qt::CaseInsensitive)};
    return {0, senderText(first->from).compare(senderText(second->from), Qt::CaseInsensitive)};
}

QVariant markLook(ServerMark mark, bool markColumn, int role)
{
    if (mark == ServerMark::None)
        return {};
    if (role == Qt::FontRole) {
        QFont font = QApplication::font();
        font.setBold(markColumn);
        font.setStrikeOut(mark == ServerMark::Delete && !markColumn);
        return font;
    }
    if (role != Qt::DecorationRole || !markColumn)
        return {};
    switch (mark) {
    case ServerMark::Get:
        return icon("get-mail"_L1);
    case ServerMark::Skip:
        return icon("close"_L1);
    case ServerMark::Delete:
        return icon("delete"_L1);
    case ServerMark::Keep:
        return icon("undo"_L1);
    case ServerMark::None:
        break;
    }
    return {};
}

} // namespace satchel::ui
