// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/settings/restoredialog.h"

#include "ui/theme/pagescroller.h"
#include "ui/theme/text.h"

#include <QDialogButtonBox>
#include <QFileDialog>
#include <QLabel>
#include <QListWidget>
#include <QLocale>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace satchel::ui {

RestoreDialog::RestoreDialog(const QList<BackupFile> &backups, QWidget *parent)
    : QDialog(parent)
    , m_list(new QListWidget(this))
{
    setWindowTitle(tr("Restore a backup"));
    auto *column = new QVBoxLayout(this);
    auto *text = new QLabel(
        tr("Your mail becomes what it was when the backup was made. What is here now is kept aside in a file "
           "of its own. Messages that came since are fetched again where they are still on the server; "
           "nothing is deleted there before its header was compared."),
        this);
    text->setTextFormat(Qt::PlainText);
    text->setWordWrap(true);
    column->addWidget(text);
    m_list->setObjectName(u"backups"_s);
    m_list->setAccessibleName(tr("Backups, newest first"));
    for (const BackupFile &backup : backups) {
        const QString when = QLocale().toString(backup.madeAt.toLocalTime(), QLocale::LongFormat);
        const QString line = backup.beforeUpgrade ? tr("%1, before an upgrade of Satchel (%2)") : tr("%1 (%2)");
        auto *item = new QListWidgetItem(line.arg(when, fileSize(backup.size)), m_list);
        item->setData(Qt::UserRole, backup.file);
        item->setToolTip(asPlainRichText(backup.file));
    }
    if (m_list->count() > 0)
        m_list->setCurrentRow(0);
    column->addWidget(m_list, 1);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    m_restore = buttons->addButton(tr("&Restore"), QDialogButtonBox::AcceptRole);
    m_restore->setObjectName(u"doRestore"_s);
    m_restore->setEnabled(m_list->count() > 0);
    auto *other = buttons->addButton(tr("&Other file…"), QDialogButtonBox::ActionRole);
    other->setObjectName(u"otherFile"_s);
    column->addWidget(buttons);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(buttons, &QDialogButtonBox::accepted, this, [this] {
        if (const QListWidgetItem *item = m_list->currentItem()) {
            Q_EMIT chosen(item->data(Qt::UserRole).toString());
            accept();
        }
    });
    connect(other, &QPushButton::clicked, this, &RestoreDialog::chooseOther);
    m_list->setMinimumSize(360, 80);
    keepWordsWhole(this);
    resize(sizeHint().expandedTo({520, 320}));
}

void RestoreDialog::chooseOther()
{
    auto *dialog = new QFileDialog(this, tr("Restore a backup"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    dialog->setNameFilters({tr("Backups of Satchel (*.sqlite)"), tr("All files (*)")});
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString &file) {
        Q_EMIT chosen(file);
        accept();
    });
    dialog->open();
}

} // namespace satchel::ui
