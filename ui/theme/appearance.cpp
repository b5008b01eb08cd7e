// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/appearance.h"

#include <QApplication>
#include <QStyleHints>
#include <QWidget>

namespace satchel::ui {

namespace {

struct Tones {
    QRgb window, windowText, base, alternateBase, text, button, highlight, highlightedText, link, tip, tipText, mid,
        disabled, bright;
};

QPalette paletteOf(const Tones &tones)
{
    QPalette palette(QColor::fromRgb(tones.button), QColor::fromRgb(tones.window));
    const auto set = [&palette](
                         QPalette::ColorRole role, QRgb colour) { palette.setColor(role, QColor::fromRgb(colour)); };
    set(QPalette::Window, tones.window);
    set(QPalette::WindowText, tones.windowText);
    set(QPalette::Base, tones.base);
    set(QPalette::AlternateBase, tones.alternateBase);
    set(QPalette::Text, tones.text);
    set(QPalette::Button, tones.button);
    set(QPalette::ButtonText, tones.windowText);
    set(QPalette::Highlight, tones.highlight);
    set(QPalette::HighlightedText, tones.highlightedText);
    set(QPalette::Accent, tones.highlight);
    set(QPalette::Link, tones.link);
    set(QPalette::LinkVisited, tones.link);
    set(QPalette::ToolTipBase, tones.tip);
    set(QPalette::ToolTipText, tones.tipText);
    set(QPalette::Mid, tones.mid);
    set(QPalette::BrightText, tones.bright);
    set(QPalette::PlaceholderText, tones.disabled);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        palette.setColor(QPalette::Disabled, role, QColor::fromRgb(tones.disabled));
    palette.setColor(QPalette::Disabled, QPalette::Highlight, QColor::fromRgb(tones.mid));
    return palette;
}

} // namespace

QPalette lightPalette()
{
    return paletteOf({.window = 0xfff3f4f6,
        .windowText = 0xff1d2125,
        .base = 0xffffffff,
        .alternateBase = 0xfff7f8f9,
        .text = 0xff1d2125,
        .button = 0xfff6f7f8,
        .highlight = 0xff1f6bb5,
        .highlightedText = 0xffffffff,
        .link = 0xff1a63ab,
        .tip = 0xff2b3036,
        .tipText = 0xfff4f5f6,
        .mid = 0xffb9bec4,
        .disabled = 0xff8b9198,
        .bright = 0xffffffff});
}

QPalette darkPalette()
{
    return paletteOf({.window = 0xff25282c,
        .windowText = 0xffe6e8ea,
        .base = 0xff1b1d20,
        .alternateBase = 0xff212428,
        .text = 0xffe6e8ea,
        .button = 0xff30343a,
        .highlight = 0xff2a6cb0,
        .highlightedText = 0xffffffff,
        .link = 0xff78b4f0,
        .tip = 0xff3a3f46,
        .tipText = 0xfff0f1f2,
        .mid = 0xff4a5058,
        .disabled = 0xff7d848c,
        .bright = 0xffffffff});
}

void applyAppearance(Appearance appearance)
{
    QStyleHints *hints = QGuiApplication::styleHints();
    const Qt::ColorScheme wanted = appearance == Appearance::Light ? Qt::ColorScheme::Light
        : appearance == Appearance::Dark                           ? Qt::ColorScheme::Dark
                                                                   : Qt::ColorScheme::Unknown;
    if (wanted == Qt::ColorScheme::Unknown)
        hints->unsetColorScheme();
    else
        hints->setColorScheme(wanted);

    const Qt::ColorScheme got = hints->colorScheme();
    const bool obeyed = got != Qt::ColorScheme::Unknown && (wanted == Qt::ColorScheme::Unknown || got == wanted);
    if (obeyed)
        QApplication::setPalette(QPalette());
    else
        QApplication::setPalette(wanted == Qt::ColorScheme::Dark ? darkPalette() : lightPalette());
}

void listenToAppearance(QWidget *parent)
{
    for (QWidget *child : parent->findChildren<QWidget *>())
        child->ensurePolished();
}

bool isDark(const QPalette &palette)
{
    return palette.color(QPalette::Active, QPalette::Base).lightnessF() < 0.5F;
}

QColor mixed(const QColor &over, const QColor &under, qreal share)
{
    const auto part = [share](int a, int b) { return qRound(a * share + b * (1 - share)); };
    return QColor(part(over.red(), under.red()), part(over.green(), under.green()), part(over.blue(), under.blue()));
}

QColor mutedText(const QPalette &palette)
{
    return mixed(
        palette.color(QPalette::Active, QPalette::Text), palette.color(QPalette::Active, QPalette::Base), 0.62);
}

QColor hairline(const QPalette &palette)
{
    return mixed(palette.color(QPalette::Active, QPalette::Text), palette.color(QPalette::Active, QPalette::Base),
        isDark(palette) ? 0.17 : 0.12);
}

QColor accent(const QPalette &palette)
{
    return isDark(palette) ? palette.color(QPalette::Active, QPalette::Link)
                           : palette.color(QPalette::Active, QPalette::Accent);
}

QColor starColour(const QPalette &palette)
{
    return isDark(palette) ? QColor(0xf0, 0xb8, 0x3c) : QColor(0xc9, 0x86, 0x0a);
}

QColor barEdge(BarKind kind, const QPalette &palette)
{
    switch (kind) {
    case BarKind::Warning:
        return isDark(palette) ? QColor(0xd9, 0xa4, 0x30) : QColor(0xc7, 0x8a, 0x0b);
    case BarKind::Problem:
        return isDark(palette) ? QColor(0xe0, 0x6c, 0x64) : QColor(0xc2, 0x3b, 0x32);
    case BarKind::Note:
        break;
    }
    return accent(palette);
}

QPalette barPalette(BarKind kind, const QPalette &palette)
{
    QPalette bar = palette;
    const QColor ground =
        mixed(barEdge(kind, palette), palette.color(QPalette::Active, QPalette::Base), isDark(palette) ? 0.20 : 0.13);
    bar.setColor(QPalette::Window, ground);
    bar.setColor(QPalette::WindowText, palette.color(QPalette::Active, QPalette::Text));
    return bar;
}

} // namespace satchel::ui
