// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/screenshots.h"

#include "ui/list/messagelistmodel.h"
#include "ui/list/messagelistpane.h"
#include "ui/list/messagelistview.h"
#include "ui/mainwindowprivate.h"
#include "ui/message/messageview.h"
#include "ui/screenshotsprivate.h"
#include "ui/theme/appearance.h"

#include <QApplication>
#include <QDir>
#include <QPainter>

using namespace Qt::StringLiterals;

namespace satchel::ui {

namespace {

constexpr int patienceMilliseconds = 20000; ///< for one view; a slow machine under a sanitizer needs some

} // namespace

Screenshots::Private::Private(Screenshots &screenshots, MainWindow &theWindow, const QString &theFolder)
    : q(screenshots)
    , window(theWindow)
    , folder(theFolder)
{
}

void Screenshots::Private::light() const
{
    w().applyLook(int(Appearance::Light));
}

void Screenshots::Private::dark() const
{
    w().applyLook(int(Appearance::Dark));
}

bool Screenshots::Private::listIsReady() const
{
    const MessageListPane *list = w().listPane;
    if (list->isListing() || w().askingFolders || w().foldersSoon.isActive() || w().searchSoon.isActive())
        return false;
    return list->messages()->rowCount() == 0 || list->messages()->summaryAt(0);
}

bool Screenshots::Private::messageIsReady() const
{
    if (w().listPane->view()->selectedCount() != 1)
        return true;
    return w().messageView->showsMessage() && !w().messageView->isLoading()
        && w().messageView->source().id() == w().listPane->view()->currentMessage();
}

MessageId Screenshots::Private::find(const QStringList &words) const
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

MessageId Screenshots::Private::findScript(QChar::Script script) const
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

MessageId Screenshots::Private::findFlag(MessageFlag flag) const
{
    for (const MessageId id : std::as_const(inbox)) {
        const MessageSummary *summary = w().listPane->messages()->summary(id);
        if (summary && summary->flags.testFlag(flag))
            return id;
    }
    return {};
}

void Screenshots::Private::select(MessageId id) const
{
    if (id.isValid())
        w().listPane->selectWhenListed(id);
}

QPixmap Screenshots::Private::grabWith(QWidget *dialog) const
{
    if (dialog->width() > window.width() || dialog->height() > window.height())
        return dialog->grab();
    QPixmap whole = window.grab();
    QPainter painter(&whole);
    painter.fillRect(QRect(QPoint(0, 0), window.size()), QColor(0, 0, 0, 70));
    const QPixmap front = dialog->grab();
    const QPoint corner((window.width() - dialog->width()) / 2, (window.height() - dialog->height()) / 3);
    painter.fillRect(QRect(corner, dialog->size()).adjusted(-1, -1, 1, 1), QColor(0, 0, 0, 110));
    painter.drawPixmap(corner, front);
    return whole;
}

void Screenshots::Private::add(const QString &name, std::function<void()> prepare, std::function<bool()> isReady,
    std::function<QPixmap()> picture, std::function<void()> cleanUp)
{
    scenes.append({name, std::move(prepare), std::move(isReady), std::move(picture), std::move(cleanUp)});
}

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

void Screenshots::setSmallest(bool smallest)
{
    d->smallest = smallest;
}

void Screenshots::start()
{
    d->window.resize(1280, 800);
    d->window.show();
    d->w().applyLook(int(Appearance::Light));
    d->plan();
    d->next();
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
    shrunk = !smallest || scenes.at(at).name.isEmpty();
    if (scenes.at(at).prepare)
        scenes.at(at).prepare();
    poll.start();
    patience.start();
}

void Screenshots::Private::shrink() const
{
    for (QWidget *widget : QApplication::topLevelWidgets()) {
        if (widget->isVisible() && (widget->windowType() == Qt::Window || widget->windowType() == Qt::Dialog))
            widget->resize(widget->minimumSizeHint().expandedTo(widget->minimumSize()));
    }
}

void Screenshots::Private::look()
{
    const Scene &scene = scenes.at(at);
    const bool ready = listIsReady() && messageIsReady() && (!scene.isReady || scene.isReady());
    calm = ready ? calm + 1 : 0;
    if (calm < 4)
        return;
    if (!shrunk) {
        // Then again, when everything has found its place in there.
        shrunk = true;
        calm = 0;
        shrink();
        return;
    }
    poll.stop();
    if (!scene.name.isEmpty())
        Q_EMIT q.shown(scene.name);
    if (!scene.name.isEmpty() && !folder.isEmpty()) {
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
