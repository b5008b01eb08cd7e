// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QList>

namespace satchel::mime {

/// One header field as it stands in the message. Views into the bytes that were given to HeaderBlock.
struct RawField {
    QByteArrayView name;
    QByteArrayView value; ///< still folded
};

/// The fields of one header block, made fit for parsers that trust their input: KMime 24.12 is not memory safe
/// on control characters and takes quadratic time on some floods (mime.md, "Guard before any KMime call").
/// A plain value; must not outlive the bytes.
class HeaderBlock
{
public:
    HeaderBlock() = default;
    explicit HeaderBlock(QByteArrayView block);

    [[nodiscard]] const QList<RawField> &fields() const { return m_fields; }
    /// Duplicates: the first wins. Empty when there is none.
    [[nodiscard]] QByteArray first(QByteArrayView name) const;
    [[nodiscard]] QList<QByteArray> all(QByteArrayView name) const;
    [[nodiscard]] bool contains(QByteArrayView name) const;

private:
    QList<RawField> m_fields;
};

/// The value on one line: unfolded, control characters made blanks, cut at the limit. An encoded word that was cut
/// by a fold or by a soft line break is whole again.
[[nodiscard]] QByteArray guarded(QByteArrayView folded);

/// The name when \a line starts a field ("Name: value"), else empty.
[[nodiscard]] QByteArrayView fieldName(QByteArrayView line);

/// How many bytes of byte order marks stand in front of the first field: they belong to no name.
[[nodiscard]] qsizetype markLength(QByteArrayView block);

/// True when \a field ends within an encoded word and the lines of \a rest, though they do not begin with a blank,
/// bring its end: some programs write a soft line break of quoted-printable into a header.
[[nodiscard]] bool wordGoesOn(QByteArrayView field, QByteArrayView rest);

[[nodiscard]] bool sameName(QByteArrayView a, QByteArrayView b);

} // namespace satchel::mime
