// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QProxyStyle>

namespace satchel::ui {

/// Fusion, with edges that can be seen in the dark: there it draws the edge of a field, a box to tick and a round
/// choice darker than a ground that is dark already.
class EdgedStyle : public QProxyStyle
{
    Q_OBJECT

public:
    EdgedStyle();

    void drawPrimitive(
        PrimitiveElement element, const QStyleOption *option, QPainter *painter, const QWidget *widget) const override;
    void drawComplexControl(ComplexControl control, const QStyleOptionComplex *option, QPainter *painter,
        const QWidget *widget) const override;
};

/// Puts it in Fusion's place; any other style of the system stays. Before the first window.
void useEdgedStyle();

} // namespace satchel::ui
