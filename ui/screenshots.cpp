// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/screenshots.h"

#include "ui/bars/messagebar.h"
#include "ui/dialogs/accountdialog.h"
#include "ui/dialogs/certificatedialog.h"
#include "ui/dialogs/connectionpage.h"
#include "ui/dialogs/failedmessagesdialog.h"
#include "ui/dialogs/logwindow.h"
#include "ui/folders/folderpane.h"
#include "ui/list/messagelistmodel.h"
#include "ui/list/messagelistpane.h"
#include "ui/list/messagelistview.h"
#include "ui/mainwindow.h"
#include "ui/mainwindowprivate.h"
#include "ui/message/messageview.h"
#include "ui/theme/appearance.h"

#include <QComboBox>
#include <QDir>
#include <QLineEdit>
#include <QPainter>
#include <QPixmap>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabWidget>
#include <QTimeZone>
#include <QTimer>

#include <algorithm>
#include <functional>

using namespace Qt::StringLiterals;

namespace satchel::ui {

namespace {

constexpr int patienceMilliseconds = 20000; ///< for one view; a slow machine under a sanitizer needs some

} // namespace

/// A picture: what is done before it, when it is ready, what is drawn.
struct Scene {
    QString name;
    std::function<void()> prepare;
    std::function<bool()> isReady;
    std::function<QPixmap()> picture;
    std::function<void()> cleanUp;
};

struct Screenshots::Private {
    Private(Screenshots &screenshots, MainWindow &theWindow, const QString &theFolder)
        : q(screenshots)
        , window(theWindow)
        , folder(theFolder)
    {
    }

    Screenshots &q;
    MainWindow &window;
    QString folder;
    QList<Scene> scenes;
    qsizetype at = -1;
    QStringList files;
    QTimer poll;
    QTimer patience;
    int calm = 0; ///< how often in a row the view was ready: once is not enough while events wait in the queue
    QList<MessageId> inbox;

    MainWindow::Private &w() const { return *window.d; }

    bool listIsReady() const
    {
        const MessageListPane *list = w().listPane;
        if (list->isListing() || w().askingFolders || w().foldersSoon.isActive() || w().searchSoon.isActive())
            return false;
        return list->messages()->rowCount() == 0 || list->messages()->summaryAt(0);
    }

    bool messageIsReady() const
    {
        if (w().listPane->view()->selectedCount() != 1)
            return true;
        return w().messageView->showsMessage() && !w().messageView->isLoading()
            && w().messageView->source().id() == w().listPane->view()->currentMessage();
    }

    /// The first message whose subject, sender or preview holds one of \a words.
    MessageId find(const QStringList &words) const
    {
        for (const QString &word : words) {
            for (const MessageId id : std::as_const(inbox)) {
                const MessageSummary *summary = w().listPane->messages()->summary(id);
                if (summary
                    && (summary->subject + u'\n' + summary->from.name + u'\n' + summary->preview)
                        .contains(word, Qt::CaseInsensitive))
                    return id;
            }
        }
        return {};
    }

    MessageId findScript(QChar::Script script) const
    {
        for (const MessageId id : std::as_const(inbox)) {
            const MessageSummary *summary = w().listPane->messages()->summary(id);
            if (!summary)
                continue;
            for (const QChar c : summary->subject) {
                if (c.script() == script)
                    return id;
            }
        }
        return {};
    }

    MessageId findFlag(MessageFlag flag) const
    {
        for (const MessageId id : std::as_const(inbox)) {
            const MessageSummary *summary = w().listPane->messages()->summary(id);
            if (summary && summary->flags.testFlag(flag))
                return id;
        }
        return {};
    }

    void select(MessageId id) const
    {
        if (id.isValid())
            w().listPane->selectWhenListed(id);
    }

    QPixmap grabWith(QWidget *dialog) const
    {
        // The dialog where the window system would put it: over the middle of the window.
        QPixmap whole = window.grab();
        QPainter painter(&whole);
        painter.fillRect(QRect(QPoint(0, 0), window.size()), QColor(0, 0, 0, 70));
        const QPixmap front = dialog->grab();
        const QPoint corner((window.width() - dialog->width()) / 2, (window.height() - dialog->height()) / 3);
        painter.fillRect(QRect(corner, dialog->size()).adjusted(-1, -1, 1, 1), QColor(0, 0, 0, 110));
        painter.drawPixmap(corner, front);
        return whole;
    }

    void add(const QString &name, std::function<void()> prepare, std::function<bool()> isReady = {},
        std::function<QPixmap()> picture = {}, std::function<void()> cleanUp = {})
    {
        scenes.append({name, std::move(prepare), std::move(isReady), std::move(picture), std::move(cleanUp)});
    }

    void plan();
    void planDialogs();
    void planDiagnosis();
    void next();
    void look();
};

Screenshots::Screenshots(MainWindow &window, const QString &folder, QObject *parent)
    : QObject(parent)
    , d(std::make_unique<Private>(*this, window, folder))
{
    // Looked at between events; a picture is taken when everything that was asked for has been answered and drawn.
    d->poll.setInterval(30);
    connect(&d->poll, &QTimer::timeout, this, [this] { d->look(); });
    d->patience.setSingleShot(true);
    d->patience.setInterval(patienceMilliseconds);
    connect(&d->patience, &QTimer::timeout, this, [this] {
        d->poll.stop();
        Q_EMIT failed(tr("The view for “%1” did not become ready.").arg(d->scenes.at(d->at).name));
    });
}

Screenshots::~Screenshots() = default;

void Screenshots::start()
{
    d->window.resize(1280, 800);
    d->window.show();
    d->w().applyLook(int(Appearance::Light));
    d->plan();
    d->next();
}

void Screenshots::Private::plan()
{
    const auto light = [this] { w().applyLook(int(Appearance::Light)); };
    const auto dark = [this] { w().applyLook(int(Appearance::Dark)); };
    // All rows of the Inbox are fetched once, so that each scene can find its message.
    add(
        {},
        [this] {
            window.resize(1280, 800);
            window.selectFolder(
                w().folderPane->folders()->folder(w().folderPane->currentAccount(), FolderRole::Inbox).id);
        },
        [this] {
            MessageListModel *list = w().listPane->messages();
            inbox = list->messages();
            if (inbox.isEmpty())
                return true;
            list->setVisibleRows(0, int(qMin(inbox.size(), qsizetype(1000))) - 1);
            return std::ranges::all_of(inbox.first(qMin(inbox.size(), qsizetype(1000))),
                [list](MessageId id) { return list->summary(id) != nullptr; });
        });
    add(u"main-light"_s, [this] { select(find({u"christmas"_s, u"[MRC] Minutes"_s, u"games"_s})); });
    add(u"main-dark"_s, dark);
    add(u"html-light"_s, [this, light] {
        light();
        select(find({u"newsletter"_s, u"walk"_s, u"books"_s}));
    });
    add(u"html-dark"_s, dark);
    add(
        u"html-dark-colours"_s, [this] { w().messageView->setDarkHtml(true); }, {}, {},
        [this] { w().messageView->setDarkHtml(false); });
    add(u"japanese"_s, [this, light] {
        light();
        const MessageId kana = findScript(QChar::Script_Hiragana);
        select(kana.isValid() ? kana : findScript(QChar::Script_Katakana));
    });
    add(u"arabic"_s, [this] { select(findScript(QChar::Script_Arabic)); });
    add(u"attachments"_s, [this] {
        const MessageId zip = find({u"rota"_s, u"photos"_s, u"winmail"_s});
        select(zip.isValid() ? zip : findFlag(MessageFlag::HasAttachment));
    });
    add(u"phishing"_s, [this] { select(find({u"account will be"_s, u"suspended"_s, u"verify"_s, u"bank"_s})); });
    add(u"several"_s, [this] {
        MessageListView *view = w().listPane->view();
        view->selectRow(2);
        view->selectionModel()->select(QItemSelection(view->model()->index(1, 0), view->model()->index(4, 0)),
            QItemSelectionModel::ClearAndSelect);
    });
    add(
        u"search"_s, [this] { w().searchField->setText(u"train"_s); },
        [this] {
            if (!w().listPane->isSearching() || w().listPane->isListing())
                return false;
            if (w().listPane->view()->selectedCount() == 0)
                w().listPane->view()->selectRow(1);
            return w().listPane->messages()->rowCount() < 2 || w().messageView->showsMessage();
        });
    add(
        u"search-nothing"_s, [this] { w().searchField->setText(u"xylophone"_s); },
        [this] { return w().listPane->query() == u"xylophone"; }, {}, [this] { w().searchField->clear(); });
    add(
        u"tall"_s,
        [this] {
            w().setTall(true);
            select(find({u"newsletter"_s, u"books"_s}));
        },
        {}, {}, [this] { w().setTall(false); });
    add(
        u"narrow"_s,
        [this] {
            window.resize(800, 600);
            select(find({u"[MRC] Minutes"_s, u"christmas"_s}));
        },
        {}, {}, [this] { window.resize(1280, 800); });
    add(
        u"large"_s,
        [this] {
            window.resize(1920, 1080);
            select(find({u"walks"_s, u"books"_s}));
        },
        {}, {}, [this] { window.resize(1280, 800); });
    planDialogs();
}

void Screenshots::Private::planDialogs()
{
    const auto light = [this] { w().applyLook(int(Appearance::Light)); };
    const auto dark = [this] { w().applyLook(int(Appearance::Dark)); };
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
        u"account-dialog"_s,
        [this, light] {
            light();
            window.editAccount({});
        },
        [this] { return w().accountDialog != nullptr; }, [this] { return grabWith(w().accountDialog); });
    add(
        u"account-dialog-dark"_s, dark, [this] { return w().accountDialog != nullptr; },
        [this] { return grabWith(w().accountDialog); }, [this] { w().accountDialog->reject(); });
    planDiagnosis();
    add(
        u"certificate-dialog"_s,
        [this, light, refused, account] {
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
    add(
        u"welcome"_s, [this] { w().showWelcome(); }, [] { return true; }, {},
        [this] { w().pages->setCurrentWidget(w().outer); });
}

void Screenshots::Private::planDiagnosis()
{
    const auto account = [this] { return w().folderPane->currentAccount(); };
    const auto server = [account] {
        sync::ServerAnnouncement said;
        said.account = account();
        said.loginAt = QDateTime(QDate(2026, 11, 25), QTime(9, 58), QTimeZone::UTC);
        said.implementation = u"Cyrus POP3 3.10.2"_s;
        said.mechanism = u"SCRAM-SHA-256"_s;
        said.encrypted = true;
        said.expireDays = 7;
        said.loginDelay = 1800;
        return said;
    };
    add(
        u"connection-page"_s,
        [this, account, server] {
            w().applyLook(int(Appearance::Light));
            window.serverAnnounced(server());
            window.editAccount(account());
            auto *tabs = w().accountDialog->findChild<QTabWidget *>();
            tabs->setCurrentIndex(tabs->count() - 1);
            auto *ways = w().accountDialog->findChild<ConnectionPage *>()->findChild<QComboBox *>();
            ways->setCurrentIndex(ways->findData(u"CRAM-MD5"_s));
        },
        [this] { return w().accountDialog != nullptr; }, [this] { return grabWith(w().accountDialog); });
    add(
        u"server-page"_s,
        [this] {
            w().accountDialog->setElsewhere(1240);
            w().accountDialog->findChild<QTabWidget *>()->setCurrentIndex(1);
        },
        [this] { return w().accountDialog != nullptr; }, [this] { return grabWith(w().accountDialog); },
        [this] { w().accountDialog->reject(); });
    add(
        u"failed-messages"_s,
        [this, account] {
            sync::CheckResult result;
            result.account = account();
            result.finishedAt = QDateTime::currentDateTimeUtc();
            result.failedMessages = 2;
            result.failed = {{u"Minutes of the Club"_s, u"October meeting"_s, 48'200, u"Mailbox index is corrupt"_s},
                {u""_s, u""_s, 1'204'000, u"Message not available"_s}};
            window.checked(result);
            w().showFailed(account());
        },
        [this] { return window.findChild<FailedMessagesDialog *>() != nullptr; },
        [this] { return grabWith(window.findChild<FailedMessagesDialog *>()); },
        [this, account] {
            window.findChild<FailedMessagesDialog *>()->reject();
            w().messageBar->clear(account());
        });
    add(
        u"connection-log"_s,
        [this, account] {
            using From = net::WireLine::From;
            const QList<std::pair<From, QByteArray>> lines{{From::Event, "connected, encrypted"}, {From::Server, "+OK ready"},
                {From::Client, "CAPA"}, {From::Server, "+OK"}, {From::Client, "AUTH PLAIN"}, {From::Server, "+"},
                {From::Client, "****"}, {From::Server, "+OK logged in"}, {From::Client, "UIDL"}, {From::Server, "+OK"},
                {From::Event, "(48 lines)"}, {From::Client, "QUIT"}, {From::Server, "+OK bye"}};
            for (const auto &[from, bytes] : lines)
                window.wire(account(), {QDateTime(QDate(2026, 11, 25), QTime(9, 58), QTimeZone::UTC), from, bytes});
            w().logWindow->showAccount({});
        },
        [this] { return w().logWindow && w().logWindow->isVisible(); }, [this] { return w().logWindow->grab(); },
        [this] { w().logWindow->close(); });
}

void Screenshots::Private::next()
{
    if (at >= 0 && scenes.at(at).cleanUp)
        scenes.at(at).cleanUp();
    ++at;
    if (at == scenes.size()) {
        poll.stop();
        patience.stop();
        w().applyLook(int(Appearance::System));
        Q_EMIT q.finished(files);
        return;
    }
    calm = 0;
    if (scenes.at(at).prepare)
        scenes.at(at).prepare();
    poll.start();
    patience.start();
}

void Screenshots::Private::look()
{
    const Scene &scene = scenes.at(at);
    const bool ready = listIsReady() && messageIsReady() && (!scene.isReady || scene.isReady());
    calm = ready ? calm + 1 : 0;
    if (calm < 4)
        return;
    poll.stop();
    if (!scene.name.isEmpty()) {
        const QPixmap picture = scene.picture ? scene.picture() : window.grab();
        const QString file = QDir(folder).filePath(scene.name + u".png"_s);
        if (!picture.save(file)) {
            patience.stop();
            Q_EMIT q.failed(Screenshots::tr("“%1” could not be written.").arg(file));
            return;
        }
        files.append(file);
        Q_EMIT q.taken(file);
    }
    next();
}

} // namespace satchel::ui
