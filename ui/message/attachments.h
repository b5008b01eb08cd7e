// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "ui/message/messagesource.h"

#include <QObject>

#include <memory>

class QTemporaryDir;
class QUrl;
class QWidget;

namespace satchel::ui {

/// Opens and saves the attachments of the message that is shown: asks where, and asks whether when a file may run as a
/// program. The bytes come from the Library; nothing here blocks.
class Attachments : public QObject
{
    Q_OBJECT

public:
    Attachments(QWidget *window, QObject *parent = nullptr);
    ~Attachments() override;

    /// Where files to be opened are put. Shared, so that they outlive the window that opened them.
    void setFolder(std::shared_ptr<QTemporaryDir> folder);
    void setSource(const MessageSource &source);
    void open(const mime::Part &part);
    void save(const mime::Part &part);
    void saveOpened(); ///< what was opened last: no program took it
    void saveAll(const QList<mime::Part> &parts);
    void saveTo(const mime::Part &part, const QString &path);
    void saveAllTo(const QList<mime::Part> &parts, const QString &folder);

Q_SIGNALS:
    void openWished(const QUrl &file);
    void done(const QString &sentence);
    void failed(const satchel::Error &error);
    void asks(); ///< a question is on the screen

private:
    void openUnasked(const mime::Part &part);
    void saveNext(const QList<mime::Part> &parts, qsizetype next, const QString &folder);

    QWidget *m_window;
    MessageSource m_source;
    mime::Part m_opened; ///< last
    std::shared_ptr<QTemporaryDir> m_folder;
    QString m_lastFolder;
};

} // namespace satchel::ui
