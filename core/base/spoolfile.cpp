// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/spoolfile.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QStorageInfo>

using namespace Qt::StringLiterals;

namespace satchel {

namespace {

struct SpoolText {
    Q_DECLARE_TR_FUNCTIONS(satchel::SpoolFile)
};

constexpr qint64 leastRoom = 64LL * 1024 * 1024; // others need the disk, too; the store first of all
constexpr qint64 betweenLooks = 16LL * 1024 * 1024;
constexpr qint64 pieceSize = 256 * 1024;

} // namespace

SpoolFile::SpoolFile(const QString &place)
    : m_place(place)
    , m_file(place + u"XXXXXX"_s)
{
}

SpoolFile::~SpoolFile() = default;

Expected<std::shared_ptr<SpoolFile>> SpoolFile::create(const QString &place)
{
    std::shared_ptr<SpoolFile> file(new SpoolFile(place));
    if (!file->hasRoom() || !file->m_file.open()) // 0600, whatever the umask
        return file->trouble();
    (void)file->m_file.fileName(); // it has a name from here on, which other threads ask for
    return file;
}

void SpoolFile::removeLeftOvers(const QString &place)
{
    const QFileInfo info(place);
    QDir folder(info.absolutePath());
    const QStringList names = folder.entryList({info.fileName() + u'*'}, QDir::Files | QDir::Hidden);
    for (const QString &name : names)
        folder.remove(name);
}

bool SpoolFile::hasRoom() const
{
    const QStorageInfo disk(QFileInfo(m_place).absolutePath());
    return !disk.isValid() || disk.bytesAvailable() >= leastRoom;
}

std::unexpected<Error> SpoolFile::trouble() const
{
    const QString folder = QDir::toNativeSeparators(QFileInfo(m_place).absolutePath());
    if (!hasRoom())
        return fail(ErrorKind::StoreFull,
            SpoolText::tr("There is too little room left on the disk that holds your mail (%1) to receive a large "
                          "message. Make room there and try again; nothing was lost.")
                .arg(folder),
            ErrorAction::Retry);
    return std::unexpected(Error{ErrorKind::StoreFailed,
        SpoolText::tr(
            "A large message could not be written to the folder that holds your mail (%1). Check the disk and "
            "the permissions of the folder, and try again; the message stays on the server.")
            .arg(folder),
        ErrorAction::Retry, sanitised(m_file.errorString()), std::nullopt});
}

Expected<void> SpoolFile::append(QByteArrayView bytes)
{
    if (m_size - m_roomSeen >= betweenLooks) {
        m_roomSeen = m_size;
        if (!hasRoom())
            return trouble();
    }
    if (m_file.write(bytes.data(), bytes.size()) != bytes.size())
        return trouble();
    m_size += bytes.size();
    return {};
}

Expected<void> SpoolFile::close()
{
    // The handle stays: the name may go while it is read.
    if (!m_file.flush())
        return trouble();
    return {};
}

Expected<void> SpoolFile::read(const std::function<bool(QByteArrayView piece)> &take) const
{
    QFile file(m_file.fileName());
    if (!file.open(QIODevice::ReadOnly | QIODevice::Unbuffered))
        return trouble();
    QByteArray piece(pieceSize, Qt::Uninitialized);
    for (qint64 left = m_size; left > 0;) {
        const qint64 got = file.read(piece.data(), qMin(left, pieceSize));
        if (got <= 0)
            return trouble();
        left -= got;
        if (!take(QByteArrayView(piece.constData(), got)))
            break;
    }
    return {};
}

Expected<SpooledMessage> SpooledMessage::changed(const std::function<QByteArray(QByteArrayView piece)> &change) const
{
    auto made = SpoolFile::create(file->place());
    if (!made)
        return std::unexpected(made.error());
    SpooledMessage other{*made, {}};
    Expected<void> written;
    const auto read = file->read([&](QByteArrayView piece) {
        const QByteArray bytes = change(piece);
        other.lines.add(bytes);
        written = other.file->append(bytes);
        return written.has_value();
    });
    if (read && written)
        written = other.file->close();
    if (!read || !written)
        return std::unexpected(read ? written.error() : read.error());
    return other;
}

Expected<SpooledMessage> SpooledMessage::withoutFirst(qint64 bytes) const
{
    return changed([left = bytes](QByteArrayView piece) mutable {
        const qint64 gone = qMin(left, qint64(piece.size()));
        left -= gone;
        return piece.sliced(gone).toByteArray();
    });
}

Expected<SpooledMessage> SpooledMessage::unstuffed() const
{
    return changed([matched = 0](QByteArrayView piece) mutable {
        QByteArray out;
        out.reserve(piece.size());
        for (const char c : piece) {
            if (matched == 2 && c == '.') {
                matched = 0;
                continue;
            }
            matched = c == '\n' ? 1 : matched == 1 && c == '.' ? 2 : 0;
            out += c;
        }
        return out;
    });
}

} // namespace satchel
