// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/application.h"

#include "app/accountfile.h"
#include "app/statesearch.h"
#include "base/localaccount.h"
#include "ui/mailbox/mailboxwindows.h"
#include "ui/screenshots.h"
#include "ui/settings/preferences.h"

#include <QCoreApplication>
#include <QDir>
#include <QLocale>

#include <algorithm>
#include <utility>

namespace satchel {

using sync::Engine;
using ui::MainWindow;

namespace {

constexpr QLatin1StringView leftOverKey("keychain/leftOver");
constexpr QLatin1StringView ofCertificate("/certificate");
constexpr QLatin1StringView notWanted("/unwanted");

} // namespace

Application::Application(Profile profile, CommandLine commandLine, const Ways &ways, QObject *parent)
    : QObject(parent)
    , m_profile(std::move(profile))
    , m_commandLine(std::move(commandLine))
    , m_settings(m_profile.settingsFile())
    , m_library(m_profile.storeFile())
    , m_window(m_library, m_settings)
    , m_keychain(m_profile.id())
    , m_mail(m_profile.storeFile(), ways)
    , m_keeper(m_profile.storeFile(), m_settings, m_library, *m_mail.engine(), m_window)
{
    m_mail.engine()->setProfileId(m_profile.id());
    wireFacts();
    wireWishes();
    wireWizard();
    wireKeychain();
    connect(&m_settings, &SettingsFile::notSaved, &m_window, &MainWindow::failed);
}

Application::~Application() = default;

void Application::wireFacts()
{
    const Engine *engine = m_mail.engine();
    MainWindow *window = &m_window;
    connect(engine, &Engine::opened, this, &Application::begin);
    connect(engine, &Engine::upgrading, window, &MainWindow::upgrading);
    connect(engine, &Engine::openFailed, window, &MainWindow::openFailed);
    connect(engine, &Engine::accountsChanged, this, &Application::remember);
    connect(engine, &Engine::accountsChanged, window, &MainWindow::accountsChanged);
    connect(engine, &Engine::accountAdded, window, &MainWindow::accountAdded);
    connect(engine, &Engine::arrived, window, &MainWindow::arrived);
    connect(engine, &Engine::changed, window, &MainWindow::changed);
    connect(engine, &Engine::undoable, window, &MainWindow::undoable);
    connect(engine, &Engine::checkStarted, window, &MainWindow::checkStarted);
    connect(engine, &Engine::checkPostponed, window, &MainWindow::checkPostponed);
    connect(engine, &Engine::progressed, window, &MainWindow::progressed);
    connect(engine, &Engine::checked, window, &MainWindow::checked);
    connect(engine, &Engine::forecastMade, window, &MainWindow::forecastMade);
    connect(engine, &Engine::stateChanged, window, &MainWindow::accountState);
    connect(engine, &Engine::serverAnnounced, window, &MainWindow::serverAnnounced);
    connect(engine, &Engine::failed, window, &MainWindow::failed);
    connect(engine, &Engine::wire, window, &MainWindow::wire);
    const ui::MailboxWindows *mailboxes = window->mailboxes();
    connect(engine, &Engine::mailboxPhaseChanged, mailboxes, &ui::MailboxWindows::phaseChanged);
    connect(engine, &Engine::mailboxDelayed, mailboxes, &ui::MailboxWindows::delayed);
    connect(engine, &Engine::mailboxListed, mailboxes, &ui::MailboxWindows::listed);
    connect(engine, &Engine::mailboxHeadersKnown, mailboxes, &ui::MailboxWindows::headersKnown);
    connect(engine, &Engine::mailboxPreviewed, mailboxes, &ui::MailboxWindows::previewed);
    connect(engine, &Engine::mailboxFailed, mailboxes, &ui::MailboxWindows::failed);
}

void Application::wireWishes()
{
    const Engine *engine = m_mail.engine();
    const MainWindow *window = &m_window;
    connect(window, &MainWindow::updateAccountWished, engine, &Engine::updateAccount);
    connect(window, &MainWindow::removeAccountWished, engine, &Engine::removeAccount);
    connect(window, &MainWindow::retireAccountWished, engine, &Engine::retireAccount);
    connect(window, &MainWindow::checkMailWished, engine, &Engine::checkMail);
    connect(window, &MainWindow::deleteHeldBackWished, engine, &Engine::deleteHeldBack);
    connect(window, &MainWindow::consentToDeletionsWished, engine, &Engine::consentToDeletions);
    connect(window, &MainWindow::forecastWished, engine, &Engine::makeForecast);
    connect(window, &MainWindow::retryFailedWished, engine, &Engine::retryFailed);
    connect(window, &MainWindow::fetchElsewhereWished, engine, &Engine::fetchElsewhere);
    connect(window, &MainWindow::cancelCheckWished, engine, &Engine::cancelCheck);
    connect(window, &MainWindow::offlineWished, engine, &Engine::setOffline);
    connect(window, &MainWindow::setFlagsWished, engine, &Engine::setFlags);
    connect(window, &MainWindow::moveMessagesWished, engine, &Engine::moveMessages);
    connect(window, &MainWindow::moveToRoleWished, engine, &Engine::moveToRole);
    connect(window, &MainWindow::deleteMessagesWished, engine, &Engine::deleteMessages);
    connect(window, &MainWindow::emptyFolderWished, engine, &Engine::emptyFolder);
    connect(window, &MainWindow::getWholeWished, engine, &Engine::getWhole);
    connect(window, &MainWindow::refuseRestWished, engine, &Engine::refuseRest);
    connect(window, &MainWindow::undoWished, engine, &Engine::undo);
    connect(window, &MainWindow::addFolderWished, engine, &Engine::addFolder);
    connect(window, &MainWindow::renameFolderWished, engine, &Engine::renameFolder);
    connect(window, &MainWindow::removeFolderWished, engine, &Engine::removeFolder);

    const ui::MailboxWindows *mailboxes = window->mailboxes();
    connect(mailboxes, &ui::MailboxWindows::openWished, engine, &Engine::openMailbox);
    connect(mailboxes, &ui::MailboxWindows::closeWished, engine, &Engine::closeMailbox);
    connect(mailboxes, &ui::MailboxWindows::headersWished, engine, &Engine::wantHeaders);
    connect(mailboxes, &ui::MailboxWindows::previewWished, engine, &Engine::wantPreview);
    connect(mailboxes, &ui::MailboxWindows::applyWished, engine, &Engine::applyToMailbox);
    connect(window, &MainWindow::addAccountWished, this, &Application::addAccount);
    connect(window, &MainWindow::passwordGiven, this,
        [this](AccountId account, const QString &password, bool keep, bool andCheck) {
            takeSecret(account, Secret::Password, password, keep, andCheck);
        });
    connect(window, &MainWindow::passphraseGiven, this,
        [this](AccountId account, const QString &passphrase, bool keep, bool andCheck) {
            takeSecret(account, Secret::Passphrase, passphrase, keep, andCheck);
        });
    connect(window, &MainWindow::closing, this, [this] { end(0); });
    connect(window, &MainWindow::elsewhereAnswered, this, [this](const AccountSettings &settings, bool leaveThem) {
        const auto waiting = std::ranges::find(m_newAccounts, settings, &NewAccount::settings);
        if (waiting == m_newAccounts.end())
            return;
        const NewAccount account = m_newAccounts.takeAt(waiting - m_newAccounts.begin());
        finishAdding(account, leaveThem ? account.fetched : QList<FetchedElsewhere>());
    });
    connect(this, &Application::addAccountWished, engine, &Engine::addAccountKnowing);
    connect(this, &Application::credentialsKnown, engine, &Engine::setCredentials);
    connect(this, &Application::secretsChanged, engine, &Engine::forgetCredentials);
    connect(this, &Application::credentialsRefused, engine, &Engine::refuseCredentials);
    connect(this, &Application::checkWished, engine, &Engine::checkMail);
    connect(this, &Application::scheduleWished, engine, &Engine::setScheduled);
    connect(this, &Application::waitWished, engine, &Engine::waitForIntervals);
    connect(&m_network, &NetworkWatch::returned, this, [this] {
        if (ui::Preferences::load(m_settings).checksWhenOnline)
            Q_EMIT networkReturned();
    });
    connect(this, &Application::networkReturned, engine, &Engine::noteNetworkReturned);
    connect(&m_mail, &MailThread::stopped, this, [this] { Q_EMIT finished(m_status); });
}

void Application::wireWizard()
{
    const Engine *engine = m_mail.engine();
    autoconfig::Discovery *discovery = m_mail.discovery();
    MainWindow *window = &m_window;
    connect(window, &MainWindow::findSettingsWished, discovery, &autoconfig::Discovery::find);
    connect(window, &MainWindow::cancelFindWished, discovery, &autoconfig::Discovery::cancel);
    connect(window, &MainWindow::offlineWished, discovery, &autoconfig::Discovery::setOffline);
    connect(discovery, &autoconfig::Discovery::progressed, window, &MainWindow::searchProgressed);
    connect(discovery, &autoconfig::Discovery::found, window, &MainWindow::settingsFound);
    connect(discovery, &autoconfig::Discovery::notFound, window, &MainWindow::settingsNotFound);

    connect(window, &MainWindow::tryAccountWished, this,
        [this](int number, const AccountSettings &settings, const QString &password) {
            if (settings.tokenProgram.isEmpty()) {
                Q_EMIT tryAccountWished(number, settings, {settings.userName, password, {}});
                return;
            }
            m_trial = {number, settings};
            m_secrets.gather(settings); // it has no id yet
        });
    connect(&m_secrets, &AccountSecrets::ready, this, [this](AccountId account, const net::Credentials &credentials) {
        if (!account.isValid() && m_trial)
            Q_EMIT tryAccountWished(m_trial->number, m_trial->settings, credentials);
    });
    connect(&m_secrets, &AccountSecrets::tokenMissing, this, [this](AccountId account, const Error &error) {
        if (!account.isValid() && m_trial)
            m_window.tried(m_trial->number, {.messages = 0, .bytes = 0, .encrypted = false, .error = error});
    });
    connect(window, &MainWindow::cancelTrialWished, this, [this] {
        m_trial.reset();
        m_secrets.cancel({});
    });
    connect(this, &Application::tryAccountWished, engine, &Engine::tryAccount);
    connect(window, &MainWindow::cancelTrialWished, engine, &Engine::cancelTrial);
    connect(engine, &Engine::trialProgressed, window, &MainWindow::trialProgressed);
    connect(engine, &Engine::tried, window, &MainWindow::tried);
    connect(window, &MainWindow::sampleMailWished, engine, &Engine::addSampleMail);
}

void Application::wireKeychain()
{
    connect(m_mail.engine(), &Engine::credentialsNeeded, this,
        [this](AccountId account) { m_secrets.gather(m_accounts.value(account)); });
    connect(&m_secrets, &AccountSecrets::ready, this, &Application::credentialsKnown);
    connect(&m_secrets, &AccountSecrets::ready, &m_window, &MainWindow::passwordKnown);
    connect(m_mail.engine(), &Engine::tokenRefused, this,
        [this](AccountId account) { m_secrets.gather(m_accounts.value(account)); });
    connect(&m_secrets, &AccountSecrets::passwordMissing, &m_window, &MainWindow::askPassword);
    connect(&m_secrets, &AccountSecrets::tokenMissing, this, &Application::credentialsRefused);
    connect(m_mail.engine(), &Engine::checked, this, [this](const sync::CheckResult &result) {
        if (result.error && result.error->kind == ErrorKind::Cancelled)
            m_secrets.cancel(result.account);
        if (result.error && result.error->kind == ErrorKind::PassphraseMissing)
            m_window.askPassphrase(result.account);
    });
    const auto works = [this] {
        m_keychainUsable = true;
        m_window.setKeychainAvailable(true);
    };
    connect(&m_secrets, &AccountSecrets::keychainAnswered, this, works);
    connect(&m_secrets, &AccountSecrets::keychainFailed, this, &Application::tellOfKeychain);
    connect(&m_keychain, &Keychain::written, this, works);
    connect(&m_keychain, &Keychain::notWritten, this, [this](AccountId, Secret, const KeychainProblem &problem) {
        tellOfKeychain(problem);
        m_window.failed({ErrorKind::KeychainUnavailable, problem.text, ErrorAction::None, {}, {}});
    });
    connect(&m_keychain, &Keychain::removed, this,
        [this](AccountId account, Secret secret) { rememberLeftOver(account, secret, false, false); });
    connect(
        &m_keychain, &Keychain::notRemoved, this, [this](AccountId account, Secret, const KeychainProblem &problem) {
            // Said once; in later runs it is tried again without a word.
            if (m_removed.remove(account) && problem.kind == KeychainProblem::Kind::Locked)
                m_window.failed({ErrorKind::KeychainUnavailable, problem.text, ErrorAction::None, {}, {}});
        });
}

/// A locked keyring can be unlocked when there is something to save; without one there is nothing to offer.
void Application::tellOfKeychain(const KeychainProblem &problem)
{
    m_keychainUsable = problem.kind == KeychainProblem::Kind::Locked;
    m_window.setKeychainAvailable(m_keychainUsable, problem.text);
}

/// Secrets that nobody needs any more, while the keychain may still hold them. One line each: the number of the
/// account, for a passphrase with a word behind it, and with another where the person does not want it kept.
void Application::rememberLeftOver(AccountId account, Secret secret, bool leftOver, bool unwanted)
{
    QStringList all = m_settings.value(leftOverKey).toStringList();
    const QString line =
        QString::number(account.value) + (secret == Secret::Passphrase ? ofCertificate : QLatin1StringView());
    all.removeAll(line);
    all.removeAll(line + notWanted);
    if (leftOver)
        all.append(unwanted ? line + notWanted : line);
    if (all.isEmpty())
        m_settings.remove(leftOverKey);
    else
        m_settings.setValue(leftOverKey, all);
}

void Application::removeLeftOver()
{
    for (const QString &line : m_settings.value(leftOverKey).toStringList()) {
        const Secret secret = line.contains(ofCertificate) ? Secret::Passphrase : Secret::Password;
        const AccountId account{line.section(u'/', 0, 0).toLongLong()};
        const AccountSettings settings = m_accounts.value(account);
        const bool isNeeded = !line.endsWith(notWanted) && m_accounts.contains(account) && hasServer(settings)
            && (secret == Secret::Password || !settings.certificateFile.isEmpty());
        if (isNeeded) // the store of another day was put back
            rememberLeftOver(account, secret, false, false);
        else
            m_keychain.remove(account, secret);
    }
}

void Application::removeSecret(AccountId account, Secret secret, bool unwanted)
{
    m_secrets.forget(account, secret);
    m_removed.insert(account);
    rememberLeftOver(account, secret, true, unwanted);
    m_keychain.remove(account, secret);
}

bool Application::startsOffline() const
{
    return m_commandLine.offline || ui::Preferences::load(m_settings).startsOffline;
}

void Application::start()
{
    m_window.setOffline(startsOffline());
    if (m_commandLine.screenshotFolder.isEmpty())
        m_window.show();
    m_mail.start();
}

void Application::begin(const QList<AccountSettings> &accounts)
{
    m_window.opened(accounts);
    // In a store that was put in its place, accounts may be missing; their secrets stay, as the other may come back.
    if (m_begun)
        m_accounts.clear();
    remember(accounts);
    if (std::exchange(m_begun, true)) {
        Q_EMIT scheduleWished(true);
        return;
    }
    if (const std::optional<QString> notice = m_profile.notice())
        m_window.failed({ErrorKind::FileUnreadable, *notice, ErrorAction::None, {}, {}});
    removeLeftOver();
    if (startsOffline())
        Q_EMIT m_window.offlineWished(true);
    if (!ui::Preferences::load(m_settings).checksAtStart)
        Q_EMIT waitWished();

    if (!m_commandLine.accountFile.isEmpty()) {
        const Expected<AccountSettings> account = readAccountFile(m_commandLine.accountFile);
        const QString password = qEnvironmentVariable("SATCHEL_DEMO_PASSWORD");
        if (!account) {
            m_window.failed(account.error());
        } else {
            const auto same = std::find_if(accounts.begin(), accounts.end(),
                [&account](const AccountSettings &other) { return other.address == account->address; });
            if (same == accounts.end())
                finishAdding({*account, password, false, {}}, {});
            else if (!password.isEmpty())
                m_secrets.type(same->id, Secret::Password, password);
        }
    }
    for (const QString &file : m_commandLine.messageFiles)
        m_window.openFile(file);
    if (!m_commandLine.screenshotFolder.isEmpty()) {
        takePictures();
    } else {
        Q_EMIT scheduleWished(true);
        // Whoever opened a message wants to read it first.
        if (m_commandLine.accountFile.isEmpty() && m_commandLine.messageFiles.isEmpty())
            m_window.greet();
        m_keeper.storeOpened();
    }
    if (m_commandLine.fetchAtStart)
        Q_EMIT checkWished({});
}

void Application::remember(const QList<AccountSettings> &accounts)
{
    const QHash<AccountId, AccountSettings> before = std::exchange(m_accounts, {});
    QHash<AccountId, autoconfig::Proposal> providers;
    for (const AccountSettings &account : accounts) {
        if (const std::optional<autoconfig::Proposal> known = m_providers.forServerOf(account))
            providers.insert(account.id, *known);
    }
    m_window.providersKnown(providers);
    for (const AccountSettings &account : accounts) {
        m_accounts.insert(account.id, account);
        if (before.contains(account.id))
            continue;
        const auto secret = std::find_if(m_newSecrets.begin(), m_newSecrets.end(),
            [&account](const NewSecret &candidate) { return candidate.address == account.address; });
        if (secret != m_newSecrets.end()) {
            m_secrets.type(account.id, Secret::Password, secret->password);
            if (secret->keep)
                m_keychain.write(account.id, Secret::Password, secret->password);
            m_newSecrets.erase(secret);
        }
    }
    // Known by its number, a secret stays with its account whatever that is called, and goes with it.
    for (const AccountId account : before.keys()) {
        // One whose server was given up has none to log in to.
        const bool givenUp = !hasServer(m_accounts.value(account)) && hasServer(before.value(account));
        const bool gone = !m_accounts.contains(account) || givenUp;
        if (gone)
            removeSecret(account, Secret::Password);
        if (gone
            || (m_accounts.value(account).certificateFile.isEmpty()
                && !before.value(account).certificateFile.isEmpty()))
            removeSecret(account, Secret::Passphrase);
    }
}

void Application::addAccount(const AccountSettings &settings, const QString &password, bool keep)
{
    searchFetchedElsewhere(exchange::StatePlaces::ofThisUser(), settings.host, settings.userName)
        .then(this, [this, account = NewAccount{settings, password, keep, {}}](const QList<FetchedElsewhere> &fetched) {
            if (fetched.isEmpty()) {
                finishAdding(account, {});
                return;
            }
            QStringList programs;
            int count = 0;
            for (const FetchedElsewhere &program : fetched) {
                if (!programs.contains(program.program))
                    programs.append(program.program);
                count = qMax(count, int(program.uidls.size()));
            }
            m_newAccounts.append(account);
            m_newAccounts.last().fetched = fetched;
            m_window.askElsewhere(account.settings, QLocale().createSeparatedList(programs), count);
        });
}

void Application::finishAdding(const NewAccount &account, const QList<FetchedElsewhere> &fetched)
{
    if (!account.password.isEmpty())
        m_newSecrets.append({account.settings.address, account.password, account.keep});
    net::Credentials credentials;
    credentials.userName = account.settings.userName;
    credentials.password = account.password;
    Q_EMIT addAccountWished(account.settings, credentials, fetched);
}

void Application::takeSecret(AccountId account, Secret secret, const QString &text, bool keep, bool andCheck)
{
    if (!text.isEmpty() && keep) {
        rememberLeftOver(account, secret, false, false);
        m_keychain.write(account, secret, text);
    } else if (text.isEmpty() || m_keychainUsable) { // else nobody could have wanted it kept
        removeSecret(account, secret, true); // what the keychain holds is an old one
    }
    m_secrets.type(account, secret, text);
    // The next check asks for all that the account needs by then.
    Q_EMIT secretsChanged(account);
    if (andCheck)
        Q_EMIT checkWished({account});
}

void Application::obey(const CommandLine &commandLine)
{
    for (const QString &file : commandLine.messageFiles)
        m_window.openFile(file);
    if (commandLine.fetchAtStart)
        Q_EMIT checkWished({});
    if (!commandLine.fetch && commandLine.messageFiles.isEmpty())
        m_window.present();
}

void Application::takePictures()
{
    if (!QDir().mkpath(m_commandLine.screenshotFolder)) {
        QTextStream(stderr)
            << tr("The folder %1 for the pictures could not be made.").arg(m_commandLine.screenshotFolder) << '\n';
        end(1);
        return;
    }
    auto *pictures = new ui::Screenshots(m_window, m_commandLine.screenshotFolder, this);
    pictures->setSmallest(m_commandLine.smallest);
    connect(pictures, &ui::Screenshots::finished, this, [this] { end(0); });
    connect(pictures, &ui::Screenshots::failed, this, [this](const QString &reason) {
        QTextStream(stderr) << reason << '\n';
        end(1);
    });
    if (m_commandLine.fetchAtStart) {
        connect(m_mail.engine(), &Engine::checked, pictures, [this, pictures](const sync::CheckResult &result) {
            if (result.error) {
                QTextStream(stderr) << result.error->text << ' ' << result.error->detail << '\n';
                end(1);
            } else {
                pictures->start();
            }
        });
    } else {
        pictures->start();
    }
}

void Application::end(int status)
{
    // Where the bar is not seen any more.
    const bool failedBefore = m_settings.isFailing();
    if (!m_settings.save() && !failedBefore)
        QTextStream(stderr) << tr("Your settings could not be saved.") << '\n';
    m_status = status;
    m_mail.stop();
}

} // namespace satchel
