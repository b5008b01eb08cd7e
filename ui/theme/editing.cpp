// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/editing.h"

#include <QApplication>
#include <QClipboard>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QTextEdit>

namespace satchel::ui {

bool copyFocusedText()
{
    QWidget *place = QApplication::focusWidget();
    if (auto *field = qobject_cast<QLineEdit *>(place))
        field->copy();
    else if (auto *text = qobject_cast<QTextEdit *>(place))
        text->copy();
    else if (auto *plain = qobject_cast<QPlainTextEdit *>(place))
        plain->copy();
    else if (const auto *label = qobject_cast<QLabel *>(place); label && label->hasSelectedText())
        QApplication::clipboard()->setText(label->selectedText());
    else
        return false;
    return true;
}

bool selectFocusedText()
{
    QWidget *place = QApplication::focusWidget();
    if (auto *field = qobject_cast<QLineEdit *>(place))
        field->selectAll();
    else if (auto *text = qobject_cast<QTextEdit *>(place))
        text->selectAll();
    else if (auto *plain = qobject_cast<QPlainTextEdit *>(place))
        plain->selectAll();
    else
        return false;
    return true;
}

} // namespace satchel::ui
