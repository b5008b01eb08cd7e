// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/startproblem.h"

#include <QPushButton>

using namespace Qt::StringLiterals;

namespace satchel::ui {

StartProblem::StartProblem(const QString &sentence)
{
    setObjectName(u"startProblem"_s);
    setIcon(Warning);
    setWindowTitle(tr("Satchel could not start"));
    setTextFormat(Qt::PlainText);
    setText(sentence);
    QPushButton *again = addButton(tr("&Try again"), AcceptRole);
    again->setObjectName(u"tryAgain"_s);
    QPushButton *quit = addButton(tr("&Quit"), RejectRole);
    quit->setObjectName(u"quit"_s);
    setDefaultButton(again);
    setEscapeButton(quit);
}

bool StartProblem::wishesToTryAgain()
{
    exec();
    return clickedButton() && buttonRole(clickedButton()) == AcceptRole;
}

} // namespace satchel::ui
