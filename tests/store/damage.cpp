// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/damage.h"

#include "store/checksum.h"
#include "store/prepared.h"
#include "store/reader.h"

#include <QFile>
#include <QtEndian>

namespace satchel::test {

namespace {

constexpr qsizetype pageSize = 8192;

} // namespace

QByteArray readFile(const QString &name)
{
    QFile file(name);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

void writeFile(const QString &name, const QByteArray &bytes)
{
    QFile file(name);
    if (!file.open(QIODevice::WriteOnly | QIODevice::Truncate) || file.write(bytes) != bytes.size())
        qFatal("cannot write");
}

QByteArray mailOfAnySize(int number, QRandomGenerator &random)
{
    QByteArray raw = "From: a@example.org\r\nSubject: mail w" + QByteArray::number(number) + "\r\n\r\n";
    const int kind = number % 10;
    const int size = kind == 0 ? 60'000 : kind < 4 ? 9'000 : kind < 7 ? 3'000 : 300;
    const int wanted = size / 2 + int(random.bounded(quint32(size)));
    while (raw.size() < wanted) {
        if (kind % 2 == 0) {
            QByteArray noise(48, Qt::Uninitialized);
            random.generate(noise.begin(), noise.end());
            raw += noise.toBase64() + "\r\n";
        } else {
            raw += "A line of words that says " + QByteArray::number(random.generate()) + " and no more.\r\n";
        }
    }
    return raw;
}

void overwrite(QByteArray &bytes, QRandomGenerator &random)
{
    const auto at = qsizetype(random.bounded(quint32(bytes.size())));
    const auto length = qMin<qsizetype>(1 + qsizetype(random.bounded(64U)), bytes.size() - at);
    for (qsizetype i = 0; i < length; ++i)
        bytes[at + i] = char(random.generate());
}

QSet<QByteArray> hashesIn(const QString &store)
{
    QSet<QByteArray> hashes;
    const auto reader = store::Reader::open(store);
    if (!reader)
        qFatal("%s", qPrintable(reader.error().text));
    const QList<FolderInfo> folders = *(*reader)->folders();
    for (const FolderInfo &folder : folders) {
        const QList<MessageId> ids = *(*reader)->list({folder.id}, {});
        for (const MessageId id : ids) {
            if (const auto source = (*reader)->source(id))
                hashes.insert(store::sha256(*source));
        }
    }
    return hashes;
}

DamageOracle::DamageOracle(const QByteArray &file)
    : m_file(file)
{
    for (qsizetype at = file.indexOf("\x28\xb5\x2f\xfd"); at >= 0; at = file.indexOf("\x28\xb5\x2f\xfd", at + 1))
        m_frames.insert(file.mid(at, 24), at);
}

bool DamageOracle::place(const QByteArray &raw)
{
    return place(raw, store::prepare(raw, {}, {}).compressed);
}

bool DamageOracle::place(const QByteArray &raw, const QByteArray &frame)
{
    // Some begin alike.
    for (const qsizetype start : m_frames.values(frame.first(qMin<qsizetype>(24, frame.size())))) {
        const qsizetype pageEnd = (start / pageSize + 1) * pageSize;
        qsizetype same = 0;
        while (same < frame.size() && start + same < pageEnd && m_file.at(start + same) == frame.at(same))
            ++same;
        if (same == frame.size()) {
            m_messages.append({raw, {{start, start + same}}});
            return true;
        }
        // A byte of the link behind may look like the next one of the frame.
        for (qsizetype back = 0; back < 4; ++back) {
            const Places places = chain(frame, same - back, start + same - back);
            if (!places.isEmpty()) {
                m_messages.append({raw, Places{{start, start + same - back}} + places});
                return true;
            }
        }
    }
    return false;
}

QList<QByteArray> DamageOracle::intact(const QByteArray &damaged) const
{
    QList<QByteArray> whole;
    for (const Message &message : m_messages) {
        bool same = true;
        for (const auto &[from, to] : message.places) {
            same = same && to <= damaged.size()
                && QByteArrayView(damaged).sliced(from, to - from) == QByteArrayView(m_file).sliced(from, to - from);
        }
        if (same)
            whole.append(message.raw);
    }
    return whole;
}

DamageOracle::Places DamageOracle::chain(const QByteArray &frame, qsizetype done, qsizetype link) const
{
    Places places;
    while (done < frame.size()) {
        if (link + 4 > m_file.size())
            return {};
        const auto page = qsizetype(qFromBigEndian<quint32>(m_file.constData() + link)) - 1;
        const qsizetype count = qMin(pageSize - 4, frame.size() - done);
        link = page * pageSize;
        if (page < 1 || link + 4 + count > m_file.size() || m_file.sliced(link + 4, count) != frame.sliced(done, count))
            return {};
        places.append({link + 4, link + 4 + count});
        done += count;
    }
    return places;
}

} // namespace satchel::test
