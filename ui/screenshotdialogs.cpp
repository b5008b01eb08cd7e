// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures of dialogs, bars and empty views.
#include "ui/bars/messagebar.h"
#include "ui/dialogs/certificatedialog.h"
#include "ui/dialogs/signinhelp.h"
#include "ui/folders/folderpane.h"
#include "ui/list/messagelistmodel.h"
#include "ui/list/messagelistpane.h"
#include "ui/mainwindowprivate.h"
#include "ui/screenshotsprivate.h"
#include "ui/wizard/wizardscenes.h"

#include <QSplitter>
#include <QStackedWidget>
#include <QTimeZone>

using namespace Qt::StringLiterals;

namespace satchel::ui {

void Screenshots::Private::planDialogs()
{
    const auto dark = [this] { this->dark(); };
    const CertificateProblem problem{.host = u"pop.example.org"_s,
        .subject = u"pop.example.org"_s,
        .issuer = u"Example Mail Test Authority"_s,
        .notBefore = QDateTime(QDate(2025, 1, 1), QTime(0, 0), QTimeZone::UTC),
        .notAfter = QDateTime(QDate(2027, 1, 1), QTime(0, 0), QTimeZone::UTC),
        .sha256 = QByteArray::fromHex("5f3a9d0c417be28866d1c0f4a95e72b31c84d6ef902a7b5540cd13e8f7a69b21"),
        .reasons = {MainWindow::tr("The certificate was signed by its own owner.")},
        .changed = false};
    const Error refused{ErrorKind::CertificateUntrusted,
        MainWindow::tr("The certificate of pop.example.org is not trusted. Nothing was sent to the server."),
        ErrorAction::ReviewCertificate, {}, problem};
    const auto account = [this] { return w().folderPane->currentAccount(); };
    add(u"error-bar"_s,
        [this, refused, account] { w().messageBar->add(account(), w().account(account()).name, refused); });
    add(u"error-bar-dark"_s, dark, {}, {}, [this, account] { w().messageBar->clear(account()); });
    add(
        u"certificate-dialog"_s,
        [this, refused, account] {
            light();
            w().reviewCertificate(account(), refused);
        },
        [this] { return w().certificateDialog != nullptr; }, [this] { return grabWith(w().certificateDialog); },
        [this, account] {
            w().certificateDialog->reject();
            w().messageBar->clear(account());
        });
    autoconfig::Proposal gmail;
    gmail.provider = u"Gmail"_s;
    gmail.signIn = autoconfig::SignIn::AppPassword;
    gmail.hints = {
        MainWindow::tr("Gmail keeps POP3 switched off until you allow it: open Gmail in a web browser, choose "
                       "Settings, “Forwarding and POP/IMAP”, “Enable POP for all mail”, and save."),
        MainWindow::tr("Gmail refuses your usual password in a mail program: make an app password in the security "
                       "settings of your Gmail account, and type that one here.")};
    const auto refuse = [this, gmail, account]() mutable {
        gmail.account.host = w().account(account()).host;
        w().providers.insert(account(), gmail);
        sync::CheckResult result;
        result.account = account();
        result.error = Error{ErrorKind::AuthenticationFailed, {}, ErrorAction::EnterPassword,
            u"Web login required: https://support.google.com/mail/answer/78754"_s, {}};
        window.checked(result);
    };
    add(u"refused-login-bar"_s, refuse);
    const auto help = [this, account] {
        const Error error{ErrorKind::AuthenticationFailed, {}, ErrorAction::ShowSteps,
            u"Web login required: https://support.google.com/mail/answer/78754"_s, {}};
        w().showSteps(account(), error);
    };
    const auto isThere = [this] { return w().signInHelp != nullptr; };
    const auto picture = [this] { return grabWith(w().signInHelp); };
    const auto away = [this, account] {
        w().signInHelp->reject();
        w().messageBar->clear(account());
    };
    add(u"sign-in-help"_s, help, isThere, picture, away);
    add(
        u"sign-in-help-dark"_s,
        [dark, help] {
            dark();
            help();
        },
        isThere, picture,
        [this, away, account] {
            away();
            light();
            w().providers.remove(account());
        });
    add(
        u"empty-folder"_s,
        [this] {
            window.selectFolder(
                w().folderPane->folders()->folder(w().folderPane->currentAccount(), FolderRole::Drafts).id);
        },
        [this] { return w().listPane->messages()->rowCount() == 0; });
    scenes += wizardScenes(
        window, [this](bool isDark) { isDark ? this->dark() : light(); },
        [this](QWidget *dialog) { return grabWith(dialog); });
    scenes.append({{}, [this] { light(); }, {}, {}, {}});
    add(
        u"welcome"_s,
        [this] {
            w().say({});
            w().showWelcome();
        },
        [] { return true; }, {}, [this] { w().pages->setCurrentWidget(w().outer); });
}

} // namespace satchel::ui
