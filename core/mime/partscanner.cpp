// SPDX-License-Identifier: GPL-3.0-or-later
#include "mime/partscanner.h"

#include "mime/carriedfiles.h"
#include "mime/limits.h"
#include "mime/transferdecoder.h"

#include <QSet>

namespace satchel::mime {

namespace {

constexpr qsizetype boundaryLimit = 1024;

bool isFieldOfMail(QByteArrayView name)
{
    static constexpr const char *known[] = {"from", "to", "cc", "bcc", "subject", "date", "received", "message-id",
        "return-path", "mime-version", "sender", "reply-to", "delivered-to", "in-reply-to", "references"};
    for (const char *k : known) {
        if (sameName(name, k))
            return true;
    }
    return name.first(qMin<qsizetype>(name.size(), 8)).compare("content-", Qt::CaseInsensitive) == 0
        || name.first(qMin<qsizetype>(name.size(), 2)).compare("x-", Qt::CaseInsensitive) == 0;
}

QByteArrayView withoutBreak(QByteArrayView line)
{
    if (line.endsWith('\n'))
        line.chop(1);
    if (line.endsWith('\r'))
        line.chop(1);
    return line;
}

QByteArrayView withoutTrailingBlanks(QByteArrayView line)
{
    while (!line.isEmpty() && (line.back() == ' ' || line.back() == '\t' || line.back() == '\r'))
        line.chop(1);
    return line;
}

/// Scans one buffer; what has to be scanned again (a decoded message, a multipart with another boundary than
/// it says) is queued, never recursed into.
class Scanner
{
public:
    explicit Scanner(const QByteArray &raw)
    {
        m_structure.buffers.append(raw);
        Entity root;
        root.headBegin = 0;
        root.bodyEnd = raw.size();
        m_structure.entities.push_back(root);
    }

    Structure run()
    {
        m_jobs.append(Job{0, QByteArray(), false});
        while (!m_jobs.isEmpty()) {
            const Job job = m_jobs.takeFirst();
            scanEntity(job);
        }
        appendCarriedFiles(m_structure);
        return inDocumentOrder();
    }

private:
    struct Job {
        int entity;
        QByteArray boundary; ///< found by looking, not declared
        bool bodyOnly;
    };

    struct Open {
        int entity;
        QByteArray boundary; ///< empty: not a multipart
        bool closed = false; ///< its last boundary line was seen
    };

    enum class Where { Header, Body };

    Entity &at(int index) { return m_structure.entities[static_cast<size_t>(index)]; }

    QByteArrayView line(qsizetype from, qsizetype end) const
    {
        qsizetype next = m_bytes.indexOf(m_newline, from);
        next = next < 0 || next >= end ? end : next + 1;
        return m_bytes.sliced(from, next - from);
    }

    void scanEntity(const Job &job)
    {
        Entity &root = at(job.entity);
        m_buffer = root.buffer;
        m_bytes = m_structure.buffers.at(m_buffer);
        m_newline = m_bytes.contains('\n') ? '\n' : '\r';
        m_open.clear();
        m_where = Where::Header;
        const qsizetype end = root.bodyEnd;
        qsizetype position = root.headBegin;
        m_fieldSeen = false;
        if (job.bodyOnly) {
            m_where = Where::Body;
            m_open.append(Open{job.entity, job.boundary});
            position = root.bodyBegin;
        } else {
            m_open.append(Open{job.entity, {}});
        }

        while (position < end) {
            const QByteArrayView current = line(position, end);
            const qsizetype next = position + current.size();
            if (current.size() > 2 && current[0] == '-' && current[1] == '-' && isBoundary(current, position)) {
                position = next;
                continue;
            }
            if (m_where == Where::Header)
                position = readHeaderLine(current, position, end);
            else
                position = next;
        }
        closeDownTo(0, end, false);
        closeEntity(m_open.first(), end);
        m_open.clear();
    }

    qsizetype readHeaderLine(QByteArrayView current, qsizetype position, qsizetype end)
    {
        const qsizetype next = position + current.size();
        const QByteArrayView text = withoutBreak(current);
        Entity &entity = at(m_open.last().entity);
        if (text.isEmpty()) {
            // Blank lines before the first field of a whole message are noise of gateways.
            if (!m_fieldSeen && m_open.last().entity == 0 && position == entity.headBegin
                && startsWithField(next, end)) {
                entity.headBegin = next;
                return next;
            }
            startBody(position, next);
            return next;
        }
        if (text[0] == ' ' || text[0] == '\t') {
            if (m_fieldSeen)
                return next;
            if (text.trimmed().isEmpty()) {
                startBody(position, next);
                return next;
            }
        }
        if (!fieldName(text).isEmpty()) {
            m_fieldSeen = true;
            return next;
        }
        if (!m_fieldSeen && (text.startsWith("From ") || text.startsWith(">From ")))
            return next; // the separator of an mbox
        if (startsWithField(next, end))
            return next; // one broken line; the header goes on behind it
        if (m_open.last().entity == 0 && !m_fieldSeen)
            m_structure.headerless = true;
        startBody(position, position);
        return position;
    }

    bool startsWithField(qsizetype position, qsizetype end) const
    {
        if (position >= end)
            return false;
        const QByteArrayView name = fieldName(withoutBreak(line(position, end)));
        return !name.isEmpty() && (m_fieldSeen || isFieldOfMail(name));
    }

    void startBody(qsizetype headEnd, qsizetype bodyBegin)
    {
        const int index = m_open.last().entity;
        Entity &entity = at(index);
        entity.headEnd = headEnd;
        entity.bodyBegin = bodyBegin;
        readContentFields(index);
        m_where = Where::Body;
        if (entity.isMultipart()) {
            QByteArray boundary = entity.type.bytes("boundary");
            boundary = withoutTrailingBlanks(boundary).toByteArray();
            if (entity.beyondLimit)
                return;
            if (boundary.size() <= boundaryLimit)
                m_open.last().boundary = boundary;
        } else if (entity.isMessage() && isIdentity(entity.encoding) && !entity.beyondLimit && !isFull()) {
            addChild(index, bodyBegin);
        }
    }

    static bool isIdentity(const QByteArray &encoding)
    {
        return encoding != "base64" && encoding != "quoted-printable" && !encoding.startsWith("x-")
            && !encoding.startsWith("uu");
    }

    // Opens a child of entity \a parent at \a position, its header first.
    void addChild(int parent, qsizetype position)
    {
        Entity child;
        child.parent = parent;
        child.depth = at(parent).depth + 1;
        child.buffer = m_buffer;
        child.headBegin = position;
        child.headEnd = position;
        child.bodyBegin = position;
        child.bodyEnd = position;
        child.beyondLimit = child.depth >= limits::partDepth;
        const int index = static_cast<int>(m_structure.entities.size());
        m_structure.entities.push_back(std::move(child));
        at(parent).children.append(index);
        m_open.append(Open{index, {}});
        m_where = Where::Header;
        m_fieldSeen = false;
    }

    bool isFull() const { return m_structure.entities.size() >= static_cast<size_t>(limits::parts); }

    // True when the line at \a position was a boundary line of an open multipart, and has been acted upon.
    bool isBoundary(QByteArrayView current, qsizetype position)
    {
        const QByteArrayView text = withoutTrailingBlanks(withoutBreak(current)).sliced(2);
        for (const bool closed : {false, true}) {
            for (qsizetype level = m_open.size() - 1; level >= 0; --level) {
                const Open &open = m_open.at(level);
                if (open.boundary.isEmpty() || open.closed != closed || !text.startsWith(open.boundary))
                    continue;
                const QByteArrayView rest = text.sliced(open.boundary.size());
                const bool last = rest == "--";
                if (!rest.isEmpty() && !last)
                    continue; // a longer boundary: Eudora nests "X" and "X.REL"
                if (closed && last)
                    continue;
                if (!last && isFull())
                    return false;
                closeDownTo(level, position, true);
                m_where = Where::Body;
                if (last)
                    m_open[level].closed = true;
                else
                    addChild(m_open.at(level).entity, position + current.size());
                return true;
            }
        }
        return false;
    }

    // Ends what is open above \a level; the line break before a boundary line belongs to the boundary.
    void closeDownTo(qsizetype level, qsizetype position, bool boundary)
    {
        while (m_open.size() - 1 > level) {
            const Open open = m_open.takeLast();
            const qsizetype begin = at(open.entity).headBegin;
            qsizetype end = position;
            if (boundary) {
                if (end > begin && m_bytes[end - 1] == '\n')
                    --end;
                if (end > begin && m_bytes[end - 1] == '\r')
                    --end;
            }
            closeEntity(open, end);
        }
    }

    void closeEntity(const Open &open, qsizetype end)
    {
        Entity &entity = at(open.entity);
        if (entity.mimeType.isEmpty()) { // it ended within its header
            entity.headEnd = end;
            entity.bodyBegin = end;
            readContentFields(open.entity);
        }
        // The break before a boundary line may be the one that ended the header.
        entity.bodyBegin = qMin(entity.bodyBegin, end);
        entity.headEnd = qMin(entity.headEnd, entity.bodyBegin);
        entity.bodyEnd = end;

        if (entity.beyondLimit && (entity.isMultipart() || entity.isMessage())) {
            m_structure.tooDeep = true;
            return;
        }
        if (entity.isMultipart() && entity.children.isEmpty() && !m_rescanned.contains(open.entity)) {
            m_rescanned.insert(open.entity);
            const QByteArray guess = boundaryIn(m_bytes.sliced(entity.bodyBegin, entity.bodyEnd - entity.bodyBegin));
            if (!guess.isEmpty())
                m_jobs.append(Job{open.entity, guess, true});
        } else if (entity.isMessage() && !isIdentity(entity.encoding) && entity.children.isEmpty() && !isFull()) {
            queueDecoded(open.entity);
        }
    }

    void queueDecoded(int index)
    {
        const Entity &entity = at(index);
        const QByteArrayView body = m_bytes.sliced(entity.bodyBegin, entity.bodyEnd - entity.bodyBegin);
        const QByteArray decoded = decodeTransfer(entity.encoding, body).bytes;
        Entity child;
        child.parent = index;
        child.depth = entity.depth + 1;
        child.buffer = m_structure.buffers.size();
        child.bodyEnd = decoded.size();
        child.beyondLimit = child.depth >= limits::partDepth;
        m_structure.buffers.append(decoded);
        const int number = static_cast<int>(m_structure.entities.size());
        m_structure.entities.push_back(std::move(child));
        at(index).children.append(number);
        m_jobs.append(Job{number, QByteArray(), false});
    }

    // A multipart that names no boundary, or a wrong one: the first line that looks like one and comes again.
    static QByteArray boundaryIn(QByteArrayView body)
    {
        QSet<QByteArray> seen;
        qsizetype position = 0;
        while (position < body.size() && seen.size() < 64) {
            qsizetype next = body.indexOf('\n', position);
            next = next < 0 ? body.size() : next + 1;
            const QByteArrayView text = withoutTrailingBlanks(withoutBreak(body.sliced(position, next - position)));
            position = next;
            if (text.size() < 6 || text.size() > boundaryLimit || !text.startsWith("--") || text.contains(' '))
                continue;
            QByteArray boundary = text.sliced(2).toByteArray();
            if (boundary.endsWith("--") && seen.contains(boundary.chopped(2)))
                return boundary.chopped(2);
            if (seen.contains(boundary))
                return boundary;
            const qsizetype fieldEnd = body.indexOf('\n', position);
            const QByteArrayView following = body.sliced(position, (fieldEnd < 0 ? body.size() : fieldEnd) - position);
            if (seen.isEmpty() && isFieldOfMail(fieldName(following)))
                return boundary;
            seen.insert(boundary);
        }
        return {};
    }

    void readContentFields(int index)
    {
        Entity &entity = at(index);
        const HeaderBlock header(m_bytes.sliced(entity.headBegin, entity.headEnd - entity.headBegin));
        const QByteArray type = header.first("content-type");
        entity.type = ParametrizedField(type);
        entity.disposition = ParametrizedField(header.first("content-disposition"));
        // Folded and commented forms are seen: the first word counts.
        const ParametrizedField encoding(header.first("content-transfer-encoding"));
        entity.encoding = encoding.value();
        entity.contentId = header.first("content-id").trimmed();
        if (entity.contentId.startsWith('<') && entity.contentId.endsWith('>'))
            entity.contentId = entity.contentId.sliced(1).chopped(1).trimmed();
        entity.contentId.truncate(1000);
        entity.contentLocation = header.first("content-location").simplified();
        entity.mimeType = entity.type.value();
        entity.declared = !entity.mimeType.isEmpty();
        const qsizetype slash = entity.mimeType.indexOf('/');
        if (slash <= 0 || slash == entity.mimeType.size() - 1) {
            const bool digest = entity.parent >= 0 && at(entity.parent).mimeType == "multipart/digest";
            entity.mimeType = digest && !entity.declared ? "message/rfc822" : byWord(entity.mimeType);
        }
    }

    // "Content-Type: text" and "html" are seen.
    static QByteArray byWord(const QByteArray &word)
    {
        if (word == "html")
            return "text/html";
        if (word == "multipart" || word == "multipart/")
            return "multipart/mixed";
        if (word.isEmpty() || word == "text" || word == "text/" || word == "plain")
            return "text/plain";
        return "application/octet-stream";
    }

    Structure inDocumentOrder()
    {
        std::vector<int> order;
        std::vector<int> pending = {0};
        while (!pending.empty()) {
            const int index = pending.back();
            pending.pop_back();
            order.push_back(index);
            const QList<int> &children = at(index).children;
            for (auto it = children.crbegin(); it != children.crend(); ++it)
                pending.push_back(*it);
        }
        std::vector<int> place(m_structure.entities.size(), -1);
        for (size_t i = 0; i < order.size(); ++i)
            place[static_cast<size_t>(order[i])] = static_cast<int>(i);
        std::vector<Entity> sorted;
        sorted.reserve(order.size());
        for (const int index : order) {
            Entity entity = std::move(at(index));
            if (entity.parent >= 0)
                entity.parent = place[static_cast<size_t>(entity.parent)];
            for (int &child : entity.children)
                child = place[static_cast<size_t>(child)];
            sorted.push_back(std::move(entity));
        }
        m_structure.entities = std::move(sorted);
        return std::move(m_structure);
    }

    Structure m_structure;
    QList<Job> m_jobs;
    QSet<int> m_rescanned;
    QByteArrayView m_bytes;
    qsizetype m_buffer = 0;
    char m_newline = '\n';
    QList<Open> m_open;
    Where m_where = Where::Header;
    bool m_fieldSeen = false;
};

} // namespace

QByteArrayView Structure::header(int index) const
{
    const Entity &entity = entities[static_cast<size_t>(index)];
    return QByteArrayView(buffers.at(entity.buffer)).sliced(entity.headBegin, entity.headEnd - entity.headBegin);
}

QByteArrayView Structure::body(int index) const
{
    const Entity &entity = entities[static_cast<size_t>(index)];
    return QByteArrayView(buffers.at(entity.buffer)).sliced(entity.bodyBegin, entity.bodyEnd - entity.bodyBegin);
}

QByteArray Structure::content(int index, qsizetype limit) const
{
    const Entity &entity = entities[static_cast<size_t>(index)];
    if (entity.carried)
        return body(index).first(qMin(limit, entity.bodyEnd - entity.bodyBegin)).toByteArray();
    if (entity.isMultipart()
        || (entity.isMessage() && !entity.encoding.isEmpty() && !entity.children.isEmpty()
            && entities[static_cast<size_t>(entity.children.first())].buffer == entity.buffer))
        return body(index).toByteArray();
    Decoded decoded = decodeTransfer(entity.encoding, body(index), limit);
    if (entity.mimeType.startsWith("text/") && !decoded.tail.isEmpty()) {
        decoded.bytes += '\n';
        decoded.bytes += decoded.tail;
    }
    return decoded.bytes;
}

QByteArray Structure::content(int index) const
{
    return content(index, noLimit);
}

Structure scan(const QByteArray &raw)
{
    return Scanner(raw).run();
}

} // namespace satchel::mime
