// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bars/undosteps.h"

namespace satchel::ui {

bool UndoSteps::add(const sync::UndoStep &step)
{
    if (step.isEmpty())
        return false;
    if (step.moves.isEmpty() && step.flagged.size() == 1 && step.set == MessageFlag::Read
        && m_silent.remove(step.flagged.constFirst()))
        return false;
    m_steps.append(step);
    if (m_steps.size() > mostSteps)
        m_steps.removeFirst();
    return true;
}

} // namespace satchel::ui
