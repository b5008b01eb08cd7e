// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/pagescroller.h"

#include <QEvent>
#include <QLayout>
#include <QStyle>

namespace satchel::ui {

namespace {

constexpr int leastHeight = 120;

class WordKeeper : public QObject
{
public:
    WordKeeper(QWidget *part, int most, QWidget *holder)
        : QObject(part)
        , m_part(part)
        , m_holder(holder ? holder : part)
        , m_most(most)
    {
        part->installEventFilter(this);
    }

    bool eventFilter(QObject *watched, QEvent *event) override
    {
        const bool passes = QObject::eventFilter(watched, event);
        if (watched == m_part
            && (event->type() == QEvent::Resize || event->type() == QEvent::Show
                || event->type() == QEvent::LayoutRequest)) {
            measure();
        }
        if (watched == m_part && event->type() == QEvent::Hide && m_holder != m_part)
            m_holder->setMinimumHeight(0);
        return passes;
    }

private:
    void measure()
    {
        const QLayout *layout = m_part->layout();
        if (!layout || !layout->hasHeightForWidth() || (m_holder != m_part && !m_part->isVisibleTo(m_holder)))
            return;
        // A stack tells the height of its words alone for a width, not that of its other pages.
        const int needed =
            qMax(layout->totalMinimumHeightForWidth(m_part->width()), layout->totalMinimumSize().height());
        m_holder->setMinimumHeight(qMin(m_most, needed));
    }

    QWidget *m_part;
    QWidget *m_holder;
    int m_most;
};

} // namespace

PageScroller::PageScroller(QWidget *page, QWidget *parent)
    : QScrollArea(parent)
{
    setFrameShape(QFrame::NoFrame);
    setWidgetResizable(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setFocusPolicy(Qt::NoFocus);
    setWidget(page);
    viewport()->setAutoFillBackground(false);
    page->setAutoFillBackground(false);
}

QSize PageScroller::minimumSizeHint() const
{
    if (!widget())
        return QScrollArea::minimumSizeHint();
    const int bar = style()->pixelMetric(QStyle::PM_ScrollBarExtent, nullptr, this)
        + style()->pixelMetric(QStyle::PM_ScrollView_ScrollBarSpacing, nullptr, this);
    return {
        widget()->minimumSizeHint().expandedTo(widget()->minimumSize()).width() + bar + 2 * frameWidth(), leastHeight};
}

bool PageScroller::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == widget() && event->type() == QEvent::LayoutRequest)
        updateGeometry();
    return QScrollArea::eventFilter(watched, event);
}

void keepWordsWhole(QWidget *part, int most, QWidget *holder)
{
    new WordKeeper(part, most, holder);
}

} // namespace satchel::ui
