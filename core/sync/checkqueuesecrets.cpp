// SPDX-License-Identifier: GPL-3.0-or-later
// What the checks of a CheckQueue sign in by: asked for, given, refused, out of date.
#include "sync/checkqueue.h"

#include <utility>

namespace satchel::sync {

std::optional<net::Credentials> CheckQueue::credentials(AccountId account) const
{
    return m_entries.value(account).credentials;
}

void CheckQueue::setCredentials(AccountId account, const net::Credentials &credentials)
{
    const auto entry = m_entries.find(account);
    if (entry == m_entries.end())
        return;
    entry->credentials = credentials;
    entry->history.failures = 0;
    entry->refused.reset();
    startWanted();
}

CheckQueue::Known CheckQueue::knownCredentials() const
{
    Known known;
    for (const Entry &entry : m_entries) {
        if (entry.credentials)
            known.append({entry.settings, *entry.credentials});
    }
    return known;
}

void CheckQueue::setKnownCredentials(const Known &known)
{
    for (const auto &[settings, credentials] : known) {
        const auto entry = m_entries.constFind(settings.id);
        if (entry != m_entries.cend() && entry->settings.host == settings.host
            && entry->settings.userName == settings.userName && entry->settings.signsInLike(settings))
            setCredentials(settings.id, credentials);
    }
}

void CheckQueue::forgetCredentials(Entry &entry)
{
    entry.credentials.reset();
    entry.asked = false;
    entry.history.failures = 0;
}

void CheckQueue::forgetCredentials(AccountId account)
{
    const auto entry = m_entries.find(account);
    if (entry == m_entries.end())
        return;
    forgetCredentials(*entry);
    startWanted();
    plan();
}

void CheckQueue::refuseCredentials(AccountId account, const Error &error)
{
    const auto entry = m_entries.find(account);
    if (entry == m_entries.end() || entry->running || entry->credentials)
        return;
    CheckResult result;
    if (entry->refused) {
        result = *std::exchange(entry->refused, std::nullopt);
    } else if (!(entry->wanted || entry->ordersWanted) || error.text.isEmpty()) {
        return; // the person may still be asked
    } else {
        result.account = account;
        result.finishedAt = m_clock.now();
        result.ordersOnly = !entry->wanted;
    }
    if (!error.text.isEmpty())
        result.error = error;
    entry->wanted = entry->ordersWanted = entry->waiting = false;
    entry->asked = false;
    finish(account, result);
}

bool CheckQueue::shouldRenewToken(const Entry &entry, const CheckResult &result)
{
    return entry.running && !entry.renewed && entry.credentials && !entry.credentials->accessToken.isEmpty()
        && result.error && result.error->kind == ErrorKind::AuthenticationFailed;
}

} // namespace satchel::sync
