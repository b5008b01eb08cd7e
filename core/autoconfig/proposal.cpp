// SPDX-License-Identifier: GPL-3.0-or-later
#include "autoconfig/proposal.h"

#include "autoconfig/hints.h"
#include "autoconfig/mailaddress.h"

namespace satchel::autoconfig {

Proposal proposal(Source source, const MailAddress &address, const QString &personName, const QString &provider,
    const std::optional<MailServer> &pop3)
{
    Proposal made;
    made.source = source;
    made.provider = provider;
    made.account.name = address.text;
    made.account.address = address.text;
    made.account.personName = personName;
    made.account.userName = address.text;
    if (!pop3) {
        made.noPop3 = true;
        return made;
    }
    made.account.host = pop3->host;
    made.account.port = pop3->port;
    made.account.security = pop3->security;
    made.account.userName = pop3->userName;
    if (pop3->security == Security::Plain) {
        made.insecure = true;
        made.needsConfirmation = true;
        made.hints.append(hintNotEncrypted(pop3->host));
    }
    return made;
}

} // namespace satchel::autoconfig
