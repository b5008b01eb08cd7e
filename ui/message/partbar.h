// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/message.h"
#include "ui/bars/notebar.h"

namespace satchel::ui {

/// Says of a message that only its beginning is here, what becomes of the rest, and offers what can be done. What would
/// lose the rest is asked for first.
class PartBar : public NoteBar
{
    Q_OBJECT

public:
    explicit PartBar(QWidget *parent = nullptr);

    void show(const MessageSummary &summary); ///< hides where the message is whole

Q_SIGNALS:
    void wholeWished(satchel::MessageId message);
    /// \a deleteOnServer: the person agreed that it is lost.
    void restRefused(satchel::MessageId message, bool deleteOnServer);

private:
    void offer();
    void askToDelete();

    MessageSummary m_summary;
};

} // namespace satchel::ui
