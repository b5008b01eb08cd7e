// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>
#include <QTimer>

class QLabel;
class QPushButton;

namespace satchel::ui {

/// "3 messages moved to Trash  [Undo]": floats above the lower edge of its parent for a while after something was
/// moved. Edit > Undo does the same later.
class UndoBar : public QFrame
{
    Q_OBJECT

public:
    explicit UndoBar(QWidget *parent);

    void offer(const QString &text);
    void withdraw();
    void setTip(const QString &tip); ///< of its button
    [[nodiscard]] QString text() const;
    [[nodiscard]] QPushButton *undoButton() const { return m_undo; }

Q_SIGNALS:
    void undoWished();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;
    void changeEvent(QEvent *event) override;
    void enterEvent(QEnterEvent *event) override;
    void leaveEvent(QEvent *event) override;

private:
    void place();
    void refreshColours();

    QLabel *m_text;
    QPushButton *m_undo;
    QTimer m_fade;
};

} // namespace satchel::ui
