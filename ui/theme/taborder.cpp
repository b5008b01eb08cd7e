// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/taborder.h"

#include <QGridLayout>
#include <QLayout>
#include <QList>
#include <QMainWindow>
#include <QScrollArea>
#include <QSet>
#include <QSplitter>
#include <QStackedWidget>
#include <QStatusBar>
#include <QTabBar>
#include <QTabWidget>
#include <QToolBar>

#include <algorithm>

namespace satchel::ui {

namespace {

class Walk
{
public:
    void through(QWidget *part)
    {
        // A dialog is a child of its window, and walked for itself.
        if (!part || m_seen.contains(part) || (part->isWindow() && !m_seen.isEmpty()))
            return;
        m_seen.insert(part);
        if ((part->focusPolicy() & Qt::TabFocus) != 0 && !part->focusProxy())
            m_found.append(part);
        if (const auto *window = qobject_cast<QMainWindow *>(part)) {
            for (QToolBar *bar : window->findChildren<QToolBar *>(Qt::FindDirectChildrenOnly))
                through(bar);
            through(window->centralWidget());
            through(window->findChild<QStatusBar *>(Qt::FindDirectChildrenOnly));
        } else if (const auto *bar = qobject_cast<QToolBar *>(part)) {
            for (QAction *action : bar->actions())
                through(bar->widgetForAction(action));
        } else if (const auto *splitter = qobject_cast<QSplitter *>(part)) {
            for (int i = 0; i < splitter->count(); ++i)
                through(splitter->widget(i));
        } else if (const auto *tabs = qobject_cast<QTabWidget *>(part)) {
            through(tabs->tabBar());
            for (int i = 0; i < tabs->count(); ++i)
                through(tabs->widget(i));
        } else if (const auto *pages = qobject_cast<QStackedWidget *>(part)) {
            for (int i = 0; i < pages->count(); ++i)
                through(pages->widget(i));
        } else if (const auto *scroller = qobject_cast<QScrollArea *>(part)) {
            through(scroller->widget());
        } else if (part->layout()) {
            through(part->layout());
            // What lies on top of the others.
            for (QObject *child : part->children()) {
                if (child->isWidgetType())
                    through(static_cast<QWidget *>(child));
            }
        }
    }

    [[nodiscard]] const QList<QWidget *> &found() const { return m_found; }

private:
    void through(QLayout *layout)
    {
        QList<std::pair<int, QLayoutItem *>> items;
        for (int i = 0; i < layout->count(); ++i) {
            int place = i;
            if (const auto *grid = qobject_cast<QGridLayout *>(layout)) {
                int row = 0;
                int column = 0;
                int rows = 0;
                int columns = 0;
                grid->getItemPosition(i, &row, &column, &rows, &columns);
                place = row * 1000 + column;
            }
            items.append({place, layout->itemAt(i)});
        }
        std::ranges::stable_sort(items, {}, &std::pair<int, QLayoutItem *>::first);
        for (const auto &[place, item] : std::as_const(items)) {
            if (item->widget())
                through(item->widget());
            else if (item->layout())
                through(item->layout());
        }
    }

    QList<QWidget *> m_found;
    QSet<QWidget *> m_seen;
};

} // namespace

void tabInReadingOrder(QWidget *part)
{
    Walk walk;
    walk.through(part);
    for (qsizetype i = 1; i < walk.found().size(); ++i)
        QWidget::setTabOrder(walk.found().at(i - 1), walk.found().at(i));
}

} // namespace satchel::ui
