// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QHash>
#include <QString>

namespace satchel::mime {

/// A structured field of RFC 2045: a value and its parameters. Parsed by our own code: what senders write here
/// (names with blanks, empty RFC 2231 charsets, missing quotes) is beyond what a strict parser gives back.
class ParametrizedField
{
public:
    ParametrizedField() = default;
    explicit ParametrizedField(QByteArrayView guardedValue);

    [[nodiscard]] const QByteArray &value() const { return m_value; } ///< lower case, without parameters
    [[nodiscard]] bool isEmpty() const { return m_value.isEmpty(); }
    /// The bytes of a parameter, RFC 2231 continuations joined and escapes decoded.
    [[nodiscard]] QByteArray bytes(const QByteArray &name) const;
    /// The text of a parameter: RFC 2231, encoded words or raw 8-bit, whatever it holds.
    [[nodiscard]] QString text(const QByteArray &name) const;

private:
    struct Parameter {
        QByteArray bytes;
        QByteArray charset;
        bool extended = false; ///< by RFC 2231
    };

    QByteArray m_value;
    QHash<QByteArray, Parameter> m_parameters;
};

} // namespace satchel::mime
