// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/shortcuts.h"

#include <QHash>
#include <QIcon>
#include <QWidget>

class QKeySequenceEdit;
class QLineEdit;
class QPushButton;
class QTreeWidget;
class QTreeWidgetItem;

namespace satchel::ui {

class NoteBar;

/// All actions of the main window with their keys. Two actions never get the same: the page says who has a key, and
/// hands it over when it is told to.
class ShortcutsPage : public QWidget
{
    Q_OBJECT

public:
    explicit ShortcutsPage(const Shortcuts &shortcuts, QWidget *parent = nullptr);

    void reload(); ///< as they are set
    void apply(Shortcuts &shortcuts) const;
    [[nodiscard]] bool isChanged() const;

Q_SIGNALS:
    void edited();

private:
    void fill();
    void select(QTreeWidgetItem *item);
    void takeKeys(const QKeySequence &keys);
    void setKeys(const QString &id, const QList<QKeySequence> &keys);
    void showKeysOf(const QString &id);
    void resetAll();
    [[nodiscard]] QString selectedId() const;
    [[nodiscard]] QString ownerOf(const QKeySequence &keys, const QString &except) const;
    [[nodiscard]] const Shortcuts::Entry &entry(const QString &id) const;

    const Shortcuts &m_shortcuts;
    QHash<QString, QList<QKeySequence>> m_keys;
    QLineEdit *m_filter;
    QTreeWidget *m_list;
    QKeySequenceEdit *m_edit;
    QPushButton *m_clear;
    QPushButton *m_standard;
    NoteBar *m_conflict;
    QIcon m_noIcon;
};

} // namespace satchel::ui
