// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "mime/contentfields.h"
#include "mime/headerguard.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QList>

#include <vector>

namespace satchel::mime {

/// One entity of a message: where its header and body stand, and what its Content-* fields say.
struct Entity {
    int parent = -1;
    int depth = 0;
    qsizetype headBuffer = 0; ///< Structure::buffers, for the header
    qsizetype buffer = 0; ///< and for the body, which may have been decoded
    qsizetype headBegin = 0;
    qsizetype headEnd = 0;
    qsizetype bodyBegin = 0;
    qsizetype bodyEnd = 0;
    QByteArray mimeType; ///< lower case; the default of the place when the field is missing or broken
    QByteArray encoding; ///< Content-Transfer-Encoding, lower case
    QByteArray contentId; ///< without angle brackets
    QByteArray contentLocation;
    ParametrizedField type;
    ParametrizedField disposition;
    QList<int> children;
    bool declared = false; ///< it has a Content-Type of its own
    bool beyondLimit = false; ///< too deep to look into
    bool carried = false; ///< a file out of a uuencoded or TNEF part, or a picture out of HTML: decoded already
    bool dataPicture = false; ///< carried by HTML in a data: address, which is the body here
    bool carriedBody = false; ///< the text of a TNEF part
    bool signedData = false; ///< S/MIME that holds what it signs: that is its child
    bool encrypted = false; ///< S/MIME that nobody can read here
    QString carriedName;
    qsizetype shownBuffer = -1; ///< of HTML: without the pictures that were taken out of it

    [[nodiscard]] bool isMultipart() const { return mimeType.startsWith("multipart/"); }
    /// The first piece of a message that was sent in pieces begins as a message does.
    [[nodiscard]] bool isMessage() const
    {
        return mimeType == "message/rfc822" || mimeType == "message/global" || mimeType == "message/news"
            || mimeType == "message/partial";
    }
};

/// The parts of a message in document order: the root is 0, every child stands after its parent.
/// The entities hold offsets; the bytes are the raw message and those decoded on the way.
struct Structure {
    QList<QByteArray> buffers; ///< 0: the raw message
    std::vector<Entity> entities;
    bool tooDeep = false;
    bool headerless = false;

    [[nodiscard]] QByteArrayView header(int index) const;
    [[nodiscard]] QByteArrayView body(int index) const;
    /// Decoded, at least \a limit bytes of it when there are so many.
    [[nodiscard]] QByteArray content(int index, qsizetype limit) const;
    [[nodiscard]] QByteArray content(int index) const;

    void sortAsInDocument(); ///< also drops what hangs below no part
};

/// What the Content-* fields of \a header say of \a entity; where they say nothing, its place decides.
void readContentFields(const HeaderBlock &header, bool inDigest, Entity &entity);

/// Finds the parts. Iterative, linear in the bytes; depth, number of parts and the bytes that are decoded on the way
/// are capped (limits.h): what is beyond stays one part that is not looked into. Messages and multiparts that are
/// encoded as a whole, what S/MIME signed and messages in winmail.dat are decoded and scanned too.
[[nodiscard]] Structure scan(const QByteArray &raw);

} // namespace satchel::mime
