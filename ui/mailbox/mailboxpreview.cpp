// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/mailbox/mailboxpreview.h"

#include "ui/theme/text.h"

#include <QLabel>
#include <QPlainTextEdit>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace satchel::ui {

MailboxPreview::MailboxPreview(QWidget *parent)
    : QWidget(parent)
    , m_subject(new QLabel(this))
    , m_from(new QLabel(this))
    , m_note(new QLabel(this))
    , m_text(named(new QPlainTextEdit(this), tr("First lines of the message")))
{
    for (QLabel *label : {m_subject, m_from, m_note}) {
        label->setTextFormat(Qt::PlainText);
        label->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    }
    QFont heavy = m_subject->font();
    heavy.setBold(true);
    m_subject->setFont(heavy);
    m_note->setWordWrap(true);
    m_text->setReadOnly(true);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_text->setFrameShape(QFrame::NoFrame);
    m_text->setTabChangesFocus(true);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(10, 8, 10, 4);
    column->setSpacing(2);
    column->addWidget(m_subject);
    column->addWidget(m_from);
    column->addWidget(m_note);
    column->addSpacing(4);
    column->addWidget(m_text, 1);
    showNothing({});
}

void MailboxPreview::showNothing(const QString &why)
{
    m_subject->setVisible(false);
    m_from->setVisible(false);
    m_note->setText(why);
    m_note->setVisible(!why.isEmpty());
    m_text->clear();
}

void MailboxPreview::showHeader(const sync::ServerHeader &header)
{
    m_subject->setVisible(true);
    m_from->setVisible(true);
    m_subject->setText(header.subject.isEmpty() ? tr("(no subject)") : header.subject);
    QString from = senderText(header.from);
    if (!header.from.name.isEmpty() && !header.from.address.isEmpty())
        from += u" <%1>"_s.arg(header.from.address);
    if (header.date.isValid())
        from += tr(" · ") + fullDate(header.date.toLocalTime());
    m_from->setText(from);
}

void MailboxPreview::showText(const QString &text, const QString &note)
{
    m_note->setText(note);
    m_note->setVisible(!note.isEmpty());
    m_text->setPlainText(text);
}

QString MailboxPreview::text() const
{
    return m_text->toPlainText();
}

} // namespace satchel::ui
