// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/message/documentstyle.h"

#include "mime/plaintext.h"
#include "ui/theme/appearance.h"

#include <QTextBlock>
#include <QTextCursor>
#include <QTextDocument>
#include <QTextFrame>
#include <QTextTable>

#include <array>
#include <cmath>

using namespace Qt::StringLiterals;

namespace satchel::ui {

namespace {

qreal luminance(const QColor &colour)
{
    const auto linear = [](qreal c) { return c <= 0.03928 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4); };
    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF());
}

qreal contrast(const QColor &a, const QColor &b)
{
    const qreal la = luminance(a) + 0.05;
    const qreal lb = luminance(b) + 0.05;
    return la > lb ? la / lb : lb / la;
}

void darkenBrush(QTextFormat &format, QTextFormat::Property property, bool isText, const QColor &ground)
{
    if (!format.hasProperty(property))
        return;
    const QBrush brush = format.brushProperty(property);
    if (brush.style() == Qt::SolidPattern && brush.color().alpha() > 0)
        format.setProperty(property, QBrush(darkened(brush.color(), isText, ground)));
}

template <class Visit>
void forEachFragment(QTextDocument &document, const Visit &visit)
{
    // Positions are collected first: changing a format may split or join the fragments walked over.
    struct Piece {
        int position;
        int length;
        QTextCharFormat format;
    };
    QList<Piece> pieces;
    for (QTextBlock block = document.begin(); block.isValid(); block = block.next()) {
        for (auto it = block.begin(); !it.atEnd(); ++it) {
            if (const QTextFragment fragment = it.fragment(); fragment.isValid())
                pieces.append({fragment.position(), fragment.length(), fragment.charFormat()});
        }
    }
    QTextCursor cursor(&document);
    cursor.beginEditBlock();
    for (const Piece &piece : std::as_const(pieces)) {
        QTextCharFormat format = piece.format;
        if (!visit(format))
            continue;
        cursor.setPosition(piece.position);
        cursor.setPosition(piece.position + piece.length, QTextCursor::KeepAnchor);
        cursor.setCharFormat(format);
    }
    cursor.endEditBlock();
}

void darkenFrames(QTextFrame *root, const QColor &ground)
{
    QList<QTextFrame *> waiting{root};
    while (!waiting.isEmpty()) {
        QTextFrame *frame = waiting.takeLast();
        waiting += frame->childFrames();
        QTextFrameFormat format = frame->frameFormat();
        darkenBrush(format, QTextFormat::BackgroundBrush, false, ground);
        darkenBrush(format, QTextFormat::FrameBorderBrush, false, ground);
        frame->setFrameFormat(format);
        auto *table = qobject_cast<QTextTable *>(frame);
        for (int row = 0; table && row < table->rows(); ++row) {
            for (int column = 0; column < table->columns(); ++column) {
                QTextTableCell cell = table->cellAt(row, column);
                if (cell.row() != row || cell.column() != column)
                    continue;
                QTextCharFormat cellFormat = cell.format();
                darkenBrush(cellFormat, QTextFormat::BackgroundBrush, false, ground);
                for (const auto edge : {QTextFormat::TableCellTopBorderBrush, QTextFormat::TableCellBottomBorderBrush,
                         QTextFormat::TableCellLeftBorderBrush, QTextFormat::TableCellRightBorderBrush})
                    darkenBrush(cellFormat, edge, false, ground);
                cell.setFormat(cellFormat);
            }
        }
    }
}

} // namespace

QColor darkened(const QColor &colour, bool isText, const QColor &ground)
{
    float hue = 0;
    float saturation = 0;
    float lightness = 0;
    float alpha = 0;
    colour.getHslF(&hue, &saturation, &lightness, &alpha);
    if (!isText) {
        // White becomes the ground itself, black grounds stay black, colours become deep.
        const float floor = ground.lightnessF();
        const float dark = lightness > 0.5F ? floor + (1 - lightness) * 0.55F : floor * 0.6F + lightness * 0.4F;
        return QColor::fromHslF(qMax(hue, 0.0F), saturation * 0.7F, qBound(0.0F, dark, 0.45F), alpha);
    }
    float light = lightness < 0.5F ? 1 - lightness * 0.8F : lightness;
    light = qMin(light, 0.92F);
    QColor out = QColor::fromHslF(qMax(hue, 0.0F), qMin(saturation, 0.85F), light, alpha);
    while (contrast(out, ground) < 4.5 && light < 0.99F) {
        light = qMin(0.99F, light + 0.03F);
        out = QColor::fromHslF(qMax(hue, 0.0F), qMin(saturation, 0.85F), light, alpha);
    }
    return out;
}

void darkenColours(QTextDocument &document, const QColor &ground)
{
    const bool undo = document.isUndoRedoEnabled();
    document.setUndoRedoEnabled(false);
    darkenFrames(document.rootFrame(), ground);
    QTextCursor cursor(&document);
    for (QTextBlock block = document.begin(); block.isValid(); block = block.next()) {
        cursor.setPosition(block.position());
        QTextBlockFormat format = block.blockFormat();
        darkenBrush(format, QTextFormat::BackgroundBrush, false, ground);
        if (format != block.blockFormat())
            cursor.setBlockFormat(format);
        // The marks of lists are drawn in the colour of their block.
        QTextCharFormat marks = block.charFormat();
        darkenBrush(marks, QTextFormat::ForegroundBrush, true, ground);
        if (marks != block.charFormat())
            cursor.setBlockCharFormat(marks);
    }
    forEachFragment(document, [&](QTextCharFormat &format) {
        if (format.isImageFormat()
            || (!format.hasProperty(QTextFormat::ForegroundBrush) && !format.hasProperty(QTextFormat::BackgroundBrush)))
            return false;
        darkenBrush(format, QTextFormat::ForegroundBrush, true, ground);
        darkenBrush(format, QTextFormat::BackgroundBrush, false, ground);
        return true;
    });
    document.setUndoRedoEnabled(undo);
}

void scaleFonts(QTextDocument &document, qreal factor)
{
    if (qFuzzyCompare(factor, 1.0))
        return;
    forEachFragment(document, [factor](QTextCharFormat &format) {
        bool scaled = false;
        if (format.hasProperty(QTextFormat::FontPointSize)) {
            format.setFontPointSize(format.fontPointSize() * factor);
            scaled = true;
        }
        if (format.hasProperty(QTextFormat::FontPixelSize)) {
            format.setProperty(
                QTextFormat::FontPixelSize, qMax(1, qRound(format.intProperty(QTextFormat::FontPixelSize) * factor)));
            scaled = true;
        }
        return scaled;
    });
}

void fillPlainText(QTextDocument &document, const QString &text, const QPalette &palette)
{
    const bool dark = isDark(palette);
    const std::array<QColor, 4> quoteInks = dark
        ? std::array<QColor, 4>{QColor(0x8a, 0xb8, 0xea), QColor(0x8f, 0xcb, 0x9b), QColor(0xd8, 0xb2, 0x6a),
              QColor(0xcf, 0x9c, 0xd6)}
        : std::array<QColor, 4>{
              QColor(0x2b, 0x5f, 0x9e), QColor(0x2f, 0x74, 0x3c), QColor(0x8a, 0x5a, 0x0c), QColor(0x7d, 0x3f, 0x86)};
    const QList<mime::TextLink> links = mime::linksIn(text);
    qsizetype nextLink = 0;
    qsizetype lineBegin = 0;
    document.clear();
    document.setUndoRedoEnabled(false);
    QTextCursor cursor(&document);
    cursor.beginEditBlock();
    bool first = true;
    bool inSignature = false;
    for (QStringView line : QStringView(text).split(u'\n')) {
        const qsizetype whole = line.size() + 1;
        if (line.endsWith(u'\r'))
            line.chop(1);
        QTextCharFormat format;
        int depth = 0;
        for (const QChar c : line) {
            if (c == u'>')
                ++depth;
            else if (c != u' ')
                break;
        }
        // "From" at the start of a line may have been written as ">From": one alone is no quotation.
        if (depth > 0 && !line.startsWith(u">From "))
            format.setForeground(quoteInks[size_t(depth - 1) % quoteInks.size()]);
        else if (inSignature = inSignature || line == u"-- "; inSignature)
            format.setForeground(mutedText(palette));
        if (!first)
            cursor.insertBlock(QTextBlockFormat(), QTextCharFormat());
        first = false;
        qsizetype at = 0;
        for (; nextLink < links.size() && links.at(nextLink).begin < lineBegin + line.size(); ++nextLink) {
            const mime::TextLink &found = links.at(nextLink);
            const qsizetype begin = found.begin - lineBegin;
            cursor.insertText(line.sliced(at, begin - at).toString(), format);
            QTextCharFormat link = format;
            link.setAnchor(true);
            link.setAnchorHref(found.target);
            link.setForeground(palette.color(QPalette::Active, QPalette::Link));
            link.setFontUnderline(true);
            cursor.insertText(line.sliced(begin, found.length).toString(), link);
            at = begin + found.length;
        }
        cursor.insertText(line.sliced(at).toString(), format);
        lineBegin += whole;
    }
    cursor.endEditBlock();
}

} // namespace satchel::ui
