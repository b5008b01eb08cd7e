// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>

#include <expected>

namespace satchel {

/// What the program was asked for.
struct CommandLine {
    QString profile; ///< empty: the usual place
    bool fetch = false; ///< check all accounts without a window
    QStringList accounts; ///< with fetch: only these, by name or address
    bool fetchAtStart = false;
    bool check = false; ///< the store, without a window
    bool repair = false;
    bool offline = false;
    QString recordFile; ///< transcripts of what is said to servers; empty: none
    QString accountFile; ///< JSON; adds the account it describes unless it is there
    QString screenshotFolder;
    bool pseudo = false; ///< every text accented and 40 % longer
    bool smallest = false; ///< with screenshotFolder: each window as small as it gets
    QStringList messageFiles; ///< .eml, each shown in a window of its own
};

/// Where the program goes on after its arguments were read: do what they say, or print a text and end.
struct Ending {
    QString text;
    int status = 0;
};

/// Needs a QCoreApplication. Status 64 for arguments that make no sense (sysexits.h EX_USAGE).
[[nodiscard]] std::expected<CommandLine, Ending> parseCommandLine(const QStringList &arguments);

} // namespace satchel
