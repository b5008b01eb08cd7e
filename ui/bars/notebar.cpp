// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bars/notebar.h"

#include "ui/bars/notelayout.h"
#include "ui/theme/icons.h"
#include "ui/theme/taborder.h"
#include "ui/theme/text.h"

#include <QApplication>
#include <QEvent>
#include <QKeyEvent>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace satchel::ui {

NoteBar::NoteBar(BarKind kind, QWidget *parent)
    : QFrame(parent)
    , m_kind(kind)
    , m_icon(new QLabel(this))
    , m_text(new QLabel(this))
    , m_close(new QToolButton(this))
    , m_parts(new NoteLayout(this, m_icon, m_text, m_close))
{
    setKind(kind);
    m_icon->setAlignment(Qt::AlignCenter);
    m_text->setTextFormat(Qt::PlainText);
    m_text->setWordWrap(true);
    m_text->setForegroundRole(QPalette::WindowText);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_close->setAutoRaise(true);
    m_close->setIconSize(QSize(16, 16));
    m_close->setToolTip(tr("Close"));
    m_close->setAccessibleName(tr("Close this notice"));
    m_close->setVisible(false);
    m_parts->setContentsMargins(12, 5, 6, 5);
    connect(m_close, &QToolButton::clicked, this, &NoteBar::closeWished);
}

void NoteBar::setKind(BarKind kind)
{
    m_kind = kind;
    setIcon(kind == BarKind::Note ? "information"_L1 : kind == BarKind::Warning ? "warning"_L1 : "error"_L1);
}

void NoteBar::setIcon(QLatin1StringView name)
{
    m_iconName = name;
    refresh();
}

void NoteBar::setText(const QString &text, const QString &detail)
{
    m_text->setText(text);
    m_text->setToolTip(detail.isEmpty() ? QString() : asPlainRichText(detail));
    setAccessibleName(text);
    setAccessibleDescription(detail);
}

QString NoteBar::text() const
{
    return m_text->text();
}

QPushButton *NoteBar::addButton(const QString &text)
{
    auto *button = new QPushButton(text, this);
    button->setAutoDefault(false);
    m_parts->addWidget(button);
    button->show(); // at once, so that the bar is not measured without it
    m_buttons.append(button);
    tabInReadingOrder(window());
    return button;
}

void NoteBar::clearButtons()
{
    for (QPushButton *button : std::as_const(m_buttons)) {
        button->hide();
        button->deleteLater();
    }
    m_buttons.clear();
}

void NoteBar::setClosable(bool closable)
{
    m_close->setVisible(closable);
}

void NoteBar::changeEvent(QEvent *event)
{
    QFrame::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && !m_refreshing)
        refresh();
}

void NoteBar::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Escape && !m_close->isHidden()) {
        Q_EMIT closeWished();
        return;
    }
    QFrame::keyPressEvent(event);
}

void NoteBar::paintEvent(QPaintEvent *)
{
    const QPalette base = QApplication::palette();
    QPainter painter(this);
    painter.fillRect(rect(), barPalette(m_kind, base).color(QPalette::Window));
    painter.fillRect(QRect(isRightToLeft() ? width() - 3 : 0, 0, 3, height()), barEdge(m_kind, base));
}

void NoteBar::refresh()
{
    m_refreshing = true;
    const QPalette base = QApplication::palette();
    QPalette words = palette();
    words.setColor(QPalette::WindowText, base.color(QPalette::Active, QPalette::Text));
    m_text->setPalette(words);
    m_icon->setPixmap(icon(m_iconName, barEdge(m_kind, base)).pixmap(QSize(18, 18), devicePixelRatioF()));
    m_close->setIcon(icon("close"_L1));
    m_refreshing = false;
    update();
}

} // namespace satchel::ui
