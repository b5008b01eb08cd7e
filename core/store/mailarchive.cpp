// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/mailarchive.h"

#include "store/connection.h"
#include "store/filesafety.h"

#include <QDir>
#include <QFileInfo>
#include <QSet>

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace satchel::store {

namespace {

// So much is written anew at most when one message goes.
constexpr qint64 segmentBytes = 16 << 20;
constexpr qint64 smallSegment = 1 << 20;
constexpr int mostSmall = 30;

const QString suffix = QStringLiteral(".segment");

} // namespace

MailArchive::MailArchive(QString folder)
    : m_folder(std::move(folder))
{
}

MailArchive::~MailArchive() = default;

QString MailArchive::nameOf(int segment) const
{
    return u"%1/%2%3"_s.arg(m_folder).arg(segment, 6, 10, QChar(u'0')).arg(suffix);
}

void MailArchive::read()
{
    m_places.clear();
    m_fresh.clear();
    m_segments.clear();
    m_doubtful.clear();
    m_file.reset();
    m_next = 1;
    for (const QString &name : QDir(m_folder).entryList({u'*' + suffix}, QDir::Files, QDir::Name)) {
        const int segment = name.chopped(suffix.size()).toInt();
        if (segment <= 0 || nameOf(segment) != m_folder + u'/' + name)
            continue;
        m_segments.append(segment);
        m_next = qMax(m_next, segment + 1);
        for (const SegmentEntry &entry : entriesOf(nameOf(segment)))
            m_places.push_back({entry.hash, segment, entry.offset, entry.length});
    }
    sortPlaces();
}

void MailArchive::sortPlaces()
{
    m_places.insert(m_places.end(), m_fresh.begin(), m_fresh.end());
    m_fresh.clear();
    std::ranges::sort(m_places, {}, &Place::hash);
}

std::span<const MailArchive::Place> MailArchive::placesOf(const MailHash &hash) const
{
    const auto found = std::ranges::equal_range(m_places, hash, {}, &Place::hash);
    return {found.begin(), found.end()};
}

QFile *MailArchive::opened(int segment)
{
    if (m_open != segment || !m_file) {
        m_file = std::make_unique<QFile>(nameOf(segment));
        m_open = segment;
        if (!m_file->open(QIODevice::ReadOnly))
            m_file.reset();
    }
    return m_file.get();
}

std::optional<ArchivedMail> MailArchive::find(const MailHash &hash)
{
    for (const Place &place : placesOf(hash)) {
        QFile *file = opened(place.segment);
        if (!file)
            continue;
        if (auto mail = readMail(*file, {place.hash, place.offset, place.length}))
            return mail;
    }
    return std::nullopt;
}

Expected<void> MailArchive::add(const ArchivedMail &mail)
{
    if (!QDir().mkpath(m_folder)) {
        return fail(ErrorKind::FileUnwritable,
            StoreText::tr("The folder for backups cannot be made (%1). Check its permissions.")
                .arg(QDir::toNativeSeparators(m_folder)));
    }
    if (!m_writer)
        m_writer = std::make_unique<SegmentWriter>(nameOf(m_next));
    if (auto added = m_writer->add(mail); !added)
        return added;
    return m_writer->bytes() < segmentBytes ? Expected<void>() : flush();
}

Expected<void> MailArchive::flush()
{
    if (m_writer) {
        const auto writer = std::exchange(m_writer, nullptr);
        const auto entries = writer->finish();
        if (!entries)
            return std::unexpected(entries.error());
        for (const SegmentEntry &entry : *entries)
            m_fresh.push_back({entry.hash, m_next, entry.offset, entry.length});
        m_segments.append(m_next++);
    }
    return {};
}

bool MailArchive::isWhole(const Place &place)
{
    QFile *file = opened(place.segment);
    return file && readMail(*file, {place.hash, place.offset, place.length});
}

void MailArchive::prove(int part, int parts)
{
    std::erase_if(m_places, [&](const Place &place) {
        if (place.segment % parts != part % parts || isWhole(place))
            return false;
        m_doubtful.push_back(place);
        return true;
    });
}

/// What of each segment is to stay; of several copies, one that is whole.
QHash<int, QList<MailArchive::Place>> MailArchive::staying(const std::vector<MailHash> &needed)
{
    QHash<int, QList<Place>> stay;
    for (auto first = m_places.cbegin(); first != m_places.cend();) {
        const auto last = std::find_if(first, m_places.cend(), [&](const Place &p) { return p.hash != first->hash; });
        if (std::ranges::binary_search(needed, first->hash)) {
            const auto whole = last - first == 1
                ? first
                : std::find_if(first, last, [this](const Place &place) { return isWhole(place); });
            const Place &place = whole == last ? *first : *whole;
            stay[place.segment].append(place);
        }
        first = last;
    }
    return stay;
}

Expected<void> MailArchive::keepOnly(const std::vector<MailHash> &needed)
{
    sortPlaces();
    QHash<int, qsizetype> held;
    for (const Place &place : m_places)
        ++held[place.segment];
    const QHash<int, QList<Place>> stay = staying(needed);
    QSet<int> small;
    for (const int segment : std::as_const(m_segments)) {
        if (QFileInfo(nameOf(segment)).size() < smallSegment)
            small.insert(segment);
    }
    if (small.size() <= mostSmall)
        small.clear();
    QList<int> going;
    const QList<int> segments = m_segments;
    for (const int segment : segments) {
        QList<Place> places = stay.value(segment);
        const bool isHurt =
            std::ranges::any_of(m_doubtful, [segment](const Place &place) { return place.segment == segment; });
        const qsizetype all = held.value(segment);
        if (places.size() == all && all > 0 && !small.contains(segment) && !isHurt)
            continue;
        // A file that says nothing, and what nobody else has, stay: they may be readable tomorrow.
        if ((all == 0 && !isHurt) || std::ranges::any_of(m_doubtful, [&](const Place &place) {
                return place.segment == segment && std::ranges::binary_search(needed, place.hash)
                    && placesOf(place.hash).empty();
            }))
            continue;
        if (!std::ranges::all_of(places, [this](const Place &place) { return isWhole(place); }))
            continue;
        std::ranges::sort(places, {}, &Place::offset); // the order in which they came
        for (const Place &place : std::as_const(places)) {
            QFile *file = opened(place.segment);
            const auto mail = file ? readMail(*file, {place.hash, place.offset, place.length}) : std::nullopt;
            if (!mail)
                return {};
            if (auto added = add(*mail); !added)
                return added;
        }
        going.append(segment);
    }
    if (auto flushed = flush(); !flushed)
        return flushed;
    if (going.isEmpty())
        return {};
    m_file.reset();
    bool removed = true;
    for (const int segment : std::as_const(going))
        removed = QFile::remove(nameOf(segment)) && removed;
    if (auto synced = syncFolder(m_folder); !synced)
        return synced;
    read();
    if (!removed) {
        return fail(ErrorKind::FileUnwritable,
            StoreText::tr("A part of the backups that is not needed any more could not be removed (%1). Check the "
                          "permissions of that folder.")
                .arg(QDir::toNativeSeparators(m_folder)));
    }
    return {};
}

} // namespace satchel::store
