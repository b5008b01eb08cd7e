// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>

namespace satchel::mime {

/// Why a link may lead elsewhere than its reader believes (security.md, "Links").
enum class LinkRisk {
    NotOpened, ///< neither http, https nor mailto: Satchel does not open it
    OtherHost, ///< its text names another host than its target
    UserInfo, ///< what stands before "@" looks like the host: https://bank.example@evil.example
    LookAlike, ///< the host mixes scripts, or is made of letters that look like others
    Address, ///< the host is a number
};

struct LinkCheck {
    QString target; ///< as it is safe to show: punycode where letters could deceive
    QString host;
    QList<LinkRisk> risks;
};

/// Compares what a link says with where it goes. Pure.
[[nodiscard]] LinkCheck checkLink(const QString &text, const QString &href);

/// One translated sentence on the worst risk, to be shown before the link is opened; empty when there is none.
[[nodiscard]] QString linkWarning(const QString &text, const QString &href);

} // namespace satchel::mime
