// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/settings/formparts.h"

#include "base/account.h"
#include "ui/theme/appearance.h"

#include <QAbstractButton>
#include <QApplication>
#include <QBoxLayout>
#include <QComboBox>
#include <QCoreApplication>
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

QMargins belowWordsOf(const QAbstractButton *option)
{
    const QStyle *style = option->style();
    const int indent = style->pixelMetric(QStyle::PM_ExclusiveIndicatorWidth, nullptr, option)
        + style->pixelMetric(QStyle::PM_RadioButtonLabelSpacing, nullptr, option);
    return {option->isRightToLeft() ? 0 : indent, 0, option->isRightToLeft() ? indent : 0, 0};
}

Explanation *explainBelow(QBoxLayout *column, const QString &text, const QAbstractButton *option)
{
    auto *explanation = new Explanation(text, option->parentWidget());
    explanation->setContentsMargins(belowWordsOf(option));
    column->addWidget(explanation);
    return explanation;
}

void addSecurityChoices(QComboBox *choice)
{
    choice->addItem(
        QCoreApplication::translate("FormParts", "TLS (encrypted from the start)"), int(Security::ImplicitTls));
    choice->addItem(
        QCoreApplication::translate("FormParts", "STARTTLS (encryption required)"), int(Security::StartTls));
    choice->addItem(QCoreApplication::translate("FormParts", "None (not encrypted)"), int(Security::Plain));
    choice->setSizeAdjustPolicy(QComboBox::AdjustToContents);
}

QString plainConnectionWarning()
{
    return QCoreApplication::translate("FormParts",
        "Without encryption, everyone on the way can read your password and all of your mail. Use "
        "this only inside a network that you trust.");
}

} // namespace satchel::ui
