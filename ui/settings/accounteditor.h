// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/account.h"
#include "sync/types.h"
#include "ui/settings/formparts.h"

#include <QTabWidget>
#include <QTimer>

#include <optional>

namespace satchel::ui {

class AccountPage;
class ConnectionPage;
class RetentionPage;
class SchedulePage;

/// All that can be set of one account, on tabs: for a new one and for the settings dialog alike. Asks for forecasts
/// while the person edits, after a short rest.
class AccountEditor : public QTabWidget
{
    Q_OBJECT

public:
    /// Without an id in \a settings: a new account.
    AccountEditor(const AccountSettings &settings, bool keychainAvailable, const QString &keychainReason,
        QWidget *parent = nullptr);

    [[nodiscard]] AccountSettings settings() const; ///< as edited
    /// \a settings with all that can be edited here as it is edited.
    [[nodiscard]] AccountSettings appliedTo(AccountSettings settings) const;
    [[nodiscard]] const AccountSettings &before() const { return m_before; }
    [[nodiscard]] bool isChanged() const;
    /// What was saved, or changed elsewhere, is where editing starts from now on.
    void setAccount(const AccountSettings &settings);
    [[nodiscard]] QString password() const; ///< empty when editing: unchanged
    [[nodiscard]] bool remembersPassword() const;
    /// The same for the passphrase of the account's own certificate.
    [[nodiscard]] QString passphrase() const;
    [[nodiscard]] bool remembersPassphrase() const;
    void forgetSecrets(); ///< they were taken
    [[nodiscard]] QString problem() const; ///< what is wrong with the fields, as one sentence; empty: nothing
    void goToProblem();
    void focusFirst();

    /// Whether the edited settings would delete on the server where those before did not.
    [[nodiscard]] bool startsDeleting() const;
    /// The forecast for the settings as they are edited; nullopt while the answer is on its way.
    [[nodiscard]] std::optional<sync::Forecast> forecast() const { return m_forecast; }
    /// What the server said of itself, and how many of its messages are left to other programs.
    void setServer(const sync::ServerAnnouncement &server, int elsewhere);
    void takeForecast(const sync::Forecast &forecast);
    void askForecast(); ///< at once
    void showRetention(); ///< turns to that tab

Q_SIGNALS:
    void edited();
    /// The answer is wanted by takeForecast(), with the same number.
    void forecastWished(const satchel::AccountSettings &settings, quint64 question);
    void forecastKnown(); ///< forecast() has an answer
    void deletionLogWished(satchel::AccountId account);
    void fetchElsewhereWished(satchel::AccountId account);

protected:
    void showEvent(QShowEvent *event) override;

private:
    void noteEdit();
    [[nodiscard]] Fault fault(int *tab) const;
    void warnFor(const AccountSettings &edited); ///< where the server does not do what is wished
    [[nodiscard]] bool isNew() const { return !m_before.id.isValid(); }

    AccountSettings m_before;
    sync::ServerAnnouncement m_server;
    AccountPage *m_account;
    RetentionPage *m_retention;
    SchedulePage *m_schedule;
    ConnectionPage *m_connection;
    QTimer m_forecastSoon;
    quint64 m_question = 0; ///< that is to be answered; 0: none
    std::optional<sync::Forecast> m_forecast;
};

} // namespace satchel::ui
