// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QList>

namespace satchel::mime {

/// A file between "begin 644 name" and "end" in a text.
struct UuencodedFile {
    qsizetype begin = 0; ///< of the "begin" line
    qsizetype end = 0; ///< after the "end" line; 0: none was found
    QByteArray name;
    QByteArray content;
};

[[nodiscard]] bool isUuencodeName(const QByteArray &transferEncoding);
[[nodiscard]] UuencodedFile firstUuencoded(QByteArrayView text, qsizetype from = 0);

/// All of them, in order. Prose that only looks like one ("begin 3 days ...") is left alone.
[[nodiscard]] QList<UuencodedFile> uuencodedFiles(QByteArrayView text);

} // namespace satchel::mime
