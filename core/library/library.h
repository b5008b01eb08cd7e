// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/account.h"
#include "base/deletion.h"
#include "base/error.h"
#include "base/message.h"
#include "mime/message.h"

#include <QFuture>
#include <QObject>

#include <memory>

namespace satchel::library {

struct Scope {
    FolderId folder = {}; ///< none: allInboxes, or everything
    bool allInboxes = false;
    bool unreadOnly = false;
    bool starredOnly = false;
    bool withAttachmentOnly = false;

    friend bool operator==(const Scope &, const Scope &) = default;
};

/// The reading half: asynchronous questions to the store. Lives on the GUI thread; the work is done on
/// two threads of its own, one for lists and messages, one for search (law 5). Answers are futures of
/// plain values; a future that nobody needs any more is cancelled by QFuture::cancel().
class Library : public QObject
{
    Q_OBJECT

public:
    explicit Library(const QString &file, QObject *parent = nullptr);
    ~Library() override;

    QFuture<Expected<QList<AccountSettings>>> accounts();
    QFuture<Expected<QList<FolderInfo>>> folders();
    QFuture<Expected<QList<MessageId>>> list(const Scope &scope, SortOrder order);
    QFuture<Expected<QList<MessageSummary>>> summaries(const QList<MessageId> &ids);
    /// What was deleted on servers, newest first; \a account none: on all.
    QFuture<Expected<QList<DeletionRecord>>> deletions(AccountId account, int limit);
    QFuture<Expected<QList<MessageId>>> search(
        const QString &query, const Scope &scope, SortOrder order, int limit = 0);

    /// Parsed for display, HTML made safe.
    QFuture<Expected<mime::Message>> message(MessageId id, const mime::ParseOptions &options = {});
    QFuture<Expected<QByteArray>> source(MessageId id);
    /// The decoded content of one part of a message.
    QFuture<Expected<QByteArray>> partContent(MessageId id, int part);
    /// The same for bytes that are not in the store: a file that was opened.
    QFuture<Expected<mime::Message>> parse(const QByteArray &raw, const mime::ParseOptions &options = {});
    QFuture<Expected<QByteArray>> partContent(const QByteArray &raw, int part);

    /// Lets go of the file, so that it may be replaced; the next question opens it again. Ends when both threads have
    /// done so, or have ended.
    QFuture<void> release();

Q_SIGNALS:
    void failed(const satchel::Error &error); ///< also told to whoever asked: the store could not be read

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace satchel::library
