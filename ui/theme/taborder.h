// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QWidget;

namespace satchel::ui {

/// The Tab key goes through all that \a part holds the way one reads it: as its layouts, splitters and pages are put
/// together. To be called where controls were made in another order, or came later.
void tabInReadingOrder(QWidget *part);

} // namespace satchel::ui
