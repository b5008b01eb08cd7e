// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sync/types.h"

#include <QList>
#include <QSet>

namespace satchel::ui {

/// What can be taken back, latest first. A message that became read because it was looked at is no step: nobody
/// wants Undo to begin with that.
class UndoSteps
{
public:
    static constexpr qsizetype mostSteps = 100;

    void expectSilent(MessageId id) { m_silent.insert(id); }
    bool add(const sync::UndoStep &step); ///< false when it was none
    [[nodiscard]] bool isEmpty() const { return m_steps.isEmpty(); }
    [[nodiscard]] QString text() const { return m_steps.isEmpty() ? QString() : m_steps.constLast().text; }
    [[nodiscard]] sync::UndoStep take() { return m_steps.takeLast(); }

private:
    QList<sync::UndoStep> m_steps;
    QSet<MessageId> m_silent;
};

} // namespace satchel::ui
