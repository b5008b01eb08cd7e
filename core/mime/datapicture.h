// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QList>

namespace satchel::mime {

/// Where a data: address of a picture stands in HTML.
struct DataAddress {
    qsizetype begin = 0;
    qsizetype end = 0;
};

struct DataPicture {
    QByteArray mimeType;
    QByteArray bytes;
};

/// The pictures that HTML holds in itself, in order: in attributes and in style sheets. Linear in the bytes.
[[nodiscard]] QList<DataAddress> dataAddresses(QByteArrayView html);

/// Decodes one, whether it is written in base64 or with escapes, with blanks and line ends in between or without.
[[nodiscard]] DataPicture dataPicture(QByteArrayView address);

/// Cheap, and wrong only in seeing one where there is none. \a encoded: the body as it came, undecoded.
[[nodiscard]] bool mayHoldDataPictures(QByteArrayView encoded, const QByteArray &encoding);

} // namespace satchel::mime
