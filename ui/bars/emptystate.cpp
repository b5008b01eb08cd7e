// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bars/emptystate.h"

#include "ui/message/flowlayout.h"
#include "ui/theme/appearance.h"
#include "ui/theme/icons.h"
#include "ui/theme/taborder.h"

#include <QAction>
#include <QEvent>
#include <QLabel>
#include <QPushButton>
#include <QResizeEvent>
#include <QToolButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace satchel::ui {

namespace {

constexpr int mostHeight = 400; ///< that its words may claim of a low window

} // namespace

EmptyState::EmptyState(QWidget *parent)
    : QWidget(parent)
    , m_icon(new QLabel(this))
    , m_title(new QLabel(this))
    , m_text(new QLabel(this))
    , m_button(new QPushButton(this))
    , m_second(new QPushButton(this))
    , m_actionRow(new FlowLayout)
{
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::Base);
    setFocusPolicy(Qt::ClickFocus);
    for (QLabel *label : {m_title, m_text}) {
        label->setTextFormat(Qt::PlainText);
        label->setWordWrap(true);
        label->setForegroundRole(QPalette::WindowText);
        label->setAlignment(Qt::AlignCenter);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    }
    m_icon->setAlignment(Qt::AlignCenter);
    QFont font = m_title->font();
    font.setPointSizeF(font.pointSizeF() * 1.3);
    font.setWeight(QFont::DemiBold);
    m_title->setFont(font);
    m_text->setMaximumWidth(fontMetrics().averageCharWidth() * 62);
    m_button->setVisible(false);
    m_second->setVisible(false);

    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(24, 24, 24, 24);
    column->setSpacing(8);
    column->addStretch(2);
    column->addWidget(m_icon);
    column->addSpacing(4);
    column->addWidget(m_title);
    auto *textRow = new QHBoxLayout;
    textRow->addStretch(1);
    textRow->addWidget(m_text, 100);
    textRow->addStretch(1);
    column->addLayout(textRow);
    column->addSpacing(8);
    column->addWidget(m_button, 0, Qt::AlignHCenter);
    column->addWidget(m_second, 0, Qt::AlignHCenter);
    column->addLayout(m_actionRow);
    column->addStretch(3);
    m_actionRow->setCentred(true);
    connect(m_button, &QPushButton::clicked, this, &EmptyState::buttonClicked);
    connect(m_second, &QPushButton::clicked, this, &EmptyState::secondClicked);
}

void EmptyState::show(QLatin1StringView iconName, const QString &title, const QString &text, const QString &button)
{
    m_iconName = iconName;
    m_programIcon = false;
    m_title->setText(title);
    m_text->setText(text);
    m_text->setVisible(!text.isEmpty());
    m_button->setText(button);
    m_button->setVisible(!button.isEmpty());
    m_second->setVisible(false);
    setAccessibleName(title);
    setAccessibleDescription(text);
    refresh();
}

void EmptyState::showProgramIcon(
    const QString &title, const QString &text, const QString &button, const QString &second)
{
    show("mail-unread"_L1, title, text, button);
    m_second->setText(second);
    m_second->setVisible(!second.isEmpty());
    m_programIcon = true;
    m_button->setDefault(true);
    refresh();
}

void EmptyState::setActions(const QList<QAction *> &actions)
{
    for (QToolButton *button : std::as_const(m_actionButtons)) {
        m_actionRow->removeWidget(button);
        button->hide();
        button->deleteLater();
    }
    m_actionButtons.clear();
    for (QAction *action : actions) {
        auto *button = new QToolButton(this);
        button->setDefaultAction(action);
        button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        button->setIconSize(QSize(18, 18));
        m_actionRow->addWidget(button);
        m_actionButtons.append(button);
    }
    tabInReadingOrder(window());
}

QSize EmptyState::minimumSizeHint() const
{
    const QSize least = layout()->totalMinimumSize();
    return {least.width(), qMin(mostHeight, qMax(least.height(), layout()->totalMinimumHeightForWidth(width())))};
}

void EmptyState::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    if (event->oldSize().width() != event->size().width())
        updateGeometry();
}

QString EmptyState::title() const
{
    return m_title->text();
}

void EmptyState::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        refresh();
}

void EmptyState::refresh()
{
    if (m_iconName.isEmpty())
        return;
    const qreal ratio = devicePixelRatioF();
    if (m_programIcon) {
        m_icon->setPixmap(applicationIcon().pixmap(QSize(96, 96), ratio));
    } else {
        const QColor pale = mixed(palette().color(QPalette::Text), palette().color(QPalette::Base), 0.35);
        m_icon->setPixmap(icon(m_iconName, pale).pixmap(QSize(48, 48), ratio));
    }
    QPalette weak = palette();
    weak.setColor(QPalette::WindowText, mutedText(palette()));
    m_text->setPalette(weak);
    QPalette strong = palette();
    strong.setColor(QPalette::WindowText, palette().color(QPalette::Text));
    m_title->setPalette(strong);
}

} // namespace satchel::ui
