// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/saslprep.h"

#include <QChar>
#include <QList>

namespace satchel::net {

namespace {

/// RFC 3454 table B.1.
bool mapsToNothing(char32_t c)
{
    return c == 0x00AD || c == 0x034F || c == 0x1806 || (c >= 0x180B && c <= 0x180D) || (c >= 0x200B && c <= 0x200D)
        || c == 0x2060 || (c >= 0xFE00 && c <= 0xFE0F) || c == 0xFEFF;
}

/// RFC 3454 tables C.1.2 to C.9.
bool isProhibited(char32_t c)
{
    switch (QChar::category(c)) {
    case QChar::Other_Control:
    case QChar::Other_PrivateUse:
    case QChar::Other_Surrogate:
    case QChar::Separator_Line:
    case QChar::Separator_Paragraph:
        return true;
    case QChar::Separator_Space:
        return c != U' ';
    default:
        break;
    }
    return QChar::isNonCharacter(c) || c == 0x06DD || c == 0x070F || c == 0x180E || c == 0x0340 || c == 0x0341
        || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F)
        || (c >= 0x2FF0 && c <= 0x2FFB) || (c >= 0xFFF9 && c <= 0xFFFD) || (c >= 0x1D173 && c <= 0x1D17A)
        || (c >= 0xE0000 && c <= 0xE007F);
}

bool isRightToLeft(char32_t c)
{
    const QChar::Direction direction = QChar::direction(c);
    return direction == QChar::DirR || direction == QChar::DirAL;
}

} // namespace

std::optional<QString> saslPrepared(const QString &text)
{
    QString mapped;
    mapped.reserve(text.size());
    const auto points = text.toUcs4();
    for (const char32_t c : points) {
        if (mapsToNothing(c))
            continue;
        if (c != U' ' && QChar::category(c) == QChar::Separator_Space)
            mapped.append(u' ');
        else
            mapped.append(QChar::fromUcs4(c));
    }
    const QString normalised = mapped.normalized(QString::NormalizationForm_KC);
    const auto result = normalised.toUcs4();
    bool rightToLeft = false;
    bool leftToRight = false;
    for (const char32_t c : result) {
        if (isProhibited(c))
            return std::nullopt;
        rightToLeft |= isRightToLeft(c);
        leftToRight |= QChar::direction(c) == QChar::DirL;
    }
    if (rightToLeft && (leftToRight || !isRightToLeft(result.first()) || !isRightToLeft(result.last())))
        return std::nullopt;
    return normalised;
}

} // namespace satchel::net
