// SPDX-License-Identifier: GPL-3.0-or-later
#include "mime/datapicture.h"
#include "mime/partscanner.h"
#include "mime/transferdecoder.h"

#include <cctype>

namespace satchel::mime {

namespace {

// "Content-Type: text" and "html" are seen.
QByteArray byWord(const QByteArray &word)
{
    if (word == "html")
        return "text/html";
    if (word == "multipart" || word == "multipart/")
        return "multipart/mixed";
    if (word.isEmpty() || word == "text" || word == "text/" || word == "plain")
        return "text/plain";
    return "application/octet-stream";
}

// "quoted printable" and "Base-64" are seen.
QByteArray encodingNamed(const QByteArray &name)
{
    QByteArray letters = name;
    letters.removeIf([](char c) { return isalnum(static_cast<uchar>(c)) == 0; });
    if (letters == "base64")
        return letters;
    if (letters == "quotedprintable" || letters == "quoted")
        return "quoted-printable";
    return name;
}

} // namespace

void readContentFields(const HeaderBlock &header, bool inDigest, Entity &entity)
{
    const QByteArray type = header.first("content-type");
    entity.type = ParametrizedField(type);
    entity.disposition = ParametrizedField(header.first("content-disposition"));
    // Folded and commented forms are seen: the first word counts.
    const ParametrizedField encoding(header.first("content-transfer-encoding"));
    entity.encoding = encodingNamed(encoding.value());
    entity.contentId = header.first("content-id").trimmed();
    if (entity.contentId.startsWith('<') && entity.contentId.endsWith('>'))
        entity.contentId = entity.contentId.sliced(1).chopped(1).trimmed();
    entity.contentId.truncate(1000);
    entity.contentLocation = header.first("content-location").simplified();
    entity.mimeType = entity.type.value();
    entity.declared = !entity.mimeType.isEmpty();
    const qsizetype slash = entity.mimeType.indexOf('/');
    if (slash <= 0 || slash == entity.mimeType.size() - 1) {
        entity.mimeType = inDigest && !entity.declared ? "message/rfc822" : byWord(entity.mimeType);
    }
}

void Structure::sortAsInDocument()
{
    std::vector<int> order;
    std::vector<int> pending = {0};
    while (!pending.empty()) {
        const int index = pending.back();
        pending.pop_back();
        order.push_back(index);
        const QList<int> &children = entities[static_cast<size_t>(index)].children;
        for (auto it = children.crbegin(); it != children.crend(); ++it)
            pending.push_back(*it);
    }
    std::vector<int> place(entities.size(), -1);
    for (size_t i = 0; i < order.size(); ++i)
        place[static_cast<size_t>(order[i])] = static_cast<int>(i);
    std::vector<Entity> sorted;
    sorted.reserve(order.size());
    for (const int index : order) {
        Entity entity = std::move(entities[static_cast<size_t>(index)]);
        if (entity.parent >= 0)
            entity.parent = place[static_cast<size_t>(entity.parent)];
        for (int &child : entity.children)
            child = place[static_cast<size_t>(child)];
        sorted.push_back(std::move(entity));
    }
    entities = std::move(sorted);
}

QByteArrayView Structure::header(int index) const
{
    const Entity &entity = entities[static_cast<size_t>(index)];
    return QByteArrayView(buffers.at(entity.headBuffer)).sliced(entity.headBegin, entity.headEnd - entity.headBegin);
}

QByteArrayView Structure::body(int index) const
{
    const Entity &entity = entities[static_cast<size_t>(index)];
    return QByteArrayView(buffers.at(entity.buffer)).sliced(entity.bodyBegin, entity.bodyEnd - entity.bodyBegin);
}

QByteArray Structure::content(int index, qsizetype limit) const
{
    const Entity &entity = entities[static_cast<size_t>(index)];
    if (entity.dataPicture)
        return dataPicture(body(index)).bytes;
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

} // namespace satchel::mime
