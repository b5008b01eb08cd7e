// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/account.h"
#include "base/deletion.h"
#include "base/error.h"

#include <QMainWindow>

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QSortFilterProxyModel;
class QTableView;

namespace satchel::library {
class Library;
}

namespace satchel::ui {

class DeletionModel;

/// The window that proves what was deleted on servers: when, by which rule, and whether the message is here. Reads
/// through the Library, anew whenever it is shown.
class DeletionLog : public QMainWindow
{
    Q_OBJECT

public:
    explicit DeletionLog(library::Library &library, QWidget *parent = nullptr);

    void setAccounts(const QList<AccountSettings> &accounts);
    void showAccount(AccountId account); ///< none: all
    void reload();
    [[nodiscard]] bool isLoading() const { return m_loading; }
    [[nodiscard]] QTableView *table() const { return m_table; }
    [[nodiscard]] QString selectedText() const; ///< the selected lines, columns parted by tabs

Q_SIGNALS:
    void messageWished(satchel::MessageId message); ///< is to be shown

private:
    void took(const Expected<QList<DeletionRecord>> &answer);
    void showState();
    void copy();
    void showMessage();
    [[nodiscard]] MessageId selectedMessage() const;

    library::Library &m_library;
    DeletionModel *m_model;
    QSortFilterProxyModel *m_shown;
    QComboBox *m_choice;
    QLineEdit *m_filter;
    QLabel *m_count;
    QTableView *m_table;
    QPushButton *m_show;
    QPushButton *m_copy;
    quint64 m_generation = 0;
    bool m_loading = false;
    QString m_problem;
};

} // namespace satchel::ui
