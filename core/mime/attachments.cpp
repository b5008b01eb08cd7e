// SPDX-License-Identifier: GPL-3.0-or-later
#include "mime/attachments.h"

#include "mime/bodywriter.h"
#include "mime/envelope.h"
#include "mime/filename.h"
#include "mime/message.h"

#include <QCoreApplication>

#include <algorithm>

namespace satchel::mime {

namespace {

const Entity &entityAt(const Structure &structure, int index)
{
    return structure.entities[static_cast<size_t>(index)];
}

bool canBeNamed(const Entity &entity)
{
    return !entity.contentId.isEmpty() || !entity.contentLocation.isEmpty();
}

// Old programs call every file "some bytes"; its name tells more then.
bool isPicture(const Structure &structure, int index)
{
    const Entity &entity = entityAt(structure, index);
    if (entity.mimeType != "application/octet-stream")
        return entity.mimeType.startsWith("image/");
    const QString ending = partName(structure, index).section(u'.', -1).toLower();
    static constexpr QStringView pictures[] = {
        u"png", u"jpg", u"jpeg", u"gif", u"bmp", u"webp", u"tif", u"tiff", u"avif", u"heic", u"heif", u"jxl"};
    return std::ranges::find(pictures, QStringView(ending)) != std::end(pictures);
}

} // namespace

QHash<QByteArray, int> contentIdsOf(const Structure &structure)
{
    QHash<QByteArray, int> ids;
    const auto insert = [&](const QByteArray &id, int index) {
        if (!id.isEmpty() && !ids.contains(id))
            ids.insert(id, index);
    };
    for (const bool exact : {true, false}) {
        for (size_t i = 0; i < structure.entities.size(); ++i) {
            const Entity &entity = structure.entities[i];
            if (entity.isMultipart() || entity.isMessage())
                continue;
            insert(exact ? entity.contentId : entity.contentId.toLower(), static_cast<int>(i));
            if (exact)
                insert(entity.contentLocation, static_cast<int>(i));
        }
    }
    return ids;
}

QSet<int> shownOnPage(const Structure &structure, const BodyChoice &choice)
{
    if (std::ranges::none_of(choice.attachments, [&](int part) { return canBeNamed(entityAt(structure, part)); }))
        return {};
    Message page;
    return BodyWriter(structure, choice, {}).write(page);
}

QSet<int> attachmentsOf(const Structure &structure, const QSet<int> &candidates, const QSet<int> &shown)
{
    QSet<int> attachments;
    for (const int part : candidates) {
        if (!shown.contains(part) || !isPicture(structure, part))
            attachments.insert(part);
    }
    return attachments;
}

QString attachmentNameOf(const Structure &structure, int index)
{
    const Entity &entity = entityAt(structure, index);
    const QString fallback =
        entity.isMessage() ? QCoreApplication::translate("satchel::mime", "Message.eml") : QString();
    return safeFileName(partName(structure, index), fallback);
}

} // namespace satchel::mime
