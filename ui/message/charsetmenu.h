// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMenu>

class QActionGroup;

namespace satchel::ui {

class MessageView;

/// For messages that do not say, or say wrongly, how their letters are encoded: what the person chooses is kept for the
/// sender, and holds for the next message too. Lives on the GUI thread.
class CharsetMenu : public QMenu
{
    Q_OBJECT

public:
    explicit CharsetMenu(MessageView *view, QWidget *parent = nullptr);

private:
    void showChoice();

    MessageView *m_view;
    QActionGroup *m_choices;
};

} // namespace satchel::ui
