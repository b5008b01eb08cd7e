// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QLabel;
class QLineEdit;

namespace satchel::ui {

class BodyView;

/// Finds words in the message that is shown.
class FindBar : public QWidget
{
    Q_OBJECT

public:
    FindBar(BodyView *body, QWidget *parent = nullptr);

    void start();
    void next();
    void previous();
    void stop();
    [[nodiscard]] QLineEdit *field() const { return m_field; }

protected:
    void keyPressEvent(QKeyEvent *event) override;

private:
    void find(bool backwards, bool fromStart);

    BodyView *m_body;
    QLineEdit *m_field;
    QLabel *m_state;
};

} // namespace satchel::ui
