// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMessageBox>

namespace satchel::ui {

/// Says in a window what keeps the program from starting: whoever started it from its icon sees no terminal. Lives on
/// the GUI thread, before there is any other window.
class StartProblem : public QMessageBox
{
    Q_OBJECT

public:
    explicit StartProblem(const QString &sentence);

    /// Waits for the person; false where the program is to end.
    [[nodiscard]] bool wishesToTryAgain();
};

} // namespace satchel::ui
