// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/list/messagelistview.h"

#include "ui/folders/foldermodel.h"
#include "ui/list/messagedelegate.h"
#include "ui/list/messagelistmodel.h"
#include "ui/theme/icons.h"

#include <QContextMenuEvent>
#include <QDrag>
#include <QHeaderView>
#include <QMimeData>
#include <QPainter>
#include <QScrollBar>

using namespace Qt::StringLiterals;

namespace satchel::ui {

namespace {

constexpr int settleMilliseconds = 60;
constexpr int heirsEachSide = 24;

} // namespace

MessageListView::MessageListView(MessageListModel *model, QWidget *parent)
    : QTableView(parent)
    , m_model(model)
    , m_delegate(new MessageDelegate(model, this))
{
    setObjectName(u"messages"_s);
    setAccessibleName(tr("Messages"));
    setModel(model);
    setItemDelegate(m_delegate);
    horizontalHeader()->hide();
    horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    horizontalHeader()->setMinimumSectionSize(60);
    verticalHeader()->hide();
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    applyRowHeight();
    setShowGrid(false);
    setFrameShape(QFrame::NoFrame);
    setSelectionBehavior(QAbstractItemView::SelectRows);
    setSelectionMode(QAbstractItemView::ExtendedSelection);
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setTabKeyNavigation(false);
    setCornerButtonEnabled(false);
    setDragEnabled(true);
    setDragDropMode(QAbstractItemView::DragOnly);
    setMouseTracking(true);
    setMinimumWidth(200);
    setWordWrap(false);

    m_settle.setSingleShot(true);
    m_settle.setInterval(settleMilliseconds);
    connect(&m_settle, &QTimer::timeout, this, &MessageListView::selectionSettled);
    m_visible.setSingleShot(true);
    m_visible.setInterval(0);
    connect(&m_visible, &QTimer::timeout, this, &MessageListView::reportVisibleRows);
    connect(model, &MessageListModel::aboutToChangeRows, this, &MessageListView::rememberPlace);
    connect(model, &MessageListModel::rowsChanged, this, &MessageListView::restorePlace);
    connect(model, &QAbstractItemModel::modelReset, this, [this] {
        m_visible.start();
        m_settle.start();
    });
}

void MessageListView::setDensity(Density density)
{
    m_delegate->setDensity(density);
    applyRowHeight();
    m_visible.start();
}

void MessageListView::applyRowHeight()
{
    const int height = m_delegate->rowHeight(fontMetrics());
    verticalHeader()->setMinimumSectionSize(height);
    verticalHeader()->setDefaultSectionSize(height);
    verticalScrollBar()->setSingleStep(height / 2);
}

QList<MessageId> MessageListView::selectedMessages() const
{
    QList<MessageId> ids;
    const QItemSelection selection = selectionModel()->selection();
    for (const QItemSelectionRange &range : selection) {
        for (int row = range.top(); row <= range.bottom(); ++row)
            ids.append(m_model->messageAt(row));
    }
    return ids;
}

qsizetype MessageListView::selectedCount() const
{
    qsizetype count = 0;
    const QItemSelection selection = selectionModel()->selection();
    for (const QItemSelectionRange &range : selection)
        count += range.height();
    return count;
}

MessageId MessageListView::currentMessage() const
{
    return currentIndex().isValid() ? m_model->messageAt(currentIndex().row()) : MessageId();
}

bool MessageListView::selectMessage(MessageId id)
{
    const int row = m_model->rowOf(id);
    if (row < 0)
        return false;
    selectRow(row);
    return true;
}

void MessageListView::selectRow(int row)
{
    if (row < 0 || row >= m_model->rowCount())
        return;
    const QModelIndex index = m_model->index(row, 0);
    selectionModel()->setCurrentIndex(index, QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
    scrollTo(index);
}

void MessageListView::rememberPlace()
{
    m_restoring = true;
    m_kept = {};
    const QItemSelection selection = selectionModel()->selection();
    const int rows = m_model->rowCount();
    int firstSelected = rows;
    int lastSelected = -1;
    for (const QItemSelectionRange &range : selection) {
        firstSelected = qMin(firstSelected, range.top());
        lastSelected = qMax(lastSelected, range.bottom());
    }
    m_kept.everything = selectedCount() == rows && rows > 1;
    m_kept.selected = selectedMessages();
    m_kept.current = currentMessage();
    QList<MessageId> below;
    QList<MessageId> above;
    for (int row = lastSelected + 1; lastSelected >= 0 && row < qMin(lastSelected + 1 + heirsEachSide, rows); ++row)
        below.append(m_model->messageAt(row));
    for (int row = firstSelected - 1; lastSelected >= 0 && row >= qMax(0, firstSelected - heirsEachSide); --row)
        above.append(m_model->messageAt(row));
    if (m_afterRemoval == AfterRemoval::Below)
        m_kept.heirs = below + above;
    else if (m_afterRemoval == AfterRemoval::Above)
        m_kept.heirs = above + below;

    const int first = rowAt(0);
    m_kept.currentInSight = currentIndex().isValid() && viewport()->rect().intersects(visualRect(currentIndex()));
    m_kept.atTop = first <= 0 && verticalScrollBar()->value() == 0;
    if (first >= 0) {
        m_kept.offset = rowViewportPosition(first);
        const int bottom = rowAt(viewport()->height() - 1);
        for (int row = first; row <= (bottom < 0 ? rows - 1 : bottom); ++row)
            m_kept.visible.append(m_model->messageAt(row));
    }
}

void MessageListView::restorePlace()
{
    // Qt keeps what stayed selected when rows come and go, but not through a reset, and it selects nothing
    // in place of what went.
    if (!m_kept.selected.isEmpty() && selectionModel()->selection().isEmpty()) {
        if (m_kept.selected.size() > 1) {
            const QSet<MessageId> wanted(m_kept.selected.begin(), m_kept.selected.end());
            QItemSelection again;
            for (int row = 0; row < m_model->rowCount(); ++row) {
                if (wanted.contains(m_model->messageAt(row)))
                    again.select(m_model->index(row, 0), m_model->index(row, 0));
            }
            selectionModel()->select(again, QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
        }
        QList<MessageId> heirs{m_kept.current};
        heirs += m_kept.heirs;
        for (const MessageId heir : std::as_const(heirs)) {
            const int row = heir.isValid() ? m_model->rowOf(heir) : -1;
            if (row < 0)
                continue;
            selectionModel()->setCurrentIndex(m_model->index(row, 0),
                selectionModel()->selection().isEmpty()
                    ? QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows
                    : QItemSelectionModel::NoUpdate);
            break;
        }
    }
    if (!m_kept.atTop) {
        for (qsizetype i = 0; i < m_kept.visible.size(); ++i) {
            const int row = m_model->rowOf(m_kept.visible.at(i));
            if (row < 0)
                continue;
            const int height = verticalHeader()->defaultSectionSize();
            updateGeometries();
            verticalScrollBar()->setValue((row - int(i)) * height - m_kept.offset);
            break;
        }
    }
    // Whoever reads elsewhere in the list is not called back to the message that is selected.
    const bool follows = m_kept.currentInSight || !(currentMessage() == m_kept.current);
    m_restoring = false;
    m_kept = {};
    if (currentIndex().isValid() && selectedCount() == 1 && hasFocus() && follows)
        scrollTo(currentIndex());
    m_visible.start();
    m_settle.start();
}

void MessageListView::reportVisibleRows()
{
    const int rows = m_model->rowCount();
    if (rows == 0)
        return;
    const int first = qMax(0, rowAt(0));
    const int bottom = rowAt(viewport()->height() - 1);
    m_model->setVisibleRows(first, bottom < 0 ? rows - 1 : bottom);
}

void MessageListView::scrollContentsBy(int dx, int dy)
{
    QTableView::scrollContentsBy(dx, dy);
    m_visible.start();
}

void MessageListView::resizeEvent(QResizeEvent *event)
{
    QTableView::resizeEvent(event);
    verticalScrollBar()->setSingleStep(verticalHeader()->defaultSectionSize() / 2);
    m_visible.start();
}

void MessageListView::changeEvent(QEvent *event)
{
    QTableView::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange)
        applyRowHeight();
}

void MessageListView::selectionChanged(const QItemSelection &selected, const QItemSelection &deselected)
{
    QTableView::selectionChanged(selected, deselected);
    if (!m_restoring)
        m_settle.start();
}

void MessageListView::currentChanged(const QModelIndex &current, const QModelIndex &previous)
{
    QTableView::currentChanged(current, previous);
    if (!m_restoring)
        m_settle.start();
}

QModelIndex MessageListView::moveCursor(CursorAction action, Qt::KeyboardModifiers modifiers)
{
    // A table's Home and End go along the row; in a list of one column that is nowhere.
    if (action == MoveHome)
        return m_model->index(0, 0);
    if (action == MoveEnd)
        return m_model->index(m_model->rowCount() - 1, 0);
    return QTableView::moveCursor(action, modifiers);
}

void MessageListView::keyPressEvent(QKeyEvent *event)
{
    // A view that got the focus has a current row but no selected one: the first arrow selects it.
    const bool nothingSelected = !selectionModel()->hasSelection() && m_model->rowCount() > 0;
    switch (event->key()) {
    case Qt::Key_Up:
    case Qt::Key_Down:
        if (nothingSelected) {
            selectRow(qMax(0, currentIndex().row()));
            return;
        }
        break;
    case Qt::Key_Home:
        if (nothingSelected) {
            selectRow(0);
            return;
        }
        break;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (currentMessage().isValid())
            Q_EMIT opened(currentMessage());
        return;
    case Qt::Key_Space:
        if (!event->modifiers().testFlag(Qt::ControlModifier)) {
            Q_EMIT spacePressed(event->modifiers().testFlag(Qt::ShiftModifier));
            return;
        }
        break;
    default:
        break;
    }
    QTableView::keyPressEvent(event);
}

bool MessageListView::hitsStar(const QPoint &position, const QModelIndex &index) const
{
    return index.isValid()
        && m_delegate->starRect(visualRect(index), layoutDirection()).adjusted(-6, -4, 6, 4).contains(position);
}

void MessageListView::mousePressEvent(QMouseEvent *event)
{
    const QModelIndex index = indexAt(event->position().toPoint());
    if (event->button() == Qt::LeftButton && event->modifiers() == Qt::NoModifier
        && hitsStar(event->position().toPoint(), index)) {
        Q_EMIT starClicked(m_model->messageAt(index.row()));
        return;
    }
    QTableView::mousePressEvent(event);
}

void MessageListView::mouseDoubleClickEvent(QMouseEvent *event)
{
    const QModelIndex index = indexAt(event->position().toPoint());
    if (event->button() != Qt::LeftButton || !index.isValid())
        return;
    if (hitsStar(event->position().toPoint(), index))
        Q_EMIT starClicked(m_model->messageAt(index.row()));
    else
        Q_EMIT opened(m_model->messageAt(index.row()));
}

void MessageListView::contextMenuEvent(QContextMenuEvent *event)
{
    if (event->reason() == QContextMenuEvent::Mouse) {
        const QModelIndex index = indexAt(event->pos());
        if (!index.isValid())
            return;
        if (!selectionModel()->isSelected(index))
            selectRow(index.row());
        Q_EMIT menuWished(event->globalPos());
    } else if (currentIndex().isValid()) {
        Q_EMIT menuWished(viewport()->mapToGlobal(visualRect(currentIndex()).center()));
    }
}

void MessageListView::startDrag(Qt::DropActions)
{
    // The base draws every selected row into the picture and lists an index for each; a count says it better.
    const QList<MessageId> messages = selectedMessages();
    if (messages.isEmpty())
        return;
    auto *dragged = new QMimeData;
    dragged->setData(messagesMimeType(), encodeMessages(messages));
    auto *drag = new QDrag(this);
    drag->setMimeData(dragged);
    const QString text = tr("%Ln message(s)", nullptr, int(messages.size()));
    const QSize size(fontMetrics().horizontalAdvance(text) + 44, fontMetrics().height() + 14);
    QPixmap picture(size * devicePixelRatio());
    picture.setDevicePixelRatio(devicePixelRatio());
    picture.fill(Qt::transparent);
    QPainter painter(&picture);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(palette().color(QPalette::Highlight));
    painter.drawRoundedRect(QRect(QPoint(), size), 6, 6);
    icon("mail-unread"_L1, palette().color(QPalette::HighlightedText))
        .paint(&painter, QRect(10, (size.height() - 18) / 2, 18, 18));
    painter.setPen(palette().color(QPalette::HighlightedText));
    painter.setFont(font());
    painter.drawText(QRect(34, 0, size.width() - 40, size.height()), Qt::AlignVCenter | Qt::AlignLeft, text);
    painter.end();
    drag->setPixmap(picture);
    drag->setHotSpot(QPoint(-8, -8));
    drag->exec(Qt::MoveAction, Qt::MoveAction);
}

} // namespace satchel::ui
