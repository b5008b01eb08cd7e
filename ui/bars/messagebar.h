// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "base/ids.h"
#include "base/remedy.h"

#include <QWidget>

namespace satchel::ui {

class NoteBar;

/// Errors, each as one sentence with one action, in a bar that blocks nothing. The latest is shown, with the number
/// of those behind it; closing it shows the one before. Which stand beside each other, and what makes them go, is what
/// remedyFor() says of their kinds.
class MessageBar : public QWidget
{
    Q_OBJECT

public:
    explicit MessageBar(QWidget *parent = nullptr);

    void add(AccountId account, const QString &accountName, const Error &error);
    void clear(AccountId account); ///< its last check went well
    void storeWorks(); ///< what was said of it, and of no account, is over
    void storeIsWhole(); ///< whatever was said of its damage is over
    [[nodiscard]] qsizetype count() const { return m_entries.size(); }
    [[nodiscard]] QString text() const;
    [[nodiscard]] NoteBar *bar() const { return m_bar; }
    void closeLatest();

Q_SIGNALS:
    void actionWished(satchel::AccountId account, const satchel::Error &error);

private:
    struct Entry {
        AccountId account;
        QString accountName;
        Error error;
    };

    void refresh();
    [[nodiscard]] static QString actionText(ErrorAction action);

    QList<Entry> m_entries;
    NoteBar *m_bar;
};

} // namespace satchel::ui
