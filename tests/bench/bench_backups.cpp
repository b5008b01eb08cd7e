// SPDX-License-Identifier: GPL-3.0-or-later
// Measures the daily backups of a large store: bench_backups [--megabytes N] [--folder FOLDER]. The first one, the one
// of the next day with a thousandth of new mail, and a restore: seconds, bytes written, room; beside the floor, which
// is one copy of the file. Figures go to standard output, one a line.
#include "bench/figures.h"
#include "store/backup.h"
#include "store/connection.h"
#include "store/filesafety.h"
#include "store/storefiles.h"
#include "store/writer.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QDir>
#include <QDirIterator>
#include <QElapsedTimer>
#include <QFile>
#include <QFileInfo>
#include <QRandomGenerator>
#include <QTemporaryDir>

#include <functional>

using namespace Qt::StringLiterals;
using namespace satchel;
using namespace satchel::bench;

namespace {

constexpr int mailBytes = 60'000; // of which base64 leaves three quarters to a compressor

/// What this process wrote until now, in bytes (proc(5), "wchar").
qint64 written()
{
    QFile counters(u"/proc/self/io"_s);
    if (!counters.open(QIODevice::ReadOnly))
        return 0;
    return counters.readAll().split('\n').value(1).mid(QByteArrayView("wchar: ").size()).toLongLong();
}

qint64 sizeBelow(const QString &folder)
{
    qint64 bytes = 0;
    QDirIterator files(folder, QDir::Files, QDirIterator::Subdirectories);
    while (files.hasNext())
        bytes += QFileInfo(files.next()).size();
    return bytes;
}

/// Messages as they come with pictures: large, and not to be compressed much.
void fill(const QString &file, int from, int count)
{
    const auto writer = orDie(store::Writer::open(file));
    const auto accounts = orDie(writer->accounts());
    AccountSettings settings;
    settings.name = u"Bench"_s;
    const AccountId account = accounts.isEmpty() ? orDie(writer->addAccount(settings)).id : accounts.constFirst().id;
    const FolderId inbox = orDie(writer->folder(account, FolderRole::Inbox));
    QRandomGenerator random(quint32(from) + 1);
    for (int number = from; number < from + count;) {
        QList<store::AppendItem> batch;
        for (int i = 0; i < 100 && number < from + count; ++i, ++number) {
            QByteArray noise(mailBytes / 4 * 3, Qt::Uninitialized);
            random.generate(reinterpret_cast<quint32 *>(noise.data()),
                reinterpret_cast<quint32 *>(noise.data()) + noise.size() / 4);
            const QByteArray raw = "Subject: number " + QByteArray::number(number) + "\r\n\r\n" + noise.toBase64();
            Envelope envelope;
            envelope.subject = u"number %1"_s.arg(number);
            SearchText words;
            for (int word = 0; word < 100; ++word)
                words.body += u"word%1 "_s.arg(random.bounded(50'000));
            batch.append({account, inbox, {QByteArray::number(number), 0}, raw.size(),
                QDateTime::fromSecsSinceEpoch(1'700'000'000 + number, QTimeZone::UTC), {},
                store::prepare(raw, envelope, words)});
        }
        orDie(writer->append(batch));
    }
}

double timed(const std::function<void()> &work)
{
    QElapsedTimer timer;
    timer.start();
    work();
    return double(timer.elapsed()) / 1000;
}

void measure(const QString &name, const QString &folder, const std::function<void()> &work)
{
    const qint64 bytes = written();
    const qint64 room = sizeBelow(folder);
    figure(name, timed(work), u"s"_s);
    figure(name + u": written"_s, double(written() - bytes) / 1e6, u"MB"_s);
    figure(name + u": more room taken"_s, double(sizeBelow(folder) - room) / 1e6, u"MB"_s);
}

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    QCommandLineParser options;
    options.addHelpOption();
    options.addOptions({{u"megabytes"_s, u"How much mail."_s, u"N"_s, u"1000"_s},
        {u"folder"_s, u"Where; default: a folder of its own."_s, u"FOLDER"_s}});
    options.process(app);
    const QTemporaryDir own;
    const QString folder = options.isSet(u"folder"_s) ? options.value(u"folder"_s) : own.path();
    const QString file = folder + u"/mail.sqlite"_s;
    const int count = int(options.value(u"megabytes"_s).toLongLong() * 1'000'000 / (mailBytes / 4 * 3));
    if (!QFile::exists(file))
        figure(u"making the store"_s, timed([&] { fill(file, 0, count); }), u"s"_s);
    figure(u"store"_s, double(QFileInfo(file).size()) / 1e6, u"MB"_s);
    measure(u"floor: one copy of the file"_s, folder, [&] { orDie(store::copyFile(file, folder + u"/copy"_s)); });
    QFile::remove(folder + u"/copy"_s);
    const QDateTime now = QDateTime::currentDateTimeUtc();
    measure(u"first backup"_s, folder, [&] { orDie(store::backUp(file, {}, now)); });
    int number = count;
    for (int day = 1; day <= 2; ++day) {
        fill(file, number, count / 1000 + 1);
        number += count / 1000 + 1;
        measure(u"backup of day %1"_s.arg(day + 1), folder, [&] { orDie(store::backUp(file, {}, now.addDays(day))); });
    }
    const auto words = [](const QByteArray &raw) {
        SearchText text;
        text.subject = QString::fromLatin1(raw.first(raw.indexOf('\r')));
        return store::prepare(raw, {}, text);
    };
    const QString newest = store::backups(file).constFirst().file;
    measure(u"restore"_s, folder,
        [&] { orDie(store::restore(file, newest, now, {.makeReady = words, .progress = {}, .mayReplace = {}})); });
    return 0;
}
