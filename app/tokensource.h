// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/account.h"
#include "base/error.h"

#include <QObject>
#include <QString>

namespace satchel {

/// Where access tokens (OAuth 2) come from. A token is worth an hour or so: it is asked for when a check needs one, and
/// once more when the server refused it (Q9). Lives on the GUI thread. A token is a secret: it goes out by obtained()
/// and is neither kept nor written anywhere (law 6).
class TokenSource : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    /// obtained() or failed() follows, unless it is cancelled. Asked again meanwhile, it answers once.
    virtual void request(const AccountSettings &account) = 0;
    virtual void cancel(AccountId account) = 0;

Q_SIGNALS:
    void obtained(satchel::AccountId account, const QString &token);
    void failed(satchel::AccountId account, const satchel::Error &error);
};

} // namespace satchel
