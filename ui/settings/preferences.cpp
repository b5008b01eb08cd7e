// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/settings/preferences.h"

#include <QSettings>

using namespace Qt::StringLiterals;

namespace satchel::ui {

namespace {

/// The one table of keys: \a visit is given each with the value it stands for.
template <class Values, class Visit>
void eachValue(Values &p, Visit visit)
{
    visit(u"message/marksRead"_s, p.marksRead);
    visit(u"message/markReadSeconds"_s, p.markReadSeconds);
    visit(u"message/plainText"_s, p.plainText);
    visit(u"message/monospaced"_s, p.monospaced);
    visit(u"message/darkHtml"_s, p.darkHtml);
    visit(u"message/zoom"_s, p.zoom);
    visit(u"list/afterRemoval"_s, p.afterRemoval);
    visit(u"window/appearance"_s, p.appearance);
    visit(u"list/density"_s, p.density);
    visit(u"window/tall"_s, p.tall);
    visit(u"message/textFont"_s, p.textFont);
    visit(u"message/fixedFont"_s, p.fixedFont);
    visit(u"message/asksBeforeLinks"_s, p.asksBeforeLinks);
    visit(u"selection/remembered"_s, p.remembersPlace);
    visit(u"check/startsOffline"_s, p.startsOffline);
    visit(u"check/atStart"_s, p.checksAtStart);
    visit(u"check/whenOnline"_s, p.checksWhenOnline);
    visit(u"log/lines"_s, p.logLines);
}

template <class T>
QVariant toVariant(const T &value)
{
    if constexpr (std::is_enum_v<T>)
        return int(value);
    else
        return value;
}

template <class T>
void take(const QVariant &variant, T &value)
{
    if (!variant.isValid())
        return;
    if constexpr (std::is_enum_v<T>)
        value = T(qBound(0, variant.toInt(), 2)); // each has three
    else
        value = variant.value<T>();
}

} // namespace

QVariantMap Preferences::toMap() const
{
    QVariantMap map;
    eachValue(*this, [&map](const QString &key, const auto &value) { map.insert(key, toVariant(value)); });
    return map;
}

Preferences Preferences::load(const QSettings &settings)
{
    Preferences preferences;
    eachValue(preferences, [&settings](const QString &key, auto &value) { take(settings.value(key), value); });
    // The file can be edited by hand.
    preferences.markReadSeconds = qBound(0.0, preferences.markReadSeconds, 60.0);
    preferences.zoom = qBound(smallestZoom, preferences.zoom, largestZoom);
    preferences.logLines = qBound(100, preferences.logLines, 1'000'000);
    return preferences;
}

void Preferences::save(QSettings &settings, const Preferences &before) const
{
    const QVariantMap old = before.toMap();
    const QVariantMap now = toMap();
    for (auto value = now.cbegin(); value != now.cend(); ++value) {
        if (old.value(value.key()) != value.value())
            settings.setValue(value.key(), value.value());
    }
}

} // namespace satchel::ui
