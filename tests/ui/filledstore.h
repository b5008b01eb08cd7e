// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/account.h"
#include "base/message.h"
#include "library/library.h"
#include "store/writer.h"
#include "sync/types.h"

#include <QTemporaryDir>

#include <memory>

namespace satchel::ui {
class MainWindow;
}

namespace satchel::test {

/// A real store in a temporary folder, with a Library that reads it, and what stands in for the engine: it does a
/// window's wishes with the Writer and tells the window what happened.
class FilledStore
{
public:
    FilledStore();

    AccountSettings addAccount(const QString &name);
    /// Stores a message, parsed as the program does it; answers its row.
    MessageSummary add(
        AccountId account, const QByteArray &raw, MessageFlags flags = {}, FolderRole role = FolderRole::Inbox);
    /// Several with the given subjects, the last the newest.
    QList<MessageSummary> addPlain(AccountId account, const QStringList &subjects);
    int addSamples(AccountId account); ///< resources/sample
    void connectTo(ui::MainWindow &window);
    /// Answers as the engine would, were everything that is stored on the server still.
    void answerForecasts(ui::MainWindow &window);

    [[nodiscard]] FolderId folder(AccountId account, FolderRole role) const;
    [[nodiscard]] MessageSummary summary(MessageId id);

    QTemporaryDir dir;
    std::unique_ptr<store::Writer> writer;
    std::unique_ptr<library::Library> library;

private:
    QDateTime m_clock;
    int m_count = 0;
};

} // namespace satchel::test
