// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures of dialogs, bars and empty views.
#include "ui/bars/messagebar.h"
#include "ui/dialogs/certificatedialog.h"
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
        u"welcome"_s, [this] { w().showWelcome(); }, [] { return true; }, {},
        [this] { w().pages->setCurrentWidget(w().outer); });
}

} // namespace satchel::ui
