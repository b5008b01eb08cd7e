// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/storecare.h"

#include "mime/message.h"
#include "store/checksum.h"
#include "store/parsingmark.h"
#include "store/salvage.h"
#include "store/storecheck.h"
#include "store/storefiles.h"
#include "store/storelock.h"

#include <QDir>
#include <QFileInfo>
#include <QLocale>
#include <QLockFile>
#include <QtConcurrentRun>

#include <utility>

using namespace Qt::StringLiterals;

namespace satchel::sync {

namespace {

using Progress = std::function<bool(int percent)>;

CareResult failed(CareTask task, const Error &error)
{
    return {task, error.text, error};
}

QString fileName(const QString &file)
{
    return QFileInfo(file).fileName();
}

CareResult check(const QString &store, CareTask task, const Progress &progress)
{
    const Expected<QStringList> findings =
        task == CareTask::QuickCheck ? store::quickCheck(store) : store::fullCheck(store, progress);
    if (!findings)
        return failed(task, findings.error());
    if (!findings->isEmpty())
        return failed(task, store::damageFound(store, *findings));
    return {task, StoreCare::tr("Every message was read, and all is well."), std::nullopt};
}

bool isDue(const QString &store, const QDateTime &now)
{
    const StoreFacts facts = store::storeFacts(store, false);
    QDateTime last;
    for (const BackupFile &backup : facts.backups) {
        if (!backup.beforeUpgrade && (!last.isValid() || backup.madeAt > last))
            last = backup.madeAt;
    }
    return StoreCare::isBackUpDue(facts, !last.isValid() || store::changedSince(store, last), now);
}

CareResult backUp(const QString &store, CareTask task, const QString &file, const BackupPolicy &policy)
{
    if (task == CareTask::BackUpIfDue && !isDue(store, QDateTime::currentDateTimeUtc()))
        return {task, {}, std::nullopt};
    if (task == CareTask::BackUp || task == CareTask::BackUpIfDue) {
        const Expected<QString> made = store::backUp(store, policy, QDateTime::currentDateTimeUtc());
        if (!made)
            return failed(task, made.error());
        return {task, StoreCare::tr("A backup was made: %1").arg(fileName(*made)), std::nullopt};
    }
    // The person agreed that a file of that name is replaced: it goes when the new one is there.
    const QString fresh = QFileInfo::exists(file) ? file + u".new"_s : file;
    QFile::remove(file + u".new"_s);
    Expected<void> copied = store::checkRoom(QFileInfo(file).absolutePath(), QFileInfo(store).size());
    if (copied)
        copied = store::copyStore(store, fresh);
    if (!copied)
        return failed(task, copied.error());
    if (fresh != file && (!QFile::remove(file) || !QFile::rename(fresh, file)))
        return {
            task, StoreCare::tr("The backup was written to %1.").arg(QDir::toNativeSeparators(fresh)), std::nullopt};
    return {task, StoreCare::tr("The backup was written to %1.").arg(QDir::toNativeSeparators(file)), std::nullopt};
}

/// The sentences of a repair: what was saved, and what was not.
QString told(const store::SalvageReport &report, const QString &aside)
{
    QStringList sentences{StoreCare::tr("%Ln message(s) were saved.", nullptr, int(report.messages))};
    if (report.homeless > 0)
        sentences.append(
            StoreCare::tr("%Ln of them could not be put back into their folder and are in “Recovered mail”.", nullptr,
                int(report.homeless)));
    if (report.damaged > 0)
        sentences.append(StoreCare::tr("%Ln damaged message(s) are in “Damaged mail”.", nullptr, int(report.damaged)));
    if (report.lost > 0)
        sentences.append(
            StoreCare::tr("%Ln message(s) could not be read; what is still on the server is fetched again.", nullptr,
                int(report.lost)));
    sentences.append(StoreCare::tr("The damaged file was kept as %1.").arg(fileName(aside)));
    return sentences.join(u' ');
}

CareResult repair(const QString &store, const Progress &progress)
{
    const QString fresh = store + u".repairing"_s;
    const auto cleanUp = [&fresh] {
        for (const QString &end : {QString(), u"-journal"_s, u"-wal"_s, u"-shm"_s})
            QFile::remove(fresh + end);
    };
    cleanUp();
    store::finishReplacing(store);
    if (auto room = store::checkRoom(QFileInfo(store).absolutePath(), QFileInfo(store).size()); !room)
        return failed(CareTask::Repair, room.error());
    // A mail that the parser does not survive must not end every repair.
    store::ParsingMark mark(store + u".repairing-mark"_s);
    const store::MakeReady makeReady = [&mark](const QByteArray &raw) {
        mime::Indexed indexed;
        const QByteArray name = store::sha256(raw).toHex();
        if (mark.isQuarantined(name)) {
            indexed.envelope.damaged = true;
        } else {
            const store::ParsingMark::Work work(mark, name);
            indexed = mime::index(raw);
        }
        return store::prepare(raw, indexed.envelope, indexed.words);
    };
    const Expected<store::SalvageReport> report = store::salvage(store, fresh, makeReady, progress);
    if (!report) {
        cleanUp();
        return failed(CareTask::Repair, report.error());
    }
    const QString aside = store::asideName(store, u"damaged"_s, QDateTime::currentDateTimeUtc());
    if (auto replaced = store::replaceStore(store, fresh, aside); !replaced)
        return failed(CareTask::Repair, replaced.error());
    return {CareTask::Repair, told(*report, aside), std::nullopt};
}

} // namespace

CareResult takeCare(const QString &storeFile, CareTask task, const QString &file, const BackupPolicy &policy,
    const std::function<bool(int percent)> &progress)
{
    switch (task) {
    case CareTask::QuickCheck:
    case CareTask::FullCheck:
        return check(storeFile, task, progress);
    case CareTask::BackUpIfDue:
    case CareTask::BackUp:
    case CareTask::BackUpTo:
        return backUp(storeFile, task, file, policy);
    case CareTask::Restore:
    case CareTask::Repair:
        break;
    }
    QLockFile lock(storeFile + u".lock"_s);
    if (!store::takeLock(lock)) {
        return failed(task,
            {ErrorKind::StoreLocked,
                StoreCare::tr("Your mail is open in another Satchel (%1); close that first.")
                    .arg(QDir::toNativeSeparators(storeFile)),
                ErrorAction::None, {}, {}});
    }
    if (task == CareTask::Repair)
        return repair(storeFile, progress);
    const Expected<QString> aside = store::restore(storeFile, file, QDateTime::currentDateTimeUtc());
    if (!aside)
        return failed(task, aside.error());
    return {task,
        StoreCare::tr("Your mail is as it was in the backup %1. What was there before was kept as %2.")
            .arg(fileName(file), fileName(*aside)),
        std::nullopt};
}

StoreCare::StoreCare(QString storeFile, QObject *parent)
    : QObject(parent)
    , m_file(std::move(storeFile))
{
    m_worker.setMaxThreadCount(1);
    m_worker.setThreadPriority(QThread::LowPriority);
}

StoreCare::~StoreCare() = default;

QFuture<CareResult> StoreCare::start(CareTask task, const QString &file, const BackupPolicy &policy)
{
    return QtConcurrent::run(&m_worker, [store = m_file, task, file, policy](QPromise<CareResult> &promise) {
        promise.setProgressRange(0, 100);
        promise.addResult(takeCare(store, task, file, policy, [&promise](int percent) {
            promise.setProgressValue(percent);
            return !promise.isCanceled();
        }));
    });
}

QFuture<StoreFacts> StoreCare::facts(bool withMail)
{
    return QtConcurrent::run(&m_worker, [store = m_file, withMail] { return store::storeFacts(store, withMail); });
}

bool StoreCare::end(int milliseconds)
{
    m_worker.clear();
    return m_worker.waitForDone(milliseconds);
}

bool StoreCare::isBackUpDue(const StoreFacts &facts, bool changed, const QDateTime &now)
{
    if (facts.messages == 0 || !changed)
        return false;
    for (const BackupFile &backup : facts.backups) {
        if (!backup.beforeUpgrade && backup.madeAt.addDays(1) > now)
            return false;
    }
    return true;
}

} // namespace satchel::sync
