// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commandline.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QFileInfo>

namespace satchel {

std::expected<CommandLine, Ending> parseCommandLine(const QStringList &arguments)
{
    const auto tr = [](const char *text) { return QCoreApplication::translate("CommandLine", text); };
    constexpr int usage = 64;

    QCommandLineParser parser;
    parser.setApplicationDescription(tr(QT_TRANSLATE_NOOP("CommandLine",
        "Satchel fetches mail by POP3 and keeps it on this computer, to be read without a network.\n\n"
        "Exit status of --fetch: 0 all accounts were checked; 1 some could not be reached, try again "
        "later; 2 a person is needed (a password, a certificate); 3 the mail store cannot be used.")));
    const QCommandLineOption help = parser.addHelpOption();
    const QCommandLineOption version = parser.addVersionOption();
    const QCommandLineOption profile(QStringLiteral("profile"),
        tr(QT_TRANSLATE_NOOP("CommandLine", "Keep mail and settings in this folder.")),
        tr(QT_TRANSLATE_NOOP("CommandLine", "folder")));
    const QCommandLineOption fetch(QStringLiteral("fetch"),
        tr(QT_TRANSLATE_NOOP("CommandLine",
            "Check for mail without a window, then end; for the accounts given by name or "
            "address, or all.")));
    const QCommandLineOption fetchAtStart(QStringLiteral("fetch-at-start"),
        tr(QT_TRANSLATE_NOOP("CommandLine", "Open the window and check for mail at once.")));
    const QCommandLineOption check(QStringLiteral("check"),
        tr(QT_TRANSLATE_NOOP("CommandLine",
            "Read every message and say whether the mail on this computer is whole, then end. "
            "Status 3: it is damaged.")));
    const QCommandLineOption repair(QStringLiteral("repair"),
        tr(QT_TRANSLATE_NOOP("CommandLine",
            "Save every message that can be read out of a damaged file into a new one, then end. "
            "The damaged file is kept.")));
    const QCommandLineOption offline(
        QStringLiteral("offline"), tr(QT_TRANSLATE_NOOP("CommandLine", "Open the window and stay offline.")));
    const QCommandLineOption accountFile(QStringLiteral("account-file"),
        tr(QT_TRANSLATE_NOOP("CommandLine",
            "Add the account that this JSON file describes, unless it is there. Its password "
            "is taken from SATCHEL_DEMO_PASSWORD, for this run only.")),
        tr(QT_TRANSLATE_NOOP("CommandLine", "file")));
    const QCommandLineOption screenshot(QStringLiteral("screenshot"),
        tr(QT_TRANSLATE_NOOP("CommandLine", "Take pictures of the main views into this folder, then end.")),
        tr(QT_TRANSLATE_NOOP("CommandLine", "folder")));
    const QCommandLineOption pseudo(QStringLiteral("pseudo"),
        tr(QT_TRANSLATE_NOOP(
            "CommandLine", "Show every text with accents and 40 % longer, as a translation might be.")));
    const QCommandLineOption smallest(QStringLiteral("smallest"),
        tr(QT_TRANSLATE_NOOP("CommandLine", "With --screenshot: make each window as small as it gets.")));
    const QCommandLineOption record(QStringLiteral("record"),
        tr(QT_TRANSLATE_NOOP("CommandLine",
            "Write what is said to the servers to this file, for a bug report: without names, "
            "passwords and what messages say.")),
        tr(QT_TRANSLATE_NOOP("CommandLine", "file")));
    parser.addOptions(
        {record, profile, fetch, fetchAtStart, check, repair, offline, accountFile, screenshot, pseudo, smallest});
    parser.addPositionalArgument(QStringLiteral("file"),
        tr(QT_TRANSLATE_NOOP("CommandLine", "Message files (.eml) to show; with --fetch: accounts.")),
        QStringLiteral("[file...]"));

    if (!parser.parse(arguments))
        return std::unexpected(Ending{parser.errorText() + QLatin1Char('\n'), usage});
    if (parser.isSet(help))
        return std::unexpected(Ending{parser.helpText(), 0});
    if (parser.isSet(version)) {
        return std::unexpected(Ending{QCoreApplication::applicationName() + QLatin1Char(' ')
                + QCoreApplication::applicationVersion() + QLatin1Char('\n'),
            0});
    }

    CommandLine line;
    line.profile = parser.value(profile);
    line.fetch = parser.isSet(fetch);
    line.fetchAtStart = parser.isSet(fetchAtStart);
    line.check = parser.isSet(check);
    line.repair = parser.isSet(repair);
    line.offline = parser.isSet(offline);
    line.accountFile = parser.value(accountFile);
    line.screenshotFolder = parser.value(screenshot);
    line.recordFile = parser.value(record);
    line.pseudo = parser.isSet(pseudo);
    line.smallest = parser.isSet(smallest);
    if (line.fetch)
        line.accounts = parser.positionalArguments();
    else
        line.messageFiles = parser.positionalArguments();

    if (int(line.check) + int(line.repair) + int(line.fetch || line.fetchAtStart || line.offline) > 1) {
        return std::unexpected(
            Ending{tr(QT_TRANSLATE_NOOP("CommandLine", "--check and --repair are done alone.\n")), usage});
    }
    if (line.offline && (line.fetch || line.fetchAtStart)) {
        return std::unexpected(
            Ending{tr(QT_TRANSLATE_NOOP("CommandLine", "--offline and fetching exclude each other.\n")), usage});
    }
    for (const QString &file : std::as_const(line.messageFiles)) {
        if (!QFileInfo::exists(file)) {
            return std::unexpected(
                Ending{tr(QT_TRANSLATE_NOOP("CommandLine", "There is no file %1.\n")).arg(file), usage});
        }
    }
    return line;
}

} // namespace satchel
