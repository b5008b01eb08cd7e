// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/application.h"
#include "support/dns/dnsserver.h"
#include "support/servers/dovecotserver.h"
#include "support/web/webserver.h"
#include "ui/wizard/accountwizard.h"
#include "ui/wizard/wizardpage.h"

#include <QTemporaryDir>
#include <QTest>

#include <memory>

class QLineEdit;

namespace satchel::test {

inline constexpr int patience = 60'000; ///< milliseconds, where a real server is waited for

[[nodiscard]] QByteArray mail(int number);
/// What a domain publishes of its mail servers, and where it does.
[[nodiscard]] QByteArray configFile(const QByteArray &host, const QByteArray &user);
inline constexpr auto configPlace = "autoconfig.example.org/mail/config-v1.1.xml";

/// A button, label or field below \a where that is seen, by its words or its accessible name.
template <class Widget>
[[nodiscard]] Widget *seenIn(const QWidget &where, const QString &words)
{
    for (Widget *widget : where.findChildren<Widget *>()) {
        const QString text = widget->property("text").toString().remove(u'&');
        if (widget->isVisible() && (widget->accessibleName() == words || text == words))
            return widget;
    }
    return nullptr;
}
/// All that labels say which are seen below \a where.
[[nodiscard]] QString wordsIn(const QWidget &where);

/// The whole program on a profile of its own, in an internet that ends on loopback: a person who starts it for the
/// first time. Counts what that person does.
class Newcomer
{
public:
    Newcomer();
    ~Newcomer();

    /// Connections to \a host at \a port end at \a here of localhost; all others are refused. Before start().
    void lead(const QString &host, quint16 port, quint16 here) { m_leads.insert(key(host, port), here); }
    [[nodiscard]] WebServer &web() { return m_web; }
    [[nodiscard]] DnsServer &dns() { return m_dns; }
    void pullThePlug() { m_unplugged = true; } ///< no network at all. Before start()

    void start(bool offline = false);
    void end(); ///< closes the window; waits until the store is closed
    [[nodiscard]] ui::MainWindow &window() { return m_application->window(); }
    [[nodiscard]] ui::AccountWizard *wizard() const; ///< while it is shown
    [[nodiscard]] QString profileFolder() const { return m_folder.path(); }

    // What a person does
    void type(const QString &accessibleName, const QString &text); ///< into a field of the wizard
    void press(Qt::Key key); ///< where the focus is
    void click(QWidget *button);
    [[nodiscard]] int fields() const { return m_fields; }
    [[nodiscard]] int clicks() const { return m_clicks; } ///< with the mouse, or Enter instead
    void identify(const QString &address, const QString &password); ///< fills the first page

    /// A button, label or field that is seen, by its words or its accessible name.
    template <class Widget>
    [[nodiscard]] Widget *seen(const QString &words) const;
    [[nodiscard]] QString allWords() const; ///< that the wizard shows

private:
    [[nodiscard]] static QString key(const QString &host, quint16 port);

    QTemporaryDir m_folder;
    WebServer m_web;
    DnsServer m_dns;
    QHash<QString, quint16> m_leads;
    quint16 m_closed = 0;
    bool m_unplugged = false;
    int m_fields = 0;
    int m_clicks = 0;
    std::unique_ptr<Application> m_application;
};

template <class Widget>
Widget *Newcomer::seen(const QString &words) const
{
    return wizard() ? seenIn<Widget>(*wizard(), words) : nullptr;
}

/// Whether the wizard shows that page, and lets its person go on.
template <class Page>
[[nodiscard]] bool isAt(const Newcomer &newcomer)
{
    return newcomer.wizard() && qobject_cast<Page *>(newcomer.wizard()->page())
        && newcomer.wizard()->page()->isComplete();
}

} // namespace satchel::test

#define TRY_PAGE(newcomer, Page)                                                                                       \
    QTRY_VERIFY2_WITH_TIMEOUT(                                                                                         \
        satchel::test::isAt<Page>(newcomer), qPrintable((newcomer).allWords()), satchel::test::patience)
