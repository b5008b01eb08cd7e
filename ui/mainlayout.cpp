// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bars/activitypanel.h"
#include "ui/bars/emptystate.h"
#include "ui/bars/messagebar.h"
#include "ui/bars/notebar.h"
#include "ui/bars/undobar.h"
#include "ui/folders/folderpane.h"
#include "ui/list/messagelistpane.h"
#include "ui/list/messagelistview.h"
#include "ui/mainwindowprivate.h"
#include "ui/message/bodyview.h"
#include "ui/message/messageview.h"
#include "ui/theme/appearance.h"
#include "ui/theme/elidinglabel.h"
#include "ui/theme/icons.h"
#include "ui/theme/text.h"

#include <QApplication>
#include <QLabel>
#include <QLineEdit>
#include <QMenuBar>
#include <QPainter>
#include <QResizeEvent>
#include <QSettings>
#include <QSplitter>
#include <QStackedWidget>
#include <QStatusBar>
#include <QTemporaryDir>
#include <QToolBar>
#include <QToolButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace satchel::ui {

namespace {

constexpr int narrowToolBar = 900; ///< below it, the tool bar shows icons alone

/// A hairline between panes; the base makes it wider for the mouse by itself.
class PaneHandle final : public QSplitterHandle
{
public:
    using QSplitterHandle::QSplitterHandle;

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        painter.fillRect(contentsRect(), hairline(palette()));
    }
};

class PaneSplitter final : public QSplitter
{
public:
    using QSplitter::QSplitter;

protected:
    QSplitterHandle *createHandle() override { return new PaneHandle(orientation(), this); }
};

/// As high as its bars need at their width: their sentences wrap.
class Middle final : public QWidget
{
public:
    using QWidget::QWidget;

    [[nodiscard]] QSize minimumSizeHint() const override
    {
        const QSize least = layout()->totalMinimumSize();
        int bars = 0;
        for (int i = 0; i < layout()->count() - 1; ++i) { // the last are the panes
            const QLayoutItem *item = layout()->itemAt(i);
            if (!item->isEmpty())
                bars += qMax(0, item->heightForWidth(width()) - item->minimumSize().height());
        }
        return {least.width(), least.height() + bars};
    }

protected:
    void resizeEvent(QResizeEvent *event) override
    {
        QWidget::resizeEvent(event);
        if (event->oldSize().width() != event->size().width())
            updateGeometry();
    }
};

QSplitter *makeSplitter(Qt::Orientation orientation, QWidget *parent)
{
    auto *splitter = new PaneSplitter(orientation, parent);
    splitter->setHandleWidth(1);
    splitter->setChildrenCollapsible(false);
    return splitter;
}

} // namespace

MainWindow::Private::Private(MainWindow &window, library::Library &theLibrary, QSettings &theSettings)
    : q(window)
    , library(theLibrary)
    , settings(theSettings)
    , shortcuts(theSettings)
    , openedFiles(std::make_shared<QTemporaryDir>())
{
}

void MainWindow::Private::makePanes()
{
    folderPane = new FolderPane;
    activity = new ActivityPanel;
    folderSide = new QWidget;
    auto *side = new QVBoxLayout(folderSide);
    side->setContentsMargins(0, 0, 0, 0);
    side->setSpacing(0);
    side->addWidget(folderPane, 1);
    side->addWidget(activity);
    listPane = new MessageListPane(library, *folderPane->folders());
    messageView = new MessageView(settings);
    undoBar = new UndoBar(listPane);

    inner = makeSplitter(Qt::Horizontal, &q);
    inner->addWidget(listPane);
    inner->addWidget(messageView);
    inner->setStretchFactor(0, 2);
    inner->setStretchFactor(1, 3);
    outer = makeSplitter(Qt::Horizontal, &q);
    outer->addWidget(folderSide);
    outer->addWidget(inner);
    outer->setStretchFactor(0, 1);
    outer->setStretchFactor(1, 6);

    welcome = new EmptyState;
    pages = new QStackedWidget;
    pages->addWidget(welcome);
    pages->addWidget(outer);
    messageBar = new MessageBar;
    sampleBar = new NoteBar(BarKind::Note);
    auto *middle = new Middle(&q);
    auto *column = new QVBoxLayout(middle);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(messageBar);
    column->addWidget(sampleBar);
    column->addWidget(pages, 1);
    q.setCentralWidget(middle);
}

void MainWindow::Private::makeToolBar()
{
    toolBar = q.addToolBar(MainWindow::tr("Tool bar"));
    toolBar->setObjectName(u"toolBar"_s);
    toolBar->setAccessibleName(MainWindow::tr("Tool bar"));
    toolBar->setMovable(false);
    toolBar->setFloatable(false);
    toolBar->setContextMenuPolicy(Qt::PreventContextMenu);
    toolBar->setIconSize(QSize(20, 20));
    actions->fillToolBar(toolBar);
    auto *spring = new QWidget(toolBar);
    spring->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    toolBar->addWidget(spring);
    searchField = named(new QLineEdit(toolBar), MainWindow::tr("Search all mail"));
    searchField->setObjectName(u"search"_s);
    searchField->setPlaceholderText(MainWindow::tr("Search all mail"));
    searchField->setClearButtonEnabled(true);
    searchField->setMinimumWidth(160);
    searchField->setMaximumWidth(340);
    searchField->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    searchField->addAction(icon("search"_L1), QLineEdit::LeadingPosition);
    toolBar->addWidget(searchField);
    auto *edge = new QWidget(toolBar);
    edge->setFixedWidth(4);
    toolBar->addWidget(edge);
}

void MainWindow::Private::showKeysInTips()
{
    const auto withKey = [](const QString &text, const QAction *action) {
        const QString key = action->shortcut().toString(QKeySequence::NativeText);
        return key.isEmpty() ? text : MainWindow::tr("%1 (%2)").arg(text, key);
    };
    searchField->setToolTip(asPlainRichText(withKey(MainWindow::tr("Search all mail"), actions->search) + u'\n'
        + MainWindow::tr("from:anna   to:   subject:   body:   file:pdf   \"two words\"   -without")));
    undoBar->setTip(withKey(MainWindow::tr("Undo"), actions->undo));
}

void MainWindow::Private::makeStatusBar()
{
    statusText = new ElidingLabel(&q);
    offlineButton = new QToolButton(&q);
    offlineButton->setDefaultAction(actions->workOffline);
    offlineButton->setAutoRaise(true);
    offlineButton->setIconSize(QSize(16, 16));
    offlineButton->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    offlineButton->setFocusPolicy(Qt::TabFocus);
    offlineButton->setAccessibleName(MainWindow::tr("Work offline"));
    QStatusBar *bar = q.statusBar();
    bar->setSizeGripEnabled(false);
    bar->setContentsMargins(8, 0, 4, 0);
    bar->addWidget(statusText, 1);
    bar->addPermanentWidget(offlineButton);
}

void MainWindow::Private::setTall(bool tall)
{
    const Qt::Orientation orientation = tall ? Qt::Vertical : Qt::Horizontal;
    if (inner->orientation() == orientation)
        return;
    settings.setValue(tall ? "window/innerWide"_L1 : "window/innerTall"_L1, inner->saveState());
    inner->setOrientation(orientation);
    if (!inner->restoreState(settings.value(tall ? "window/innerTall"_L1 : "window/innerWide"_L1).toByteArray()))
        inner->setSizes(tall ? QList<int>{260, 400} : QList<int>{356, 704});
    inner->setOrientation(orientation);
    settings.setValue("window/tall"_L1, tall);
}

void MainWindow::Private::restoreState()
{
    if (!q.restoreGeometry(settings.value("window/geometry"_L1).toByteArray()))
        q.resize(1280, 800);
    const bool tall = settings.value("window/tall"_L1, false).toBool();
    actions->tall->setChecked(tall);
    actions->wide->setChecked(!tall);
    if (!outer->restoreState(settings.value("window/outer"_L1).toByteArray()))
        outer->setSizes({220, 1060});
    if (tall)
        inner->setOrientation(Qt::Vertical);
    if (!inner->restoreState(settings.value(tall ? "window/innerTall"_L1 : "window/innerWide"_L1).toByteArray()))
        inner->setSizes(tall ? QList<int>{260, 400} : QList<int>{356, 704});
    folderPane->setFoldedKeys(settings.value("folders/folded"_L1).toStringList());
    const int field = settings.value("list/sortField"_L1, int(SortField::Date)).toInt();
    const int direction = settings.value("list/sortDirection"_L1, int(Qt::DescendingOrder)).toInt();
    listPane->setOrder({.field = SortField(qBound(0, field, int(SortField::Arrived))),
        .direction = direction == int(Qt::AscendingOrder) ? Qt::AscendingOrder : Qt::DescendingOrder});
    const Preferences preferences = Preferences::load(settings);
    if (preferences.remembersPlace) {
        wantedPlace = {.folder = FolderId{settings.value("selection/folder"_L1).toLongLong()},
            .allInboxes = settings.value("selection/allInboxes"_L1).toBool()};
        wantedMessage = MessageId{settings.value("selection/message"_L1).toLongLong()};
    }
    listPane->view()->setDensity(preferences.density);
    listPane->view()->setAfterRemoval(preferences.afterRemoval);
    const int look = settings.value("window/appearance"_L1, int(Appearance::System)).toInt();
    (look == int(Appearance::Light)         ? actions->lightLook
            : look == int(Appearance::Dark) ? actions->darkLook
                                            : actions->systemLook)
        ->setChecked(true);
    actions->asPlainText->setChecked(messageView->prefersPlainText());
    actions->asHtml->setChecked(!messageView->prefersPlainText());
    actions->monospaced->setChecked(messageView->isMonospaced());
    actions->darkHtml->setChecked(messageView->isDarkHtml());
}

void MainWindow::Private::saveState() const
{
    settings.setValue("window/geometry"_L1, q.saveGeometry());
    settings.setValue("window/outer"_L1, outer->saveState());
    settings.setValue("window/tall"_L1, inner->orientation() == Qt::Vertical);
    settings.setValue(
        inner->orientation() == Qt::Vertical ? "window/innerTall"_L1 : "window/innerWide"_L1, inner->saveState());
    settings.setValue("folders/folded"_L1, folderPane->foldedKeys());
    settings.setValue("list/sortField"_L1, int(listPane->order().field));
    settings.setValue("list/sortDirection"_L1, int(listPane->order().direction));
    if (!Preferences::load(settings).remembersPlace) {
        for (const auto key : {"selection/folder"_L1, "selection/allInboxes"_L1, "selection/message"_L1})
            settings.remove(key);
    } else if (!accounts.isEmpty()) {
        settings.setValue("selection/folder"_L1, folderPane->current().folder.value);
        settings.setValue("selection/allInboxes"_L1, folderPane->current().allInboxes);
        settings.setValue("selection/message"_L1, listPane->view()->currentMessage().value);
    }
    settings.sync();
}

void MainWindow::Private::applyLook(int look)
{
    settings.setValue("window/appearance"_L1, look);
    applyAppearance(Appearance(look));
}

void MainWindow::Private::fitToolBar()
{
    toolBar->setToolButtonStyle(q.width() < narrowToolBar ? Qt::ToolButtonIconOnly : Qt::ToolButtonTextBesideIcon);
}

void MainWindow::Private::showWelcome()
{
    welcome->showProgramIcon(MainWindow::tr("Welcome to Satchel"),
        MainWindow::tr(
            "Satchel gets your mail over POP3 and keeps all of it on this computer. You can read, search and sort "
            "it without a network, and reading a message never opens a connection."),
        MainWindow::tr("&Add an account…"), MainWindow::tr("&Look around with sample mail"));
    pages->setCurrentWidget(welcome);
}

void MainWindow::Private::cyclePane(int step)
{
    const QList<QWidget *> panes{folderPane, listPane->view(),
        messageView->showsMessage() ? static_cast<QWidget *>(messageView->body()) : messageView, searchField};
    qsizetype at = 0;
    for (qsizetype i = 0; i < panes.size(); ++i) {
        if (panes.at(i)->hasFocus() || panes.at(i)->isAncestorOf(QApplication::focusWidget()))
            at = i;
    }
    for (qsizetype i = 0; i < panes.size(); ++i) {
        at = (at + step + panes.size()) % panes.size();
        if (panes.at(at)->isVisible() && panes.at(at)->focusPolicy() != Qt::NoFocus) {
            panes.at(at)->setFocus(Qt::ShortcutFocusReason);
            return;
        }
    }
}

} // namespace satchel::ui
