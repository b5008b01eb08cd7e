// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "mime/csstokens.h"

#include <QSet>
#include <QString>

#include <functional>

namespace satchel::mime {

/// How addresses in CSS are treated: the answer is what to write instead, empty to drop it.
using UrlFilter = std::function<QString(const QString &url)>;

/// Which elements a style sheet hides, by the plain selectors that newsletters use for it.
struct HiddenBySheet {
    QSet<QString> classes;
    QSet<QString> ids;

    [[nodiscard]] bool isEmpty() const { return classes.isEmpty() && ids.isEmpty(); }
};

/// A declaration block as it may be shown.
struct FilteredStyle {
    QString css; ///< "name: value; name: value"
    bool hidden = false; ///< the element is not to be seen
    QString width; ///< as an HTML attribute has it, for engines that do not read it from CSS
    bool centred = false; ///< by automatic margins
    bool flat = false; ///< of no height
    bool cut = false; ///< what is higher than it is not shown
};

/// Keeps the properties and values of an allow-list and writes them again from tokens, so that nothing that is
/// not understood gets through (html.md). Positions, animations and everything that loads are dropped.
class CssFilter
{
public:
    CssFilter(bool simple, UrlFilter filter)
        : m_simple(simple)
        , m_filter(std::move(filter))
    {
    }

    [[nodiscard]] FilteredStyle declarations(QStringView style) const;
    /// A whole sheet; stops at the limits. Adds what it hides to \a hidden.
    [[nodiscard]] QString sheet(QStringView css, HiddenBySheet &hidden);

private:
    struct Range {
        qsizetype begin = 0;
        qsizetype end = 0;
    };

    [[nodiscard]] FilteredStyle block(const QList<CssToken> &tokens, Range range) const;
    void declaration(const QList<CssToken> &tokens, Range range, FilteredStyle &style) const;
    [[nodiscard]] QString value(const QList<CssToken> &tokens, Range range, bool urls, bool strings) const;
    [[nodiscard]] QString rules(const QList<CssToken> &tokens, Range range, HiddenBySheet *hidden);
    [[nodiscard]] QString selector(const QList<CssToken> &tokens, Range range) const;
    [[nodiscard]] QString media(const QList<CssToken> &tokens, Range range) const;
    void noteUrls(const QList<CssToken> &tokens, Range range) const;

    bool m_simple;
    UrlFilter m_filter;
    int m_rules = 0;
};

} // namespace satchel::mime
