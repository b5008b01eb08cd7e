// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "ui/message/messagesource.h"

#include <QObject>

class QWidget;

namespace satchel::ui {

/// The name of a file for a message of that subject, without a folder.
[[nodiscard]] QString messageFileName(const QString &subject);

/// Saves messages as files, byte for byte as they came (law 9): one under a name that is asked for, several into a
/// folder, one after the other, so that thousands take no more memory than one. Lives on the GUI thread; the bytes come
/// from the Library.
class MessageSaver : public QObject
{
    Q_OBJECT

public:
    explicit MessageSaver(QWidget *window);

    void ask(const MessageSource &message, const QString &subject);
    void askFolder(library::Library &library, const QList<MessageId> &messages);
    void saveTo(const MessageSource &message, const QString &path);
    void saveAllTo(library::Library &library, const QList<MessageId> &messages, const QString &folder);

Q_SIGNALS:
    void done(const QString &sentence);
    void failed(const satchel::Error &error);

private:
    struct Several;
    void saveNext(const std::shared_ptr<Several> &several);

    QWidget *m_window;
    QString m_lastFolder;
};

} // namespace satchel::ui
