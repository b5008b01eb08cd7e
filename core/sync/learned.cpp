// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/learned.h"

namespace satchel::sync {

QByteArray serverOf(const AccountSettings &account)
{
    return account.host.trimmed().toLower().toUtf8() + ' ' + QByteArray::number(account.port) + ' '
        + QByteArray::number(int(account.security));
}

QByteArray mailboxOf(const AccountSettings &account)
{
    const QString user = account.userName.isEmpty() ? account.address : account.userName;
    return (account.recentMode ? QByteArray("recent ") : QByteArray()) + account.host.trimmed().toLower().toUtf8() + ' '
        + user.toUtf8();
}

Expected<QByteArray> learned(
    const store::Writer &writer, AccountId account, const QByteArray &whose, const QString &name)
{
    Expected<QByteArray> kept = writer.accountFact(account, name);
    if (!kept)
        return kept;
    if (!kept->startsWith(whose + '\n'))
        return QByteArray();
    return kept->sliced(whose.size() + 1);
}

Expected<void> keepLearned(
    store::Writer &writer, AccountId account, const QByteArray &whose, const QString &name, const QByteArray &value)
{
    const QByteArray now = value.isEmpty() ? QByteArray() : whose + '\n' + value;
    if (const Expected<QByteArray> before = writer.accountFact(account, name); before && *before == now)
        return {};
    return writer.setAccountFact(account, name, now);
}

} // namespace satchel::sync
