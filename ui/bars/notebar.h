// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/appearance.h"

#include <QFrame>

class QLabel;
class QPushButton;
class QToolButton;

namespace satchel::ui {

class NoteLayout;

/// A strip with an icon, one sentence and a few buttons, in line with what it is about. The sentence is always
/// plain text.
class NoteBar : public QFrame
{
    Q_OBJECT

public:
    explicit NoteBar(BarKind kind, QWidget *parent = nullptr);

    void setKind(BarKind kind);
    void setIcon(QLatin1StringView name);
    void setText(const QString &text, const QString &detail = {});
    [[nodiscard]] QString text() const;
    QPushButton *addButton(const QString &text);
    void clearButtons();
    void setClosable(bool closable);
    [[nodiscard]] QToolButton *closeButton() const { return m_close; }

Q_SIGNALS:
    void closeWished();

protected:
    void changeEvent(QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    void refresh();

    BarKind m_kind;
    QLatin1StringView m_iconName;
    QLabel *m_icon;
    QLabel *m_text;
    QToolButton *m_close;
    NoteLayout *m_parts;
    QList<QPushButton *> m_buttons;
    bool m_refreshing = false;
};

} // namespace satchel::ui
