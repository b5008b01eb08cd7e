// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>
#include <QStringView>

namespace satchel::mime {

/// A token of CSS (CSS Syntax Level 3), with escapes already decoded: what is written as `\75 rl(` is a url.
struct CssToken {
    enum class Type {
        End,
        Ident,
        Function, ///< "name(": value is the name
        AtKeyword,
        Hash,
        String,
        BadString,
        Url, ///< url(...) without quotes: value is the address
        BadUrl,
        Delim,
        Number,
        Percentage,
        Dimension, ///< value is the unit
        Whitespace,
        Colon,
        Semicolon,
        Comma,
        Open, ///< ( [ {
        Close, ///< ) ] }
    };
    Type type = Type::End;
    QString value;
    double number = 0;

    [[nodiscard]] bool is(Type kind, QStringView text) const
    {
        return type == kind && text.compare(value, Qt::CaseInsensitive) == 0;
    }
};

/// All tokens of a text. Comments are gone; runs of blanks are one token. One pass, no recursion.
[[nodiscard]] QList<CssToken> cssTokens(QStringView css);

} // namespace satchel::mime
