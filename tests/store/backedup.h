// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/backup.h"
#include "storefixture.h"

#include <QDirIterator>
#include <QFile>

#include <algorithm>

namespace satchel::store {

inline PreparedMessage prepareAgain(const QByteArray &raw)
{
    SearchText words;
    words.subject = QString::fromLatin1(raw.mid(9, raw.indexOf('\r') - 9));
    return prepare(raw, {}, words);
}

inline const RestoreWays ways{.makeReady = prepareAgain, .progress = {}, .mayReplace = {}};

/// The bytes of all messages, sorted.
inline QByteArrayList sourcesOf(const QString &file)
{
    QByteArrayList all;
    const auto reader = Reader::open(file);
    if (!reader)
        return {reader.error().text.toUtf8()};
    const QList<MessageId> ids = (*reader)->list({}, {}).value_or(QList<MessageId>());
    for (const MessageId id : ids)
        all.append((*reader)->source(id).value_or("unreadable"));
    std::ranges::sort(all);
    return all;
}

/// Whether some file below \a folder holds these bytes.
inline bool isBelow(const QString &folder, const QByteArray &bytes)
{
    QDirIterator files(folder, QDir::Files, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        QFile file(files.next());
        if (file.open(QIODevice::ReadOnly) && file.readAll().contains(bytes))
            return true;
    }
    return false;
}

} // namespace satchel::store
