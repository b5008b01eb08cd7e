// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QUrl>

namespace satchel::ui {

/// Hands links and files to the programs that the system has for them, and tells where there is none: a click must
/// never do nothing. Lives on the GUI thread and does not wait.
class SystemOpener : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    void open(const QUrl &url);

Q_SIGNALS:
    void failed(const QUrl &url);

private:
    void openWith(const QString &program, const QUrl &url);
};

} // namespace satchel::ui
