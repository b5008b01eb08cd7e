// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/storefacts.h"

#include <QDialog>

class QListWidget;
class QPushButton;

namespace satchel::ui {

/// Which backup to go back to, and what that means. Blocks nothing; the answer is chosen().
class RestoreDialog : public QDialog
{
    Q_OBJECT

public:
    explicit RestoreDialog(const QList<BackupFile> &backups, QWidget *parent = nullptr);

Q_SIGNALS:
    void chosen(const QString &file);

private:
    void chooseOther();

    QListWidget *m_list;
    QPushButton *m_restore;
};

} // namespace satchel::ui
