// SPDX-License-Identifier: GPL-3.0-or-later
#include "mime/filename.h"

#include "base/codepoint.h"

#include <QMimeDatabase>
#include <QSet>
#include <QStringList>

#include <algorithm>
#include <array>

namespace satchel::mime {

namespace {

constexpr qsizetype byteLimit = 200;

bool isDeviceName(const QString &name)
{
    static const QSet<QString> devices = [] {
        QSet<QString> names = {QStringLiteral("con"), QStringLiteral("prn"), QStringLiteral("aux"),
            QStringLiteral("nul"), QStringLiteral("conin$"), QStringLiteral("conout$"), QStringLiteral("clock$")};
        const QString digits = QStringLiteral("0123456789\u00b9\u00b2\u00b3");
        for (const QChar digit : digits) {
            names.insert(QStringLiteral("com") + digit);
            names.insert(QStringLiteral("lpt") + digit);
        }
        return names;
    }();
    // Windows looks at what stands before the first dot, blanks aside.
    return devices.contains(name.section(u'.', 0, 0).trimmed().toLower());
}

bool isForbidden(QChar c)
{
    return QStringView(u"<>:\"|?*/\\").contains(c);
}

QString withinLimit(const QString &name)
{
    if (name.toUtf8().size() <= byteLimit)
        return name;
    // What the file is stays readable: the ending is kept.
    QString ending;
    if (const qsizetype dot = name.lastIndexOf(u'.'); dot > 0 && name.size() - dot <= 12)
        ending = name.sliced(dot);
    QString stem = name.chopped(ending.size());
    while (!stem.isEmpty() && stem.toUtf8().size() + ending.toUtf8().size() > byteLimit) {
        stem.chop(1);
        if (!stem.isEmpty() && stem.back().isHighSurrogate())
            stem.chop(1);
    }
    return stem + ending;
}

QString cleaned(const QString &name)
{
    QString safe;
    safe.reserve(qMin<qsizetype>(name.size(), 4096));
    // Only the last part of a path; "C:name" and "name:stream" lose their colon below.
    const qsizetype slash = qMax(name.lastIndexOf(u'/'), name.lastIndexOf(u'\\'));
    for (qsizetype i = slash + 1; i < name.size() && safe.size() < 4096; ++i) {
        const QChar c = name.at(i);
        if (c.isHighSurrogate() && i + 1 < name.size() && name.at(i + 1).isLowSurrogate()) {
            const char32_t point = QChar::surrogateToUcs4(c, name.at(i + 1));
            if (!isUnseen(point) && QChar::category(point) != QChar::Other_PrivateUse) {
                safe += c;
                safe += name.at(i + 1);
            }
            ++i;
            continue;
        }
        const QChar::Category category = c.category();
        if (c.isSurrogate() || category == QChar::Other_Control || category == QChar::Other_Format
            || c == QChar::ReplacementCharacter)
            continue;
        if (category == QChar::Separator_Line || category == QChar::Separator_Paragraph)
            continue;
        safe += isForbidden(c) ? QChar(u'_') : c.isSpace() ? QChar(u' ') : c;
    }
    const auto isEdge = [](QChar c) { return c == u'.' || c == u' '; };
    while (!safe.isEmpty() && (isEdge(safe.front()) || safe.front() == u'-' || safe.front() == u'~'))
        safe.removeFirst();
    while (!safe.isEmpty() && isEdge(safe.back()))
        safe.chop(1);
    return safe;
}

// The usual ending of a type; the system's list is asked for what is not here, since some prefer endings nobody
// expects.
QString endingOf(const QByteArray &mimeType)
{
    struct Kind {
        const char *type;
        const char16_t *ending;
    };
    static constexpr auto kinds = std::to_array<Kind>({{"text/plain", u"txt"}, {"text/html", u"html"},
        {"text/calendar", u"ics"}, {"text/csv", u"csv"}, {"text/vcard", u"vcf"}, {"text/x-vcard", u"vcf"},
        {"text/xml", u"xml"}, {"application/xml", u"xml"}, {"application/pdf", u"pdf"}, {"application/x-pdf", u"pdf"},
        {"application/zip", u"zip"}, {"application/x-zip-compressed", u"zip"}, {"application/rtf", u"rtf"},
        {"application/msword", u"doc"}, {"application/vnd.ms-excel", u"xls"}, {"application/vnd.ms-powerpoint", u"ppt"},
        {"application/json", u"json"}, {"application/pgp-signature", u"asc"}, {"application/pgp-keys", u"asc"},
        {"application/pkcs7-mime", u"p7m"}, {"application/x-pkcs7-mime", u"p7m"},
        {"application/pkcs7-signature", u"p7s"}, {"application/x-pkcs7-signature", u"p7s"}, {"image/jpeg", u"jpg"},
        {"image/jpg", u"jpg"}, {"image/pjpeg", u"jpg"}, {"image/png", u"png"}, {"image/gif", u"gif"},
        {"image/tiff", u"tif"}, {"image/heic", u"heic"}, {"image/webp", u"webp"}, {"image/svg+xml", u"svg"},
        {"audio/mpeg", u"mp3"}, {"audio/mp4", u"m4a"}, {"audio/wav", u"wav"}, {"audio/x-wav", u"wav"},
        {"video/mp4", u"mp4"}, {"video/quicktime", u"mov"}, {"message/rfc822", u"eml"}});
    for (const Kind &kind : kinds) {
        if (mimeType == kind.type)
            return QString(kind.ending);
    }
    // "Some bytes" is no kind of file.
    if (mimeType.isEmpty() || mimeType == "application/octet-stream" || mimeType.startsWith("multipart/")
        || mimeType == "application/x-msdownload")
        return {};
    const QMimeType known = QMimeDatabase().mimeTypeForName(QString::fromLatin1(mimeType));
    return known.isValid() && !known.isDefault() ? known.preferredSuffix() : QString();
}

bool hasEnding(const QString &name, const QByteArray &mimeType)
{
    constexpr qsizetype longest = 12;
    const qsizetype dot = name.lastIndexOf(u'.');
    if (dot <= 0 || dot + 1 == name.size() || name.size() - dot - 1 > longest)
        return false;
    const QString ending = name.sliced(dot + 1).toLower();
    const bool word = std::ranges::all_of(
        ending, [](QChar c) { return (c >= u'a' && c <= u'z') || (c >= u'0' && c <= u'9') || c == u'_' || c == u'-'; });
    if (!word)
        return false;
    if (ending == endingOf(mimeType))
        return true;
    const bool generic = mimeType.startsWith("text/") || endingOf(mimeType).isEmpty();
    if (ending == u"com" && !generic) // names hold the addresses of firms
        return false;
    if (isExecutableName(name))
        return true;
    const bool number = std::ranges::all_of(ending, [](QChar c) { return c.isDigit(); });
    if (!number && generic && ending.size() <= 5) // a type that is said of all kinds of files
        return true;
    return !number && !QMimeDatabase().suffixForFileName(QStringLiteral("a.") + ending).isEmpty();
}

} // namespace

QString safeFileName(const QString &name, const QString &fallback)
{
    QString safe = withinLimit(cleaned(name));
    while (safe.endsWith(u' ') || safe.endsWith(u'.'))
        safe.chop(1);
    if (safe.isEmpty())
        return fallback;
    if (isDeviceName(safe))
        safe.prepend(u'_');
    return safe;
}

QString namedByType(const QString &name, const QByteArray &mimeType)
{
    QString stem = name;
    while (stem.endsWith(u'.') || stem.endsWith(u' '))
        stem.chop(1);
    const QString ending = stem.isEmpty() || hasEnding(stem, mimeType) ? QString() : endingOf(mimeType);
    return ending.isEmpty() ? name : stem + u'.' + ending;
}

bool isExecutableName(const QString &name)
{
    static const QSet<QString> endings = [] {
        const QString all = QStringLiteral(
            // Windows
            "exe com bat cmd scr pif msi msp mst msc cpl dll ocx sys drv vb vbs vbe js jse ws wsf wsh wsc hta jar jnlp "
            "ps1 ps1xml ps2 psc1 psc2 psd1 psm1 reg inf ins isp lnk url scf sct shb shs chm hlp gadget application "
            "appref-ms appx appxbundle msix msixbundle settingcontent-ms library-ms searchconnector-ms website iso img "
            "vhd vhdx wim xll xlam ade adp mde mdb accde diagcab theme themepack xbap rdp "
            // office files with macros
            "docm dotm xlsm xltm xlsb pptm potm ppam ppsm sldm "
            // Unix and macOS
            "sh bash csh ksh zsh fish run bin out elf appimage flatpakref snap deb rpm desktop service py pyw pyc pl "
            "rb "
            "php tcl lua command tool app workflow action osx pkg mpkg dmg scpt scptd terminal fileloc inetloc webloc "
            "html htm xhtml shtml mht mhtml svg");
        const QStringList list = all.split(u' ', Qt::SkipEmptyParts);
        return QSet<QString>(list.cbegin(), list.cend());
    }();
    QString clean = cleaned(name);
    const qsizetype dot = clean.lastIndexOf(u'.');
    if (dot < 0)
        return false;
    return endings.contains(clean.sliced(dot + 1).trimmed().toLower());
}

} // namespace satchel::mime
