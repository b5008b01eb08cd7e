// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAction>
#include <QActionGroup>
#include <QObject>

class QMainWindow;
class QMenu;
class QMenuBar;
class QToolBar;

namespace satchel::ui {

/// Every action of the main window, with its words, icon and keys; the menus and the tool bar are made of these. What
/// they do is tied to them in mainwishes.cpp. Single letters act only where the list or the message has the focus.
class MainActions : public QObject
{
    Q_OBJECT

public:
    explicit MainActions(QMainWindow *window);

    void fillMenus(QMenuBar *bar, QMenu *sortMenu, const QList<QAction *> &filters, QMenu *charsetMenu);
    void fillToolBar(QToolBar *bar);
    void fillMessageMenu(QMenu *menu);
    /// Those with a single letter or Delete: they belong to the list and the message, not to a search field.
    [[nodiscard]] QList<QAction *> messageActions() const;
    /// Those that need a message that is selected.
    [[nodiscard]] QList<QAction *> selectionActions() const;
    /// Those whose keys can be chosen, named, in the order of the menus.
    [[nodiscard]] QList<QAction *> keyedActions() const { return m_keyed; }

    QAction *getMail, *getMailHere, *cancelChecks, *workOffline, *addAccount, *accountSettings, *mailbox, *openFile;
    QAction *saveMessage, *print, *storage, *quit;
    QAction *undo, *copy, *selectAll, *findInMessage, *findNext, *search;
    QAction *wide, *tall, *asHtml, *asPlainText, *monospaced, *darkHtml, *zoomIn, *zoomOut, *zoomReset;
    QAction *headers, *source, *systemLook, *lightLook, *darkLook;
    QAction *nextMessage, *previousMessage, *nextUnread, *nextPane, *previousPane;
    QAction *openWindow, *toggleRead, *toggleStar, *archive, *junk, *remove, *saveAttachments, *getWhole;
    QAction *newFolder, *renameFolder, *removeFolder, *emptyFolder, *markAllRead;
    QAction *deletions, *settings, *log, *about;
    QMenu *moveMenu;

    void setJunkMeansNotJunk(bool notJunk);
    void setReadState(bool allRead);
    void setStarState(bool allStarred);

private:
    QAction *make(
        QLatin1StringView iconName, const QString &text, const QKeySequence &keys = {}, const QString &toolTip = {});
    QAction *choice(QActionGroup *group, const QString &text, const QKeySequence &keys = {});
    void makeFileAndEdit();
    void makeView();
    void makeMessageAndFolder();
    void nameActions();

    QMainWindow *m_window;
    QList<QAction *> m_keyed;
};

} // namespace satchel::ui
