// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/message/attachmentbar.h"

#include "mime/filename.h"
#include "ui/message/flowlayout.h"
#include "ui/theme/appearance.h"
#include "ui/theme/elidinglabel.h"
#include "ui/theme/icons.h"
#include "ui/theme/taborder.h"
#include "ui/theme/text.h"

#include <QCoreApplication>
#include <QLabel>
#include <QMenu>
#include <QPainter>
#include <QPushButton>
#include <QScrollArea>
#include <QToolButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace satchel::ui {

namespace {

constexpr int mostLines = 2; ///< of chips; with more the bar scrolls
constexpr int chipWidth = 230; ///< of the name

QLatin1StringView kindIcon(const mime::Part &part)
{
    const QByteArray &type = part.mimeType;
    if (part.executable)
        return "file-program"_L1;
    if (type.startsWith("image/"))
        return "file-picture"_L1;
    if (type.startsWith("audio/") || type.startsWith("video/"))
        return "file-sound"_L1;
    if (type.startsWith("message/"))
        return "file-mail"_L1;
    if (type == "text/calendar")
        return "file-calendar"_L1;
    if (type.contains("zip") || type.contains("tar") || type.contains("compressed"))
        return "file-archive"_L1;
    if (type.startsWith("text/") || type.contains("pdf") || type.contains("document") || type.contains("word"))
        return "file-text"_L1;
    return "file"_L1;
}

} // namespace

QString attachmentName(const mime::Part &part)
{
    if (!part.fileName.isEmpty())
        return part.fileName;
    if (part.mimeType.startsWith("message/"))
        return QCoreApplication::translate("satchel::ui::AttachmentBar", "message.eml");
    if (part.mimeType == "text/calendar")
        return QCoreApplication::translate("satchel::ui::AttachmentBar", "invitation.ics");
    return mime::namedByType(
        QCoreApplication::translate("satchel::ui::AttachmentBar", "attachment %1").arg(part.index), part.mimeType);
}

AttachmentBar::AttachmentBar(QWidget *parent)
    : QWidget(parent)
    , m_holder(new QWidget)
    , m_area(new QScrollArea(this))
    , m_count(new ElidingLabel(this))
    , m_saveAll(new QPushButton(icon("save"_L1), tr("Save a&ll…"), this))
{
    setAccessibleName(tr("Attachments"));
    m_saveAll->setAutoDefault(false);
    connect(m_saveAll, &QPushButton::clicked, this, &AttachmentBar::saveAllWished);
    m_area->setFrameShape(QFrame::NoFrame);
    m_area->setWidgetResizable(true);
    m_area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_area->setWidget(m_holder);
    m_area->setFocusPolicy(Qt::NoFocus);
    m_area->viewport()->setAutoFillBackground(false);
    m_holder->setAutoFillBackground(false);
    auto *flow = new FlowLayout(m_holder);
    flow->setContentsMargins(0, 0, 0, 0);
    auto *top = new QHBoxLayout;
    top->addWidget(m_count, 1);
    top->addWidget(m_saveAll);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(20, 8, 12, 10);
    column->setSpacing(6);
    column->addLayout(top);
    column->addWidget(m_area);
    setVisible(false);
}

void AttachmentBar::show(const QList<mime::Part> &attachments)
{
    m_parts = attachments;
    for (QToolButton *chip : std::as_const(m_chips)) {
        m_holder->layout()->removeWidget(chip);
        chip->hide();
        chip->deleteLater();
    }
    m_chips.clear();
    setVisible(!attachments.isEmpty());
    qint64 bytes = 0;
    for (const mime::Part &part : attachments) {
        bytes += part.size;
        const QString name = attachmentName(part);
        auto *chip = new QToolButton(m_holder);
        chip->setIcon(
            part.executable ? icon("file-program"_L1, barEdge(BarKind::Warning, palette())) : icon(kindIcon(part)));
        chip->setIconSize(QSize(18, 18));
        chip->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        chip->setText(withoutMnemonic(
            tr("%1  %2").arg(fontMetrics().elidedText(name, Qt::ElideMiddle, chipWidth), fileSize(part.size))));
        chip->setToolTip(
            asPlainRichText(tr("%1 (%2, %3)").arg(name, QString::fromLatin1(part.mimeType), fileSize(part.size))));
        chip->setAccessibleName(tr("Attachment %1, %2").arg(name, fileSize(part.size)));
        chip->setPopupMode(QToolButton::MenuButtonPopup);
        chip->setFocusPolicy(Qt::StrongFocus);
        auto *menu = new QMenu(chip);
        menu->addAction(icon("open"_L1), tr("&Open"), this, [this, part] { Q_EMIT openWished(part); });
        menu->addAction(icon("save"_L1), tr("&Save as…"), this, [this, part] { Q_EMIT saveWished(part); });
        chip->setMenu(menu);
        connect(chip, &QToolButton::clicked, this, [this, part] { Q_EMIT openWished(part); });
        m_holder->layout()->addWidget(chip);
        chip->show();
        m_chips.append(chip);
    }
    m_count->setText(tr("%Ln attachment(s), %1", nullptr, int(attachments.size())).arg(fileSize(bytes)));
    m_saveAll->setVisible(attachments.size() > 1);
    fitHeight();
    tabInReadingOrder(window());
}

void AttachmentBar::fitHeight()
{
    if (m_chips.isEmpty())
        return;
    const int line = m_chips.constFirst()->sizeHint().height();
    const int most = mostLines * line + (mostLines - 1) * m_holder->layout()->spacing() + line / 2;
    // As wide as it is about to be: it has not been laid out yet.
    const QMargins margins = layout()->contentsMargins();
    const int room = width() - margins.left() - margins.right();
    m_area->setFixedHeight(qMin(m_holder->layout()->heightForWidth(room), most));
}

void AttachmentBar::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    fitHeight();
}

void AttachmentBar::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), palette().color(QPalette::Window));
    painter.setPen(hairline(palette()));
    painter.drawLine(0, 0, width(), 0);
}

} // namespace satchel::ui
