// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLabel>

namespace satchel::ui {

/// One line of plain text that takes the room it is given: what does not fit is replaced by an ellipsis and told by a
/// tool tip. For what is known well enough by its beginning.
class ElidingLabel : public QLabel
{
    Q_OBJECT
    Q_PROPERTY(bool elides READ elides CONSTANT)

public:
    explicit ElidingLabel(QWidget *parent = nullptr);

    [[nodiscard]] bool elides() const { return true; }
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    bool event(QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;
};

} // namespace satchel::ui
