// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sync/types.h"

#include <QDialog>

class QTreeWidget;

namespace satchel::ui {

/// Which messages a server did not hand out, why, and the chance to try again now. Blocks nothing.
class FailedMessagesDialog : public QDialog
{
    Q_OBJECT

public:
    FailedMessagesDialog(
        const QString &accountName, const QList<sync::FailedMessage> &messages, QWidget *parent = nullptr);

Q_SIGNALS:
    void retryWished();

private:
    QTreeWidget *m_list;
};

} // namespace satchel::ui
