// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/samplemail.h"

#include "base/clock.h"
#include "base/localaccount.h"
#include "mime/message.h"
#include "store/prepared.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>

#include <algorithm>

using namespace Qt::StringLiterals;

// A static library's resources are linked in only when somebody asks for them.
static void initSampleResources()
{
    Q_INIT_RESOURCE(satchel_sample);
}

namespace satchel::sync {

namespace {

struct Sample {
    Q_DECLARE_TR_FUNCTIONS(satchel::sync::Sample)
};

constexpr qsizetype unread = 12; ///< the newest of them, so that the mailbox looks like one in use

Expected<AccountSettings> account(store::Writer &writer, int position, bool &added)
{
    const Expected<QList<AccountSettings>> accounts = writer.accounts();
    if (!accounts)
        return std::unexpected(accounts.error());
    const auto known = std::ranges::find_if(*accounts, isSample);
    if (known != accounts->end())
        return *known;
    AccountSettings settings;
    settings.name = Sample::tr("Sample mail");
    settings.address = QString(sampleAddress);
    settings.retention = Retention::Keep;
    settings.enabled = false;
    settings.checkEveryMinutes = 0;
    settings.position = position;
    added = true;
    return writer.addAccount(settings);
}

} // namespace

Expected<SampleMail> addSampleMail(store::Writer &writer, int position)
{
    SampleMail made;
    const Expected<AccountSettings> owner = account(writer, position, made.accountAdded);
    if (!owner)
        return std::unexpected(owner.error());
    made.account = *owner;
    const Expected<FolderId> inbox = writer.folder(owner->id, FolderRole::Inbox);
    if (!inbox)
        return std::unexpected(inbox.error());

    initSampleResources();
    QList<store::AppendItem> items;
    const QDir samples(u":/sample"_s);
    const QDateTime now = Clock().now();
    for (const QString &name : samples.entryList({u"*.eml"_s}, QDir::Files, QDir::Name)) {
        QFile file(samples.filePath(name));
        if (!file.open(QIODevice::ReadOnly))
            return fail(ErrorKind::FileUnreadable,
                Sample::tr("The sample mail could not be read; install Satchel again."), ErrorAction::None,
                file.errorString());
        QByteArray raw = file.readAll();
        if (!raw.contains("\r\n"))
            raw.replace("\n", "\r\n");
        const mime::Indexed indexed = mime::index(raw);
        items.append({.account = owner->id,
            .folder = *inbox,
            .key = {.uidl = name.toUtf8(), .occurrence = 0},
            .serverSize = raw.size(),
            .storedAt = now,
            .flags = MessageFlag::Read,
            .message = store::prepare(raw, indexed.envelope, indexed.words)});
    }
    std::ranges::stable_sort(
        items, std::greater(), [](const store::AppendItem &item) { return item.message.envelope.date; });
    for (qsizetype i = 0; i < qMin(unread, items.size()); ++i)
        items[i].flags = {};
    Expected<store::AppendOutcome> outcome = writer.append(items);
    if (!outcome)
        return std::unexpected(outcome.error());
    made.stored = std::move(outcome->stored);
    return made;
}

} // namespace satchel::sync
