// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/account.h"
#include "base/error.h"
#include "sync/mailboxtypes.h"
#include "ui/mailbox/mailboxmodel.h"

#include <QMainWindow>
#include <QTimer>

class QAction;
class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QSettings;
class QStackedWidget;
class QTableView;

namespace satchel::library {
class Library;
}

namespace satchel::ui {

class EmptyState;
class MailboxPreview;
class MessageBar;
class NoteBar;

/// What is on the server of one account now, and what the person wants done with it. Marks are only marks: nothing
/// happens before "Apply", which says what will, and asks where something would be lost. Lives on the GUI thread, and
/// knows nothing of sockets or the store's writing half: it emits wishes and is shown facts.
class MailboxWindow : public QMainWindow
{
    Q_OBJECT

public:
    MailboxWindow(
        const AccountSettings &account, library::Library &library, QSettings &settings, QWidget *parent = nullptr);

    void setAccount(const AccountSettings &account);
    // Facts
    void setPhase(sync::VisitPhase phase);
    void setDelayed(const QDateTime &until); ///< the server lets nobody in before (Q16)
    void setListing(const sync::ServerListing &listing);
    void addHeaders(const QList<sync::ServerHeader> &headers);
    void showPreview(const sync::ServerPreview &preview);
    void showError(const Error &error);

    [[nodiscard]] MailboxModel *model() const { return m_model; }
    [[nodiscard]] QTableView *table() const { return m_table; }

Q_SIGNALS:
    void listWished();
    void headersWished(const QList<int> &messages);
    void previewWished(int message);
    void applyWished(const QList<satchel::sync::ServerWish> &wishes);
    void problemActionWished(const satchel::Error &error);
    void closed();

protected:
    void closeEvent(QCloseEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void makeTable();
    void makeActions();
    void makeLayout();
    QAction *addMark(sync::ServerMark mark, QLatin1StringView iconName, const QString &text, const QKeySequence &keys,
        const QString &toolTip);
    void markSelected(sync::ServerMark mark);
    void apply();
    void carryOut(bool withLoss);
    void askToLose(const MailboxOrders &orders);
    void discard();
    void selectionChanged();
    void showSelected();
    void updateOrders();
    void updateStatus();
    void updateVisible();
    void rememberSelection();
    void restoreSelection();
    [[nodiscard]] QList<int> selectedRows() const;

    AccountSettings m_account;
    library::Library &m_library;
    QSettings &m_settings;
    MailboxModel *m_model;
    QTableView *m_table;
    MailboxPreview *m_preview;
    MessageBar *m_bar;
    NoteBar *m_unknownBar;
    QStackedWidget *m_pages;
    EmptyState *m_empty;
    QComboBox *m_filter;
    QLineEdit *m_words;
    QLabel *m_summary;
    QLabel *m_status;
    QPushButton *m_apply;
    QPushButton *m_discard;
    QAction *m_refresh;
    QList<QAction *> m_markActions;
    QTimer m_visibleSoon;
    QTimer m_showSoon;
    QTimer m_filterSoon;
    QList<int> m_remembered; ///< ids that are selected, while rows get other places
    int m_rememberedCurrent = -1;
    sync::VisitPhase m_phase = sync::VisitPhase::Connecting;
    QDateTime m_delayedUntil; ///< UTC
    sync::ServerListing m_listing;
    bool m_listed = false;
    bool m_closingAgreed = false;
};

} // namespace satchel::ui
