// SPDX-License-Identifier: GPL-3.0-or-later
#include "mime/carriedfiles.h"

#include "mime/encodedword.h"
#include "mime/limits.h"
#include "mime/partscanner.h"
#include "mime/tnef.h"
#include "mime/uuencode.h"

#include <QMimeDatabase>

namespace satchel::mime {

namespace {

constexpr qsizetype textLimit = 32 * 1024 * 1024;

// The kind by the ending of the name alone: what is inside is checked by whoever opens it.
QByteArray typeByName(const QString &name)
{
    const QString ending = name.section(u'.', -1).toLower();
    if (ending == QStringLiteral("txt"))
        return "text/plain";
    const QMimeType type = QMimeDatabase().mimeTypeForFile(name, QMimeDatabase::MatchExtension);
    return type.isDefault() ? QByteArray("application/octet-stream") : type.name().toLatin1();
}

void append(Structure &structure, int parent, const QString &name, const QByteArray &content, QByteArray mimeType,
    const QByteArray &contentId)
{
    if (structure.entities.size() >= static_cast<size_t>(limits::parts))
        return;
    Entity file;
    file.parent = parent;
    file.depth = structure.entities[static_cast<size_t>(parent)].depth + 1;
    file.buffer = structure.buffers.size();
    file.bodyEnd = content.size();
    file.carried = true;
    file.carriedName = name;
    file.mimeType = mimeType.isEmpty() ? typeByName(name) : std::move(mimeType);
    file.contentId = contentId;
    structure.buffers.append(content);
    const int index = static_cast<int>(structure.entities.size());
    structure.entities.push_back(std::move(file));
    structure.entities[static_cast<size_t>(parent)].children.append(index);
}

bool mayHoldUuencoded(const Structure &structure, int index)
{
    const Entity &entity = structure.entities[static_cast<size_t>(index)];
    if (entity.mimeType != "text/plain" || isUuencodeName(entity.encoding)
        || entity.disposition.value() == "attachment")
        return false;
    const QByteArrayView body = structure.body(index);
    if (body.size() > textLimit)
        return false;
    return entity.encoding == "base64" || body.indexOf("begin ") >= 0;
}

bool isTnef(const Entity &entity)
{
    return entity.mimeType == "application/ms-tnef" || entity.mimeType == "application/vnd.ms-tnef"
        || entity.type.bytes("name").toLower() == "winmail.dat"
        || entity.disposition.bytes("filename").toLower() == "winmail.dat";
}

} // namespace

void appendCarriedFiles(Structure &structure)
{
    const int count = static_cast<int>(structure.entities.size());
    for (int i = 0; i < count; ++i) {
        const Entity &entity = structure.entities[static_cast<size_t>(i)];
        if (entity.isMultipart() || entity.beyondLimit || !entity.children.isEmpty())
            continue;
        if (mayHoldUuencoded(structure, i)) {
            const QList<UuencodedFile> files = uuencodedFiles(structure.content(i));
            for (const UuencodedFile &file : files)
                append(structure, i, presentable(decodeWords(file.name)), file.content, {}, {});
        } else if (isTnef(entity) && structure.body(i).size() <= limits::tnef) {
            const TnefContent content = readTnef(structure.content(i));
            for (const TnefFile &file : content.files)
                append(structure, i, file.name, file.content, file.mimeType, file.contentId);
            if (!content.html.isEmpty())
                append(structure, i, {}, content.html, "text/html", {});
            else if (!content.text.isEmpty())
                append(structure, i, {}, content.text.toUtf8(), "text/plain", {});
        }
    }
}

} // namespace satchel::mime
