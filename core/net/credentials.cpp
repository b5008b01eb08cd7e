// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/credentials.h"

#include <QCoreApplication>

#include <algorithm>

namespace satchel::net {

namespace {

struct Credential {
    Q_DECLARE_TR_FUNCTIONS(satchel::net::Credential)
};

bool endsACommand(const QString &secret)
{
    return std::ranges::any_of(secret, [](QChar c) { return c == u'\r' || c == u'\n' || c == u'\0'; });
}

} // namespace

Expected<void> checkCredentials(const Credentials &credentials)
{
    if (endsACommand(credentials.userName))
        return fail(ErrorKind::InvalidRequest,
            Credential::tr("The user name holds a line break or a null character; please enter it again."),
            ErrorAction::EditAccount);
    if (endsACommand(credentials.password) || endsACommand(credentials.accessToken))
        return fail(ErrorKind::InvalidRequest,
            Credential::tr("The password holds a line break or a null character; please enter it again."),
            ErrorAction::EnterPassword);
    return {};
}

} // namespace satchel::net
