// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "mime/message.h"

#include <QWidget>

class QLabel;
class QPushButton;
class QScrollArea;
class QToolButton;

namespace satchel::ui {

/// The attachments of a message as chips: a click opens, the arrow offers to save. Emits wishes only.
class AttachmentBar : public QWidget
{
    Q_OBJECT

public:
    explicit AttachmentBar(QWidget *parent = nullptr);

    void show(const QList<mime::Part> &attachments);
    [[nodiscard]] QList<QToolButton *> chips() const { return m_chips; }
    [[nodiscard]] const QList<mime::Part> &attachments() const { return m_parts; }

Q_SIGNALS:
    void openWished(const satchel::mime::Part &part);
    void saveWished(const satchel::mime::Part &part);
    void saveAllWished();

protected:
    void resizeEvent(QResizeEvent *event) override;
    void paintEvent(QPaintEvent *event) override;

private:
    void fitHeight();

    QList<mime::Part> m_parts;
    QList<QToolButton *> m_chips;
    QWidget *m_holder;
    QScrollArea *m_area;
    QLabel *m_count;
    QPushButton *m_saveAll;
};

/// What to call a part that has no name of its own.
[[nodiscard]] QString attachmentName(const mime::Part &part);

} // namespace satchel::ui
