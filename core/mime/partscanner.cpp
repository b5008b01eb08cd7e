// SPDX-License-Identifier: GPL-3.0-or-later
#include "mime/partscanner.h"

#include "mime/boundary.h"
#include "mime/carriedfiles.h"
#include "mime/limits.h"
#include "mime/signeddata.h"
#include "mime/transferdecoder.h"

#include <QSet>

#include <utility>

namespace satchel::mime {

namespace {

constexpr int unmarkedHeaderEnds = 8; ///< lines of one header that are looked at for being its own boundary

QByteArrayView withoutBreak(QByteArrayView line)
{
    if (line.endsWith('\n'))
        line.chop(1);
    while (line.endsWith('\r')) // CR CR LF is one break
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
        m_decodable = raw.size() * limits::decodedTimes + 1024 * 1024;
    }

    Structure run()
    {
        m_jobs.append(Job{0, {}, Task::Scan});
        int looked = 0;
        // What is carried may be a message, which is scanned, and may carry something.
        while (!m_jobs.isEmpty() || looked < count()) {
            if (!m_jobs.isEmpty())
                work(m_jobs.takeFirst());
            else if (const int index = looked++; !m_lost.contains(index))
                carryFiles(index);
        }
        m_structure.sortAsInDocument();
        return std::move(m_structure);
    }

private:
    enum class Task {
        Scan, ///< header and body
        ScanBody, ///< of a multipart
        DecodeMessage,
        DecodeMultipart,
        Unwrap, ///< S/MIME
    };

    struct Job {
        int entity;
        QByteArray boundary; ///< of the multipart
        Task task;
    };

    struct Open {
        int entity;
        QByteArray boundary; ///< empty: not a multipart
        bool closed = false; ///< its last boundary line was seen
    };

    enum class Where { Header, Body };

    Entity &at(int index) { return m_structure.entities[static_cast<size_t>(index)]; }

    int count() const { return static_cast<int>(m_structure.entities.size()); }

    void work(const Job &job)
    {
        if (m_lost.contains(job.entity))
            return;
        switch (job.task) {
        case Task::Scan:
        case Task::ScanBody:
            scanEntity(job);
            break;
        case Task::DecodeMessage:
            decodeMessage(job.entity);
            break;
        case Task::DecodeMultipart:
            decodeMultipart(job);
            break;
        case Task::Unwrap:
            unwrap(job.entity);
            break;
        }
    }

    void carryFiles(int index)
    {
        const int before = count();
        appendCarriedFiles(m_structure, index, m_decodable);
        for (int carried = before; carried < count(); ++carried) {
            if (at(carried).isMessage() && at(carried).depth < limits::partDepth)
                addMessage(carried, m_structure.buffers.at(at(carried).buffer));
        }
    }

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
        m_endsLookedAt = 0;
        if (job.task == Task::ScanBody) {
            m_where = Where::Body;
            m_open.append(Open{job.entity, job.boundary});
            position = root.bodyBegin;
        } else {
            m_open.append(Open{job.entity, {}});
        }

        while (position < end) {
            const QByteArrayView current = line(position, end);
            const qsizetype next = position + current.size();
            if (current.size() > 2 && current[0] == '-' && current[1] == '-') {
                if (m_where == Where::Header && declaresBoundary(current, position))
                    startBody(position, position);
                if (isBoundary(current, position)) {
                    position = next;
                    continue;
                }
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
        Entity &entity = at(m_open.last().entity);
        if (position == entity.headBegin) {
            if (const qsizetype mark = markLength(current); mark > 0) {
                entity.headBegin += mark;
                return position + mark;
            }
        }
        const QByteArrayView text = withoutBreak(current);
        if (text.isEmpty()) {
            // Blank lines before the first field of a whole message are noise of gateways.
            if (!m_fieldSeen && m_open.last().entity == 0 && position == entity.headBegin
                && startsWithField(next + markLength(m_bytes.sliced(next, end - next)), end)) {
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
        if (m_fieldSeen
            && wordGoesOn(
                m_bytes.sliced(m_fieldBegin, position - m_fieldBegin), m_bytes.sliced(position, end - position)))
            return next;
        if (!fieldName(text).isEmpty()) {
            m_fieldSeen = true;
            m_fieldBegin = position;
            return next;
        }
        if (!m_fieldSeen && (text.startsWith("From ") || text.startsWith(">From ")))
            return next; // the separator of an mbox
        if (startsWithField(next, end, true))
            return next; // one broken line; the header goes on behind it
        if (m_open.last().entity == 0 && !m_fieldSeen)
            m_structure.headerless = true;
        startBody(position, position);
        return position;
    }

    bool startsWithField(qsizetype position, qsizetype end, bool overFolds = false) const
    {
        if (position >= end)
            return false;
        // What is folded under a broken line is broken with it.
        QByteArrayView current = line(position, end);
        for (int folds = 0; overFolds && folds < 50 && (current.startsWith(' ') || current.startsWith('\t')); ++folds) {
            position += current.size();
            if (position >= end)
                return false;
            current = line(position, end);
        }
        const QByteArrayView name = fieldName(withoutBreak(current));
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

    // A line that is the boundary which the header above it has just named can only be that, though no blank line
    // stands between.
    bool declaresBoundary(QByteArrayView current, qsizetype position)
    {
        if (!m_fieldSeen || ++m_endsLookedAt > unmarkedHeaderEnds)
            return false;
        const Entity &entity = at(m_open.last().entity);
        const HeaderBlock header(m_bytes.sliced(entity.headBegin, position - entity.headBegin));
        const ParametrizedField type(header.first("content-type"));
        if (!type.value().startsWith("multipart"))
            return false;
        const QByteArray boundary = type.bytes("boundary");
        return !boundary.isEmpty()
            && isDelimiter(
                withoutTrailingBlanks(withoutBreak(current)).sliced(2), withoutTrailingBlanks(boundary), true);
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
        child.headBuffer = m_buffer;
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
        m_endsLookedAt = 0;
    }

    bool isFull() const { return m_structure.entities.size() >= static_cast<size_t>(limits::parts); }

    // True when the line at \a position was a boundary line of an open multipart, and has been acted upon.
    bool isBoundary(QByteArrayView current, qsizetype position)
    {
        const QByteArrayView text = withoutTrailingBlanks(withoutBreak(current)).sliced(2);
        for (const bool loose : {false, true}) {
            for (const bool closed : {false, true}) {
                for (qsizetype level = m_open.size() - 1; level >= 0; --level) {
                    const Open &open = m_open.at(level);
                    bool last = false;
                    // Exactly it, or it is a longer boundary: Eudora nests "X" and "X.REL".
                    if (open.boundary.isEmpty() || open.closed != closed
                        || !isDelimiter(text, open.boundary, loose, &last))
                        continue;
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
        if (entity.headBuffer == entity.buffer) // a body that was decoded stands elsewhere
            entity.headEnd = qMin(entity.headEnd, entity.bodyBegin);
        entity.bodyEnd = end;

        if (entity.beyondLimit && (entity.isMultipart() || entity.isMessage())) {
            m_structure.tooDeep = true;
            return;
        }
        if (entity.isMultipart())
            closeMultipart(open);
        else if (entity.isMessage() && !isIdentity(entity.encoding) && entity.children.isEmpty() && !isFull())
            m_jobs.append(Job{open.entity, {}, Task::DecodeMessage});
        else if (mayBeSignedData(entity) && !entity.beyondLimit && !isFull())
            m_jobs.append(Job{open.entity, {}, Task::Unwrap});
    }

    void closeMultipart(const Open &open)
    {
        const Entity &entity = at(open.entity);
        const QByteArrayView body = m_bytes.sliced(entity.bodyBegin, entity.bodyEnd - entity.bodyBegin);
        // Against RFC 2045, but sent. Boundary lines look the same in quoted-printable; a multipart that only says to
        // be encoded betrays itself by the first parameter of a part.
        const bool encoded = entity.encoding == "base64"
            ? entity.children.isEmpty()
            : entity.encoding == "quoted-printable" && isQuotedPrintable(body);
        if (encoded)
            m_jobs.append(Job{open.entity, open.boundary, Task::DecodeMultipart});
        else if (entity.children.isEmpty())
            guessBoundary(open.entity);
    }

    void guessBoundary(int index)
    {
        if (m_rescanned.contains(index))
            return;
        m_rescanned.insert(index);
        const Entity &entity = at(index);
        const QByteArrayView bytes = m_structure.buffers.at(entity.buffer);
        const QByteArray guess = boundaryIn(bytes.sliced(entity.bodyBegin, entity.bodyEnd - entity.bodyBegin));
        if (!guess.isEmpty())
            m_jobs.append(Job{index, guess, Task::ScanBody});
    }

    // What is decoded on the way is bounded as a whole, or nesting would make much of little.
    bool isAffordable(qsizetype size)
    {
        if (size > m_decodable)
            return false;
        m_decodable -= size;
        return true;
    }

    void decodeMultipart(const Job &job)
    {
        const QByteArrayView body = m_structure.body(job.entity);
        const QByteArray encoding = std::exchange(at(job.entity).encoding, "8bit");
        if (isAffordable(body.size())) {
            const QByteArray decoded = decodeTransfer(encoding, body).bytes;
            const bool declared = !job.boundary.isEmpty() && decoded.contains("--" + job.boundary);
            const QByteArray boundary = declared ? job.boundary : boundaryIn(decoded);
            if (!boundary.isEmpty()) {
                lose(at(job.entity).children);
                Entity &entity = at(job.entity);
                entity.children.clear();
                entity.buffer = m_structure.buffers.size();
                entity.bodyBegin = 0;
                entity.bodyEnd = decoded.size();
                m_structure.buffers.append(decoded);
                m_jobs.append(Job{job.entity, boundary, Task::ScanBody});
                return;
            }
        }
        if (at(job.entity).children.isEmpty())
            guessBoundary(job.entity);
    }

    // Parts that were found in what turned out to be encoded.
    void lose(QList<int> pending)
    {
        while (!pending.isEmpty()) {
            const int index = pending.takeLast();
            m_lost.insert(index);
            pending += at(index).children;
        }
    }

    void decodeMessage(int index)
    {
        const QByteArrayView body = m_structure.body(index);
        if (!isAffordable(body.size()))
            return;
        // Some only say that it is encoded.
        const QByteArrayView first = body.first(qMin<qsizetype>(body.size(), 1024));
        if (at(index).encoding == "base64" && isFieldOfMail(fieldName(first)))
            addMessage(index, body.toByteArray());
        else
            addMessage(index, decodeTransfer(at(index).encoding, body).bytes);
    }

    static bool mayBeSignedData(const Entity &entity)
    {
        return entity.mimeType == "application/pkcs7-mime" || entity.mimeType == "application/x-pkcs7-mime"
            || entity.disposition.bytes("filename").toLower().endsWith(".p7m")
            || entity.type.bytes("name").toLower().endsWith(".p7m");
    }

    void unwrap(int index)
    {
        const QByteArrayView body = m_structure.body(index);
        if (!isAffordable(body.size()))
            return;
        const QByteArray decoded = m_structure.content(index);
        const CmsContent content = readCms(decoded);
        Entity &entity = at(index);
        entity.encrypted = content.kind == CmsKind::Encrypted;
        // A signed file ("contract.pdf.p7m") is a file still; what S/MIME signs begins with its Content-Type.
        const QByteArrayView first = QByteArrayView(content.bytes).first(qMin<qsizetype>(content.bytes.size(), 1024));
        const bool mail = isFieldOfMail(fieldName(first));
        const bool words = entity.parent < 0 && !content.bytes.contains('\0');
        if (content.kind != CmsKind::Signed || !(mail || words) || !isAffordable(content.bytes.size()))
            return;
        entity.signedData = true;
        addMessage(index, content.bytes);
    }

    // Adds the header and body in \a bytes below \a parent, to be scanned.
    void addMessage(int parent, const QByteArray &bytes)
    {
        if (isFull())
            return;
        Entity child;
        child.parent = parent;
        child.depth = at(parent).depth + 1;
        child.headBuffer = m_structure.buffers.size();
        child.buffer = child.headBuffer;
        child.bodyEnd = bytes.size();
        child.beyondLimit = child.depth >= limits::partDepth;
        m_structure.buffers.append(bytes);
        const int number = count();
        m_structure.entities.push_back(std::move(child));
        at(parent).children.append(number);
        m_jobs.append(Job{number, {}, Task::Scan});
    }

    void readContentFields(int index)
    {
        Entity &entity = at(index);
        const QByteArrayView header = m_bytes.sliced(entity.headBegin, entity.headEnd - entity.headBegin);
        const bool digest = entity.parent >= 0 && at(entity.parent).mimeType == "multipart/digest";
        mime::readContentFields(HeaderBlock(header), digest, entity);
    }

    Structure m_structure;
    QList<Job> m_jobs;
    QSet<int> m_rescanned;
    QSet<int> m_lost;
    qsizetype m_decodable = 0; ///< bytes that may still be decoded on the way
    QByteArrayView m_bytes;
    qsizetype m_buffer = 0;
    char m_newline = '\n';
    QList<Open> m_open;
    Where m_where = Where::Header;
    bool m_fieldSeen = false;
    int m_endsLookedAt = 0; ///< of this header, see declaresBoundary()
    qsizetype m_fieldBegin = 0; ///< of the field that the last header line belongs to
};

} // namespace

Structure scan(const QByteArray &raw)
{
    return Scanner(raw).run();
}

} // namespace satchel::mime
