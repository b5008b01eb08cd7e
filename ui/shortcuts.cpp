// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shortcuts.h"

#include <QAction>
#include <QSettings>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace satchel::ui {

namespace {

constexpr const char *tipProperty = "tipWithoutKeys";

QString keyOf(const QString &id)
{
    return u"shortcuts/"_s + id;
}

/// The kept keys; nullopt: the standard ones. An action may have been left without any.
std::optional<QList<QKeySequence>> kept(const QSettings &settings, const QString &id)
{
    if (!settings.contains(keyOf(id)))
        return std::nullopt;
    QList<QKeySequence> keys =
        QKeySequence::listFromString(settings.value(keyOf(id)).toString(), QKeySequence::PortableText);
    keys.removeIf([](const QKeySequence &key) { return key.isEmpty(); });
    return keys;
}

} // namespace

Shortcuts::Shortcuts(QSettings &settings)
    : m_settings(settings)
{
}

void Shortcuts::add(QAction *action)
{
    Q_ASSERT(!action->objectName().isEmpty());
    m_entries.append({action, action->objectName(), action->shortcuts()});
    follow(m_settings, action->objectName(), action);
}

void Shortcuts::set(const QString &id, const QList<QKeySequence> &keys)
{
    const auto entry = std::ranges::find(m_entries, id, &Entry::id);
    if (entry == m_entries.end())
        return;
    entry->action->setShortcuts(keys);
    showKeys(entry->action);
    if (keys == entry->standard)
        m_settings.remove(keyOf(id));
    else
        m_settings.setValue(keyOf(id), QKeySequence::listToString(keys, QKeySequence::PortableText));
}

void Shortcuts::follow(const QSettings &settings, const QString &id, QAction *action)
{
    if (const auto keys = kept(settings, id)) {
        action->setShortcuts(*keys);
        showKeys(action);
    }
}

QString actionName(const QAction *action)
{
    return action->text().remove(u'&').remove(u'…');
}

void showKeys(QAction *action, const QString &tip)
{
    if (!tip.isEmpty())
        action->setProperty(tipProperty, tip);
    QString text = action->property(tipProperty).toString();
    if (text.isEmpty())
        text = actionName(action);
    if (!action->shortcut().isEmpty())
        text += u" (%1)"_s.arg(action->shortcut().toString(QKeySequence::NativeText));
    action->setToolTip(text);
}

} // namespace satchel::ui
