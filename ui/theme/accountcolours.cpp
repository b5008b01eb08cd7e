// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/accountcolours.h"

#include "ui/theme/appearance.h"

#include <QCoreApplication>
#include <QPainter>
#include <QPixmap>

#include <array>

namespace satchel::ui {

namespace {

struct Shade {
    const char *name;
    QRgb light;
    QRgb dark;
};

constexpr std::array<Shade, accountColourCount> shades{{
    {QT_TRANSLATE_NOOP("AccountColour", "Blue"), 0xff1f6fd6, 0xff5aa2f5},
    {QT_TRANSLATE_NOOP("AccountColour", "Green"), 0xff2a8a3e, 0xff5cc274},
    {QT_TRANSLATE_NOOP("AccountColour", "Orange"), 0xffc2610c, 0xfff0954a},
    {QT_TRANSLATE_NOOP("AccountColour", "Purple"), 0xff8a46c9, 0xffb98bf0},
    {QT_TRANSLATE_NOOP("AccountColour", "Red"), 0xffcc3344, 0xfff27480},
    {QT_TRANSLATE_NOOP("AccountColour", "Teal"), 0xff0f8080, 0xff46bcbc},
    {QT_TRANSLATE_NOOP("AccountColour", "Pink"), 0xffc43a8c, 0xfff080bd},
    {QT_TRANSLATE_NOOP("AccountColour", "Brown"), 0xff8a6034, 0xffc79c6c},
}};

const Shade &shadeOf(int number)
{
    return shades.at(size_t((number - 1 + accountColourCount) % accountColourCount));
}

} // namespace

int accountColourNumber(const AccountSettings &account)
{
    if (account.colour >= 1 && account.colour <= accountColourCount)
        return account.colour;
    return qMax(account.position, 0) % accountColourCount + 1;
}

QColor accountColour(int number, const QPalette &palette)
{
    const Shade &shade = shadeOf(number);
    return QColor::fromRgb(isDark(palette) ? shade.dark : shade.light);
}

QString accountColourName(int number)
{
    return QCoreApplication::translate("AccountColour", shadeOf(number).name);
}

QIcon accountColourIcon(int number, const QPalette &palette)
{
    constexpr int size = 32;
    QPixmap pixmap(size, size);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(accountColour(number, palette));
    painter.drawEllipse(4, 4, size - 8, size - 8);
    return pixmap;
}

} // namespace satchel::ui
