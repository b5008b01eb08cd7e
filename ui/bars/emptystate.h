// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QAction;
class QLabel;
class QPushButton;
class QToolButton;

namespace satchel::ui {

class FlowLayout;

/// What stands where there is nothing to show: an icon, what it is, and what to do about it.
class EmptyState : public QWidget
{
    Q_OBJECT

public:
    explicit EmptyState(QWidget *parent = nullptr);

    void show(QLatin1StringView iconName, const QString &title, const QString &text, const QString &button = {});
    void showProgramIcon(const QString &title, const QString &text, const QString &button, const QString &second);
    void setActions(const QList<QAction *> &actions); ///< as buttons below the text
    [[nodiscard]] QSize minimumSizeHint() const override; ///< its sentences wrap
    [[nodiscard]] QString title() const;
    [[nodiscard]] QPushButton *button() const { return m_button; }
    [[nodiscard]] QPushButton *secondButton() const { return m_second; }

Q_SIGNALS:
    void buttonClicked();
    void secondClicked();

protected:
    void changeEvent(QEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void refresh();

    QLatin1StringView m_iconName;
    bool m_programIcon = false;
    QLabel *m_icon;
    QLabel *m_title;
    QLabel *m_text;
    QPushButton *m_button;
    QPushButton *m_second;
    FlowLayout *m_actionRow;
    QList<QToolButton *> m_actionButtons;
};

} // namespace satchel::ui
