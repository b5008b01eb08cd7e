// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/serverfacts.h"

#include "sync/intake.h"
#include "sync/learned.h"

#include <QLocale>

namespace satchel::sync {

namespace {

constexpr int days = 7;
constexpr int patience = 3;
constexpr int evidence = 2; ///< visits

constexpr std::array names{"pipelining-fails", "top-fails", "hangs-up-on-capa", "latin1-password", "interrupted"};

} // namespace

ServerFacts::ServerFacts(store::Writer &writer, const AccountSettings &account, QDate today)
    : m_writer(writer)
    , m_account(account.id)
    , m_server(serverOf(account))
    , m_today(today)
{
    for (int name = 0; name < NameCount; ++name)
        m_facts[name] = read(Name(name));
    m_saved = m_facts;
}

ServerFacts::Fact ServerFacts::read(Name name) const
{
    // A fact that cannot be read is one that is not known: the visit meets the store's error soon enough.
    const QByteArray kept =
        learned(m_writer, m_account, m_server, QString::fromLatin1(names.at(name))).value_or(QByteArray());
    const qsizetype blank = kept.indexOf(' ');
    const QDate until = QDate::fromString(QString::fromLatin1(kept.left(blank)), Qt::ISODate);
    // A day far ahead comes from a clock that was wrong.
    if (blank < 0 || !until.isValid() || until <= m_today || m_today.daysTo(until) > days)
        return {};
    return {kept.sliced(blank + 1), until};
}

void ServerFacts::note(Name name, const QByteArray &value)
{
    m_facts[name] = {value, m_today.addDays(days)};
}

pop3::SessionOptions ServerFacts::applied(pop3::SessionOptions options, const AccountSettings &account) const
{
    options.limits.spool = spoolPlace(m_writer, m_account);
    options.utf8 = options.utf8 && account.utf8;
    // English is what servers speak anyhow.
    if (const QLocale locale;
        options.language.isEmpty() && locale.language() != QLocale::English && locale.language() != QLocale::C)
        options.language = locale.bcp47Name().toLatin1();
    if (isKnown(Serial))
        options.pipelining = false;
    if (m_facts[NoCapa].value.toInt() >= evidence)
        options.askCapabilities = false;
    if (isKnown(Latin1))
        options.latin1Password = true;
    return options;
}

void ServerFacts::noteLogin(const pop3::Session &session)
{
    if (session.usedLatin1Password())
        note(Latin1, "yes");
    else
        forget(Latin1);
    if (session.capabilities().known)
        forget(NoCapa);
    else if (session.hangsUpOnCapa())
        note(NoCapa, QByteArray::number(m_facts[NoCapa].value.toInt() + 1));
    // Where it was not asked, nothing new is known: the week goes on.
}

void ServerFacts::noteLoginRefused()
{
    forget(NoCapa);
    forget(Latin1);
}

void ServerFacts::notePipeliningFails()
{
    note(Serial, "yes");
}

void ServerFacts::noteTopFails()
{
    note(NoTop, "yes");
}

int ServerFacts::interruptions(const QByteArray &uidl) const
{
    const QByteArray &value = m_facts[Interrupted].value;
    const qsizetype blank = value.indexOf(' ');
    return blank > 0 && value.sliced(blank + 1) == uidl ? value.left(blank).toInt() : 0;
}

void ServerFacts::noteInterrupted(const QByteArray &uidl)
{
    note(Interrupted, QByteArray::number(interruptions(uidl) + 1) + ' ' + uidl);
}

bool ServerFacts::isStumblingBlock(const QByteArray &uidl) const
{
    return interruptions(uidl) >= patience;
}

void ServerFacts::noteReceived(const QByteArray &uidl)
{
    if (interruptions(uidl) > 0)
        forget(Interrupted);
}

Expected<void> ServerFacts::save()
{
    for (int name = 0; name < NameCount; ++name) {
        const Fact &fact = m_facts[name];
        if (fact == m_saved[name])
            continue;
        const QByteArray value =
            fact.value.isEmpty() ? QByteArray() : fact.until.toString(Qt::ISODate).toLatin1() + ' ' + fact.value;
        const Expected<void> kept =
            keepLearned(m_writer, m_account, m_server, QString::fromLatin1(names.at(name)), value);
        if (!kept)
            return kept;
    }
    m_saved = m_facts;
    return {};
}

} // namespace satchel::sync
