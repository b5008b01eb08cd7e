// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/account.h"
#include "base/message.h"
#include "sync/types.h"

#include <QMainWindow>

#include <memory>

class QSettings;
class QTemporaryDir;

namespace satchel::library {
class Library;
}

namespace satchel::ui {

class MessageView;

/// One message in a window of its own: from the store, or from a file (`satchel FILE.eml`). Lives on the GUI
/// thread; opens no connection (law 7). \a library need not have a store for showBytes().
class MessageWindow : public QMainWindow
{
    Q_OBJECT

public:
    MessageWindow(library::Library &library, QSettings &settings, QWidget *parent = nullptr);
    ~MessageWindow() override;

    void showMessage(const MessageSummary &summary);
    void showBytes(const QByteArray &raw, const QString &fileName);
    /// Where attachments are put for other programs to open; without it, in a folder that goes with the window.
    void shareOpenedFiles(const std::shared_ptr<QTemporaryDir> &folder);
    void setAccounts(const QList<AccountSettings> &accounts);
    [[nodiscard]] MessageView *view() const;

public Q_SLOTS:
    void changed(const satchel::sync::StoreChange &change); ///< shows what became of its message

Q_SIGNALS:
    // Wishes about a message of the store; never emitted for a file.
    void setFlagsWished(
        const QList<satchel::MessageId> &messages, satchel::MessageFlags set, satchel::MessageFlags clear);
    void moveToRoleWished(const QList<satchel::MessageId> &messages, satchel::FolderRole role);
    void deleteMessagesWished(const QList<satchel::MessageId> &messages);
    void getWholeWished(const QList<satchel::MessageId> &messages);
    void refuseRestWished(const QList<satchel::MessageId> &messages, bool deleteOnServer);
    void closed();

protected:
    void closeEvent(QCloseEvent *event) override;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace satchel::ui
