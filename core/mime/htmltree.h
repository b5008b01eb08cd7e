// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>

#include <gumbo.h>
#include <memory>

namespace satchel::mime {

/// A parsed HTML document. What goes into the parser is bounded before (depth), what it may take is bounded
/// while it runs (memory, and with it time): a document over the limits is not valid, never a hang.
class HtmlTree
{
public:
    explicit HtmlTree(const QString &html);
    ~HtmlTree();
    Q_DISABLE_COPY_MOVE(HtmlTree)

    [[nodiscard]] bool isValid() const { return m_root != nullptr; }
    [[nodiscard]] const GumboNode *root() const { return m_root; }

private:
    struct Arena;
    QByteArray m_source;
    std::unique_ptr<Arena> m_arena;
    const GumboNode *m_root = nullptr;
};

/// The value of an attribute; null when it is not there.
[[nodiscard]] const char *attribute(const GumboNode *element, const char *name);

} // namespace satchel::mime
