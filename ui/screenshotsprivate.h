// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/message.h"
#include "ui/mainwindow.h"
#include "ui/screenshots.h"
#include "ui/screenshotscene.h"

#include <QPixmap>
#include <QStringList>
#include <QTimer>

#include <functional>

namespace satchel::ui {

/// screenshots.cpp takes the pictures, screenshotscenes.cpp says which of the window, screenshotdialogs.cpp which of
/// the dialogs, screenshotsettings.cpp which of the settings, screenshotmailbox.cpp which of a mailbox on the server,
/// screenshotdiagnosis.cpp which of what went wrong, screenshotaccounts.cpp which of many accounts,
/// screenshotwindows.cpp which of what is seldom seen.
struct Screenshots::Private {
    Private(Screenshots &screenshots, MainWindow &theWindow, const QString &theFolder);

    [[nodiscard]] MainWindow::Private &w() const { return *window.d; }
    [[nodiscard]] bool listIsReady() const;
    [[nodiscard]] bool messageIsReady() const;
    /// The first message whose subject, sender or preview holds one of \a words.
    [[nodiscard]] MessageId find(const QStringList &words) const;
    [[nodiscard]] MessageId findScript(QChar::Script script) const;
    [[nodiscard]] MessageId findFlag(MessageFlag flag) const;
    void select(MessageId id) const;
    void light() const;
    void dark() const;
    /// The dialog where the window system would put it: over the middle of the window.
    [[nodiscard]] QPixmap grabWith(QWidget *dialog) const;
    void add(const QString &name, std::function<void()> prepare, std::function<bool()> isReady = {},
        std::function<QPixmap()> picture = {}, std::function<void()> cleanUp = {});

    void plan();
    void planDialogs();
    void planSettings();
    void planMailbox();
    void planDiagnosis();
    void planAccounts();
    void planBars();
    void planWindows();
    void planSeldomSettings();
    void showManyAccounts() const;
    void next();
    void look();
    void shrink() const;

    Screenshots &q;
    MainWindow &window;
    QString folder;
    QList<Scene> scenes;
    qsizetype at = -1;
    QStringList files;
    QTimer poll;
    QTimer patience;
    bool smallest = false;
    bool shrunk = false; ///< the windows of this scene were made as small as they get
    int calm = 0; ///< how often in a row the view was ready: once is not enough while events wait in the queue
    QList<MessageId> inbox;
};

} // namespace satchel::ui
