// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <optional>

namespace satchel {

/// The terminal that a command without a window speaks to. Messages go to standard error, so that standard
/// output stays free for what a program would read.
class Terminal
{
public:
    Terminal();

    [[nodiscard]] bool isInteractive() const { return m_interactive; }
    void line(const QString &text); ///< a line that stays
    void status(const QString &text); ///< replaces the last status line; nothing where there is no terminal
    /// Asks without showing what is typed; nullopt where nobody can answer.
    std::optional<QString> askPassword(const QString &prompt);

private:
    void clearStatus();

    bool m_interactive = false;
    qsizetype m_statusWidth = 0;
};

} // namespace satchel
