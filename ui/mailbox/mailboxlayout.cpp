// SPDX-License-Identifier: GPL-3.0-or-later
// How the window of a mailbox is put together.
#include "ui/bars/emptystate.h"
#include "ui/bars/messagebar.h"
#include "ui/bars/notebar.h"
#include "ui/mailbox/mailboxpreview.h"
#include "ui/mailbox/mailboxwindow.h"
#include "ui/theme/icons.h"
#include "ui/theme/taborder.h"
#include "ui/theme/text.h"

#include <QAction>
#include <QComboBox>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollBar>
#include <QSplitter>
#include <QStackedWidget>
#include <QStatusBar>
#include <QTableView>
#include <QToolBar>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace satchel::ui {

using sync::ServerMark;

void MailboxWindow::makeActions()
{
    addMark(ServerMark::Get, "get-mail"_L1, tr("&Get"), Qt::Key_G, tr("Get, whatever its size"));
    addMark(ServerMark::Skip, "close"_L1, tr("&Never get"), Qt::Key_N, tr("Leave on the server and never fetch"));
    addMark(ServerMark::Delete, "delete"_L1, tr("&Delete on server"), QKeySequence(Qt::Key_Delete),
        tr("Delete on the server"));
    addMark(ServerMark::None, "undo"_L1, tr("&Unmark"), Qt::Key_U, tr("Take the mark back"));
    m_refresh = new QAction(icon("get-mail"_L1), tr("&Refresh"), this);
    m_refresh->setShortcut(Qt::Key_F5);
    m_refresh->setToolTip(tr("List again what is on the server (F5)"));
    connect(m_refresh, &QAction::triggered, this, &MailboxWindow::listWished);
    addAction(m_refresh);
    auto *find = new QAction(this);
    find->setShortcut(QKeySequence::Find);
    connect(find, &QAction::triggered, m_words, [this] {
        m_words->setFocus(Qt::ShortcutFocusReason);
        m_words->selectAll();
    });
    addAction(find);
    auto *leave = new QAction(this);
    leave->setShortcut(Qt::Key_Escape);
    connect(leave, &QAction::triggered, this, [this] {
        if (m_words->text().isEmpty())
            close();
        else
            m_words->clear();
    });
    addAction(leave);
    auto *doIt = new QAction(this);
    doIt->setShortcuts({QKeySequence(Qt::CTRL | Qt::Key_Return), QKeySequence(Qt::CTRL | Qt::Key_Enter)});
    connect(doIt, &QAction::triggered, this, &MailboxWindow::apply);
    addAction(doIt);
    m_apply->setToolTip(tr("Do what is marked (%1)").arg(doIt->shortcut().toString(QKeySequence::NativeText)));
}

QAction *MailboxWindow::addMark(
    ServerMark mark, QLatin1StringView iconName, const QString &text, const QKeySequence &keys, const QString &toolTip)
{
    auto *action = new QAction(icon(iconName), text, this);
    action->setShortcut(keys);
    action->setShortcutContext(Qt::WidgetShortcut);
    action->setToolTip(tr("%1 (%2)").arg(toolTip, keys.toString(QKeySequence::NativeText)));
    action->setData(int(mark));
    connect(action, &QAction::triggered, this, [this, mark] { markSelected(mark); });
    m_table->addAction(action);
    m_markActions.append(action);
    return action;
}

void MailboxWindow::makeTable()
{
    m_table->setModel(m_model);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_table->setShowGrid(false);
    m_table->setWordWrap(false);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setTabKeyNavigation(false);
    m_table->setContextMenuPolicy(Qt::ActionsContextMenu);
    m_table->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    m_table->verticalHeader()->setDefaultSectionSize(m_table->fontMetrics().height() + 10);
    QHeaderView *header = m_table->horizontalHeader();
    header->setHighlightSections(false);
    header->setSectionsClickable(true);
    header->setSortIndicatorShown(true);
    header->setSortIndicator(-1, Qt::AscendingOrder);
    header->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    header->setMinimumSectionSize(48);
    const int letter = m_table->fontMetrics().averageCharWidth();
    const QList<std::pair<int, int>> widths{{MailboxModel::Mark, 14}, {MailboxModel::Sender, 24},
        {MailboxModel::Date, 12}, {MailboxModel::Size, 11}, {MailboxModel::State, 20}, {MailboxModel::Fate, 23}};
    for (const auto &[column, letters] : widths)
        header->resizeSection(column, qMax(letters * letter, header->sectionSizeHint(column)));
    header->setSectionResizeMode(MailboxModel::Subject, QHeaderView::Stretch);
    connect(header, &QHeaderView::sortIndicatorChanged, m_model, &MailboxModel::sort);
    connect(m_table->verticalScrollBar(), &QScrollBar::valueChanged, &m_visibleSoon, qOverload<>(&QTimer::start));
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, &MailboxWindow::selectionChanged);
    m_table->viewport()->installEventFilter(this);
}

void MailboxWindow::makeLayout()
{
    QToolBar *bar = addToolBar(tr("Tool bar"));
    bar->setObjectName(u"mailboxToolBar"_s);
    bar->setMovable(false);
    bar->setContextMenuPolicy(Qt::PreventContextMenu);
    bar->setIconSize(QSize(20, 20));
    bar->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    bar->addActions(m_markActions);

    m_filter->addItems({tr("All messages"), tr("New"), tr("Stored here"), tr("Not stored here"),
        tr("Leaving the server"), tr("Marked")});
    m_words->setPlaceholderText(tr("Sender or subject"));
    m_words->setClearButtonEnabled(true);
    fitPlaceholder(m_words);
    auto *filters = new QHBoxLayout;
    filters->setContentsMargins(8, 6, 8, 6);
    filters->setSpacing(8);
    filters->addWidget(m_filter);
    filters->addWidget(m_words, 1);

    auto *lists = new QWidget;
    auto *listColumn = new QVBoxLayout(lists);
    listColumn->setContentsMargins(0, 0, 0, 0);
    listColumn->setSpacing(0);
    listColumn->addWidget(m_table, 1);
    auto *splitter = new QSplitter(Qt::Vertical);
    splitter->addWidget(lists);
    splitter->addWidget(m_preview);
    splitter->setStretchFactor(0, 3);
    splitter->setStretchFactor(1, 1);
    splitter->setChildrenCollapsible(false);
    m_pages->addWidget(m_empty);
    m_pages->addWidget(splitter);
    connect(m_empty, &EmptyState::buttonClicked, this, &MailboxWindow::listWished);

    QPushButton *all = m_unknownBar->addButton(tr("&Look at all"));
    all->setObjectName(u"lookAtAll"_s);
    connect(all, &QPushButton::clicked, m_model, &MailboxModel::lookAtAll);
    m_unknownBar->hide();

    m_summary->setTextFormat(Qt::PlainText);
    m_summary->setWordWrap(true);
    m_summary->setObjectName(u"summary"_s);
    auto *bottom = new QHBoxLayout;
    bottom->setContentsMargins(10, 8, 10, 8);
    bottom->setSpacing(8);
    bottom->addWidget(m_summary, 1);
    bottom->addWidget(m_discard);
    bottom->addWidget(m_apply);

    auto *middle = new QWidget(this);
    auto *column = new QVBoxLayout(middle);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_bar);
    column->addLayout(filters);
    column->addWidget(m_unknownBar);
    column->addWidget(m_pages, 1);
    column->addLayout(bottom);
    setCentralWidget(middle);
    m_status->setObjectName(u"status"_s);
    m_status->setContentsMargins(8, 0, 8, 2);
    statusBar()->addWidget(m_status, 1);
    statusBar()->setSizeGripEnabled(false);
    tabInReadingOrder(this);
}

} // namespace satchel::ui
