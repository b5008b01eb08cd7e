// SPDX-License-Identifier: GPL-3.0-or-later
#include "mime/bodychoice.h"

#include "mime/htmlinput.h"
#include "mime/limits.h"

#include <algorithm>
#include <array>
#include <utility>

namespace satchel::mime {

namespace {

bool isText(const Entity &entity)
{
    return entity.mimeType == "text/plain" || entity.mimeType == "text/enriched" || entity.mimeType == "text/richtext";
}

// RFC 2046, 4.1.4: a kind of text that is not known is plain text. These are known, and are files.
bool isOtherText(const Entity &entity)
{
    static constexpr std::array<const char *, 14> files = {"calendar", "x-vcalendar", "vcard", "x-vcard", "directory",
        "css", "csv", "javascript", "xml", "rtf", "rfc822-headers", "x-amp-html", "watch-html", "tab-separated-values"};
    if (!entity.mimeType.startsWith("text/") || isText(entity) || isHtml(entity))
        return false;
    const QByteArrayView kind = QByteArrayView(entity.mimeType).sliced(5);
    return std::ranges::none_of(files, [kind](const char *file) { return kind == file; });
}

// The same text for another kind of reader.
bool isForOtherReaders(const Entity &entity)
{
    return entity.mimeType == "text/x-amp-html" || entity.mimeType == "text/watch-html";
}

bool isReadable(const Entity &entity)
{
    return isText(entity) || isHtml(entity) || isOtherText(entity);
}

bool hasName(const Entity &entity)
{
    return entity.carried ? !entity.carriedName.isEmpty()
                          : !entity.disposition.bytes("filename").isEmpty() || !entity.type.bytes("name").isEmpty();
}

bool isAttached(const Entity &entity)
{
    return entity.disposition.value() == "attachment";
}

/// What was found below one part.
struct Found {
    QList<BodyPiece> pieces;
    QSet<int> attachments;
    QSet<int> related;
    bool readable = false; ///< a text of this message was met; the first is its body, whatever its name
};

enum class Rank { OtherText, Text, Html };

/// One of several forms of the same text.
struct Form {
    QList<int> parts;
    Rank rank = Rank::OtherText;
};

/// Goes down the tree: parts are never nested deeper than limits::partDepth.
class Chooser
{
public:
    explicit Chooser(const Structure &structure)
        : m_structure(structure)
    {
    }

    BodyChoice run()
    {
        Found found;
        read(0, false, found);
        if (!hasWords(found.pieces))
            showSomething(found);
        // A part that carries files is shown by them; the carrier itself is no attachment.
        for (size_t i = 0; i < m_structure.entities.size(); ++i) {
            const Entity &entity = m_structure.entities[i];
            if (entity.carried && !entity.dataPicture)
                found.attachments.remove(entity.parent);
        }
        m_choice.pieces = std::move(found.pieces);
        m_choice.attachments = std::move(found.attachments);
        m_choice.related = std::move(found.related);
        return std::move(m_choice);
    }

private:
    const Entity &at(int index) const { return m_structure.entities[static_cast<size_t>(index)]; }

    /// \a related: below a multipart/related, and not its root.
    void read(int index, bool related, Found &found)
    {
        const Entity &entity = at(index);
        if (entity.isMultipart() && !entity.beyondLimit) {
            readMultipart(index, related, found);
        } else if (entity.signedData && !entity.children.isEmpty()) {
            m_choice.signedInside = true;
            for (const int child : entity.children)
                read(child, related, found);
        } else if (isShownInside(entity, related)) {
            readEnclosed(index, found);
            // It can be saved too, unless it is only how a list or a digest brings what was written.
            if (entity.disposition.value() != "inline"
                && (entity.parent < 0 || at(entity.parent).mimeType != "multipart/digest"))
                found.attachments.insert(index);
        } else {
            leaf(index, related, found);
            // Files that a text carried stand behind it.
            if (!entity.isMessage()) {
                for (const int child : entity.children)
                    read(child, related, found);
            }
        }
    }

    void readMultipart(int index, bool related, Found &found)
    {
        const Entity &entity = at(index);
        if (entity.children.isEmpty()) {
            // A multipart that cannot be taken apart is read as the text that it is.
            found.pieces.append({{{index}}, -1, false});
            found.readable = true;
            return;
        }
        if (entity.mimeType == "multipart/encrypted")
            m_choice.encrypted = true;
        if (entity.mimeType == "multipart/alternative" && !related) {
            alternative(index, found);
            return;
        }
        const bool wasReport = std::exchange(m_inReport, entity.mimeType == "multipart/report");
        const int root = entity.mimeType == "multipart/related" ? relatedRoot(index) : -1;
        for (const int child : entity.children)
            read(child, related || (root >= 0 && child != root), found);
        m_inReport = wasReport;
    }

    void leaf(int index, bool related, Found &found)
    {
        const Entity &entity = at(index);
        m_choice.encrypted = m_choice.encrypted || entity.encrypted;
        if (entity.dataPicture) // of the HTML alone
            return;
        // What is the whole message is read, whatever it calls itself; a file it may be all the same.
        const bool shown = isReadable(entity) && (!isAttached(entity) || index == 0) && !related && !entity.beyondLimit
            && (!hasName(entity) || index == 0 || (!found.readable && !entity.carried));
        if (shown) {
            if (isAttached(entity) && hasName(entity))
                found.attachments.insert(index);
            found.pieces.append({{{index}}, -1, entity.carriedBody});
            found.readable = true;
            return;
        }
        if (isForOtherReaders(entity) && entity.parent >= 0 && at(entity.parent).mimeType == "multipart/alternative")
            return;
        found.attachments.insert(index);
        found.related.insert(index);
    }

    // A message in a list's wrapping or in a digest is part of what is read; what a report returns and what was
    // attached is not.
    bool isShownInside(const Entity &entity, bool related) const
    {
        if (!entity.isMessage() || entity.children.isEmpty() || isAttached(entity) || related || m_inReport
            || m_depth >= limits::enclosedDepth || m_enclosed >= limits::enclosedMessages)
            return false;
        return isLetter(entity);
    }

    // With a header that says whose it is or what it is about.
    bool isLetter(const Entity &entity) const
    {
        const HeaderBlock header(m_structure.header(entity.children.first()));
        return header.contains("from") || header.contains("subject") || header.contains("date");
    }

    void readEnclosed(int index, Found &found)
    {
        found.pieces.append({{{index}}, -1, false});
        ++m_enclosed;
        ++m_depth;
        const bool readable = std::exchange(found.readable, false);
        read(at(index).children.first(), false, found);
        found.readable = readable;
        --m_depth;
    }

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

    // Each child is one form, however many parts it has (RFC 2046, 5.1.4). The richest wins, of these the last; a plain
    // one is kept for the plain view.
    void alternative(int index, Found &found)
    {
        QList<Form> forms;
        QSet<int> named;
        const QList<int> &children = at(index).children;
        for (const int child : children) {
            Found own;
            read(child, false, own);
            found.attachments.unite(own.attachments);
            found.related.unite(own.related);
            Form rich;
            Form plain;
            for (const BodyPiece &piece : std::as_const(own.pieces)) {
                rich.parts += piece.forms.first();
                plain.parts += piece.forms.at(qMax(0, piece.plain));
            }
            if (rich.parts.isEmpty())
                continue;
            rich.rank = rankOf(rich.parts);
            plain.rank = rankOf(plain.parts);
            if (rich.parts == QList<int>{child} && hasName(at(child)))
                named.insert(child);
            if (plain.parts != rich.parts)
                forms.append(plain);
            forms.append(rich);
        }
        // Some put a file beside the text: that is no other form of it.
        for (const int file : std::as_const(named)) {
            const Rank rank = rankOf({file});
            const bool others = std::ranges::any_of(forms, [&](const Form &form) {
                return form.rank == rank && !(form.parts.size() == 1 && named.contains(form.parts.first()));
            });
            if (others) {
                forms.removeIf([file](const Form &form) { return form.parts == QList<int>{file}; });
                found.attachments.insert(file);
            }
        }
        if (forms.isEmpty())
            return;
        std::ranges::reverse(forms);
        std::ranges::stable_sort(forms, [](const Form &a, const Form &b) { return a.rank > b.rank; });
        BodyPiece piece;
        for (const Form &form : std::as_const(forms)) {
            if (piece.forms.size() == limits::alternatives)
                break;
            if (piece.plain < 0 && form.rank != Rank::Html)
                piece.plain = static_cast<int>(piece.forms.size());
            piece.forms.append(form.parts);
        }
        found.pieces.append(piece);
        found.readable = true;
    }

    Rank rankOf(const QList<int> &parts) const
    {
        Rank rank = Rank::OtherText;
        for (const int part : parts) {
            if (isHtml(at(part)))
                return Rank::Html;
            if (isText(at(part)) || at(part).isMultipart())
                rank = Rank::Text;
        }
        return rank;
    }

    bool hasWords(const QList<BodyPiece> &pieces) const
    {
        for (const BodyPiece &piece : pieces) {
            for (const QList<int> &form : piece.forms) {
                if (std::ranges::any_of(form, [this](int part) { return !isBlank(part); }))
                    return true;
            }
        }
        return false;
    }

    bool isBlank(int index) const
    {
        constexpr qsizetype looked = 4096;
        if (at(index).isMessage())
            return true;
        if (m_structure.body(index).size() > looked)
            return false;
        const QByteArray content = m_structure.content(index);
        if (!isHtml(at(index)))
            return content.trimmed().isEmpty();
        return !content.toLower().contains("<img") && strippedHtml(QString::fromLatin1(content), looked).isEmpty();
    }

    // Nothing to read so far: an invitation in words, what is in enclosed messages, then any text there is.
    void showSomething(Found &found)
    {
        for (size_t i = 0; i < m_structure.entities.size(); ++i) {
            const int index = static_cast<int>(i);
            if (isCalendar(m_structure.entities[i]) && (found.attachments.contains(index) || i == 0)) {
                found.pieces.append({{{index}}, -1, false});
                found.attachments.insert(index);
                return;
            }
        }
        const QSet<int> outer = found.attachments;
        for (size_t i = 0; i < m_structure.entities.size() && m_enclosed < limits::enclosedMessages; ++i) {
            const Entity &entity = m_structure.entities[i];
            if (entity.isMessage() && !entity.children.isEmpty() && outer.contains(static_cast<int>(i)) && m_depth == 0)
                readEnclosed(static_cast<int>(i), found);
        }
        if (!found.pieces.isEmpty())
            return;
        for (size_t i = 0; i < m_structure.entities.size(); ++i) {
            const Entity &entity = m_structure.entities[i];
            const int index = static_cast<int>(i);
            const bool text = entity.mimeType.startsWith("text/") || entity.mimeType == "message/delivery-status"
                || (i == 0 && entity.mimeType.startsWith("message/") && entity.mimeType != "message/external-body");
            if (!text || isAttached(entity) || entity.beyondLimit)
                continue;
            found.pieces.append({{{index}}, -1, false});
            if (index == 0 || isReadable(entity))
                found.attachments.remove(index);
            return;
        }
    }

    const Structure &m_structure;
    BodyChoice m_choice;
    bool m_inReport = false;
    int m_depth = 0; ///< of enclosed messages
    int m_enclosed = 0;
};

} // namespace

BodyChoice chooseBody(const Structure &structure)
{
    return Chooser(structure).run();
}

bool isHtml(const Entity &entity)
{
    return entity.mimeType == "text/html" || entity.mimeType == "application/xhtml+xml";
}

bool isCalendar(const Entity &entity)
{
    return entity.mimeType == "text/calendar" || entity.mimeType == "text/x-vcalendar"
        || entity.mimeType == "application/ics" || entity.mimeType == "application/calendar";
}

} // namespace satchel::mime
