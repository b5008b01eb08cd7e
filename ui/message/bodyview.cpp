// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/message/bodyview.h"

#include "ui/message/documentstyle.h"
#include "ui/message/missingpictures.h"
#include "ui/theme/appearance.h"
#include "ui/theme/icons.h"

#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QFontDatabase>
#include <QMenu>
#include <QScrollBar>
#include <QTextBlock>
#include <QTextFrame>
#include <QWheelEvent>

#include <utility>

using namespace Qt::StringLiterals;

namespace satchel::ui {

namespace {

constexpr int sideMargin = 20;
constexpr int textColumns = 88; ///< a line of plain text longer than this is hard to read
constexpr qreal smallestZoom = 0.5;
constexpr qreal largestZoom = 3.0;

constexpr int tightMargin = 2; ///< for HTML of a fixed width that would not fit otherwise

/// What stands for everything that is not there. Never null: the document would go and look in the file system.
QImage nothing()
{
    QImage image(1, 1, QImage::Format_ARGB32_Premultiplied);
    image.fill(Qt::transparent);
    return image;
}

constexpr qreal paperPoints = 10;

/// Knows the pictures it was given, and looks for no other.
class PaperDocument final : public QTextDocument
{
public:
    explicit PaperDocument(const QHash<QUrl, QImage> &pictures)
        : m_pictures(pictures)
    {
        setUndoRedoEnabled(false);
        setDocumentMargin(0);
    }

protected:
    QVariant loadResource(int type, const QUrl &name) override
    {
        if (type != QTextDocument::ImageResource)
            return QByteArray(" ");
        const auto known = m_pictures.constFind(name);
        return known == m_pictures.cend() ? nothing() : *known;
    }

private:
    QHash<QUrl, QImage> m_pictures;
};

} // namespace

BodyView::BodyView(QWidget *parent)
    : QTextBrowser(parent)
{
    setObjectName(u"body"_s);
    setAccessibleName(tr("Message text"));
    setFrameShape(QFrame::NoFrame);
    setOpenLinks(false);
    setOpenExternalLinks(false);
    setUndoRedoEnabled(false);
    setTextInteractionFlags(Qt::TextBrowserInteraction | Qt::TextSelectableByKeyboard);
    setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    document()->setDocumentMargin(0);
    // The target as it goes over the wire: internationalised names show their punycode.
    connect(this, &QTextBrowser::anchorClicked, this, [this](const QUrl &url) {
        Q_EMIT linkClicked(QString::fromLatin1(url.toEncoded()),
            anchorText(url.toString(), viewport()->mapFromGlobal(QCursor::pos())));
    });
    connect(this, &QTextBrowser::highlighted, this,
        [this](const QUrl &url) { Q_EMIT linkHovered(QString::fromLatin1(url.toEncoded())); });
}

void BodyView::showHtml(const QString &html, const QString &picturePrefix)
{
    m_content = html;
    m_prefix = picturePrefix;
    m_isHtml = true;
    m_pictures.clear();
    m_undrawn.clear();
    m_asked.clear();
    render();
    verticalScrollBar()->setValue(0);
}

void BodyView::showPlainText(const QString &text, bool monospaced)
{
    m_content = text;
    m_prefix.clear();
    m_isHtml = false;
    m_monospaced = monospaced;
    m_pictures.clear();
    m_undrawn.clear();
    m_asked.clear();
    render();
    verticalScrollBar()->setValue(0);
}

void BodyView::clearMessage()
{
    showPlainText({}, false);
}

void BodyView::render()
{
    const int position = verticalScrollBar()->value();
    m_applying = true;
    m_width = 0;
    m_tight = false;
    applySheet();
    const bool fixed = !m_isHtml && m_monospaced;
    QFont font = fixed ? QFontDatabase::systemFont(QFontDatabase::FixedFont) : QApplication::font();
    if (const QString &family = fixed ? m_fixedFont : m_textFont; !family.isEmpty())
        font.setFamilies({family});
    font.setPointSizeF((QApplication::font().pointSizeF() + (m_monospaced && !m_isHtml ? 0 : 1)) * m_zoom);
    document()->clear();
    document()->setDefaultFont(font);
    if (m_isHtml) {
        document()->setHtml(m_content);
        showWordsForPictures(*document(), undrawn());
        scaleFonts(*document(), m_zoom);
        if (m_darkHtml)
            darkenColours(*document(), palette().color(QPalette::Base));
    } else {
        fillPlainText(*document(), m_content, palette());
    }
    moveCursor(QTextCursor::Start);
    applyMargins();
    m_applying = false;
    verticalScrollBar()->setValue(position);
}

void BodyView::applySheet()
{
    const QPalette around = QApplication::palette();
    // Only what differs from the window is set: a palette that names every colour is never told of a new one.
    QPalette sheet;
    if (m_isHtml && isDark(around) && !m_darkHtml)
        sheet = lightPalette(); // what a sender designed was designed on white
    for (const auto role : {QPalette::Highlight, QPalette::HighlightedText})
        sheet.setColor(QPalette::Inactive, role, around.color(QPalette::Active, role));
    setPalette(sheet);
}

void BodyView::applyMargins()
{
    QTextFrameFormat format = document()->rootFrame()->frameFormat();
    if (m_isHtml && m_width != viewport()->width()) {
        m_width = viewport()->width();
        m_tight = false;
    }
    const int left = m_tight ? tightMargin : sideMargin;
    int right = left;
    if (!m_isHtml) {
        const int readable = int(QFontMetricsF(document()->defaultFont()).averageCharWidth() * textColumns);
        right = qMax(sideMargin, viewport()->width() - sideMargin - readable);
    }
    format.setTopMargin(16);
    format.setBottomMargin(24);
    format.setLeftMargin(isRightToLeft() ? right : left);
    format.setRightMargin(isRightToLeft() ? left : right);
    if (format != document()->rootFrame()->frameFormat())
        document()->rootFrame()->setFrameFormat(format);
    if (m_isHtml && !m_tight && document()->size().width() > viewport()->width()) {
        m_tight = true;
        applyMargins();
    }
}

int BodyView::partOf(const QUrl &url) const
{
    const QString text = url.toString();
    const QString start = u"satchel-cid:"_s + m_prefix + u'/';
    if (m_prefix.isEmpty() || !text.startsWith(start))
        return -1;
    bool ok = false;
    const int part = QStringView(text).sliced(start.size()).toInt(&ok);
    return ok && part >= 0 ? part : -1;
}

QSet<QString> BodyView::undrawn() const
{
    QSet<QString> names;
    for (const int part : m_undrawn)
        names.insert(u"satchel-cid:%1/%2"_s.arg(m_prefix).arg(part));
    return names;
}

QVariant BodyView::loadResource(int type, const QUrl &name)
{
    if (type != QTextDocument::ImageResource)
        return QByteArray(" ");
    const int part = partOf(name);
    if (part < 0)
        return nothing();
    if (const auto known = m_pictures.constFind(part); known != m_pictures.cend())
        return known.value();
    if (!m_asked.contains(part)) {
        m_asked.append(part);
        // Asked from within a layout: the answer must not come back into it.
        QMetaObject::invokeMethod(
            this,
            [this, part, prefix = m_prefix] {
                if (prefix == m_prefix) // else another message is shown by now
                    Q_EMIT pictureWanted(part);
            },
            Qt::QueuedConnection);
    }
    return nothing();
}

void BodyView::setPicture(int part, const QImage &picture)
{
    if (!m_asked.contains(part))
        return;
    if (picture.isNull()) {
        m_undrawn.insert(part);
        m_pictures.insert(part, nothing());
        showWordsForPictures(*document(), undrawn());
        return;
    }
    QImage shown = picture;
    const int room = viewport()->width() - 2 * sideMargin;
    if (shown.width() > room && room > 100)
        shown = shown.scaledToWidth(room, Qt::SmoothTransformation);
    m_pictures.insert(part, shown);
    const QUrl url(u"satchel-cid:%1/%2"_s.arg(m_prefix).arg(part));
    document()->addResource(QTextDocument::ImageResource, url, m_pictures.value(part));
    document()->markContentsDirty(0, document()->characterCount());
    viewport()->update();
}

void BodyView::setFonts(const QString &text, const QString &fixed)
{
    if (text == m_textFont && fixed == m_fixedFont)
        return;
    m_textFont = text;
    m_fixedFont = fixed;
    render();
}

void BodyView::setZoom(qreal factor)
{
    const qreal zoom = qBound(smallestZoom, factor, largestZoom);
    if (qFuzzyCompare(zoom, m_zoom))
        return;
    m_zoom = zoom;
    render();
}

void BodyView::setDarkHtml(bool dark)
{
    if (dark == m_darkHtml)
        return;
    m_darkHtml = dark;
    render();
}

bool BodyView::scrollPage(bool backwards)
{
    QScrollBar *bar = verticalScrollBar();
    const int before = bar->value();
    const int step = bar->pageStep() - fontMetrics().height() * 2;
    bar->setValue(before + (backwards ? -step : step));
    return bar->value() != before;
}

QString BodyView::anchorText(const QString &target, const QPoint &position) const
{
    // The words of the link that was clicked: the pieces around the cursor that lead to the same place.
    const QTextCursor at = cursorForPosition(position);
    QString text;
    QString first;
    for (QTextBlock block = document()->begin(); block.isValid(); block = block.next()) {
        QString run;
        bool holds = false;
        for (auto it = block.begin(); !it.atEnd(); ++it) {
            const QTextFragment piece = it.fragment();
            const bool same =
                piece.charFormat().isAnchor() && QUrl(piece.charFormat().anchorHref()).toString() == target;
            if (same) {
                run += piece.text();
                holds =
                    holds || (at.position() >= piece.position() && at.position() <= piece.position() + piece.length());
                continue;
            }
            if (holds)
                break;
            run.clear();
        }
        if (holds && !run.isEmpty()) {
            text = run;
            break;
        }
        if (first.isEmpty() && !run.isEmpty())
            first = run;
    }
    return (text.isEmpty() ? first : text).remove(QChar::ObjectReplacementCharacter).trimmed();
}

void BodyView::doSetSource(const QUrl &, QTextDocument::ResourceType)
{
    // A message leads nowhere by itself.
}

void BodyView::contextMenuEvent(QContextMenuEvent *event)
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const bool byMouse = event->reason() == QContextMenuEvent::Mouse;
    const QString link = byMouse ? anchorAt(event->pos()) : textCursor().charFormat().anchorHref();
    if (!link.isEmpty()) {
        const QUrl url(link);
        const QString target = QString::fromLatin1(url.toEncoded());
        const QString words = anchorText(url.toString(), byMouse ? event->pos() : cursorRect().center());
        menu->addAction(
            icon("open"_L1), tr("&Open link"), this, [this, target, words] { Q_EMIT linkClicked(target, words); });
        menu->addAction(icon("copy"_L1), tr("Copy &link address"), this,
            [target] { QGuiApplication::clipboard()->setText(target); });
        menu->addSeparator();
    }
    QAction *copy = menu->addAction(icon("copy"_L1), tr("&Copy"), QKeySequence::Copy, this, &QTextEdit::copy);
    copy->setEnabled(textCursor().hasSelection());
    menu->addAction(tr("Select &all"), QKeySequence::SelectAll, this, &QTextEdit::selectAll);
    menu->addSeparator();
    menu->addActions(m_menuActions);
    menu->popup(byMouse ? event->globalPos() : viewport()->mapToGlobal(cursorRect().bottomRight()));
}

std::unique_ptr<QTextDocument> BodyView::paperCopy() const
{
    QHash<QUrl, QImage> pictures;
    for (auto it = m_pictures.cbegin(); it != m_pictures.cend(); ++it)
        pictures.insert(QUrl(u"satchel-cid:%1/%2"_s.arg(m_prefix).arg(it.key())), it.value());
    auto document = std::make_unique<PaperDocument>(pictures);
    const bool fixed = !m_isHtml && m_monospaced;
    QFont font = fixed ? QFontDatabase::systemFont(QFontDatabase::FixedFont) : QApplication::font();
    if (const QString &family = fixed ? m_fixedFont : m_textFont; !family.isEmpty())
        font.setFamilies({family});
    font.setPointSizeF(paperPoints);
    document->setDefaultFont(font);
    if (m_isHtml)
        document->setHtml(m_content);
    else
        fillPlainText(*document, m_content, lightPalette());
    showWordsForPictures(*document, undrawn());
    return document;
}

void BodyView::changeEvent(QEvent *event)
{
    QTextBrowser::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && !m_applying)
        render();
}

void BodyView::resizeEvent(QResizeEvent *event)
{
    QTextBrowser::resizeEvent(event);
    applyMargins();
}

void BodyView::wheelEvent(QWheelEvent *event)
{
    if (event->modifiers().testFlag(Qt::ControlModifier)) {
        setZoom(m_zoom * (event->angleDelta().y() > 0 ? 1.1 : 1 / 1.1));
        Q_EMIT zoomed();
        event->accept();
        return;
    }
    QTextBrowser::wheelEvent(event);
}

void BodyView::keyPressEvent(QKeyEvent *event)
{
    // Back and forward of a web browser: there is no history in a message.
    if (event->modifiers().testFlag(Qt::AltModifier)
        && (event->key() == Qt::Key_Left || event->key() == Qt::Key_Right)) {
        event->ignore();
        return;
    }
    QTextBrowser::keyPressEvent(event);
}

} // namespace satchel::ui
