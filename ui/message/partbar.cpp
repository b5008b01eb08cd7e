// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/message/partbar.h"

#include "ui/theme/text.h"

#include <QMessageBox>
#include <QPushButton>

using namespace Qt::StringLiterals;

namespace satchel::ui {

PartBar::PartBar(QWidget *parent)
    : NoteBar(BarKind::Note, parent)
{
    setObjectName(u"partBar"_s);
    setIcon("get-mail"_L1);
    hide();
}

void PartBar::show(const MessageSummary &summary)
{
    m_summary = summary;
    setVisible(summary.flags.testFlag(MessageFlag::Partial));
    if (isHidden())
        return;
    offer();
}

void PartBar::offer()
{
    clearButtons();
    const bool gone = m_summary.flags.testFlag(MessageFlag::RestGone);
    const bool wished = m_summary.flags.testFlag(MessageFlag::RestWished);
    const bool refused = m_summary.flags.testFlag(MessageFlag::RestRefused);
    const QString size = fileSize(m_summary.size);
    if (gone) {
        setText(tr("Only the beginning of this message is here. The whole is no longer on the server."));
        return;
    }
    if (wished)
        setText(tr("Only the beginning of this message is here. The next check gets the whole (%1).").arg(size));
    else if (refused)
        setText(tr("Only the beginning of this message is here. The rest is not wanted (%1 in all).").arg(size));
    else
        setText(tr("Only the beginning of this message is here. The whole (%1) waits on the server.").arg(size));

    if (!wished) {
        QPushButton *get = addButton(tr("Get &whole message"));
        get->setObjectName(u"getWhole"_s);
        connect(get, &QPushButton::clicked, this, [this] { Q_EMIT wholeWished(m_summary.id); });
    }
    if (!refused) {
        QPushButton *refuse = addButton(wished ? tr("Do &not get it") : tr("&Not wanted"));
        refuse->setObjectName(u"refuseRest"_s);
        refuse->setToolTip(tr("Leave the rest on the server and never fetch it"));
        connect(refuse, &QPushButton::clicked, this, [this] { Q_EMIT restRefused(m_summary.id, false); });
        QPushButton *remove = addButton(tr("De&lete on server…"));
        remove->setObjectName(u"deleteRest"_s);
        connect(remove, &QPushButton::clicked, this, &PartBar::askToDelete);
    }
}

void PartBar::askToDelete()
{
    auto *box = new QMessageBox(QMessageBox::Warning, tr("Delete on server"),
        tr("Delete this message on the server, though only its beginning is here?"), QMessageBox::Cancel, window());
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setTextFormat(Qt::PlainText);
    box->setInformativeText(tr("The rest of it, with its attachments, is lost for good. Its beginning stays here."));
    QPushButton *doIt = box->addButton(tr("&Delete for good"), QMessageBox::DestructiveRole);
    doIt->setObjectName(u"doIt"_s);
    box->setDefaultButton(QMessageBox::Cancel);
    connect(box, &QMessageBox::buttonClicked, this, [this, box, doIt, id = m_summary.id](QAbstractButton *button) {
        if (button == doIt)
            Q_EMIT restRefused(id, true);
        box->close();
    });
    box->open();
}

} // namespace satchel::ui
