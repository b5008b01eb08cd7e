// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDateTime>
#include <QList>
#include <QMetaType>
#include <QString>

namespace satchel {

/// Which backups are made by themselves, and how many are kept.
struct BackupPolicy {
    bool automatic = true; ///< one a day, when something has changed
    int keep = 3; ///< of the latest
    int weeks = 2; ///< and one of each of so many weeks before

    friend bool operator==(const BackupPolicy &, const BackupPolicy &) = default;
};

/// A copy of the store that can be gone back to.
struct BackupFile {
    QString file;
    QDateTime madeAt; ///< UTC
    qint64 size = 0;
    bool beforeUpgrade = false; ///< made before the schema changed; never thrown away by itself

    friend bool operator==(const BackupFile &, const BackupFile &) = default;
};

/// The store as a file, for a person who wants to know that their mail is safe.
struct StoreFacts {
    QString file;
    qint64 fileBytes = 0; ///< all of it; what mailBytes leaves is lists and the search index
    qint64 mailBytes = 0; ///< the messages, compressed; 0 where that was not measured
    qint64 messages = 0;
    QList<BackupFile> backups; ///< newest first

    friend bool operator==(const StoreFacts &, const StoreFacts &) = default;
};

} // namespace satchel

Q_DECLARE_METATYPE(satchel::BackupPolicy)
Q_DECLARE_METATYPE(satchel::StoreFacts)
