// SPDX-License-Identifier: GPL-3.0-or-later
// Measures the care of a large store: bench_care [--messages N] [--file FILE]. The glance at the start, the full check,
// a backup (and what reading is like meanwhile), a repair; each in a process of its own, for its memory. Figures go to
// standard output, one a line. A FILE that is there is measured as it is, and stays.
#include "bench/figures.h"
#include "bench/syntheticmail.h"
#include "library/library.h"
#include "store/reader.h"
#include "store/storefiles.h"
#include "store/writer.h"
#include "sync/storecare.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QFile>
#include <QFileInfo>
#include <QFutureWatcher>
#include <QProcess>
#include <QTemporaryDir>
#include <QTimer>

#include <algorithm>
#include <vector>

#ifdef Q_OS_UNIX
#include <fcntl.h>
#include <unistd.h>
#endif

using namespace Qt::StringLiterals;
using namespace satchel;
using namespace satchel::bench;
using sync::CareTask;

namespace {

/// Of this process alone: what getrusage() says begins with the memory of the one that started it.
double peakMegabytes()
{
    QFile status(u"/proc/self/status"_s);
    if (!status.open(QIODevice::ReadOnly))
        return 0;
    const QByteArray text = status.readAll();
    const qsizetype at = text.indexOf("VmHWM:");
    return at < 0 ? 0 : text.mid(at + 6, text.indexOf("kB", at) - at - 6).trimmed().toDouble() / 1024;
}

/// As after the computer was switched on: nothing of the file is in memory. As far as the system lets us.
void forgetCached(const QString &name)
{
#ifdef Q_OS_LINUX
    QFile file(name);
    if (file.open(QIODevice::ReadOnly)) {
        (void)::fsync(file.handle());
        (void)::posix_fadvise(file.handle(), 0, 0, POSIX_FADV_DONTNEED);
    }
#else
    Q_UNUSED(name)
#endif
}

void fill(const QString &file, int count)
{
    const auto writer = orDie(store::Writer::open(file));
    AccountSettings settings;
    settings.name = u"Bench"_s;
    const AccountId account = orDie(writer->addAccount(settings)).id;
    const FolderId inbox = orDie(writer->folder(account, FolderRole::Inbox));
    SyntheticMail mail(SyntheticMail::Kind::Small);
    constexpr int batchSize = 1000;
    for (int done = 0; done < count;) {
        QList<store::AppendItem> batch;
        for (; batch.size() < batchSize && done < count; ++done) {
            const SyntheticMail::Mail one = mail.next(done);
            MessageFlags flags;
            flags.setFlag(MessageFlag::Read, done % 20 != 0);
            batch.append({account, inbox, {"uidl-" + QByteArray::number(done), 0}, one.raw.size(),
                QDateTime::fromSecsSinceEpoch(1'700'000'000 + done, QTimeZone::UTC), flags,
                store::prepare(one.raw, one.envelope, one.words)});
        }
        orDie(writer->append(batch));
    }
}

double timed(const std::function<void()> &work)
{
    QElapsedTimer timer;
    timer.start();
    work();
    return double(timer.nsecsElapsed()) / 1e9;
}

/// One task in this process: how long, and how much memory at the most.
void measure(const QString &name, const QString &file)
{
    const auto care = [&](CareTask task, const QString &target = {}) {
        const sync::CareResult result = sync::takeCare(file, task, target, {}, {});
        if (result.error)
            die(*result.error);
    };
    double seconds = 0;
    const double cpu = cpuSeconds();
    if (name == "glance"_L1) {
        seconds = timed([&] { care(CareTask::QuickCheck); });
    } else if (name == "glance-cold"_L1) {
        forgetCached(file);
        seconds = timed([&] { care(CareTask::QuickCheck); });
    } else if (name == "due"_L1) {
        forgetCached(file);
        // Where a backup of just now says that none is due.
        seconds = timed([&] { care(CareTask::BackUpIfDue); });
    } else if (name == "facts"_L1) {
        forgetCached(file);
        seconds = timed([&] { (void)store::storeFacts(file, true); });
    } else if (name == "check"_L1) {
        seconds = timed([&] { care(CareTask::FullCheck); });
    } else if (name == "backup"_L1) {
        seconds = timed([&] { care(CareTask::BackUp); });
    } else if (name == "repair"_L1) {
        seconds = timed([&] { care(CareTask::Repair); });
    } else if (name == "floor"_L1) {
        forgetCached(file);
        seconds = timed([&] {
            QFile bytes(file);
            if (!bytes.open(QIODevice::ReadOnly | QIODevice::Unbuffered))
                qFatal("cannot read");
            QByteArray block(1 << 20, Qt::Uninitialized);
            while (bytes.read(block.data(), block.size()) > 0) { }
        });
    }
    out() << seconds << ' ' << cpuSeconds() - cpu << ' ' << peakMegabytes() << '\n';
}

struct Cost {
    double seconds = 0;
    double cpuSeconds = 0;
    double megabytes = 0; ///< of memory, at the most
};

Cost inProcessOfItsOwn(const QString &name, const QString &file)
{
    QProcess process;
    process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    process.start(QCoreApplication::applicationFilePath(), {u"--measure"_s, name, u"--file"_s, file});
    if (!process.waitForFinished(-1) || process.exitStatus() != QProcess::NormalExit || process.exitCode() != 0)
        qFatal("%s failed", qPrintable(name));
    const QList<QByteArray> words = process.readAllStandardOutput().simplified().split(' ');
    return {words.value(0).toDouble(), words.value(1).toDouble(), words.value(2).toDouble()};
}

void tell(const QString &what, const QString &name, const QString &file)
{
    const Cost cost = inProcessOfItsOwn(name, file);
    figure(what, cost.seconds, u"s"_s);
    figure(what + u", of the processor"_s, cost.cpuSeconds, u"s"_s);
    figure(what + u", memory"_s, cost.megabytes, u"MB"_s);
}

template <class T>
T await(QFuture<T> future)
{
    QFutureWatcher<T> watcher;
    QEventLoop loop;
    QObject::connect(&watcher, &QFutureWatcherBase::finished, &loop, &QEventLoop::quit);
    watcher.setFuture(future);
    if (!future.isFinished())
        loop.exec();
    return future.result();
}

/// What a person waits for who goes through the list: a page of it, and a message, by the two threads of the window.
void readFor(
    library::Library &library, const QList<MessageId> &ids, const QString &when, const std::function<bool()> &goesOn)
{
    std::vector<double> taken;
    QRandomGenerator random(7);
    while (goesOn()) {
        const qsizetype at = random.bounded(qMax<qsizetype>(1, ids.size() - 128));
        taken.push_back(timed([&] {
            orDie(await(library.summaries(ids.sliced(at, qMin<qsizetype>(128, ids.size() - at)))));
            orDie(await(library.message(ids.at(at))));
        }));
        QEventLoop pause;
        QTimer::singleShot(20, &pause, &QEventLoop::quit);
        pause.exec();
    }
    std::ranges::sort(taken);
    figure(u"a page and a message, %1: median of %2"_s.arg(when).arg(taken.size()), taken[taken.size() / 2] * 1000,
        u"ms"_s);
    figure(u"a page and a message, %1: slowest"_s.arg(when), taken.back() * 1000, u"ms"_s);
}

void measureReadingDuringBackup(const QString &file)
{
    library::Library library(file);
    const QList<MessageId> ids = orDie(await(library.list({.allInboxes = true}, {})));
    QElapsedTimer timer;
    timer.start();
    readFor(library, ids, u"at rest"_s, [&timer] { return timer.elapsed() < 5000; });
    sync::StoreCare care(file);
    const QFuture<sync::CareResult> backup = care.start(CareTask::BackUp);
    timer.start();
    readFor(library, ids, u"while a backup is made"_s, [&backup] { return !backup.isFinished(); });
    figure(u"backup with somebody reading"_s, double(timer.elapsed()) / 1000, u"s"_s);
    if (const sync::CareResult result = backup.result(); result.error)
        die(*result.error);
}

void removeBackups(const QString &file)
{
    QDir(store::backupFolder(file)).removeRecursively();
}

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    QCommandLineParser options;
    options.addHelpOption();
    options.addOptions({{u"messages"_s, u"How many; they are small."_s, u"N"_s, u"1000000"_s},
        {u"file"_s, u"The store; default: in a folder of its own."_s, u"FILE"_s},
        {u"measure"_s, u"Does one thing and tells how long it took: what this program calls itself with."_s,
            u"NAME"_s}});
    options.process(app);
    const QTemporaryDir folder;
    const QString file = options.isSet(u"file"_s) ? options.value(u"file"_s) : folder.filePath(u"mail.sqlite"_s);
    if (options.isSet(u"measure"_s)) {
        measure(options.value(u"measure"_s), file);
        return 0;
    }
    if (!QFile::exists(file)) {
        const int count = options.value(u"messages"_s).toInt();
        figure(u"making the store"_s, timed([&] { fill(file, count); }), u"s"_s);
    }
    figure(u"messages"_s, double(orDie(orDie(store::Reader::open(file))->list({}, {})).size()), {});
    figure(u"store"_s, double(QFileInfo(file).size()) / 1e6, u"MB"_s);
    removeBackups(file);
    tell(u"floor: reading the file once"_s, u"floor"_s, file);
    tell(u"glance at the start, nothing of it in memory"_s, u"glance-cold"_s, file);
    tell(u"glance at the start"_s, u"glance"_s, file);
    tell(u"backup"_s, u"backup"_s, file);
    tell(u"whether a backup is due, nothing in memory"_s, u"due"_s, file);
    tell(u"what the page on storage says, nothing in memory"_s, u"facts"_s, file);
    tell(u"full check"_s, u"check"_s, file);
    measureReadingDuringBackup(file);
    removeBackups(file);
    // The repair puts another file in its place: a copy of the store is repaired.
    {
        const QTemporaryDir beside(QFileInfo(file).absolutePath() + u"/repair-XXXXXX"_s);
        const QString copy = beside.filePath(u"mail.sqlite"_s);
        if (!QFile::copy(file, copy))
            qFatal("no room for a copy");
        tell(u"repair of a store that is whole"_s, u"repair"_s, copy);
    }
    return 0;
}
