// SPDX-License-Identifier: GPL-3.0-or-later
// Runs a fuzz target without a fuzzer: over its seeds and over a fixed number of changes to them that are the same
// on every run, so that the suite notices what a long run has found once.
//
//     replay COUNT FOLDER...
#include <QByteArray>
#include <QDirIterator>
#include <QFile>
#include <QList>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <random>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

namespace {

constexpr qsizetype largest = 16 * 1024;

QByteArray mutated(const QList<QByteArray> &seeds, std::mt19937 &random)
{
    const auto below = [&](qsizetype limit) {
        return static_cast<qsizetype>(random() % static_cast<quint32>(qMax<qsizetype>(1, limit)));
    };
    QByteArray data = seeds.at(below(seeds.size()));
    const qsizetype changes = 1 + below(8);
    for (qsizetype i = 0; i < changes; ++i) {
        const qsizetype at = below(data.size());
        switch (below(7)) {
        case 0:
            if (!data.isEmpty())
                data[at] = static_cast<char>(random());
            break;
        case 1:
            data.remove(at, below(32));
            break;
        case 2:
            data.insert(at, data.mid(below(data.size()), below(64)));
            break;
        case 3: {
            const QByteArray &other = seeds.at(below(seeds.size()));
            data.insert(at, other.mid(below(other.size()), below(256)));
            break;
        }
        case 4:
            data.insert(at, "\r\n--b\n<=\"';:\\\0&>"[below(16)]);
            break;
        case 5:
            data.insert(at, data.mid(at, below(16)).repeated(below(40)));
            break;
        default:
            data.truncate(at);
            break;
        }
    }
    data.truncate(largest);
    return data;
}

void run(const QByteArray &data)
{
    LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t *>(data.constData()), static_cast<size_t>(data.size()));
}

} // namespace

int main(int argc, char **argv)
{
    const int count = argc > 1 ? QByteArray(argv[1]).toInt() : 0;
    QList<QByteArray> seeds;
    QStringList names;
    for (int i = 2; i < argc; ++i) {
        QDirIterator files(QString::fromLocal8Bit(argv[i]), QDir::Files, QDirIterator::Subdirectories);
        while (files.hasNext())
            names.append(files.next());
    }
    names.sort();
    for (const QString &name : std::as_const(names)) {
        QFile file(name);
        if (file.open(QIODevice::ReadOnly))
            seeds.append(file.readAll());
    }
    if (seeds.isEmpty() || count <= 0) {
        std::fputs("replay: a count and a folder with seeds are needed\n", stderr);
        return 2;
    }
    for (const QByteArray &seed : std::as_const(seeds))
        run(seed);
    std::mt19937 random(20240301);
    for (int i = 0; i < count; ++i)
        run(mutated(seeds, random));
    std::printf("%lld seeds, %d changes\n", static_cast<long long>(seeds.size()), count);
    return 0;
}
