// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/edgedstyle.h"

#include "ui/theme/appearance.h"

#include <QApplication>
#include <QPainter>
#include <QStyleOption>

using namespace Qt::StringLiterals;

namespace satchel::ui {

namespace {

void drawEdge(const QStyleOption &option, QPainter *painter, const QRect &rect, bool round)
{
    const bool enabled = option.state.testFlag(QStyle::State_Enabled);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setBrush(Qt::NoBrush);
    painter->setPen(mixed(option.palette.color(QPalette::Active, QPalette::Text),
        option.palette.color(QPalette::Active, QPalette::Base), enabled ? 0.5 : 0.25));
    const QRectF edge = QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5);
    if (round)
        painter->drawEllipse(edge);
    else
        painter->drawRoundedRect(edge, 2, 2);
    painter->restore();
}

} // namespace

EdgedStyle::EdgedStyle()
    : QProxyStyle(u"fusion"_s)
{
}

void EdgedStyle::drawPrimitive(
    PrimitiveElement element, const QStyleOption *option, QPainter *painter, const QWidget *widget) const
{
    QProxyStyle::drawPrimitive(element, option, painter, widget);
    if (!isDark(option->palette))
        return;
    const bool hasFocus = option->state.testFlag(State_HasFocus);
    if (element == PE_IndicatorCheckBox || element == PE_IndicatorItemViewItemCheck)
        drawEdge(*option, painter, option->rect, false);
    else if (element == PE_IndicatorRadioButton)
        drawEdge(*option, painter, option->rect, true);
    else if (element == PE_FrameLineEdit && !hasFocus) // focus has an edge of its own
        drawEdge(*option, painter, option->rect, false);
}

void EdgedStyle::drawComplexControl(
    ComplexControl control, const QStyleOptionComplex *option, QPainter *painter, const QWidget *widget) const
{
    QProxyStyle::drawComplexControl(control, option, painter, widget);
    if (control == CC_SpinBox && isDark(option->palette) && !option->state.testFlag(State_HasFocus))
        drawEdge(*option, painter, option->rect, false);
}

void useEdgedStyle()
{
    if (QApplication::style()->name().compare("fusion"_L1, Qt::CaseInsensitive) == 0)
        QApplication::setStyle(new EdgedStyle);
}

} // namespace satchel::ui
