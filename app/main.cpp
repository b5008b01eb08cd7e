// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/accountfile.h"
#include "app/application.h"
#include "app/carecommand.h"
#include "app/commandline.h"
#include "app/endsignals.h"
#include "app/fetchcommand.h"
#include "app/profile.h"
#include "app/recordfile.h"
#include "app/singleinstance.h"
#include "ui/startproblem.h"
#include "ui/theme/edgedstyle.h"
#include "ui/theme/pseudotranslator.h"

#include <QApplication>
#include <QDir>
#include <QFileInfo>
#include <QIcon>
#include <QLibraryInfo>
#include <QLocale>
#include <QTextStream>
#include <QTranslator>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <expected>
#include <memory>
#include <optional>

namespace {

using namespace satchel;

constexpr int instanceTimeoutMs = 10'000; ///< a window that draws a large message answers late

void installTranslations(QCoreApplication &application)
{
    auto *qt = new QTranslator(&application);
    if (qt->load(QLocale(), QStringLiteral("qtbase"), QStringLiteral("_"),
            QLibraryInfo::path(QLibraryInfo::TranslationsPath)))
        QCoreApplication::installTranslator(qt);
    // The counted forms of the source language, for texts that a translation lacks.
    auto *source = new QTranslator(&application);
    if (source->load(QStringLiteral(":/i18n/satchel_en.qm")))
        QCoreApplication::installTranslator(source);
    auto *ours = new QTranslator(&application);
    if (ours->load(QLocale(), QStringLiteral("satchel"), QStringLiteral("_"), QStringLiteral(":/i18n")))
        QCoreApplication::installTranslator(ours);
}

void describe(QCoreApplication &application)
{
    QCoreApplication::setOrganizationName(QString());
    QCoreApplication::setApplicationName(QStringLiteral("satchel"));
    QCoreApplication::setApplicationVersion(QStringLiteral(SATCHEL_VERSION));
    installTranslations(application);
}

int print(const Ending &ending)
{
    QTextStream(ending.status == 0 ? stdout : stderr) << ending.text;
    return ending.status;
}

int refuse(const Error &error)
{
    QTextStream(stderr) << error.text << '\n';
    return FetchCommand::StoreUnusable;
}

/// Empty: the usual ones.
Expected<sync::TransportFactory> transportsFor(const CommandLine &line)
{
    return line.recordFile.isEmpty() ? sync::TransportFactory() : recordingTransports(line.recordFile);
}

/// The arguments in a form that another process can follow: its current folder may be another one.
QByteArray encode(CommandLine line)
{
    for (QString &file : line.messageFiles)
        file = QFileInfo(file).absoluteFilePath();
    QString wish = QStringLiteral("show");
    if (line.fetch)
        wish = QStringLiteral("fetch");
    else if (line.fetchAtStart)
        wish = QStringLiteral("show-and-fetch");
    QStringList words{wish};
    words += line.messageFiles;
    return words.join(QChar(u'\0')).toUtf8();
}

CommandLine decode(const QByteArray &message)
{
    QStringList words = QString::fromUtf8(message).split(QChar(u'\0'));
    CommandLine line;
    const QString wish = words.takeFirst();
    line.fetch = wish == QLatin1String("fetch");
    line.fetchAtStart = line.fetch || wish == QLatin1String("show-and-fetch");
    line.messageFiles = words;
    return line;
}

/// Hands a wish to the Satchel whose window is open with this profile; false when there is none, or it is silent.
bool tellFirst(const Profile &profile, const CommandLine &line)
{
    SingleInstance instance(profile.instanceName());
    return !instance.isFirst() && instance.tell(encode(line), instanceTimeoutMs) == SingleInstance::Answer::Taken;
}

int fetch(QCoreApplication &application, const CommandLine &line)
{
    const Expected<Profile> profile = Profile::open(line.profile);
    if (!profile)
        return refuse(profile.error());
    AccountSettings account;
    if (!line.accountFile.isEmpty()) {
        const Expected<AccountSettings> read = readAccountFile(line.accountFile);
        if (!read)
            return refuse(read.error());
        account = *read;
    }
    const Expected<sync::TransportFactory> transports = transportsFor(line);
    if (!transports)
        return refuse(transports.error());
    FetchCommand command(*profile, line.accounts, account, qEnvironmentVariable("SATCHEL_DEMO_PASSWORD"), *transports);
    QObject::connect(&command, &FetchCommand::finished, &application, &QCoreApplication::exit, Qt::QueuedConnection);
    const EndSignals signalsOfTheEnd;
    QObject::connect(
        &signalsOfTheEnd, &EndSignals::endWished, &command, [&command] { command.end(FetchCommand::TryAgain); });
    QObject::connect(&command, &FetchCommand::storeLocked, &command, [&] {
        QTextStream out(stderr);
        CommandLine fetchNow;
        fetchNow.fetch = true;
        if (tellFirst(*profile, fetchNow)) {
            out << QCoreApplication::translate("main", "Satchel is open with this profile; it checks for mail now.\n");
            command.end(FetchCommand::Success);
        } else {
            out << QCoreApplication::translate(
                "main", "Another Satchel is fetching mail into this profile; it was left alone.\n");
            command.end(FetchCommand::TryAgain);
        }
    });
    command.start();
    return QCoreApplication::exec();
}

int care(const CommandLine &line)
{
    const Expected<Profile> profile = Profile::open(line.profile);
    if (!profile)
        return refuse(profile.error());
    return runCare(*profile, line.repair ? sync::CareTask::Repair : sync::CareTask::FullCheck);
}

/// What stops the start is said on the terminal and in a window; false where it is to end there.
bool tryAgain(const Error &error, const CommandLine &line)
{
    refuse(error);
    return line.screenshotFolder.isEmpty() && ui::StartProblem(error.text).wishesToTryAgain();
}

/// The profile, as soon as it can be used; nothing where the person gave up.
std::optional<Profile> openProfile(const CommandLine &line)
{
    for (;;) {
        const Expected<Profile> profile = Profile::open(line.profile);
        if (profile)
            return *profile;
        if (!tryAgain(profile.error(), line))
            return std::nullopt;
    }
}

/// This program as the only one with \a profile; nothing where another has taken over, with the exit status then.
std::expected<std::unique_ptr<SingleInstance>, int> claim(const Profile &profile, const CommandLine &line)
{
    for (;;) {
        auto instance = std::make_unique<SingleInstance>(profile.instanceName());
        if (instance->isFirst())
            return instance;
        const SingleInstance::Answer answer = instance->tell(encode(line), instanceTimeoutMs);
        if (answer == SingleInstance::Answer::Taken)
            return std::unexpected(0);
        const Error silent{ErrorKind::StoreLocked,
            QCoreApplication::translate("main",
                "Satchel is already running with this profile, but it does not answer. Wait a moment and try again, or "
                "end it first."),
            ErrorAction::Retry, {}, {}};
        instance.reset();
        if (answer == SingleInstance::Answer::Silent && !tryAgain(silent, line))
            return std::unexpected(int(FetchCommand::StoreUnusable));
    }
}

int showWindow(QApplication &application, const CommandLine &line)
{
    if (line.pseudo)
        QCoreApplication::installTranslator(new ui::PseudoTranslator(&application));
    // A question before the window ends with the program.
    const EndSignals signalsOfTheEnd;
    QObject::connect(&signalsOfTheEnd, &EndSignals::endWished, &application, [] {
        if (auto *question = qobject_cast<QDialog *>(QApplication::activeModalWidget()))
            question->reject();
    });
    const std::optional<Profile> profile = openProfile(line);
    if (!profile)
        return FetchCommand::StoreUnusable;
    const auto instance = claim(*profile, line);
    if (!instance)
        return instance.error();

    const Expected<sync::TransportFactory> transports = transportsFor(line);
    if (!transports)
        return refuse(transports.error());
    Application satchelApplication(*profile, line, {.discovery = {}, .connectTo = *transports});
    QObject::connect(instance->get(), &SingleInstance::told, &satchelApplication,
        [&satchelApplication](const QByteArray &message) { satchelApplication.obey(decode(message)); });
    QObject::connect(
        &satchelApplication, &Application::finished, &application, &QCoreApplication::exit, Qt::QueuedConnection);
    QObject::connect(&signalsOfTheEnd, &EndSignals::endWished, &satchelApplication.window(), &QWidget::close);
    satchelApplication.start();
    const int status = QApplication::exec();
    // All is stored. A backup that is half made is thrown away at the next start; nobody should wait for it.
    if (!satchelApplication.endCare())
        std::_Exit(status);
    return status;
}

bool hasArgument(int argc, char **argv, const char *name)
{
    return std::any_of(
        argv + 1, argv + argc, [name](const char *argument) { return std::strcmp(argument, name) == 0; });
}

} // namespace

int main(int argc, char **argv)
{
    // Without a window there must be no need for a display either.
    const bool windowless = hasArgument(argc, argv, "--fetch") || hasArgument(argc, argv, "--check")
        || hasArgument(argc, argv, "--repair") || hasArgument(argc, argv, "--help") || hasArgument(argc, argv, "-h")
        || hasArgument(argc, argv, "--version") || hasArgument(argc, argv, "-v");
    if (windowless) {
        QCoreApplication application(argc, argv);
        describe(application);
        const auto line = parseCommandLine(QCoreApplication::arguments());
        if (!line)
            return print(line.error());
        return line->check || line->repair ? care(*line) : fetch(application, *line);
    }
    QApplication application(argc, argv);
    describe(application);
    ui::useEdgedStyle();
    QApplication::setApplicationDisplayName(QStringLiteral("Satchel"));
    QGuiApplication::setDesktopFileName(QStringLiteral("org.satchel.Satchel"));
    QApplication::setWindowIcon(QIcon(QStringLiteral(":/icons/satchel.svg")));
    // The window closing is a wish; the program ends when the store is closed.
    QApplication::setQuitOnLastWindowClosed(false);
    const auto line = parseCommandLine(QCoreApplication::arguments());
    return line ? showWindow(application, *line) : print(line.error());
}
