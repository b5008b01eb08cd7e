// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QScrollArea>

namespace satchel::ui {

/// A page that is scrolled up and down where its window is small, and never sideways: the window does not get narrower
/// than the page can be.
class PageScroller : public QScrollArea
{
    Q_OBJECT

public:
    explicit PageScroller(QWidget *page, QWidget *parent = nullptr);

    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
};

/// \a part gets no lower than the words in it need at its width, unless that were more than \a most. For what is not
/// scrolled and has sentences that wrap: a layout by itself takes the height at their greatest width for enough.
/// \a holder is what gets the height instead, while \a part is shown: a stack heeds no height that was set for a page.
void keepWordsWhole(QWidget *part, int most = QWIDGETSIZE_MAX, QWidget *holder = nullptr);

} // namespace satchel::ui
