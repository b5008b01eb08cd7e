// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QKeySequence>
#include <QList>
#include <QString>

class QAction;
class QSettings;

namespace satchel::ui {

/// The keys of actions that have an objectName, by which the settings file knows them. Only what differs from the
/// standard is kept there, so that a later standard reaches everyone who did not choose.
class Shortcuts
{
public:
    struct Entry {
        QAction *action = nullptr;
        QString id;
        QList<QKeySequence> standard;
    };

    explicit Shortcuts(QSettings &settings);

    /// Its keys as they are now become the standard; then those of the settings file are set.
    void add(QAction *action);
    [[nodiscard]] const QList<Entry> &entries() const { return m_entries; }
    /// Sets the keys at once and keeps them.
    void set(const QString &id, const QList<QKeySequence> &keys);
    /// For another window's action that does what the one of that name does: the same keys.
    static void follow(const QSettings &settings, const QString &id, QAction *action);

private:
    QSettings &m_settings;
    QList<Entry> m_entries;
};

/// What the action is called, without mnemonic and dots.
[[nodiscard]] QString actionName(const QAction *action);
/// Sets the tool tip to \a tip, or the action's name, with its keys.
void showKeys(QAction *action, const QString &tip = {});

} // namespace satchel::ui
