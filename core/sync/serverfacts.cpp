// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/serverfacts.h"

#include <QDate>
#include <QLocale>

#include <array>
#include <utility>

namespace satchel::sync {

namespace {

constexpr int serialDays = 7;
constexpr int patience = 3;

constexpr std::array names{
    "pipelining-fails-until", "hangs-up-on-capa", "latin1-password", "interrupted", "top-fails-until"};

// A date far ahead comes from a clock that was wrong.
bool isStillAhead(const QByteArray &day)
{
    const QDate until = QDate::fromString(QString::fromLatin1(day), Qt::ISODate);
    const QDate today = QDate::currentDate();
    return until.isValid() && today < until && today.daysTo(until) <= serialDays;
}

QByteArray inSomeDays()
{
    return QDate::currentDate().addDays(serialDays).toString(Qt::ISODate).toLatin1();
}

} // namespace

ServerFacts::ServerFacts(store::Writer &writer, AccountId account)
    : m_writer(writer)
    , m_account(account)
    , m_serial(read(names[0]))
    , m_noTop(read(names[4]))
    , m_noCapa(read(names[1]))
    , m_latin1(read(names[2]))
    , m_interrupted(read(names[3]))
    , m_saved{m_serial, m_noCapa, m_latin1, m_interrupted, m_noTop}
{
}

QByteArray ServerFacts::read(const char *name) const
{
    // A fact that cannot be read is one that is not known: the visit meets the store's error soon enough.
    return m_writer.accountFact(m_account, QString::fromLatin1(name)).value_or(QByteArray());
}

pop3::SessionOptions ServerFacts::applied(pop3::SessionOptions options, const AccountSettings &account) const
{
    options.utf8 = options.utf8 && account.utf8;
    // English is what servers speak anyhow.
    if (const QLocale locale;
        options.language.isEmpty() && locale.language() != QLocale::English && locale.language() != QLocale::C)
        options.language = locale.bcp47Name().toLatin1();
    if (isStillAhead(m_serial))
        options.pipelining = false;
    if (!m_noCapa.isEmpty())
        options.askCapabilities = false;
    if (!m_latin1.isEmpty())
        options.latin1Password = true;
    return options;
}

void ServerFacts::notePipeliningFails()
{
    m_serial = inSomeDays();
}

void ServerFacts::noteTopFails()
{
    m_noTop = inSomeDays();
}

bool ServerFacts::topFails() const
{
    return isStillAhead(m_noTop);
}

void ServerFacts::noteHangsUpOnCapa()
{
    m_noCapa = "1";
}

void ServerFacts::noteLatin1Password(bool used)
{
    m_latin1 = used ? "1" : "";
}

void ServerFacts::noteInterrupted(const QByteArray &uidl)
{
    int count = 1;
    if (const qsizetype blank = m_interrupted.indexOf(' '); blank > 0 && m_interrupted.mid(blank + 1) == uidl)
        count = m_interrupted.left(blank).toInt() + 1;
    m_interrupted = QByteArray::number(count) + ' ' + uidl;
}

bool ServerFacts::isStumblingBlock(const QByteArray &uidl) const
{
    const qsizetype blank = m_interrupted.indexOf(' ');
    return blank > 0 && m_interrupted.left(blank).toInt() >= patience && m_interrupted.mid(blank + 1) == uidl;
}

void ServerFacts::noteReceived(const QByteArray &uidl)
{
    if (const qsizetype blank = m_interrupted.indexOf(' '); blank > 0 && m_interrupted.mid(blank + 1) == uidl)
        m_interrupted.clear();
}

Expected<void> ServerFacts::save()
{
    const QByteArrayList now{m_serial, m_noCapa, m_latin1, m_interrupted, m_noTop};
    for (qsizetype i = 0; i < now.size(); ++i) {
        if (now.at(i) == m_saved.at(i))
            continue;
        const Expected<void> kept =
            m_writer.setAccountFact(m_account, QString::fromLatin1(names.at(size_t(i))), now.at(i));
        if (!kept)
            return kept;
    }
    m_saved = now;
    return {};
}

} // namespace satchel::sync
