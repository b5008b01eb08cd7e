// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/settings/accounteditor.h"

#include "ui/dialogs/connectionpage.h"
#include "ui/dialogs/servernotes.h"
#include "ui/settings/accountpage.h"
#include "ui/settings/retentionpage.h"
#include "ui/settings/schedulepage.h"
#include "ui/theme/pagescroller.h"
#include "ui/theme/taborder.h"

#include <QRandomGenerator>
#include <QTabBar>

namespace satchel::ui {

namespace {

constexpr int forecastMilliseconds = 250; ///< after the last edit

bool deletes(const AccountSettings &settings)
{
    return !settings.recentMode && (settings.retention != Retention::Keep || settings.deleteWhenDeletedHere);
}

} // namespace

AccountEditor::AccountEditor(
    const AccountSettings &settings, bool keychainAvailable, const QString &keychainReason, QWidget *parent)
    : QTabWidget(parent)
    , m_before(settings)
    , m_account(new AccountPage(isNew(), keychainAvailable, keychainReason))
    , m_retention(new RetentionPage(isNew()))
    , m_schedule(new SchedulePage)
    , m_connection(new ConnectionPage)
{
    setAccessibleName(tr("Account settings"));
    setObjectName(QStringLiteral("accountEditor"));
    // All four are seen at once: the window is as wide as their names need.
    setUsesScrollButtons(false);
    setElideMode(Qt::ElideNone);
    addTab(new PageScroller(m_account), tr("&Account"));
    addTab(new PageScroller(m_retention), tr("On the &server"));
    addTab(new PageScroller(m_schedule), tr("&Checking"));
    addTab(new PageScroller(m_connection), tr("Conn&ection"));
    tabInReadingOrder(this);
    m_connection->setKeychain(keychainAvailable);
    m_forecastSoon.setSingleShot(true);
    m_forecastSoon.setInterval(forecastMilliseconds);
    connect(&m_forecastSoon, &QTimer::timeout, this, &AccountEditor::askForecast);
    setAccount(settings);
    connect(m_account, &AccountPage::edited, this, &AccountEditor::edited);
    connect(m_schedule, &SchedulePage::edited, this, &AccountEditor::edited);
    connect(m_retention, &RetentionPage::edited, this, &AccountEditor::noteEdit);
    connect(m_connection, &ConnectionPage::edited, this, &AccountEditor::noteEdit);
    connect(m_connection, &ConnectionPage::fetchElsewhereWished, this,
        [this] { Q_EMIT fetchElsewhereWished(m_before.id); });
    connect(this, &AccountEditor::edited, this, [this] { warnFor(this->settings()); });
    connect(m_retention, &RetentionPage::deletionLogWished, this, [this] { Q_EMIT deletionLogWished(m_before.id); });
}

AccountSettings AccountEditor::settings() const
{
    return appliedTo(m_before);
}

AccountSettings AccountEditor::appliedTo(AccountSettings settings) const
{
    m_account->apply(settings);
    m_retention->apply(settings);
    m_schedule->apply(settings);
    m_connection->apply(settings);
    return settings;
}

bool AccountEditor::isChanged() const
{
    // A tick without what belongs to it is no setting yet, but something that was begun.
    return settings() != m_before || !password().isEmpty() || !passphrase().isEmpty() || m_connection->fault().field;
}

void AccountEditor::setAccount(const AccountSettings &settings)
{
    m_before = settings;
    {
        const QSignalBlocker quiet(this);
        m_account->setAccount(settings);
        m_retention->setAccount(settings);
        m_schedule->setAccount(settings);
        m_connection->setAccount(settings);
    }
    warnFor(settings);
    noteEdit();
}

void AccountEditor::warnFor(const AccountSettings &edited)
{
    m_retention->warn(expiryWarning(edited, m_server));
    m_schedule->warn(loginDelayWarning(edited, m_server));
    m_connection->warnFor(edited);
}

void AccountEditor::setServer(const sync::ServerAnnouncement &server, int elsewhere)
{
    m_server = server;
    m_connection->setServer(server);
    m_connection->setElsewhere(elsewhere);
    warnFor(settings());
}

QString AccountEditor::password() const
{
    return m_account->password();
}

bool AccountEditor::remembersPassword() const
{
    return m_account->remembersPassword();
}

QString AccountEditor::passphrase() const
{
    return m_connection->passphrase();
}

bool AccountEditor::remembersPassphrase() const
{
    return m_connection->remembersPassphrase();
}

void AccountEditor::forgetSecrets()
{
    m_account->forgetPassword();
    m_connection->forgetPassphrase();
}

Fault AccountEditor::fault(int *tab) const
{
    constexpr int connectionTab = 3;
    const Fault ofAccount = m_account->fault();
    *tab = ofAccount.field ? 0 : connectionTab;
    return ofAccount.field ? ofAccount : m_connection->fault();
}

QString AccountEditor::problem() const
{
    int tab = 0;
    return fault(&tab).sentence;
}

void AccountEditor::goToProblem()
{
    int tab = 0;
    const Fault found = fault(&tab);
    if (!found.field)
        return;
    setCurrentIndex(tab);
    found.field->setFocus();
}

void AccountEditor::focusFirst()
{
    m_account->focusFirst();
}

void AccountEditor::showRetention()
{
    setCurrentIndex(1);
}

bool AccountEditor::startsDeleting() const
{
    return !isNew() && deletes(settings()) && !deletes(m_before);
}

void AccountEditor::showEvent(QShowEvent *event)
{
    QTabWidget::showEvent(event);
    if (!isNew() && !m_forecast && m_question == 0)
        m_forecastSoon.start();
}

void AccountEditor::noteEdit()
{
    // Whatever was answered, or is on its way, was asked of other settings.
    m_forecast.reset();
    m_question = 0;
    if (!isNew() && isVisible())
        m_forecastSoon.start();
    Q_EMIT edited();
}

void AccountEditor::askForecast()
{
    m_forecastSoon.stop();
    m_forecast.reset();
    // Unlike that of any other editor: an answer finds the one that asked.
    m_question = qMax<quint64>(1, QRandomGenerator::global()->generate64());
    Q_EMIT forecastWished(settings(), m_question);
}

void AccountEditor::takeForecast(const sync::Forecast &forecast)
{
    if (forecast.account != m_before.id || forecast.question != m_question)
        return;
    m_forecast = forecast;
    m_retention->showForecast(&*m_forecast);
    Q_EMIT forecastKnown();
}

} // namespace satchel::ui
