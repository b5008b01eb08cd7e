// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

#include <memory>

namespace satchel {

/// Makes an event of what asks the program to end from outside: SIGTERM, SIGINT and SIGHUP (on Windows Ctrl+C and the
/// closing of the console), and the end of the desktop's session. One object of a program; it lives on the GUI thread.
/// The second signal ends the program at once, as if nobody had listened.
class EndSignals : public QObject
{
    Q_OBJECT

public:
    explicit EndSignals(QObject *parent = nullptr);
    ~EndSignals() override;

Q_SIGNALS:
    void endWished();

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace satchel
