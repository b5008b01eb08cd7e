// SPDX-License-Identifier: GPL-3.0-or-later
#include "mime/htmltree.h"

#include "mime/htmlinput.h"

#include <csetjmp>
#include <cstdlib>
#include <vector>

namespace satchel::mime {

/// Memory for one parse, given back in one go: freeing the tree node by node would recurse as deep as it is.
/// When the budget is used up, the parse is left at once; everything that it holds lives here.
struct HtmlTree::Arena {
    explicit Arena(size_t limit)
        : budget(limit)
    {
    }

    ~Arena()
    {
        for (void *chunk : chunks)
            std::free(chunk);
    }
    Q_DISABLE_COPY_MOVE(Arena)

    static void *allocate(void *self, size_t size) { return static_cast<Arena *>(self)->take(size); }
    static void release(void *, void *) { }

    void *take(size_t size)
    {
        size = (size + 15) / 16 * 16;
        if (size > left && !grow(size))
            std::longjmp(escape, 1); // over C frames only
        void *memory = next;
        next += size;
        left -= size;
        return memory;
    }

    bool grow(size_t size)
    {
        constexpr size_t usual = 64 * 1024;
        const size_t chunk = size > usual / 4 ? size : usual;
        if (chunk > budget)
            return false;
        void *memory = std::malloc(chunk);
        if (memory == nullptr)
            return false;
        budget -= chunk;
        chunks.push_back(memory);
        next = static_cast<char *>(memory);
        left = chunk;
        return true;
    }

    static GumboOutput *parse(Arena *arena, const GumboOptions *options, const char *text, size_t size)
    {
        if (setjmp(arena->escape) != 0)
            return nullptr;
        return gumbo_parse_with_options(options, text, size);
    }

    std::jmp_buf escape;
    std::vector<void *> chunks;
    char *next = nullptr;
    size_t left = 0;
    size_t budget;
};

HtmlTree::HtmlTree(const QString &html)
    : m_source(boundedHtml(html).toUtf8())
    , m_arena(std::make_unique<Arena>(size_t(16) * 1024 * 1024 + static_cast<size_t>(m_source.size()) * 64))
{
    GumboOptions options = kGumboDefaultOptions;
    options.allocator = &Arena::allocate;
    options.deallocator = &Arena::release;
    options.userdata = m_arena.get();
    options.max_errors = 0;
    const GumboOutput *output =
        Arena::parse(m_arena.get(), &options, m_source.constData(), static_cast<size_t>(m_source.size()));
    if (output != nullptr)
        m_root = output->root;
}

HtmlTree::~HtmlTree() = default;

const char *attribute(const GumboNode *element, const char *name)
{
    const GumboAttribute *found = gumbo_get_attribute(&element->v.element.attributes, name);
    return found != nullptr ? found->value : nullptr;
}

} // namespace satchel::mime
