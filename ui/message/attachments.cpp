// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/message/attachments.h"

#include "ui/message/attachmentbar.h"
#include "ui/message/attachmentfile.h"

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
    m_source.partContent(part.index).then(this, [this, part](const Expected<QByteArray> &content) {
        const Expected<QString> path = content ? writeForOpening(m_folder->path(), attachmentName(part), *content)
                                               : std::unexpected(content.error());
        if (path)
            Q_EMIT openWished(QUrl::fromLocalFile(*path));
        else
            Q_EMIT failed(path.error());
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
    m_source.partContent(part.index).then(this, [this, path](const Expected<QByteArray> &content) {
        const Expected<void> saved = content ? saveFile(path, *content) : std::unexpected(content.error());
        if (saved)
            Q_EMIT done(tr("Saved as %1.").arg(path));
        else
            Q_EMIT failed(saved.error());
    });
}

void Attachments::saveAllTo(const QList<mime::Part> &parts, const QString &folder)
{
    m_lastFolder = folder;
    auto left = std::make_shared<qsizetype>(parts.size());
    for (const mime::Part &part : parts) {
        m_source.partContent(part.index)
            .then(this, [this, part, folder, left, all = parts.size()](const Expected<QByteArray> &content) {
                const Expected<void> saved = content ? saveFile(freePath(folder, attachmentName(part)), *content)
                                                     : std::unexpected(content.error());
                --*left;
                if (!saved)
                    Q_EMIT failed(saved.error());
                else if (*left == 0)
                    Q_EMIT done(tr("%Ln file(s) saved in %1.", nullptr, int(all)).arg(folder));
            });
    }
}

} // namespace satchel::ui
