// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QList>
#include <QString>

namespace satchel::mime {

struct TnefFile {
    QString name;
    QByteArray content;
    QByteArray mimeType; ///< may be empty
    QByteArray contentId;
};

/// What an Outlook "winmail.dat" carries.
struct TnefContent {
    QList<TnefFile> files; ///< an enclosed message is one of kind message/rfc822, written as one
    QString text;
    QByteArray html; ///< in UTF-8
};

/// Reads TNEF (MS-OXTNEF). Every length is checked against what is there before it is used; what is damaged
/// gives the files that stand before the damage.
[[nodiscard]] TnefContent readTnef(QByteArrayView data);

} // namespace satchel::mime
