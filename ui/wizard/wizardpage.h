// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QWidget>

namespace satchel::ui {

/// A page of the AccountWizard: fields and what is said about them. The wizard has the buttons and knows the way.
class WizardPage : public QWidget
{
    Q_OBJECT

public:
    using QWidget::QWidget;

    [[nodiscard]] virtual QString title() const = 0;
    [[nodiscard]] virtual QString text() const { return {}; } ///< below the title
    [[nodiscard]] virtual bool isComplete() const { return true; } ///< whether the wizard may go on
    [[nodiscard]] virtual QWidget *firstField() const { return nullptr; } ///< gets the focus; none: the next button

Q_SIGNALS:
    void changed(); ///< what the functions above answer, or the size of the page
};

} // namespace satchel::ui
