// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/message/attachments.h"

#include "library/files.h"
#include "ui/message/attachmentbar.h"

#include <QAbstractButton>
#include <QFileDialog>
#include <QFileInfo>
#include <QMessageBox>
#include <QPushButton>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QUrl>

using namespace Qt::StringLiterals;

namespace satchel::ui {

Attachments::Attachments(QWidget *window, QObject *parent)
    : QObject(parent)
    , m_window(window)
    , m_folder(std::make_shared<QTemporaryDir>())
    , m_lastFolder(QStandardPaths::writableLocation(QStandardPaths::DownloadLocation))
{
}

Attachments::~Attachments() = default;

void Attachments::setFolder(std::shared_ptr<QTemporaryDir> folder)
{
    m_folder = std::move(folder);
}

void Attachments::setSource(const MessageSource &source)
{
    m_source = source;
}

void Attachments::open(const mime::Part &part)
{
    if (!part.executable) {
        openUnasked(part);
        return;
    }
    auto *box = new QMessageBox(QMessageBox::Warning, tr("Open attachment"),
        tr("“%1” may be a program. Open it?").arg(attachmentName(part)), QMessageBox::Cancel, m_window);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setTextFormat(Qt::PlainText);
    box->setInformativeText(
        tr("Files of this kind can change or delete anything on this computer when they are opened. "
           "Open it only if you expected it, and if you are sure who sent it."));
    QAbstractButton *open = box->addButton(tr("&Open anyway"), QMessageBox::DestructiveRole);
    QAbstractButton *save = box->addButton(tr("&Save…"), QMessageBox::ActionRole);
    box->setDefaultButton(QMessageBox::Cancel);
    connect(box, &QMessageBox::buttonClicked, this, [this, part, open, save](QAbstractButton *button) {
        if (button == open)
            openUnasked(part);
        else if (button == save)
            this->save(part);
    });
    box->open();
    Q_EMIT asks();
}

void Attachments::openUnasked(const mime::Part &part)
{
    // The folder is held until the file is written: the window may be closed by then.
    library::whenRead(m_source.partContent(part.index),
        [folder = m_folder, name = attachmentName(part)](
            const QByteArray &content) { return library::writeForOpening(folder->path(), name, content); })
        .then(this, [this, part](const Expected<QString> &path) {
            if (path) {
                m_opened = part;
                Q_EMIT openWished(QUrl::fromLocalFile(*path));
            } else {
                Q_EMIT failed(path.error());
            }
        });
}

void Attachments::save(const mime::Part &part)
{
    auto *dialog = new QFileDialog(m_window, tr("Save attachment"), m_lastFolder);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setFileMode(QFileDialog::AnyFile);
    dialog->selectFile(attachmentName(part));
    connect(dialog, &QFileDialog::fileSelected, this, [this, part](const QString &path) { saveTo(part, path); });
    dialog->open();
}

void Attachments::saveOpened()
{
    save(m_opened);
}

void Attachments::saveAll(const QList<mime::Part> &parts)
{
    auto *dialog = new QFileDialog(m_window, tr("Save all attachments in"), m_lastFolder);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    connect(
        dialog, &QFileDialog::fileSelected, this, [this, parts](const QString &folder) { saveAllTo(parts, folder); });
    dialog->open();
}

void Attachments::saveTo(const mime::Part &part, const QString &path)
{
    m_lastFolder = QFileInfo(path).absolutePath();
    library::whenRead(m_source.partContent(part.index), library::SaveAs{path})
        .then(this, [this](const Expected<QString> &saved) {
            if (saved)
                Q_EMIT done(tr("Saved as %1.").arg(*saved));
            else
                Q_EMIT failed(saved.error());
        });
}

void Attachments::saveAllTo(const QList<mime::Part> &parts, const QString &folder)
{
    m_lastFolder = folder;
    saveNext(parts, 0, folder);
}

/// One after the other: two that looked for a free name at once would find the same.
void Attachments::saveNext(const QList<mime::Part> &parts, qsizetype next, const QString &folder)
{
    if (next == parts.size()) {
        Q_EMIT done(tr("%Ln file(s) saved in %1.", nullptr, int(parts.size())).arg(folder));
        return;
    }
    const mime::Part &part = parts.at(next);
    library::whenRead(m_source.partContent(part.index),
        [folder, name = attachmentName(part)](
            const QByteArray &content) { return library::saveBeside(folder, name, content); })
        .then(this, [this, parts, next, folder](const Expected<QString> &saved) {
            if (saved)
                saveNext(parts, next + 1, folder);
            else
                Q_EMIT failed(saved.error()); // what stops one stops the next as well
        });
}

} // namespace satchel::ui
