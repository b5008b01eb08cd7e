// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "mime/message.h"

#include <QWidget>

class QLabel;
class QToolButton;

namespace satchel::ui {

/// Who wrote, to whom, when and about what. The sender's address always stands beside the name; all of it is
/// plain text that can be selected.
class HeaderBlock : public QWidget
{
    Q_OBJECT

public:
    explicit HeaderBlock(QWidget *parent = nullptr);

    void show(const mime::Message &message);
    /// Of the person's accounts, that of the message first: another address of theirs that it came to is shown (Q55).
    void setOwnAddresses(const QStringList &addresses);
    [[nodiscard]] QString subject() const;
    [[nodiscard]] QString from() const;
    [[nodiscard]] QString recipients() const;
    void setUnfolded(bool unfolded);

protected:
    void changeEvent(QEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void refreshColours();
    void refreshRecipients();
    [[nodiscard]] QString foldedRecipients() const;
    [[nodiscard]] QString otherAddress() const;

    mime::Message m_message;
    QStringList m_ownAddresses;
    bool m_unfolded = false;
    QLabel *m_subject;
    QLabel *m_name;
    QLabel *m_address;
    QLabel *m_date;
    QLabel *m_recipients;
    QToolButton *m_more;
};

} // namespace satchel::ui
