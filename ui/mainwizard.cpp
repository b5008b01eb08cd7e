// SPDX-License-Identifier: GPL-3.0-or-later
// The way to an account: the wizard, and sample mail to look around in.
#include "base/localaccount.h"
#include "ui/bars/emptystate.h"
#include "ui/bars/messagebar.h"
#include "ui/bars/notebar.h"
#include "ui/dialogs/signinhelp.h"
#include "ui/folders/folderpane.h"
#include "ui/mainwindowprivate.h"
#include "ui/wizard/accountwizard.h"
#include "ui/wizard/advice.h"

#include <QPushButton>
#include <QSettings>
#include <QSplitter>
#include <QStackedWidget>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace satchel::ui {

void MainWindow::Private::connectWelcome()
{
    QObject::connect(welcome, &EmptyState::buttonClicked, &q, [this] {
        if (openError && openError->action == ErrorAction::Retry)
            Q_EMIT q.openAgainWished();
        else if (openError)
            dealWith({}, *openError);
        else
            q.addAccount();
    });
    QObject::connect(welcome, &EmptyState::secondClicked, &q, &MainWindow::sampleMailWished);
    sampleBar->setText(
        MainWindow::tr("This is sample mail to look around in. None of it is yours, and no server is asked "
                       "for more."));
    sampleBar->setVisible(false);
    QPushButton *add = sampleBar->addButton(MainWindow::tr("Add your a&ccount…"));
    QPushButton *remove = sampleBar->addButton(MainWindow::tr("&Remove sample mail…"));
    QObject::connect(add, &QPushButton::clicked, &q, &MainWindow::addAccount);
    QObject::connect(remove, &QPushButton::clicked, &q, [this] {
        if (const auto sample = std::ranges::find_if(accounts, isSample); sample != accounts.end())
            folderPane->askRemoveAccount(sample->id);
    });
}

void MainWindow::Private::showSampleBar()
{
    const bool nothingElse = accounts.size() == 1 && isSample(accounts.constFirst());
    sampleBar->setVisible(
        pages->currentWidget() == outer && (nothingElse || isSample(account(folderPane->currentFolder().account))));
}

/// What the provider is known for says more than the bare refusal at its door (Q19).
Error MainWindow::Private::explained(const sync::CheckResult &result) const
{
    Error error = *result.error;
    const bool refusedAtLogin =
        !result.server && (error.kind == ErrorKind::AuthenticationFailed || error.kind == ErrorKind::ServerRefused);
    const auto provider = providers.constFind(result.account);
    // A certificate or an access token was refused, and what is known of passwords says nothing of those.
    if (error.kind == ErrorKind::AuthenticationFailed && error.action != ErrorAction::EnterPassword)
        return error;
    if (!refusedAtLogin || provider == providers.cend() || provider->hints.isEmpty())
        return error;
    error.text = adviceFor(error, account(result.account), *provider).sentence;
    error.action = ErrorAction::ShowSteps;
    return error;
}

void MainWindow::Private::showSteps(AccountId id, const Error &error)
{
    const AccountSettings refused = account(id);
    const auto provider = providers.constFind(id);
    if (!refused.id.isValid() || provider == providers.cend())
        return;
    Advice advice = adviceFor(error, refused, *provider);
    advice.asksPassword = advice.asksPassword && provider->signIn != autoconfig::SignIn::OAuth;
    auto *help = new SignInHelp(refused.name, advice, &q);
    signInHelp = help;
    QObject::connect(help, &SignInHelp::passwordWished, &q, [this, id] { q.askPassword(id); });
    QObject::connect(help, &SignInHelp::settingsWished, &q, [this, id] { q.editAccount(id); });
    // Reading it leaves the problem where it was.
    QObject::connect(help, &QDialog::rejected, &q, [this, id, error] { messageBar->add(id, account(id).name, error); });
    help->open();
}

void MainWindow::providersKnown(const QHash<AccountId, autoconfig::Proposal> &providers)
{
    d->providers = providers;
}

bool MainWindow::Private::hasAnyServer() const
{
    return std::ranges::any_of(accounts, hasServer);
}

void MainWindow::greet()
{
    const QString key = u"window/greeted"_s;
    if (!d->accounts.isEmpty() || d->settings.value(key).toBool())
        return;
    d->settings.setValue(key, true);
    addAccount();
}

void MainWindow::addAccount()
{
    if (d->wizard && d->wizard->isVisible()) {
        d->wizard->raise();
        d->wizard->activateWindow();
        return;
    }
    WizardContext context;
    context.accounts = d->accounts;
    context.keychainAvailable = d->keychainAvailable;
    context.keychainReason = d->keychainReason;
    context.offline = d->offline;
    context.offersSample = std::ranges::none_of(d->accounts, isSample);
    auto *wizard = new AccountWizard(context, this);
    wizard->setAttribute(Qt::WA_DeleteOnClose);
    d->wizard = wizard;
    connect(wizard, &AccountWizard::findSettingsWished, this, &MainWindow::findSettingsWished);
    connect(wizard, &AccountWizard::cancelFindWished, this, &MainWindow::cancelFindWished);
    connect(wizard, &AccountWizard::tryAccountWished, this, &MainWindow::tryAccountWished);
    connect(wizard, &AccountWizard::cancelTrialWished, this, &MainWindow::cancelTrialWished);
    connect(wizard, &AccountWizard::sampleMailWished, this, &MainWindow::sampleMailWished);
    connect(wizard, &AccountWizard::accountReady, this, &MainWindow::addAccountWished);
    wizard->open();
}

void MainWindow::searchProgressed(const QString &sentence)
{
    if (d->wizard)
        d->wizard->searchProgressed(sentence);
}

void MainWindow::settingsFound(const autoconfig::Proposal &proposal)
{
    if (d->wizard)
        d->wizard->settingsFound(proposal);
}

void MainWindow::settingsNotFound(const Error &error)
{
    if (d->wizard)
        d->wizard->settingsNotFound(error);
}

void MainWindow::trialProgressed(sync::CheckPhase phase)
{
    if (d->wizard)
        d->wizard->trialProgressed(phase);
}

void MainWindow::tried(int number, const sync::TrialResult &result)
{
    if (d->wizard)
        d->wizard->tried(number, result);
}

} // namespace satchel::ui
