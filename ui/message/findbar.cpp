// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/message/findbar.h"

#include "ui/message/bodyview.h"
#include "ui/theme/elidinglabel.h"
#include "ui/theme/icons.h"
#include "ui/theme/text.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace satchel::ui {

FindBar::FindBar(BodyView *body, QWidget *parent)
    : QWidget(parent)
    , m_body(body)
    , m_field(named(new QLineEdit(this), tr("Find in this message")))
    , m_state(new ElidingLabel(this))
{
    m_field->setPlaceholderText(tr("Find in this message"));
    m_field->setClearButtonEnabled(true);
    fitPlaceholder(m_field);
    m_field->setMaximumWidth(qMax(320, m_field->minimumWidth()));
    const auto button = [this](QLatin1StringView iconName, const QString &text) {
        auto *made = named(new QToolButton(this), text);
        made->setIcon(icon(iconName));
        made->setToolTip(text);
        made->setAutoRaise(true);
        made->setIconSize(QSize(16, 16));
        return made;
    };
    QToolButton *up = button("previous"_L1, tr("Previous"));
    QToolButton *down = button("next"_L1, tr("Next"));
    QToolButton *close = button("close"_L1, tr("Close"));
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(12, 4, 6, 4);
    row->setSpacing(4);
    row->addWidget(m_field);
    row->addWidget(up);
    row->addWidget(down);
    row->addWidget(m_state, 1);
    row->addWidget(close);
    connect(m_field, &QLineEdit::textChanged, this, [this] { find(false, true); });
    connect(up, &QToolButton::clicked, this, &FindBar::previous);
    connect(down, &QToolButton::clicked, this, &FindBar::next);
    connect(close, &QToolButton::clicked, this, &FindBar::stop);
    setVisible(false);
}

void FindBar::start()
{
    show();
    if (const QString chosen = m_body->textCursor().selectedText(); !chosen.isEmpty() && chosen.size() < 80)
        m_field->setText(chosen);
    m_field->setFocus(Qt::ShortcutFocusReason);
    m_field->selectAll();
}

void FindBar::next()
{
    find(false, false);
}

void FindBar::previous()
{
    find(true, false);
}

void FindBar::stop()
{
    hide();
    m_body->setFocus();
}

void FindBar::find(bool backwards, bool fromStart)
{
    const QString words = m_field->text();
    m_state->clear();
    if (words.isEmpty())
        return;
    const QTextDocument::FindFlags flags = backwards ? QTextDocument::FindBackward : QTextDocument::FindFlags();
    if (fromStart) {
        // The place that is found already grows with the word that is typed.
        QTextCursor cursor = m_body->textCursor();
        cursor.setPosition(cursor.selectionStart());
        m_body->setTextCursor(cursor);
    }
    if (m_body->find(words, flags))
        return;
    m_body->moveCursor(backwards ? QTextCursor::End : QTextCursor::Start);
    m_state->setText(m_body->find(words, flags) ? tr("Went round to the other end") : tr("Not found"));
}

void FindBar::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Escape) {
        stop();
    } else if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) {
        if (event->modifiers().testFlag(Qt::ShiftModifier))
            previous();
        else
            next();
    } else {
        QWidget::keyPressEvent(event);
    }
}

} // namespace satchel::ui
