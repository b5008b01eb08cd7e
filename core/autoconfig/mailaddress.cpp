// SPDX-License-Identifier: GPL-3.0-or-later
#include "autoconfig/mailaddress.h"

#include <QCoreApplication>
#include <QUrl>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace satchel::autoconfig {

namespace {

struct MailAddressText {
    Q_DECLARE_TR_FUNCTIONS(MailAddress)
};

constexpr qsizetype LongestAddress = 320; // RFC 5321: 64 before the @, 255 after it

bool isLabelCharacter(QChar c)
{
    return (c >= u'a' && c <= u'z') || (c >= u'0' && c <= u'9') || c == u'-';
}

bool isDigit(QChar c)
{
    return c >= u'0' && c <= u'9';
}

bool hasControls(const QString &text)
{
    return std::ranges::any_of(text, [](QChar c) {
        return c.category() == QChar::Other_Control || c == QChar::LineSeparator || c == QChar::ParagraphSeparator;
    });
}

} // namespace

QString hostName(const QString &name)
{
    // toAce() is asked only for what it is for: it lets some characters through that no host name has.
    const QString ascii = QString::fromLatin1(QUrl::toAce(name)).toLower();
    if (ascii.isEmpty() || ascii.size() > 253)
        return {};
    const QStringList labels = ascii.split(u'.');
    for (const QString &label : labels) {
        if (label.isEmpty() || label.size() > 63 || label.startsWith(u'-') || label.endsWith(u'-')
            || !std::ranges::all_of(label, isLabelCharacter))
            return {};
    }
    // No top-level domain is a number (RFC 3696): this is an address such as 192.0.2.1.
    if (labels.size() < 2 || std::ranges::all_of(labels.last(), isDigit))
        return {};
    return ascii;
}

Expected<MailAddress> parseAddress(const QString &text)
{
    const QString trimmed = text.trimmed();
    const qsizetype at = trimmed.lastIndexOf(u'@');
    MailAddress address{trimmed, trimmed.left(at), at < 0 ? QString() : hostName(trimmed.mid(at + 1))};
    if (at <= 0 || address.domain.isEmpty() || trimmed.size() > LongestAddress || hasControls(trimmed)
        || (address.local.contains(u' ') && !address.local.startsWith(u'"'))) {
        return fail(ErrorKind::InvalidRequest,
            MailAddressText::tr("“%1” is not a complete e-mail address; it should look like name@example.org.")
                .arg(sanitised(trimmed, 80)),
            ErrorAction::EditAccount);
    }
    return address;
}

bool isInside(const QString &host, const QString &domain)
{
    return host == domain || (host.endsWith(domain) && host.at(host.size() - domain.size() - 1) == u'.');
}

QString filledIn(const QString &pattern, const MailAddress &address)
{
    const std::pair<QLatin1StringView, const QString *> placeholders[] = {
        {"%EMAILADDRESS%"_L1, &address.text},
        {"%EMAILLOCALPART%"_L1, &address.local},
        {"%EMAILDOMAIN%"_L1, &address.domain},
    };
    QString filled;
    for (qsizetype i = 0; i < pattern.size();) {
        const QStringView rest = QStringView(pattern).sliced(i);
        const auto found =
            std::ranges::find_if(placeholders, [rest](const auto &p) { return rest.startsWith(p.first); });
        if (found == std::end(placeholders)) {
            filled.append(pattern.at(i++));
        } else {
            filled.append(*found->second);
            i += found->first.size();
        }
    }
    return filled;
}

bool isUserName(const QString &name)
{
    return !name.isEmpty() && name.size() <= LongestAddress && !hasControls(name);
}

} // namespace satchel::autoconfig
