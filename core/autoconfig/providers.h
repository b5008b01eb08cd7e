// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "autoconfig/mailaddress.h"
#include "autoconfig/proposal.h"
#include "base/error.h"

#include <QByteArray>
#include <QHash>
#include <QList>
#include <QString>
#include <QStringList>

namespace satchel::autoconfig {

/// An entry of resources/providers/providers.json, whose README says what each key means.
struct Provider {
    struct Server {
        QString host; ///< may hold %EMAILDOMAIN%
        quint16 port = 0;
        Security security = Security::ImplicitTls;
        bool localUser = false; ///< signs in with what stands before the @ alone
    };
    QString name;
    QStringList domains;
    bool hasNoPop3 = false; ///< known to have none; pop3 is then empty
    QList<Server> pop3; ///< empty without hasNoPop3: not known
    QList<Server> smtp;
    QList<SignIn> signIn; ///< all that is accepted
    QStringList hints; ///< keys
};

/// The table of providers: looked up without any network. A plain value for any thread.
class Providers
{
public:
    Providers() = default; ///< knows nobody

    /// The table that comes with the program.
    [[nodiscard]] static Providers builtIn();
    /// FileUnreadable, with the entry and the reason, where any entry breaks a rule of the format.
    [[nodiscard]] static Expected<Providers> fromJson(const QByteArray &json);

    [[nodiscard]] const QList<Provider> &all() const { return m_all; }
    /// By the very domain of an address; as hostName() gives it. nullptr where nobody has it.
    [[nodiscard]] const Provider *forDomain(const QString &domain) const;
    /// By the name of a server that receives mail (MX): the nearest domain of the table that it lies in.
    [[nodiscard]] const Provider *forMailExchange(const QString &host) const;
    /// What is known of the provider whose POP3 server an account uses, whatever domain its address has: a domain of
    /// one's own may be kept by one of the table. Nothing where nobody of the table has this server.
    [[nodiscard]] std::optional<Proposal> forServerOf(const AccountSettings &account) const;

private:
    QList<Provider> m_all;
    QHash<QString, qsizetype> m_byDomain;
};

/// What the table says for \a address. From Source::Mx the domain is not the provider's own: the user name is then
/// the whole address, and the proposal needs a confirmation, since DNS is not protected.
/// Nothing where the provider's POP3 servers are not known.
[[nodiscard]] std::optional<Proposal> fromProvider(
    const Provider &provider, Source source, const MailAddress &address, const QString &personName);
/// The provider's submission server for \a address, if it is known.
[[nodiscard]] std::optional<MailServer> submissionOf(
    const Provider &provider, Source source, const MailAddress &address);

} // namespace satchel::autoconfig
