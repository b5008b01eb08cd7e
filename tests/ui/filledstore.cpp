// SPDX-License-Identifier: GPL-3.0-or-later
#include "filledstore.h"

#include "mime/message.h"
#include "store/prepared.h"
#include "sync/forecast.h"
#include "ui/mainwindow.h"

#include <QDir>
#include <QFile>
#include <QTest>

using namespace Qt::StringLiterals;

namespace satchel::test {

namespace {

template <class T>
T demand(Expected<T> value)
{
    if (!value)
        qFatal("%s", qPrintable(value.error().text));
    return std::move(*value);
}

} // namespace

FilledStore::FilledStore()
    : m_clock(QDateTime::currentDateTimeUtc().addSecs(-3600))
{
    const QString file = dir.filePath(u"mail.sqlite"_s);
    writer = demand(store::Writer::open(file));
    library = std::make_unique<library::Library>(file);
}

AccountSettings FilledStore::addAccount(const QString &name)
{
    AccountSettings settings;
    settings.name = name;
    settings.personName = u"Ada Example"_s;
    settings.address = u"ada@example.org"_s;
    settings.host = u"pop.example.org"_s;
    settings.userName = u"ada@example.org"_s;
    return demand(writer->addAccount(settings));
}

FolderId FilledStore::folder(AccountId account, FolderRole role) const
{
    return demand(writer->folder(account, role));
}

MessageSummary FilledStore::add(AccountId account, const QByteArray &raw, MessageFlags flags, FolderRole role)
{
    const mime::Indexed indexed = mime::index(raw);
    store::AppendItem item;
    item.account = account;
    item.folder = folder(account, role);
    item.key = {"m" + QByteArray::number(++m_count), 0};
    item.serverSize = raw.size();
    m_clock = m_clock.addSecs(1);
    item.storedAt = m_clock;
    item.flags = flags;
    item.message = store::prepare(raw, indexed.envelope, indexed.words);
    return demand(writer->append({item})).stored.value(0);
}

QList<MessageSummary> FilledStore::addPlain(AccountId account, const QStringList &subjects)
{
    QList<MessageSummary> rows;
    for (const QString &subject : subjects) {
        m_clock = m_clock.addSecs(60);
        const QByteArray date = QLocale::c().toString(m_clock, u"ddd, dd MMM yyyy HH:mm:ss '+0000'").toUtf8();
        rows.append(add(account,
            "From: Bob Example <bob@example.net>\r\nTo: ada@example.org\r\nSubject: " + subject.toUtf8()
                + "\r\nDate: " + date + "\r\nMessage-ID: <" + QByteArray::number(m_clock.toMSecsSinceEpoch())
                + "@example.net>\r\n\r\nThe text of " + subject.toUtf8() + ".\r\n"));
    }
    return rows;
}

int FilledStore::addSamples(AccountId account)
{
    const QDir samples(QStringLiteral(SATCHEL_SOURCE_DIR "/resources/sample"));
    int count = 0;
    for (const QString &name : samples.entryList({u"*.eml"_s}, QDir::Files, QDir::Name)) {
        QFile file(samples.filePath(name));
        if (!file.open(QIODevice::ReadOnly))
            qFatal("%s", qPrintable(file.errorString()));
        QByteArray raw = file.readAll();
        if (!raw.contains("\r\n"))
            raw.replace("\n", "\r\n");
        add(account, raw, count % 3 == 0 ? MessageFlags() : MessageFlag::Read);
        ++count;
    }
    return count;
}

MessageSummary FilledStore::summary(MessageId id)
{
    const auto answer = library->summaries({id}).result();
    return answer && !answer->isEmpty() ? answer->constFirst() : MessageSummary();
}

void FilledStore::connectTo(ui::MainWindow &window)
{
    using ui::MainWindow;
    MainWindow *w = &window;
    const auto moved = [this, w](const QList<MovedMessage> &moves, const QString &text) {
        sync::StoreChange change;
        change.moved = moves;
        w->changed(change);
        sync::UndoStep step;
        step.text = text;
        step.moves = moves;
        w->undoable(step);
    };
    QObject::connect(w, &MainWindow::setFlagsWished, w,
        [this, w](const QList<MessageId> &ids, MessageFlags set, MessageFlags clear) {
            demand(writer->setFlags(ids, set, clear).transform([](const auto &) { return 0; }));
            sync::StoreChange change;
            change.updated = ids;
            w->changed(change);
            sync::UndoStep step;
            step.text = u"Mark"_s;
            step.flagged = ids;
            step.set = set;
            step.cleared = clear;
            w->undoable(step);
        });
    QObject::connect(w, &MainWindow::deleteMessagesWished, w, [this, moved](const QList<MessageId> &ids) {
        QHash<FolderId, QList<MessageId>> targets;
        for (const MessageId id : ids)
            targets[folder(summary(id).account, FolderRole::Trash)].append(id);
        QList<MovedMessage> moves;
        for (auto it = targets.cbegin(); it != targets.cend(); ++it)
            moves += demand(writer->move(it.value(), it.key()));
        moved(moves, u"Delete %1 messages"_s.arg(ids.size()));
    });
    QObject::connect(w, &MainWindow::moveToRoleWished, w, [this, moved](const QList<MessageId> &ids, FolderRole role) {
        moved(demand(writer->move(ids, folder(summary(ids.constFirst()).account, role))), u"Move"_s);
    });
    QObject::connect(
        w, &MainWindow::moveMessagesWished, w, [this, moved](const QList<MessageId> &ids, FolderId target) {
            moved(demand(writer->move(ids, target)), u"Move"_s);
        });
    const auto ordered = [this, w](const QList<MessageId> &ids, store::ServerOrder::Kind kind) {
        demand(writer->orderRest(ids, kind, QDateTime::currentDateTimeUtc()));
        sync::StoreChange change;
        change.updated = ids;
        w->changed(change);
    };
    QObject::connect(w, &MainWindow::getWholeWished, w,
        [ordered](const QList<MessageId> &ids) { ordered(ids, store::ServerOrder::Kind::Get); });
    QObject::connect(w, &MainWindow::refuseRestWished, w, [ordered](const QList<MessageId> &ids, bool onServer) {
        ordered(ids, onServer ? store::ServerOrder::Kind::DeleteAnyway : store::ServerOrder::Kind::Skip);
    });
    QObject::connect(w, &MainWindow::undoWished, w, [this, w](const sync::UndoStep &step) {
        sync::StoreChange change;
        if (!step.moves.isEmpty()) {
            demand(writer->moveBack(step.moves).transform([] { return 0; }));
            for (const MovedMessage &move : step.moves)
                change.moved.append({move.id, move.to, move.from});
        }
        if (!step.flagged.isEmpty()) {
            demand(writer->setFlags(step.flagged, step.cleared, step.set).transform([](const auto &) { return 0; }));
            change.updated = step.flagged;
        }
        w->changed(change);
    });
    w->opened(demand(writer->accounts()));
}

void FilledStore::answerForecasts(ui::MainWindow &window)
{
    QObject::connect(
        &window, &ui::MainWindow::forecastWished, &window,
        [this, w = &window](const AccountSettings &settings, quint64 question) {
            const QList<store::LedgerEntry> ledger = demand(writer->ledger(settings.id));
            sync::LastListing listing;
            for (const store::LedgerEntry &entry : ledger)
                listing.messages.append({int(listing.messages.size()) + 1, entry.key.uidl, entry.serverSize});
            sync::Forecast forecast = sync::forecastOf(listing, ledger, settings, QDateTime::currentDateTimeUtc());
            forecast.question = question;
            w->forecastMade(forecast);
        },
        Qt::QueuedConnection);
}

} // namespace satchel::test
