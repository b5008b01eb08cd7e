// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/settings/formparts.h"

#include "ui/theme/appearance.h"

#include <QAbstractButton>
#include <QApplication>
#include <QBoxLayout>
#include <QEvent>
#include <QStyle>

namespace satchel::ui {

Explanation::Explanation(const QString &text, QWidget *parent)
    : QLabel(text, parent)
{
    setTextFormat(Qt::PlainText);
    setWordWrap(true);
    weaken();
}

void Explanation::changeEvent(QEvent *event)
{
    QLabel::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && !m_weakening)
        weaken();
}

void Explanation::weaken()
{
    m_weakening = true;
    QPalette weak;
    weak.setColor(QPalette::Active, QPalette::WindowText, mutedText(QApplication::palette()));
    weak.setColor(QPalette::Inactive, QPalette::WindowText, mutedText(QApplication::palette()));
    setPalette(weak);
    m_weakening = false;
}

QLabel *heading(const QString &text, QWidget *parent)
{
    auto *label = new QLabel(text, parent);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    QFont bold = label->font();
    bold.setBold(true);
    label->setFont(bold);
    return label;
}

Explanation *explainBelow(QBoxLayout *column, const QString &text, const QAbstractButton *option)
{
    auto *explanation = new Explanation(text, option->parentWidget());
    const QStyle *style = option->style();
    const int indent = style->pixelMetric(QStyle::PM_ExclusiveIndicatorWidth, nullptr, option)
        + style->pixelMetric(QStyle::PM_RadioButtonLabelSpacing, nullptr, option);
    explanation->setContentsMargins(option->isRightToLeft() ? 0 : indent, 0, option->isRightToLeft() ? indent : 0, 0);
    column->addWidget(explanation);
    return explanation;
}

} // namespace satchel::ui
