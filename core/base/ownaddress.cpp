// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/ownaddress.h"

#include <algorithm>

namespace satchel {

namespace {

bool isSame(const QString &one, const QString &other)
{
    return one.compare(other, Qt::CaseInsensitive) == 0;
}

bool isNamed(const QString &address, const QList<Mailbox> &named)
{
    return std::ranges::any_of(named, [&](const Mailbox &mailbox) { return isSame(mailbox.address, address); });
}

bool hasDomainOf(const QString &address, const QStringList &own)
{
    const QString domain = address.section(u'@', -1);
    return address.contains(u'@')
        && std::ranges::any_of(own, [&](const QString &mine) { return isSame(mine.section(u'@', -1), domain); });
}

} // namespace

QString addressedAs(const QStringList &delivered, const QList<Mailbox> &named, const QStringList &own)
{
    QStringList mine;
    std::ranges::copy_if(
        delivered, std::back_inserter(mine), [&](const QString &address) { return hasDomainOf(address, own); });
    for (const QString &address : mine) {
        if (isNamed(address, named))
            return address;
    }
    for (const QString &address : own) {
        if (isNamed(address, named))
            return address;
    }
    return mine.isEmpty() ? own.value(0) : mine.first();
}

} // namespace satchel
