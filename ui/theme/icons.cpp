// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/icons.h"

#include <QGuiApplication>
#include <QIconEngine>
#include <QPainter>
#include <QPalette>
#include <QResource>
#include <QSvgRenderer>

#include <optional>

// A static library's resources are linked in only when somebody asks for them.
static void initIconResources()
{
    Q_INIT_RESOURCE(satchel_icons);
}

namespace satchel::ui {

namespace {

class LineIconEngine final : public QIconEngine
{
public:
    LineIconEngine(QByteArray svg, std::optional<QColor> colour)
        : m_svg(std::move(svg))
        , m_colour(colour)
    {
    }

    void paint(QPainter *painter, const QRect &rect, QIcon::Mode mode, QIcon::State) override
    {
        QByteArray svg = m_svg;
        svg.replace("currentColor", colourFor(mode).name().toLatin1());
        QSvgRenderer renderer(svg);
        const int side = qMin(rect.width(), rect.height());
        QRect square(0, 0, side, side);
        square.moveCenter(rect.center());
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        renderer.render(painter, square);
        painter->restore();
    }

    QPixmap pixmap(const QSize &size, QIcon::Mode mode, QIcon::State state) override
    {
        QPixmap pixmap(size);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        paint(&painter, QRect(QPoint(0, 0), size), mode, state);
        return pixmap;
    }

    QIconEngine *clone() const override { return new LineIconEngine(m_svg, m_colour); }
    QString key() const override { return QStringLiteral("satchel-line"); }
    bool isNull() override { return m_svg.isEmpty(); }

private:
    QColor colourFor(QIcon::Mode mode) const
    {
        const QPalette palette = QGuiApplication::palette();
        switch (mode) {
        case QIcon::Disabled:
            return palette.color(QPalette::Disabled, QPalette::WindowText);
        case QIcon::Selected:
            return palette.color(QPalette::HighlightedText);
        case QIcon::Normal:
        case QIcon::Active:
            break;
        }
        return m_colour.value_or(palette.color(QPalette::Active, QPalette::WindowText));
    }

    QByteArray m_svg;
    std::optional<QColor> m_colour;
};

QByteArray svgOf(QLatin1StringView name)
{
    initIconResources();
    const QResource resource(QStringLiteral(":/icons/%1.svg").arg(name));
    return resource.isValid() ? resource.uncompressedData() : QByteArray();
}

} // namespace

QIcon icon(QLatin1StringView name)
{
    const QByteArray svg = svgOf(name);
    Q_ASSERT_X(!svg.isEmpty(), "icon", name.data());
    return QIcon(new LineIconEngine(svg, std::nullopt));
}

QIcon icon(QLatin1StringView name, const QColor &colour)
{
    return QIcon(new LineIconEngine(svgOf(name), colour));
}

QIcon applicationIcon()
{
    return QIcon(new LineIconEngine(svgOf(QLatin1StringView("satchel")), std::nullopt));
}

} // namespace satchel::ui
