// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/message/messagesaver.h"

#include "library/files.h"
#include "library/library.h"
#include "mime/filename.h"

#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QStandardPaths>

using namespace Qt::StringLiterals;

namespace satchel::ui {

namespace {

constexpr qsizetype longestName = 80; ///< characters; a subject may go on for ever

} // namespace

struct MessageSaver::Several {
    library::Library &library;
    QList<MessageId> left;
    QString folder;
    int saved = 0;
};

QString messageFileName(const QString &subject)
{
    const QString fallback = MessageSaver::tr("message");
    QString name = subject;
    for (QChar &c : name) {
        if (!c.isLetterOrNumber() && c != u'-' && c != u'.')
            c = u' ';
    }
    return mime::safeFileName(name.simplified().left(longestName).trimmed(), fallback) + u".eml"_s;
}

MessageSaver::MessageSaver(QWidget *window)
    : QObject(window)
    , m_window(window)
    , m_lastFolder(QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation))
{
}

void MessageSaver::ask(const MessageSource &message, const QString &subject)
{
    auto *dialog = new QFileDialog(m_window, tr("Save message"), m_lastFolder);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilter(tr("Mail messages (*.eml)"));
    dialog->setDefaultSuffix(u"eml"_s);
    dialog->selectFile(messageFileName(subject));
    connect(dialog, &QFileDialog::fileSelected, this, [this, message](const QString &path) { saveTo(message, path); });
    dialog->open();
}

void MessageSaver::askFolder(library::Library &library, const QList<MessageId> &messages)
{
    auto *dialog = new QFileDialog(m_window, tr("Save %Ln message(s) in", nullptr, int(messages.size())), m_lastFolder);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    connect(dialog, &QFileDialog::fileSelected, this,
        [this, &library, messages](const QString &folder) { saveAllTo(library, messages, folder); });
    dialog->open();
}

void MessageSaver::saveTo(const MessageSource &message, const QString &path)
{
    m_lastFolder = QFileInfo(path).absolutePath();
    library::whenRead(message.bytes(), library::SaveAs{path}).then(this, [this](const Expected<QString> &saved) {
        if (saved)
            Q_EMIT done(tr("Saved as %1.").arg(*saved));
        else
            Q_EMIT failed(saved.error());
    });
}

void MessageSaver::saveAllTo(library::Library &library, const QList<MessageId> &messages, const QString &folder)
{
    m_lastFolder = folder;
    saveNext(std::make_shared<Several>(Several{library, messages, folder}));
}

void MessageSaver::saveNext(const std::shared_ptr<Several> &several)
{
    if (several->left.isEmpty()) {
        Q_EMIT done(tr("%Ln message(s) saved in %1.", nullptr, several->saved).arg(several->folder));
        return;
    }
    const MessageId id = several->left.takeFirst();
    several->library.summaries({id}).then(this, [this, several, id](const Expected<QList<MessageSummary>> &answer) {
        const QString subject = answer && !answer->isEmpty() ? answer->constFirst().subject : QString();
        library::whenRead(several->library.source(id),
            [folder = several->folder, name = messageFileName(subject)](
                const QByteArray &bytes) { return library::saveBeside(folder, name, bytes); })
            .then(this, [this, several](const Expected<QString> &saved) {
                if (!saved) {
                    // What stops one stops the next as well: a full disk, a folder that may not be written.
                    Q_EMIT failed(saved.error());
                    return;
                }
                ++several->saved;
                saveNext(several);
            });
    });
}

} // namespace satchel::ui
