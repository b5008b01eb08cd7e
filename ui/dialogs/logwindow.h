// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/account.h"
#include "net/wirelog.h"

#include <QList>
#include <QMainWindow>

class QComboBox;
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
    void add(AccountId account, const net::WireLine &line);
    void showAccount(AccountId account); ///< none: all
    [[nodiscard]] QString text() const;

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
    QList<Entry> m_entries;
    int m_mostLines = 10'000;
    QComboBox *m_choice;
    QPlainTextEdit *m_text;
};

} // namespace satchel::ui
