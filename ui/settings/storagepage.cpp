// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/settings/storagepage.h"

#include "base/clock.h"
#include "ui/message/flowlayout.h"
#include "ui/settings/formparts.h"
#include "ui/settings/restoredialog.h"
#include "ui/theme/calmbar.h"
#include "ui/theme/text.h"

#include <QCheckBox>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QFormLayout>
#include <QLabel>
#include <QLocale>
#include <QMessageBox>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace satchel::ui {

namespace {

QLabel *valueLabel(QWidget *parent, const QString &name)
{
    auto *label = new QLabel(parent);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    label->setAccessibleName(name);
    return label;
}

QString shownTime(const QDateTime &time)
{
    return QLocale().toString(time.toLocalTime(), QLocale::ShortFormat);
}

FlowLayout *rowOf(std::initializer_list<QPushButton *> buttons)
{
    auto *row = new FlowLayout;
    for (QPushButton *button : buttons) {
        button->setAutoDefault(false);
        row->addWidget(button);
    }
    return row;
}

} // namespace

StoragePage::StoragePage(QWidget *parent)
    : QWidget(parent)
{
    auto *column = new QVBoxLayout(this);
    makeStore(column);
    makeBackups(column);
    column->addSpacing(10);
    m_doing = valueLabel(this, tr("What is being done"));
    m_doing->setObjectName(u"doing"_s);
    m_bar = new CalmBar(this);
    m_bar->setAccessibleName(tr("Progress"));
    m_bar->setTextVisible(false);
    m_stop = new QPushButton(tr("&Stop"), this);
    m_stop->setObjectName(u"stop"_s);
    connect(m_stop, &QPushButton::clicked, this, &StoragePage::stopWished);
    column->addWidget(m_doing);
    auto *row = new QHBoxLayout;
    row->addWidget(m_bar, 1);
    row->addWidget(m_stop);
    column->addLayout(row);
    column->addStretch(1);
    show(StorageState());
}

void StoragePage::makeStore(QVBoxLayout *column)
{
    column->addWidget(heading(tr("Mail on this computer"), this));
    auto *form = new QFormLayout;
    form->setRowWrapPolicy(QFormLayout::WrapLongRows);
    m_place = valueLabel(this, tr("Place"));
    m_size = valueLabel(this, tr("Size"));
    m_messages = valueLabel(this, tr("Messages"));
    m_checked = valueLabel(this, tr("Last check"));
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    form->addRow(tr("Place:"), m_place);
    form->addRow(tr("Size:"), m_size);
    form->addRow(tr("Messages:"), m_messages);
    form->addRow(tr("Last check:"), m_checked);
    m_check = new QPushButton(tr("&Check now"), this);
    m_check->setObjectName(u"check"_s);
    m_check->setToolTip(tr("Reads every message and holds it against the sum that was noted when it arrived"));
    m_repair = new QPushButton(tr("&Repair…"), this);
    m_repair->setObjectName(u"repair"_s);
    m_repair->setToolTip(tr("Makes a new file of every message that can still be read"));
    column->addLayout(form);
    column->addLayout(rowOf({m_check, m_repair}));
    connect(m_check, &QPushButton::clicked, this, [this] { Q_EMIT careWished(sync::CareTask::FullCheck, {}); });
    connect(m_repair, &QPushButton::clicked, this, &StoragePage::askRepair);
}

void StoragePage::makeBackups(QVBoxLayout *column)
{
    column->addSpacing(10);
    column->addWidget(heading(tr("Backups"), this));
    m_automatic = new QCheckBox(tr("Make a &backup each day on which something has changed"), this);
    m_automatic->setObjectName(u"automatic"_s);
    column->addWidget(m_automatic);
    const auto spin = [this](const QString &name, int least) {
        auto *box = new QSpinBox(this);
        box->setRange(least, 30);
        box->setAccessibleName(name);
        connect(box, &QSpinBox::valueChanged, this, &StoragePage::wishPolicy);
        return box;
    };
    m_keep = spin(tr("How many of the latest backups are kept"), 1);
    m_keep->setObjectName(u"keep"_s);
    m_weeks = spin(tr("For how many weeks before one backup each is kept"), 0);
    m_weeks->setObjectName(u"weeks"_s);
    auto *keep = new QFormLayout;
    keep->setRowWrapPolicy(QFormLayout::WrapLongRows);
    keep->setFieldGrowthPolicy(QFormLayout::FieldsStayAtSizeHint);
    keep->addRow(tr("&Latest ones to keep:"), m_keep);
    keep->addRow(tr("&Weeks before, one of each:"), m_weeks);
    column->addLayout(keep);
    m_last = valueLabel(this, tr("Last backup"));
    m_last->setObjectName(u"lastBackup"_s);
    column->addWidget(m_last);
    m_backUp = new QPushButton(tr("Back &up now"), this);
    m_backUp->setObjectName(u"backUp"_s);
    m_backUpTo = new QPushButton(tr("Back up to a &file…"), this);
    m_backUpTo->setObjectName(u"backUpTo"_s);
    m_restore = new QPushButton(tr("Res&tore…"), this);
    m_restore->setObjectName(u"restore"_s);
    column->addLayout(rowOf({m_backUp, m_backUpTo, m_restore}));
    connect(m_automatic, &QCheckBox::toggled, this, &StoragePage::wishPolicy);
    connect(m_backUp, &QPushButton::clicked, this, [this] { Q_EMIT careWished(sync::CareTask::BackUp, {}); });
    connect(m_backUpTo, &QPushButton::clicked, this, &StoragePage::askFile);
    connect(m_restore, &QPushButton::clicked, this, &StoragePage::chooseBackup);
}

void StoragePage::show(const StorageState &state)
{
    m_state = state;
    m_showing = true;
    const StoreFacts &facts = state.facts;
    m_place->setText(QDir::toNativeSeparators(facts.file));
    if (facts.mailBytes > 0) {
        m_size->setText(tr("%1: %2 of mail, %3 of lists and search index")
                .arg(fileSize(facts.fileBytes), fileSize(facts.mailBytes),
                    fileSize(qMax<qint64>(0, facts.fileBytes - facts.mailBytes))));
    } else {
        m_size->setText(fileSize(facts.fileBytes));
    }
    m_messages->setText(state.open ? QLocale().toString(facts.messages) : tr("cannot be counted"));
    m_checked->setText(!state.checkedAt.isValid() ? tr("never")
            : state.checkedWell                   ? tr("%1, all was well").arg(shownTime(state.checkedAt))
                                                  : tr("%1, damage was found").arg(shownTime(state.checkedAt)));
    m_automatic->setChecked(state.policy.automatic);
    m_keep->setValue(state.policy.keep);
    m_weeks->setValue(state.policy.weeks);
    m_keep->setEnabled(state.policy.automatic);
    m_weeks->setEnabled(state.policy.automatic);
    qint64 bytes = 0;
    for (const BackupFile &backup : facts.backups)
        bytes += backup.size;
    m_last->setText(facts.backups.isEmpty()
            ? tr("There is no backup yet.")
            : tr("%Ln backup(s), %1 in all; the last is of %2.", nullptr, int(facts.backups.size()))
                  .arg(fileSize(bytes), shownTime(facts.backups.constFirst().madeAt)));
    const bool busy = state.running.has_value() && *state.running != sync::CareTask::QuickCheck;
    m_check->setEnabled(!busy && state.open);
    m_backUp->setEnabled(!busy && state.open);
    m_backUpTo->setEnabled(!busy && state.open);
    m_repair->setEnabled(!busy);
    m_restore->setEnabled(!busy);
    QString doing = state.said;
    if (busy) {
        switch (*state.running) {
        case sync::CareTask::FullCheck:
            doing = tr("Reading every message…");
            break;
        case sync::CareTask::Restore:
            doing = tr("Restoring the backup…");
            break;
        case sync::CareTask::Repair:
            doing = tr("Saving every message that can be read…");
            break;
        default:
            doing = tr("Making a backup; you can go on reading…");
            break;
        }
    }
    m_doing->setText(doing);
    m_doing->setVisible(!doing.isEmpty());
    // What tells how far it is can be stopped, too.
    const bool counted = busy
        && (*state.running == sync::CareTask::FullCheck || *state.running == sync::CareTask::Repair
            || state.percent > 0);
    m_bar->setVisible(busy);
    m_bar->setRange(0, counted ? 100 : 0);
    m_bar->setValue(state.percent);
    m_stop->setVisible(counted);
    m_showing = false;
}

void StoragePage::wishPolicy()
{
    if (m_showing)
        return;
    BackupPolicy policy = m_state.policy;
    policy.automatic = m_automatic->isChecked();
    policy.keep = m_keep->value();
    policy.weeks = m_weeks->value();
    Q_EMIT policyWished(policy);
}

void StoragePage::askFile()
{
    auto *dialog = new QFileDialog(this, tr("Back up to a file"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilter(tr("Backups of Satchel (*.sqlite)"));
    dialog->setDefaultSuffix(u"sqlite"_s);
    dialog->selectFile(tr("Satchel mail %1.sqlite").arg(Clock().now().toLocalTime().date().toString(Qt::ISODate)));
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString &file) {
        if (!file.isEmpty())
            Q_EMIT careWished(sync::CareTask::BackUpTo, file);
    });
    dialog->open();
}

void StoragePage::askRepair()
{
    auto *box = new QMessageBox(
        QMessageBox::Question, tr("Repair"), tr("Repair the file that holds your mail?"), QMessageBox::Cancel, this);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setTextFormat(Qt::PlainText);
    box->setInformativeText(
        tr("Every message that can be read is put into a new file, with its folder and its marks where "
           "they can be read. The damaged file is kept. Your mail cannot be read meanwhile."));
    QPushButton *doIt = box->addButton(tr("&Repair"), QMessageBox::AcceptRole);
    doIt->setObjectName(u"doIt"_s);
    box->setDefaultButton(QMessageBox::Cancel);
    connect(box, &QMessageBox::buttonClicked, this, [this, box](QAbstractButton *button) {
        if (box->buttonRole(button) == QMessageBox::AcceptRole)
            Q_EMIT careWished(sync::CareTask::Repair, {});
    });
    box->open();
}

void StoragePage::chooseBackup()
{
    auto *dialog = new RestoreDialog(m_state.facts.backups, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &RestoreDialog::chosen, this,
        [this](const QString &file) { Q_EMIT careWished(sync::CareTask::Restore, file); });
    dialog->open();
}

} // namespace satchel::ui
