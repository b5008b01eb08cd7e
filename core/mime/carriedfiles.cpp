// SPDX-License-Identifier: GPL-3.0-or-later
#include "mime/carriedfiles.h"

#include "mime/datapicture.h"
#include "mime/encodedword.h"
#include "mime/limits.h"
#include "mime/partscanner.h"
#include "mime/tnef.h"
#include "mime/uuencode.h"

#include <QCoreApplication>
#include <QHash>
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

bool isFull(const Structure &structure)
{
    return structure.entities.size() >= static_cast<size_t>(limits::parts);
}

Entity *append(Structure &structure, int parent, Entity file)
{
    if (isFull(structure))
        return nullptr;
    file.parent = parent;
    file.depth = structure.entities[static_cast<size_t>(parent)].depth + 1;
    file.headBuffer = file.buffer;
    file.headBegin = file.bodyBegin;
    file.headEnd = file.bodyBegin;
    file.carried = true;
    const int index = static_cast<int>(structure.entities.size());
    structure.entities.push_back(std::move(file));
    structure.entities[static_cast<size_t>(parent)].children.append(index);
    return &structure.entities.back();
}

Entity *append(Structure &structure, int parent, const QString &name, const QByteArray &content, QByteArray mimeType,
    qsizetype &budget)
{
    if (content.size() > budget)
        return nullptr;
    Entity file;
    file.buffer = structure.buffers.size();
    file.bodyEnd = content.size();
    file.carriedName = name;
    file.mimeType = mimeType.isEmpty() ? typeByName(name) : std::move(mimeType);
    Entity *added = append(structure, parent, std::move(file));
    if (added != nullptr) {
        budget -= content.size();
        structure.buffers.append(content);
    }
    return added;
}

bool isHtml(const Entity &entity)
{
    return entity.mimeType == "text/html" || entity.mimeType == "application/xhtml+xml";
}

QString pictureName(qsizetype number, const QByteArray &mimeType)
{
    QByteArray ending = mimeType.sliced(mimeType.indexOf('/') + 1);
    if (const qsizetype plus = ending.indexOf('+'); plus > 0)
        ending.truncate(plus);
    if (ending == "jpeg")
        ending = "jpg";
    if (ending.startsWith("x-"))
        ending = ending.sliced(2);
    const QString name = QCoreApplication::translate("satchel::mime", "Picture %1").arg(number);
    return ending.isEmpty() || ending.size() > 5 ? name : name + u'.' + QString::fromLatin1(ending);
}

/// Pictures in data: addresses become parts that the HTML names by a Content-ID; so they are drawn and limited like
/// those that came as parts, and what limits the HTML does not count them.
void takePicturesOut(Structure &structure, int index, qsizetype &budget)
{
    const QByteArray html = structure.content(index);
    if (html.size() * 2 > budget)
        return;
    const QList<DataAddress> addresses = dataAddresses(html);
    if (addresses.isEmpty())
        return;
    budget -= html.size() * 2;
    const qsizetype buffer = structure.buffers.size();
    structure.buffers.append(html);
    QByteArray shown;
    shown.reserve(html.size());
    QHash<QByteArrayView, QByteArray> known;
    qsizetype at = 0;
    for (const DataAddress &address : addresses) {
        const QByteArrayView written = QByteArrayView(html).sliced(address.begin, address.end - address.begin);
        shown += QByteArrayView(html).sliced(at, address.begin - at);
        at = address.end;
        QByteArray id = known.value(written);
        if (id.isEmpty() && known.size() < limits::dataPictures && !isFull(structure)) {
            Entity picture;
            picture.buffer = buffer;
            picture.bodyBegin = address.begin;
            picture.bodyEnd = address.end;
            picture.dataPicture = true;
            picture.mimeType = dataPicture(written.first(qMin<qsizetype>(written.size(), 400))).mimeType;
            picture.carriedName = pictureName(known.size() + 1, picture.mimeType);
            id = "data-" + QByteArray::number(structure.entities.size()) + "@html";
            picture.contentId = id;
            append(structure, index, std::move(picture));
            known.insert(written, id);
        }
        shown += "cid:" + id;
    }
    shown += QByteArrayView(html).sliced(at);
    structure.entities[static_cast<size_t>(index)].shownBuffer = structure.buffers.size();
    structure.buffers.append(shown);
}

bool mayHoldUuencoded(const Structure &structure, int index)
{
    const Entity &entity = structure.entities[static_cast<size_t>(index)];
    if (entity.carried || entity.mimeType != "text/plain" || isUuencodeName(entity.encoding)
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
        || entity.disposition.bytes("filename").toLower() == "winmail.dat"
        || entity.carriedName.compare(QStringLiteral("winmail.dat"), Qt::CaseInsensitive) == 0;
}

} // namespace

void appendCarriedFiles(Structure &structure, int index, qsizetype &budget)
{
    // By value: what is added moves the others.
    const Entity entity = structure.entities[static_cast<size_t>(index)];
    if (entity.isMultipart() || entity.beyondLimit || !entity.children.isEmpty() || entity.depth >= limits::partDepth)
        return;
    if (isHtml(entity) && entity.disposition.value() != "attachment") {
        if (entity.carried || mayHoldDataPictures(structure.body(index), entity.encoding))
            takePicturesOut(structure, index, budget);
    } else if (mayHoldUuencoded(structure, index)) {
        const QList<UuencodedFile> files = uuencodedFiles(structure.content(index));
        for (const UuencodedFile &file : files)
            append(structure, index, presentable(decodeWords(file.name)), file.content, {}, budget);
    } else if (isTnef(entity) && structure.body(index).size() <= limits::tnef) {
        const TnefContent content = readTnef(structure.content(index));
        Entity *body = nullptr;
        if (!content.html.isEmpty())
            body = append(structure, index, {}, content.html, "text/html", budget);
        else if (!content.text.isEmpty())
            body = append(structure, index, {}, content.text.toUtf8(), "text/plain", budget);
        if (body != nullptr)
            body->carriedBody = true;
        for (const TnefFile &file : content.files) {
            if (Entity *added = append(structure, index, file.name, file.content, file.mimeType, budget))
                added->contentId = file.contentId;
        }
    }
}

} // namespace satchel::mime
