// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMainWindow>

class QPlainTextEdit;

namespace satchel::ui {

class NoteBar;

/// Text that is to be looked at as it is, in a window of its own: the source of a message, all of its headers.
class TextWindow : public QMainWindow
{
    Q_OBJECT

public:
    explicit TextWindow(const QString &title, QWidget *parent = nullptr);

    void showText(const QString &text);
    /// Bytes as they came (law 9): saving writes exactly these. Shown as UTF-8 where they are, else one character each.
    void showSource(const QByteArray &bytes, const QString &fileName);
    [[nodiscard]] QString text() const;

private:
    void save();

    QByteArray m_bytes;
    QString m_fileName;
    QPlainTextEdit *m_text;
    NoteBar *m_note;
    QAction *m_save;
};

} // namespace satchel::ui
