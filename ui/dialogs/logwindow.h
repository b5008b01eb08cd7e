// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/account.h"
#include "net/wirelog.h"
#include "sync/types.h"

#include <QList>
#include <QMainWindow>

class QComboBox;
class QLabel;
class QPlainTextEdit;

namespace satchel::ui {

/// The conversation with the servers, as the wire log tells it: secrets were struck out before (law 6). Keeps the
/// last lines while it is hidden, lays them out only when it is shown.
class LogWindow : public QMainWindow
{
    Q_OBJECT

public:
    explicit LogWindow(QWidget *parent = nullptr);

    void setAccounts(const QList<AccountSettings> &accounts);
    void setMostLines(int lines); ///< that are kept
    void setServers(const QList<sync::ServerAnnouncement> &servers) { m_servers = servers; }
    void add(AccountId account, const net::WireLine &line);
    void showAccount(AccountId account); ///< none: all
    [[nodiscard]] QString text() const;
    /// What is shown, with what else helps whoever mends the program, and nothing of the person (bugReport()).
    [[nodiscard]] QString report() const;

protected:
    void showEvent(QShowEvent *event) override;

private:
    struct Entry {
        AccountId account;
        net::WireLine line;
    };

    void refill();
    void save();
    [[nodiscard]] QString lineText(const Entry &entry) const;
    [[nodiscard]] QString accountName(AccountId account) const;

    QList<AccountSettings> m_accounts;
    QList<sync::ServerAnnouncement> m_servers;
    QList<Entry> m_entries;
    int m_mostLines = 10'000;
    QLabel *m_copied;
    QComboBox *m_choice;
    QPlainTextEdit *m_text;
};

} // namespace satchel::ui
