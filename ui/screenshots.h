// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QString>
#include <QStringList>

#include <memory>

namespace satchel::ui {

class MainWindow;

/// Takes pictures of the main views of a window that is wired to a filled store, one after the other, into a
/// folder: `satchel --screenshot DIR`. Each picture is taken when its view says it is ready, never after a
/// fixed time. Tests look at the same views for themselves, by shown().
class Screenshots : public QObject
{
    Q_OBJECT

public:
    /// \a folder must exist; without one no picture is made. \a window is shown and resized; it has its accounts
    /// (MainWindow::opened()).
    Screenshots(MainWindow &window, const QString &folder, QObject *parent = nullptr);
    ~Screenshots() override;

    /// Each window and dialog is made as small as it gets before its picture is taken.
    void setSmallest(bool smallest);
    void start();

Q_SIGNALS:
    void shown(const QString &name); ///< this view is ready; it stays until the signal has been dealt with
    void taken(const QString &fileName);
    void finished(const QStringList &fileNames);
    void failed(const QString &reason); ///< a file could not be written, or a view did not become ready

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace satchel::ui
