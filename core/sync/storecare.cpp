// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/storecare.h"

#include "mime/message.h"
#include "mime/parserthread.h"
#include "store/checksum.h"
#include "store/parsingmark.h"
#include "store/salvage.h"
#include "store/storecheck.h"
#include "store/storefiles.h"
#include "store/storelock.h"
#include "store/writer.h"

#include <QDir>
#include <QFileInfo>
#include <QLocale>
#include <QtConcurrentRun>

#include <algorithm>
#include <memory>
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
    const auto look = [&] {
        return task == CareTask::QuickCheck ? store::quickCheck(store) : store::fullCheck(store, progress);
    };
    Expected<QStringList> findings = look();
    if (findings && !findings->isEmpty()) {
        if (const Expected<void> read = store::readEveryByte(store); !read)
            return failed(task, read.error());
        findings = look(); // what passes was none
    }
    if (!findings)
        return failed(task, findings.error());
    if (!findings->isEmpty())
        return failed(task, store::damageFound(store, *findings));
    return {task, StoreCare::tr("Every message was read, and all is well."), std::nullopt};
}

constexpr qint64 clocksDiffer = 3600; // seconds; summertime that was set by hand is no clock that is wrong

bool isDue(const QString &store, const QDateTime &now)
{
    const StoreFacts facts = store::storeFacts(store, false);
    const auto last = std::ranges::find(facts.backups, false, &BackupFile::beforeUpgrade);
    const bool changed = last == facts.backups.cend() || last->madeAt > now.addSecs(clocksDiffer)
        || store::changedSince(store, last->madeAt);
    return StoreCare::isBackUpDue(facts, changed, now);
}

CareResult backUp(const QString &store, CareTask task, const QString &file, const BackupPolicy &policy,
    const Progress &progress, const QDateTime &now)
{
    if (task == CareTask::BackUpIfDue && !isDue(store, now))
        return {task, {}, std::nullopt};
    if (task == CareTask::BackUp || task == CareTask::BackUpIfDue) {
        const Expected<QString> made = store::backUp(store, policy, now, progress);
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

/// A mail that the parser does not survive must not end every repair, or every restore.
class Preparer
{
public:
    explicit Preparer(const QString &mark)
        : m_mark(mark)
    {
    }

    store::PreparedMessage operator()(const QByteArray &raw)
    {
        mime::Indexed indexed;
        const QByteArray name = store::sha256(raw).toHex();
        if (m_mark.isQuarantined(name)) {
            indexed.envelope.damaged = true;
        } else {
            const store::ParsingMark::Work work(m_mark, name);
            indexed = mime::index(raw);
        }
        return store::prepare(raw, indexed.envelope, indexed.words);
    }

private:
    store::ParsingMark m_mark;
};

/// Nothing is there that could be repaired: an empty store is begun. Backups of the old one stay as they are.
CareResult beginAnew(const QString &store, store::StoreLock &lock, const QDateTime &now)
{
    const QString fresh = store + u".repairing"_s;
    Expected<void> done;
    if (auto made = store::Writer::begin(fresh); !made)
        done = std::unexpected(made.error());
    if (done)
        done = lock.verify();
    if (done)
        done = store::replaceStore(store, fresh, store::asideName(store, u"damaged"_s, now));
    if (!done)
        return failed(CareTask::Repair, done.error());
    return {CareTask::Repair,
        StoreCare::tr(
            "There was no mail left to repair, so Satchel begins with an empty mailbox. Your backups are kept."),
        std::nullopt};
}

CareResult repair(const QString &store, store::StoreLock &lock, const Progress &progress, const QDateTime &now)
{
    const QString fresh = store + u".repairing"_s;
    const auto cleanUp = [&fresh] {
        for (const QString &end : {QString(), u"-journal"_s, u"-wal"_s, u"-shm"_s, u".lock"_s})
            QFile::remove(fresh + end);
    };
    cleanUp();
    store::finishReplacing(store);
    if (QFileInfo(store).size() == 0 && QFileInfo(store + u"-wal"_s).size() == 0)
        return beginAnew(store, lock, now);
    if (auto room = store::checkRoom(QFileInfo(store).absolutePath(), QFileInfo(store).size()); !room)
        return failed(CareTask::Repair, room.error());
    const auto preparer = std::make_shared<Preparer>(store + u".repairing-mark"_s);
    const store::MakeReady makeReady = [preparer](const QByteArray &raw) { return (*preparer)(raw); };
    const Expected<store::SalvageReport> report = store::salvage(store, fresh, makeReady, progress);
    if (!report) {
        cleanUp();
        return failed(CareTask::Repair, report.error());
    }
    if (auto ours = lock.verify(); !ours) {
        cleanUp();
        return failed(CareTask::Repair, ours.error());
    }
    const QString aside = store::asideName(store, u"damaged"_s, now);
    if (auto replaced = store::replaceStore(store, fresh, aside); !replaced)
        return failed(CareTask::Repair, replaced.error());
    return {CareTask::Repair, told(*report, aside), std::nullopt};
}

CareResult restore(
    const QString &store, const QString &file, store::StoreLock &lock, const Progress &progress, const QDateTime &now)
{
    const auto preparer = std::make_shared<Preparer>(store + u".restoring-mark"_s);
    const store::RestoreWays ways{
        .makeReady = [preparer](const QByteArray &raw) { return (*preparer)(raw); },
        .progress = progress,
        .mayReplace = [&lock] { return lock.verify(); },
    };
    const Expected<store::Restored> done = store::restore(store, file, now, ways);
    if (!done)
        return failed(CareTask::Restore, done.error());
    QString text = StoreCare::tr("Your mail is as it was in the backup %1.").arg(fileName(file));
    if (done->lost > 0)
        text += u' '
            + StoreCare::tr("%Ln message(s) could not be read; what is still on the server is fetched again.", nullptr,
                int(done->lost));
    if (!done->aside.isEmpty())
        text += u' ' + StoreCare::tr("What was there before was kept as %1.").arg(fileName(done->aside));
    return {CareTask::Restore, text, std::nullopt};
}

} // namespace

CareResult takeCare(const QString &storeFile, CareTask task, const QString &file, const BackupPolicy &policy,
    const std::function<bool(int percent)> &progress, const Clock &clock)
{
    const QDateTime now = clock.now();
    switch (task) {
    case CareTask::QuickCheck:
    case CareTask::FullCheck:
        return check(storeFile, task, progress);
    case CareTask::BackUpIfDue:
    case CareTask::BackUp:
    case CareTask::BackUpTo:
        return backUp(storeFile, task, file, policy, progress, now);
    case CareTask::Restore:
    case CareTask::Repair:
        break;
    }
    const auto lock = store::StoreLock::take(storeFile);
    if (!lock) {
        // To go on here is to open it, which this is not.
        Error error = lock.error();
        error.action = ErrorAction::None;
        return failed(task, error);
    }
    return task == CareTask::Repair ? repair(storeFile, **lock, progress, now)
                                    : restore(storeFile, file, **lock, progress, now);
}

StoreCare::StoreCare(QString storeFile, QObject *parent, const Clock &clock)
    : QObject(parent)
    , m_file(std::move(storeFile))
    , m_clock(clock)
{
    mime::prepareForParsing(m_worker); // what is repaired is parsed anew
    m_worker.setThreadPriority(QThread::LowPriority);
}

StoreCare::~StoreCare() = default;

QFuture<CareResult> StoreCare::start(CareTask task, const QString &file, const BackupPolicy &policy)
{
    return QtConcurrent::run(
        &m_worker, [store = m_file, task, file, policy, clock = m_clock](QPromise<CareResult> &promise) {
            promise.setProgressRange(0, 100);
            const auto progress = [&promise](int percent) {
                promise.setProgressValue(percent);
                return !promise.isCanceled();
            };
            promise.addResult(takeCare(store, task, file, policy, progress, clock));
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
    const auto last = std::ranges::find(facts.backups, false, &BackupFile::beforeUpgrade);
    return last == facts.backups.cend() || last->madeAt.addDays(1) <= now || last->madeAt > now.addSecs(clocksDiffer);
}

} // namespace satchel::sync
