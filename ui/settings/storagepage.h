// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/storefacts.h"
#include "sync/care.h"

#include <QWidget>

#include <optional>

class QCheckBox;
class QLabel;
class QPushButton;
class QSpinBox;
class QVBoxLayout;

namespace satchel::ui {

class CalmBar;

/// What is known of the file that holds all mail, and what is being done to it.
struct StorageState {
    StoreFacts facts;
    QDateTime checkedAt; ///< UTC; in full; invalid: never
    bool checkedWell = true;
    BackupPolicy policy;
    std::optional<sync::CareTask> running;
    int percent = 0;
    QString said; ///< how the last task ended
    bool open = true; ///< false: the file cannot be opened; only repairing and restoring make sense
};

/// Where the mail is and how big, when it was checked and backed up, and the buttons for all of it. What it does
/// happens at once; it emits wishes and shows a state (law 5). Lives on the GUI thread.
class StoragePage : public QWidget
{
    Q_OBJECT

public:
    explicit StoragePage(QWidget *parent = nullptr);

    void show(const StorageState &state);
    using QWidget::show;

Q_SIGNALS:
    void careWished(satchel::sync::CareTask task, const QString &file);
    void stopWished();
    void policyWished(const satchel::BackupPolicy &policy);

private:
    void makeStore(QVBoxLayout *column);
    void makeBackups(QVBoxLayout *column);
    void wishPolicy();
    void askFile();
    void askRepair();
    void chooseBackup();

    StorageState m_state;
    bool m_showing = false; ///< what changes is not the person's doing
    QLabel *m_place;
    QLabel *m_size;
    QLabel *m_messages;
    QLabel *m_checked;
    QPushButton *m_check;
    QPushButton *m_repair;
    QCheckBox *m_automatic;
    QSpinBox *m_keep;
    QSpinBox *m_weeks;
    QLabel *m_last;
    QPushButton *m_backUp;
    QPushButton *m_backUpTo;
    QPushButton *m_restore;
    QLabel *m_doing;
    CalmBar *m_bar;
    QPushButton *m_stop;
};

} // namespace satchel::ui
