// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/message.h"
#include "sync/mailboxtypes.h"

#include <QWidget>

class QLabel;
class QPlainTextEdit;

namespace satchel::ui {

/// The first lines of one message on the server, as plain text: nothing in it can be clicked or loaded (law 7).
class MailboxPreview : public QWidget
{
    Q_OBJECT

public:
    explicit MailboxPreview(QWidget *parent = nullptr);

    void showNothing(const QString &why);
    void showHeader(const sync::ServerHeader &header); ///< its text is on the way
    void showText(const QString &text, const QString &note);
    [[nodiscard]] QString text() const;

private:
    QLabel *m_subject;
    QLabel *m_from;
    QLabel *m_note;
    QPlainTextEdit *m_text;
};

} // namespace satchel::ui
