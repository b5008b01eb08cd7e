// SPDX-License-Identifier: GPL-3.0-or-later
#include "mime/bodychoice.h"

namespace satchel::mime {

namespace {

bool isReadable(const Entity &entity)
{
    return entity.mimeType == "text/plain" || entity.mimeType == "text/html" || entity.mimeType == "text/enriched"
        || entity.mimeType == "text/richtext" || entity.mimeType == "application/xhtml+xml";
}

bool isHtml(const Entity &entity)
{
    return entity.mimeType == "text/html" || entity.mimeType == "application/xhtml+xml";
}

bool hasName(const Entity &entity)
{
    return entity.carried ? !entity.carriedName.isEmpty()
                          : !entity.disposition.bytes("filename").isEmpty() || !entity.type.bytes("name").isEmpty();
}

/// Walks the tree with a stack of its own, so that depth costs nothing.
class Chooser
{
public:
    explicit Chooser(const Structure &structure)
        : m_structure(structure)
    {
    }

    BodyChoice run()
    {
        visit(0);
        if (m_choice.pieces.isEmpty())
            showSomething();
        // A part that carries files is shown by them; the carrier itself is no attachment.
        for (size_t i = 0; i < m_structure.entities.size(); ++i) {
            const Entity &entity = m_structure.entities[i];
            if (entity.carried)
                m_choice.attachments.remove(entity.parent);
        }
        return std::move(m_choice);
    }

private:
    struct Visit {
        int entity;
        bool related; ///< below a multipart/related, not its root
    };

    const Entity &at(int index) const { return m_structure.entities[static_cast<size_t>(index)]; }

    void visit(int root)
    {
        QList<Visit> pending = {{root, false}};
        while (!pending.isEmpty()) {
            const Visit current = pending.takeLast();
            const Entity &entity = at(current.entity);
            if (!entity.isMultipart() || entity.beyondLimit) {
                leaf(current.entity, current.related);
                // Files that a text carried stand behind it.
                if (!entity.isMessage()) {
                    for (auto it = entity.children.crbegin(); it != entity.children.crend(); ++it)
                        pending.append({*it, current.related});
                }
                continue;
            }
            if (entity.children.isEmpty()) {
                // A multipart that cannot be taken apart is read as the text that it is.
                m_choice.pieces.append({current.entity, -1});
                continue;
            }
            if (entity.mimeType == "multipart/alternative") {
                alternative(current.entity);
                continue;
            }
            const int shown = entity.mimeType == "multipart/related" ? relatedRoot(current.entity) : -1;
            for (auto it = entity.children.crbegin(); it != entity.children.crend(); ++it)
                pending.append({*it, current.related || (shown >= 0 && *it != shown)});
        }
    }

    void leaf(int index, bool related)
    {
        const Entity &entity = at(index);
        const bool asked = entity.disposition.value() == "attachment";
        const bool shown = isReadable(entity) && !asked && !related && !entity.beyondLimit
            && (!hasName(entity) || (index == 0) || (isFirstReadable(index) && entity.disposition.value() == "inline"));
        if (shown) {
            if (isHtml(entity))
                m_choice.pieces.append({-1, index});
            else
                m_choice.pieces.append({index, -1});
            return;
        }
        m_choice.attachments.insert(index);
        m_choice.related.insert(index);
    }

    bool isFirstReadable(int) const { return m_choice.pieces.isEmpty(); }

    int relatedRoot(int index) const
    {
        const Entity &entity = at(index);
        QByteArray start = entity.type.bytes("start").trimmed();
        if (start.startsWith('<') && start.endsWith('>'))
            start = start.sliced(1).chopped(1);
        if (!start.isEmpty()) {
            for (const int child : entity.children) {
                if (at(child).contentId == start)
                    return child;
            }
        }
        // Some put the pictures first.
        for (const int child : entity.children) {
            if (isReadable(at(child)) || at(child).isMultipart())
                return child;
        }
        return entity.children.first();
    }

    // The richest form wins, and the plain one beside it is kept for the plain view.
    void alternative(int index)
    {
        BodyPiece piece;
        QList<int> pending;
        const QList<int> &children = at(index).children;
        for (auto it = children.crbegin(); it != children.crend(); ++it)
            pending.append(*it);
        while (!pending.isEmpty()) {
            const int number = pending.takeLast();
            const Entity &entity = at(number);
            if (entity.isMultipart() && !entity.beyondLimit && !entity.children.isEmpty()) {
                const int shown = entity.mimeType == "multipart/related" ? relatedRoot(number) : -1;
                for (auto it = entity.children.crbegin(); it != entity.children.crend(); ++it) {
                    if (shown >= 0 && *it != shown)
                        markRelated(*it);
                    else
                        pending.append(*it);
                }
            } else if (isHtml(entity) && piece.html < 0 && !isAttached(entity)) {
                piece.html = number;
            } else if (isReadable(entity) && !isHtml(entity) && piece.text < 0 && !isAttached(entity)) {
                piece.text = number;
                markCarried(number);
            } else if (isHtml(entity) && piece.html >= 0 && !isAttached(entity) && !hasName(entity)) {
                // Apple Mail: HTML, a picture, HTML again, all in one alternative.
                m_choice.pieces.append(piece);
                piece = {-1, number};
            } else if (entity.mimeType == "text/x-amp-html" || entity.mimeType == "text/watch-html") {
                continue; // the same text for another kind of reader
            } else {
                m_choice.attachments.insert(number);
                m_choice.related.insert(number);
                markCarried(number);
            }
        }
        if (piece.text >= 0 || piece.html >= 0)
            m_choice.pieces.append(piece);
    }

    static bool isAttached(const Entity &entity) { return entity.disposition.value() == "attachment"; }

    void markCarried(int index)
    {
        for (const int child : at(index).children) {
            if (at(child).carried)
                m_choice.attachments.insert(child);
        }
    }

    void markRelated(int index)
    {
        QList<int> pending = {index};
        while (!pending.isEmpty()) {
            const int number = pending.takeLast();
            const Entity &entity = at(number);
            if (entity.isMultipart() && !entity.beyondLimit) {
                pending.append(entity.children);
            } else {
                m_choice.attachments.insert(number);
                m_choice.related.insert(number);
                markCarried(number);
            }
        }
    }

    // Nothing to read so far: look into enclosed messages, then take any text there is.
    void showSomething()
    {
        const QSet<int> outer = m_choice.attachments;
        for (size_t i = 0; i < m_structure.entities.size() && m_choice.pieces.size() < 50; ++i) {
            const Entity &entity = m_structure.entities[i];
            if (entity.isMessage() && !entity.children.isEmpty() && outer.contains(static_cast<int>(i)))
                visit(entity.children.first());
        }
        if (!m_choice.pieces.isEmpty())
            return;
        for (size_t i = 0; i < m_structure.entities.size(); ++i) {
            const Entity &entity = m_structure.entities[i];
            const int index = static_cast<int>(i);
            const bool text = entity.mimeType.startsWith("text/") || entity.mimeType == "message/delivery-status";
            if (!text || isAttached(entity) || entity.beyondLimit)
                continue;
            m_choice.pieces.append(isHtml(entity) ? BodyPiece{-1, index} : BodyPiece{index, -1});
            if (index == 0 || isReadable(entity))
                m_choice.attachments.remove(index);
            return;
        }
    }

    const Structure &m_structure;
    BodyChoice m_choice;
};

} // namespace

BodyChoice chooseBody(const Structure &structure)
{
    return Chooser(structure).run();
}

} // namespace satchel::mime
