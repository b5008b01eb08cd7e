// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/message/messageprinter.h"

#include "ui/message/attachmentbar.h"
#include "ui/message/bodyview.h"
#include "ui/message/messagesaver.h"
#include "ui/theme/appearance.h"
#include "ui/theme/text.h"

#include <QAbstractTextDocumentLayout>
#include <QCoreApplication>
#include <QGuiApplication>
#include <QPainter>
#include <QPrintDialog>
#include <QPrinter>
#include <QScreen>
#include <QTextBlock>
#include <QTextCursor>
#include <QTextDocument>
#include <QTextFrame>
#include <QTextOption>
#include <QTextTable>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace satchel::ui {

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(satchel::ui::MessagePrinter)
};

constexpr qreal marginMillimetres = 15;
constexpr qreal smallestScale = 0.6; ///< below that, letters of 10 points cannot be read

/// On a screen one scrolls sideways to the end of a line that must not break; on paper it would be lost, or make
/// everything too small to read.
void letLinesBreak(QTextDocument &document)
{
    QTextOption option = document.defaultTextOption();
    option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    document.setDefaultTextOption(option);
    for (QTextBlock block = document.begin(); block.isValid(); block = block.next()) {
        QTextBlockFormat format = block.blockFormat();
        if (!format.nonBreakableLines())
            continue;
        format.setNonBreakableLines(false);
        QTextCursor(block).setBlockFormat(format);
    }
}

/// Tables that were made wider than \a most take what there is: nothing of them is beyond the edge of the paper.
void fitTables(QTextFrame *frame, qreal most)
{
    for (QTextFrame *child : frame->childFrames()) {
        fitTables(child, most);
        auto *table = qobject_cast<QTextTable *>(child);
        if (!table)
            continue;
        QTextTableFormat format = table->format();
        qreal columns = 0;
        const QList<QTextLength> constraints = format.columnWidthConstraints();
        for (const QTextLength &column : constraints)
            columns += column.type() == QTextLength::FixedLength ? column.rawValue() : 0;
        const bool isFixed = format.width().type() == QTextLength::FixedLength && format.width().rawValue() > most;
        if (!isFixed && columns <= most)
            continue;
        format.setWidth(QTextLength(QTextLength::PercentageLength, 100));
        format.clearColumnWidthConstraints();
        table->setFormat(format);
    }
}

QString joined(const QList<Mailbox> &mailboxes)
{
    QStringList texts;
    for (const Mailbox &mailbox : mailboxes)
        texts.append(mailboxText(mailbox));
    return texts.join(u", "_s);
}

void insertHeader(QTextDocument &document, const mime::Message &message)
{
    QTextCursor cursor(&document);
    cursor.movePosition(QTextCursor::Start);
    cursor.insertBlock(QTextBlockFormat(), QTextCharFormat());
    cursor.movePosition(QTextCursor::Start);
    // On white of its own: a message may have a dark ground.
    QTextFrameFormat ground;
    ground.setBackground(Qt::white);
    ground.setPadding(8);
    cursor.insertFrame(ground);
    QTextCharFormat plain;
    plain.setFont(document.defaultFont());
    plain.setForeground(Qt::black);
    QTextCharFormat heading = plain;
    heading.setFontWeight(QFont::Bold);
    heading.setFontPointSize(document.defaultFont().pointSizeF() * 1.4);
    cursor.insertText(message.subject.isEmpty() ? Words::tr("(no subject)") : message.subject, heading);

    QList<std::pair<QString, QString>> lines{{Words::tr("From:"), joined(message.from)},
        {Words::tr("To:"), joined(message.to)}, {Words::tr("Cc:"), joined(message.cc)},
        {Words::tr("Date:"), fullDate(message.date)}};
    QStringList files;
    for (const mime::Part &part : message.attachments())
        files.append(attachmentName(part));
    lines.append({Words::tr("Attachments:"), files.join(u", "_s)});
    lines.removeIf([](const auto &line) { return line.second.isEmpty(); });
    QTextTableFormat format;
    format.setBorder(0);
    format.setCellPadding(1);
    format.setTopMargin(6);
    format.setBottomMargin(10);
    QTextTable *table = cursor.insertTable(int(lines.size()), 2, format);
    QTextCharFormat label = plain;
    label.setFontWeight(QFont::Bold);
    for (int row = 0; row < lines.size(); ++row) {
        table->cellAt(row, 0).firstCursorPosition().insertText(lines.at(row).first, label);
        table->cellAt(row, 1).firstCursorPosition().insertText(lines.at(row).second, plain);
    }
}

} // namespace

std::unique_ptr<QTextDocument> paperDocument(const mime::Message &message, const BodyView &body)
{
    std::unique_ptr<QTextDocument> document = body.paperCopy();
    letLinesBreak(*document);
    insertHeader(*document, message);
    return document;
}

void printDocument(QTextDocument &document, QPagedPaintDevice &paper)
{
    QPageLayout layout = paper.pageLayout();
    layout.setUnits(QPageLayout::Millimeter);
    layout.setMargins(QMarginsF(marginMillimetres, marginMillimetres, marginMillimetres, marginMillimetres),
        QPageLayout::OutOfBoundsPolicy::Clamp);
    paper.setPageLayout(layout);
    QPainter painter(&paper);
    if (!painter.isActive())
        return;
    // Measured in the units of the screen, in which the message was written, then brought to those of the paper.
    const QScreen *screen = QGuiApplication::primaryScreen();
    const qreal dots = qreal(paper.logicalDpiX()) / (screen ? screen->logicalDotsPerInchX() : 96);
    const QSizeF room = QSizeF(paper.width(), paper.height()) / dots;
    const qreal foot = 24;
    fitTables(document.rootFrame(), room.width() / smallestScale);
    document.setPageSize(QSizeF(room.width(), room.height() - foot));
    const qreal needed = document.documentLayout()->documentSize().width();
    const qreal shrink = qBound(smallestScale, room.width() / qMax(1.0, needed), 1.0);
    if (shrink < 1)
        document.setPageSize(QSizeF(room.width(), room.height() - foot) / shrink);
    const QSizeF page = document.pageSize();
    const int pages = document.pageCount();

    int first = 1;
    int last = pages;
    if (const auto *printer = dynamic_cast<const QPrinter *>(&paper); printer && printer->fromPage() > 0) {
        first = std::clamp(printer->fromPage(), 1, pages);
        last = std::clamp(printer->toPage(), first, pages);
    }
    for (int number = first; number <= last; ++number) {
        if (number > first)
            paper.newPage();
        painter.save();
        painter.scale(dots * shrink, dots * shrink);
        painter.translate(0, -(number - 1) * page.height());
        const QRectF view(0, (number - 1) * page.height(), page.width(), page.height());
        painter.setClipRect(view);
        QAbstractTextDocumentLayout::PaintContext context;
        context.palette = lightPalette();
        context.clip = view;
        document.documentLayout()->draw(&painter, context);
        painter.restore();
        painter.save();
        painter.scale(dots, dots);
        QFont small = document.defaultFont();
        small.setPixelSize(int(foot / 2));
        painter.setFont(small);
        painter.setPen(Qt::darkGray);
        painter.drawText(QRectF(0, room.height() - foot, room.width(), foot), Qt::AlignRight | Qt::AlignBottom,
            Words::tr("%1 of %2").arg(number).arg(pages));
        painter.restore();
    }
}

void askAndPrint(const mime::Message &message, const BodyView &body, QWidget *window)
{
    auto printer = std::make_shared<QPrinter>(QPrinter::HighResolution);
    printer->setDocName(messageFileName(message.subject).chopped(4));
    // Made now: another message may be shown by the time the question is answered.
    const std::shared_ptr<QTextDocument> document = paperDocument(message, body);
    auto *dialog = new QPrintDialog(printer.get(), window);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setOption(QAbstractPrintDialog::PrintPageRange);
    QObject::connect(dialog, &QDialog::accepted, dialog, [printer, document] { printDocument(*document, *printer); });
    dialog->open();
}

} // namespace satchel::ui
