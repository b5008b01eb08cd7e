// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/account.h"
#include "sync/types.h"

#include <QHash>
#include <QTimer>
#include <QWidget>

class QLabel;
class QScrollArea;
class QVBoxLayout;

namespace satchel::ui {

class CalmBar;

/// The checks that run or wait: one line for each account, with what it does, how far it is, and a button to stop it;
/// with several, one that stops all. More than a few scroll, so that the folders keep their room.
class ActivityPanel : public QWidget
{
    Q_OBJECT

public:
    explicit ActivityPanel(QWidget *parent = nullptr);

    void setAccounts(const QList<AccountSettings> &accounts);
    void started(AccountId account);
    void progressed(const sync::CheckProgress &progress);
    void finished(AccountId account);
    [[nodiscard]] bool isActive() const { return !m_lines.isEmpty(); }
    [[nodiscard]] QString text(AccountId account) const;

Q_SIGNALS:
    void cancelWished(satchel::AccountId account); ///< invalid: all

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    struct Line {
        QWidget *widget = nullptr;
        QLabel *name = nullptr;
        QLabel *text = nullptr;
        CalmBar *bar = nullptr;
    };

    Line &line(AccountId account);
    void fit();
    [[nodiscard]] QString phaseText(const sync::CheckProgress &progress) const;

    QList<AccountSettings> m_accounts;
    QHash<AccountId, Line> m_lines;
    QWidget *m_header;
    QLabel *m_count;
    QScrollArea *m_scroll;
    QVBoxLayout *m_column;
};

} // namespace satchel::ui
