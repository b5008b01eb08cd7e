// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bars/undobar.h"

#include "ui/theme/appearance.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>

using namespace Qt::StringLiterals;

namespace satchel::ui {

namespace {

constexpr int shownMilliseconds = 8000;

} // namespace

UndoBar::UndoBar(QWidget *parent)
    : QFrame(parent)
    , m_text(new QLabel(this))
    , m_undo(new QPushButton(tr("Undo"), this))
{
    setAccessibleName(tr("What was just done"));
    m_text->setTextFormat(Qt::PlainText);
    m_undo->setFlat(true);
    m_undo->setAutoDefault(false);
    m_undo->setCursor(Qt::PointingHandCursor);
    QFont bold = m_undo->font();
    bold.setBold(true);
    m_undo->setFont(bold);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(16, 6, 6, 6);
    row->setSpacing(10);
    row->addWidget(m_text, 1);
    row->addWidget(m_undo);
    m_fade.setSingleShot(true);
    m_fade.setInterval(shownMilliseconds);
    connect(&m_fade, &QTimer::timeout, this, &QWidget::hide);
    connect(m_undo, &QPushButton::clicked, this, [this] {
        withdraw();
        Q_EMIT undoWished();
    });
    parent->installEventFilter(this);
    hide();
}

void UndoBar::offer(const QString &text)
{
    m_text->setText(text);
    setAccessibleDescription(text);
    refreshColours();
    show();
    raise();
    place();
    m_fade.start();
}

/// The other way round than the window: it lies on top of the list and must stand out from it.
void UndoBar::refreshColours()
{
    const bool dark = isDark(parentWidget()->palette());
    const QColor words = dark ? QColor(0x20, 0x23, 0x27) : QColor(0xf4, 0xf5, 0xf6);
    const QColor link = dark ? QColor(0x12, 0x57, 0x9c) : QColor(0x8f, 0xc4, 0xf8);
    // Only what differs is set: a palette that names every colour is never told of a new one.
    QPalette ink;
    ink.setColor(QPalette::WindowText, words);
    m_text->setPalette(ink);
    ink.setColor(QPalette::ButtonText, link);
    ink.setColor(QPalette::WindowText, link);
    m_undo->setPalette(ink);
}

void UndoBar::changeEvent(QEvent *event)
{
    QFrame::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        refreshColours();
}

void UndoBar::withdraw()
{
    m_fade.stop();
    hide();
}

void UndoBar::setTip(const QString &tip)
{
    m_undo->setToolTip(tip);
}

QString UndoBar::text() const
{
    return isHidden() ? QString() : m_text->text();
}

void UndoBar::place()
{
    const QSize room = parentWidget()->size();
    m_text->setWordWrap(false);
    const int width = qMin(sizeHint().width(), room.width() - 24);
    m_text->setWordWrap(sizeHint().width() > width);
    const int height = layout()->hasHeightForWidth() ? layout()->totalHeightForWidth(width) : sizeHint().height();
    setGeometry((room.width() - width) / 2, room.height() - height - 16, width, height);
}

bool UndoBar::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::Resize && isVisible())
        place();
    return QFrame::eventFilter(watched, event);
}

void UndoBar::enterEvent(QEnterEvent *)
{
    m_fade.stop();
}

void UndoBar::leaveEvent(QEvent *)
{
    if (isVisible())
        m_fade.start();
}

void UndoBar::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(isDark(parentWidget()->palette()) ? QColor(0xdc, 0xdf, 0xe3) : QColor(0x2e, 0x33, 0x39));
    painter.drawRoundedRect(rect(), 8, 8);
}

} // namespace satchel::ui
