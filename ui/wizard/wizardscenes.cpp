// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/wizard/wizardscenes.h"

#include "ui/mainwindow.h"
#include "ui/wizard/accountwizard.h"
#include "ui/wizard/wizardpage.h"

#include <QCoreApplication>
#include <QLineEdit>
#include <QPointer>
#include <QPushButton>
#include <QTimeZone>

#include <memory>

using namespace Qt::StringLiterals;

namespace satchel::ui {

namespace {

using autoconfig::Proposal;
using autoconfig::SignIn;
using autoconfig::Source;

/// The sentences of core/autoconfig, for proposals that look like real ones.
QString hint(const char *text)
{
    return QCoreApplication::translate("Hints", text);
}

Proposal proposalFor(const QString &address, const QString &provider, const QString &host)
{
    Proposal made;
    made.provider = provider;
    made.account.address = address;
    made.account.userName = address;
    made.account.host = host;
    return made;
}

Proposal gmail()
{
    Proposal made = proposalFor(u"robin.fields@gmail.com"_s, u"Gmail"_s, u"pop.gmail.com"_s);
    made.signIn = SignIn::AppPassword;
    made.hints = {hint("Gmail keeps POP3 switched off until you allow it: open Gmail in a web browser, "
                       "choose Settings, “Forwarding and POP/IMAP”, “Enable POP for all mail”, and save."),
        hint("%1 refuses your usual password in a mail program: make an app password in the "
             "security settings of your %1 account, and type that one here.")
            .arg(u"Gmail"_s),
        hint("%1 makes app passwords only once two-step verification is switched on.").arg(u"Gmail"_s)};
    return made;
}

Proposal outside()
{
    Proposal made = proposalFor(u"robin@fields.example"_s, u"fields.example"_s, u"mail.hosting.example"_s);
    made.source = Source::Dns;
    made.needsConfirmation = true;
    made.hints = {hint("%1 does not belong to %2, and the look-up that named it is not protected: use it only if "
                       "you know that your mail is kept there.")
            .arg(made.account.host, made.provider)};
    return made;
}

Proposal icloud()
{
    Proposal made = proposalFor(u"robin@icloud.com"_s, u"iCloud"_s, {});
    made.noPop3 = true;
    made.hints = {hint("%1 does not offer POP3, so its mail cannot be fetched; you can let %1 forward it to "
                       "a mailbox that does.")
            .arg(u"iCloud"_s)};
    return made;
}

Proposal outlook()
{
    Proposal made = proposalFor(u"robin@outlook.com"_s, u"Outlook.com"_s, u"outlook.office365.com"_s);
    made.signIn = SignIn::OAuth;
    made.hints = {hint("%1 lets mail programs sign in with OAuth 2 only: a password is refused, even the "
                       "right one.")
            .arg(u"Outlook.com"_s)};
    return made;
}

Proposal plain()
{
    Proposal made = proposalFor(u"robin@example.org"_s, u"Example Mail"_s, u"mail.example.org"_s);
    made.source = Source::Autoconfig;
    return made;
}

/// The wizard that the scenes share: each leaves it where the next goes on.
struct Stage {
    explicit Stage(MainWindow &theWindow)
        : window(theWindow)
    {
    }

    void open(const QString &address)
    {
        delete wizard;
        WizardContext context;
        context.keychainAvailable = true;
        wizard = new AccountWizard(context, &window);
        if (!address.isEmpty()) {
            const QList<QLineEdit *> fields = wizard->page()->findChildren<QLineEdit *>();
            fields.at(0)->setText(u"Robin Fields"_s);
            fields.at(1)->setText(address);
            fields.at(2)->setText(u"correct horse"_s);
        }
        wizard->show();
    }
    void next() const { wizard->nextButton()->click(); }
    void find(const Proposal &proposal)
    {
        open(proposal.account.address);
        next();
        wizard->settingsFound(proposal);
    }
    void trial(const Proposal &proposal)
    {
        find(proposal);
        next();
        wizard->trialProgressed(sync::CheckPhase::LoggingIn);
    }
    void fail(const Proposal &proposal, const Error &error)
    {
        trial(proposal);
        wizard->tried(1, {.messages = 0, .bytes = 0, .encrypted = true, .error = error});
    }
    void succeed()
    {
        trial(plain());
        wizard->tried(1, {.messages = 124, .bytes = 36'482'113, .encrypted = true, .error = {}});
    }

    MainWindow &window;
    QPointer<AccountWizard> wizard;
};

Error certificateError()
{
    Error error{ErrorKind::CertificateUntrusted, {}, ErrorAction::ReviewCertificate, {}, CertificateProblem()};
    error.certificate->host = u"mail.example.org"_s;
    error.certificate->sha256 = QByteArray(32, 'x');
    error.certificate->reasons = {AccountWizard::tr("The certificate was signed by its own owner.")};
    return error;
}

} // namespace

QList<Scene> wizardScenes(
    MainWindow &window, const std::function<void(bool)> &look, const std::function<QPixmap(QWidget *)> &grab)
{
    const auto stage = std::make_shared<Stage>(window);
    QList<Scene> scenes;
    const auto isReady = [stage] { return stage->wizard && stage->wizard->isVisible(); };
    const auto picture = [stage, grab] { return grab(stage->wizard); };
    // Light and dark as it opens, then as small as it gets and as large as somebody may pull it.
    const auto add = [&](const QString &name, const std::function<void()> &prepare, bool sizes = false) {
        scenes.append({u"wizard-"_s + name, [=] { look(false), prepare(); }, isReady, picture, {}});
        scenes.append({u"wizard-%1-dark"_s.arg(name), [look] { look(true); }, isReady, picture, {}});
        if (!sizes)
            return;
        // It grows to fit its page by itself first.
        const auto isSmall = [stage] {
            const QSize least = stage->wizard->minimumSize();
            const bool already = stage->wizard->size() == least;
            stage->wizard->resize(least);
            return already;
        };
        scenes.append({u"wizard-%1-small"_s.arg(name), [=] { look(false), prepare(); }, isSmall, picture, {}});
        scenes.append(
            {u"wizard-%1-large"_s.arg(name), [stage] { stage->wizard->resize(1000, 720); }, isReady, picture, {}});
    };
    add(u"start"_s, [stage] { stage->open({}); }, true);
    add(u"search"_s, [stage] {
        stage->open(u"robin@example.org"_s);
        stage->next();
    });
    add(u"found"_s, [stage] { stage->find(plain()); }, true);
    add(u"app-password"_s, [stage] { stage->find(gmail()); }, true);
    add(u"confirm"_s, [stage] { stage->find(outside()); });
    add(u"no-pop3"_s, [stage] { stage->find(icloud()); });
    add(u"no-password"_s, [stage] { stage->find(outlook()); });
    add(u"offline"_s, [stage] {
        stage->open(u"robin@example.org"_s);
        stage->next();
        stage->wizard->settingsNotFound({ErrorKind::Offline,
            QCoreApplication::translate("satchel::autoconfig::Discovery",
                "The settings of %1 could not be looked up, because there is no connection to the internet; you can "
                "type them yourself, or try again later.")
                .arg(u"example.org"_s),
            ErrorAction::Retry, {}, {}});
    });
    add(
        u"manual"_s,
        [stage] {
            stage->open(u"robin@example.org"_s);
            stage->wizard->manualButton()->click();
        },
        true);
    add(u"trial"_s, [stage] { stage->trial(plain()); });
    add(
        u"refused"_s,
        [stage] {
            stage->fail(plain(), {ErrorKind::AuthenticationFailed, {}, {}, u"[AUTH] Authentication failed."_s, {}});
        },
        true);
    add(u"certificate"_s, [stage] { stage->fail(plain(), certificateError()); });
    add(u"unreachable"_s, [stage] { stage->fail(plain(), {ErrorKind::Offline, {}, {}, {}, {}}); });
    add(u"last"_s, [stage] { stage->succeed(); }, true);
    add(
        u"keep"_s,
        [stage] {
            stage->succeed();
            for (QPushButton *button : stage->wizard->page()->findChildren<QPushButton *>())
                button->click();
        },
        true);
    scenes.last().cleanUp = [stage] { delete stage->wizard; };
    return scenes;
}

} // namespace satchel::ui
