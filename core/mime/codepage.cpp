// SPDX-License-Identifier: GPL-3.0-or-later
#include "mime/codepage.h"

namespace satchel::mime {

QByteArray charsetOfCodepage(quint32 number)
{
    switch (number) {
    case 0:
        return {};
    case 437:
    case 720:
    case 737:
    case 775:
    case 850:
    case 852:
    case 855:
    case 857:
    case 858:
    case 860:
    case 861:
    case 862:
    case 863:
    case 864:
    case 865:
    case 866:
    case 869:
        return "cp" + QByteArray::number(number);
    case 932:
        return "windows-31j";
    case 936:
    case 54936:
        return "gb18030";
    case 949:
    case 51949:
        return "windows-949";
    case 950:
        return "big5";
    case 1200:
        return "utf-16le";
    case 1201:
        return "utf-16be";
    case 10000:
        return "macintosh";
    case 20127:
        return "us-ascii";
    case 20866:
        return "koi8-r";
    case 21866:
        return "koi8-u";
    case 38598:
        return "iso-8859-8";
    case 50220:
    case 50221:
    case 50222:
        return "iso-2022-jp";
    case 50225:
        return "iso-2022-kr";
    case 20932:
    case 51932:
        return "euc-jp";
    case 51936:
        return "gb18030";
    case 52936:
        return "hz-gb-2312";
    case 65000:
        return "utf-7";
    case 65001:
        return "utf-8";
    default:
        break;
    }
    if (number >= 28591 && number <= 28605)
        return "iso-8859-" + QByteArray::number(number - 28590);
    return (number >= 1250 && number <= 1258) || number == 874 ? "windows-" + QByteArray::number(number) : QByteArray();
}

} // namespace satchel::mime
