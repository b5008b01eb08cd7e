// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/mailbox/mailboxwindow.h"

#include "library/library.h"
#include "ui/bars/emptystate.h"
#include "ui/bars/messagebar.h"
#include "ui/bars/notebar.h"
#include "ui/mailbox/mailboxpreview.h"
#include "ui/theme/appearance.h"
#include "ui/theme/elidinglabel.h"
#include "ui/theme/icons.h"
#include "ui/theme/text.h"

#include <QAction>
#include <QCloseEvent>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QPushButton>
#include <QSettings>
#include <QStackedWidget>
#include <QStatusBar>
#include <QTableView>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace satchel::ui {

using sync::ServerMark;
using sync::VisitPhase;

namespace {

constexpr int visibleMilliseconds = 80; ///< after the last movement of the list
constexpr int showMilliseconds = 150;
constexpr int filterMilliseconds = 200;
constexpr int mostNamed = 8; ///< in a question
constexpr qsizetype mostRemembered = 20'000;

QString sizeOf(const MailboxModel &model)
{
    return fileSize(model.totalBytes());
}

} // namespace

MailboxWindow::MailboxWindow(
    const AccountSettings &account, library::Library &library, QSettings &settings, QWidget *parent)
    : QMainWindow(parent, Qt::Window)
    , m_account(account)
    , m_library(library)
    , m_settings(settings)
    , m_model(new MailboxModel([&library](const QList<MessageId> &ids) { return library.summaries(ids); }, this))
    , m_table(named(new QTableView, tr("Messages on the server")))
    , m_preview(new MailboxPreview)
    , m_bar(new MessageBar)
    , m_unknownBar(new NoteBar(BarKind::Note))
    , m_pages(new QStackedWidget)
    , m_empty(new EmptyState)
    , m_filter(named(new QComboBox, tr("Show")))
    , m_words(named(new QLineEdit, tr("Search senders and subjects")))
    , m_summary(new QLabel)
    , m_status(new ElidingLabel)
    , m_apply(new QPushButton(tr("&Apply")))
    , m_discard(new QPushButton(tr("Discard &marks")))
{
    setObjectName(u"mailboxWindow"_s);
    setWindowIcon(applicationIcon());
    setMinimumSize(560, 400);
    makeActions();
    makeTable();
    makeLayout();
    setAccount(account);
    for (QTimer *timer : {&m_visibleSoon, &m_showSoon, &m_filterSoon})
        timer->setSingleShot(true);
    m_visibleSoon.setInterval(visibleMilliseconds);
    m_showSoon.setInterval(showMilliseconds);
    m_filterSoon.setInterval(filterMilliseconds);
    connect(&m_visibleSoon, &QTimer::timeout, this, &MailboxWindow::updateVisible);
    connect(&m_showSoon, &QTimer::timeout, this, &MailboxWindow::showSelected);
    connect(&m_filterSoon, &QTimer::timeout, this,
        [this] { m_model->setFilter(MailboxModel::Filter(m_filter->currentIndex()), m_words->text()); });
    connect(m_filter, &QComboBox::currentIndexChanged, &m_filterSoon, qOverload<>(&QTimer::start));
    connect(m_words, &QLineEdit::textChanged, &m_filterSoon, qOverload<>(&QTimer::start));
    connect(m_model, &MailboxModel::headersWished, this, &MailboxWindow::headersWished);
    connect(m_model, &MailboxModel::marksChanged, this, &MailboxWindow::updateOrders);
    connect(m_model, &MailboxModel::headersChanged, this, &MailboxWindow::updateStatus);
    connect(m_model, &MailboxModel::aboutToReorder, this, &MailboxWindow::rememberSelection);
    connect(m_model, &MailboxModel::reordered, this, &MailboxWindow::restoreSelection);
    connect(m_bar, &MessageBar::actionWished, this, [this](AccountId, const Error &error) {
        if (error.action == ErrorAction::Retry)
            Q_EMIT listWished();
        else
            Q_EMIT problemActionWished(error);
    });
    connect(m_apply, &QPushButton::clicked, this, &MailboxWindow::apply);
    connect(m_discard, &QPushButton::clicked, this, &MailboxWindow::discard);
    if (!restoreGeometry(settings.value("mailboxWindow/geometry"_L1).toByteArray()))
        resize(1000, 680);
    updateOrders();
    updateStatus();
    listenToAppearance(this);
}

void MailboxWindow::setAccount(const AccountSettings &account)
{
    m_account = account;
    setWindowTitle(tr("On the server – %1").arg(account.name));
}

void MailboxWindow::setPhase(VisitPhase phase)
{
    m_phase = phase;
    updateStatus();
}

void MailboxWindow::setDelayed(const QDateTime &until)
{
    m_delayedUntil = until;
    setPhase(VisitPhase::Delayed);
}

void MailboxWindow::setListing(const sync::ServerListing &listing)
{
    const bool first = !m_listed;
    m_listing = listing;
    m_listed = true;
    m_bar->clear(m_account.id);
    m_model->setListing(listing);
    for (QAction *action : std::as_const(m_markActions)) {
        if (ServerMark(action->data().toInt()) == ServerMark::Delete && !listing.whyNoDeletion.isEmpty()) {
            action->setEnabled(false);
            action->setToolTip(listing.whyNoDeletion);
        }
    }
    updateStatus();
    if (first && m_model->rowCount() > 0) {
        m_table->selectRow(0);
        m_table->setFocus();
    }
    m_visibleSoon.start();
}

void MailboxWindow::addHeaders(const QList<sync::ServerHeader> &headers)
{
    m_model->addHeaders(headers);
    const QModelIndex current = m_table->currentIndex();
    if (!current.isValid())
        return;
    const int id = m_model->message(current.row()).id;
    for (const sync::ServerHeader &header : headers) {
        if (header.id == id && !header.refused)
            m_preview->showHeader(header);
    }
}

void MailboxWindow::showPreview(const sync::ServerPreview &preview)
{
    const QModelIndex current = m_table->currentIndex();
    if (!current.isValid() || m_model->message(current.row()).id != preview.header.id)
        return;
    if (preview.header.refused) {
        m_preview->showNothing(tr("The server does not show the beginning of a message. To read it, get it."));
        return;
    }
    m_preview->showHeader(preview.header);
    m_preview->showText(preview.text, preview.whole ? QString() : tr("The first lines:"));
}

void MailboxWindow::showError(const Error &error)
{
    m_bar->add(m_account.id, {}, error);
    updateStatus();
}

QList<int> MailboxWindow::selectedRows() const
{
    QList<int> rows;
    for (const QItemSelectionRange &range : m_table->selectionModel()->selection()) {
        for (int row = range.top(); row <= range.bottom(); ++row)
            rows.append(row);
    }
    return rows;
}

void MailboxWindow::markSelected(ServerMark mark)
{
    const QList<int> rows = selectedRows();
    if (mark != ServerMark::None) {
        m_model->setMark(rows, mark);
        return;
    }
    // What was ordered before and is not done yet is taken back by a mark of its own.
    QList<int> ordered;
    QList<int> others;
    for (const int row : rows) {
        const sync::ServerMessage &message = m_model->message(row);
        (message.ordered && m_model->mark(message.id) == ServerMark::None ? ordered : others).append(row);
    }
    m_model->setMark(others, ServerMark::None);
    m_model->setMark(ordered, ServerMark::Keep);
}

void MailboxWindow::apply()
{
    const MailboxOrders orders = m_model->orders();
    if (orders.isEmpty() || m_phase == VisitPhase::Applying)
        return;
    if (orders.lost > 0) {
        askToLose(orders);
        return;
    }
    carryOut(true);
}

void MailboxWindow::carryOut(bool withLoss)
{
    const QList<sync::ServerWish> wishes = m_model->wishes(withLoss);
    m_model->clearMarks();
    m_table->setFocus();
    if (!wishes.isEmpty())
        Q_EMIT applyWished(wishes);
}

void MailboxWindow::askToLose(const MailboxOrders &orders)
{
    auto *box = new QMessageBox(QMessageBox::Warning, tr("Delete on server"),
        tr("Delete %Ln message(s) that is/are not stored here?", nullptr, orders.lost), QMessageBox::Cancel, this);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setTextFormat(Qt::PlainText);
    box->setInformativeText(
        tr("There is no other copy: they will be gone for good.\n\n%1").arg(m_model->losses(mostNamed).join(u'\n')));
    QPushButton *all = box->addButton(tr("&Delete for good"), QMessageBox::DestructiveRole);
    all->setObjectName(u"deleteForGood"_s);
    QPushButton *others = box->addButton(tr("Do the &rest only"), QMessageBox::AcceptRole);
    others->setObjectName(u"theRestOnly"_s);
    others->setEnabled(orders.get + orders.skip + orders.keep + orders.remove > orders.lost);
    box->setDefaultButton(QMessageBox::Cancel);
    connect(box, &QMessageBox::buttonClicked, this, [this, box, all, others](QAbstractButton *button) {
        box->close();
        if (button == all || button == others)
            carryOut(button == all);
    });
    box->open();
}

void MailboxWindow::discard()
{
    m_model->clearMarks();
    m_table->setFocus();
}

void MailboxWindow::selectionChanged()
{
    updateOrders();
    m_showSoon.start();
}

void MailboxWindow::showSelected()
{
    const QModelIndex current = m_table->currentIndex();
    const qsizetype count = selectedRows().size();
    if (!current.isValid() || count != 1) {
        m_preview->showNothing(count > 1 ? tr("%Ln message(s) selected", nullptr, int(count)) : QString());
        return;
    }
    const sync::ServerMessage message = m_model->message(current.row());
    m_preview->showNothing(tr("Asking for the first lines…"));
    if (const auto header = m_model->header(message.id); header && !header->refused)
        m_preview->showHeader(*header);
    if (!message.message.isValid()) {
        Q_EMIT previewWished(message.id);
        return;
    }
    m_library.message(message.message).then(this, [this, id = message.id](const Expected<mime::Message> &answer) {
        const QModelIndex now = m_table->currentIndex();
        if (!answer || !now.isValid() || m_model->message(now.row()).id != id)
            return;
        const bool part = m_model->message(now.row()).state == sync::ServerMessageState::Beginning;
        m_preview->showHeader({id, false, answer->from.value(0), answer->subject, answer->date.toUTC()});
        m_preview->showText(answer->text, part ? tr("The first lines:") : QString());
    });
}

void MailboxWindow::updateOrders()
{
    const MailboxOrders orders = m_model->orders();
    m_summary->setText(orders.isEmpty()
            ? tr("Nothing is marked. Mark messages to get, skip or delete; nothing happens before you apply it.")
            : orders.text());
    m_summary->setAccessibleName(m_summary->text());
    m_summary->setForegroundRole(orders.isEmpty() ? QPalette::PlaceholderText : QPalette::WindowText);
    const bool busy = m_phase == VisitPhase::Applying;
    m_apply->setEnabled(!orders.isEmpty() && !busy);
    m_discard->setEnabled(!orders.isEmpty());
    const QItemSelectionModel *selection = m_table->selectionModel();
    for (QAction *action : std::as_const(m_markActions)) {
        const auto mark = ServerMark(action->data().toInt());
        action->setEnabled(
            selection->hasSelection() && (mark != ServerMark::Delete || m_listing.whyNoDeletion.isEmpty()));
    }
}

void MailboxWindow::updateStatus()
{
    QString doing;
    switch (m_phase) {
    case VisitPhase::Waiting:
        doing = tr("Waiting for the mailbox to be free…");
        break;
    case VisitPhase::Delayed:
        doing = tr("The server lets nobody in again before %1; the mailbox is listed then.")
                    .arg(shortTime(m_delayedUntil.toLocalTime().time()));
        break;
    case VisitPhase::Connecting:
        doing = tr("Connecting to %1…").arg(m_account.host);
        break;
    case VisitPhase::Listing:
        doing = tr("Listing what is on the server…");
        break;
    case VisitPhase::Applying:
        doing = tr("A check of this mailbox is running…");
        break;
    case VisitPhase::Offline:
        doing = tr("Working offline: no server is asked for anything.");
        break;
    case VisitPhase::Ready:
    case VisitPhase::Resting:
        break;
    }
    if (m_listed) {
        QString text = tr("%Ln message(s) on the server, %1", nullptr, m_model->total()).arg(sizeOf(*m_model));
        text += tr(" · as of %1").arg(shortTime(m_listing.at.toLocalTime().time()));
        if (!m_listing.whyNoDeletion.isEmpty())
            text += tr(" · %1").arg(m_listing.whyNoDeletion);
        if (!doing.isEmpty())
            text += tr(" · %1").arg(doing);
        m_status->setText(text);
    } else {
        m_status->setText(doing);
    }
    m_status->setToolTip(asPlainRichText(m_status->text()));
    const bool busy = !doing.isEmpty() && m_phase != VisitPhase::Offline;
    m_refresh->setEnabled(!busy);
    updateOrders();

    // Sorted or searched by what headers say, the rows that nobody has looked at are in the wrong place, or missing.
    const int unknown = m_model->isSortedByHeaders() || !m_words->text().isEmpty() ? m_model->unknown() : 0;
    m_unknownBar->setVisible(unknown > 0);
    if (unknown > 0)
        m_unknownBar->setText(
            tr("%Ln message(s) was/were not looked at yet, and is/are not in order.", nullptr, unknown));

    if (m_model->rowCount() > 0) {
        m_pages->setCurrentIndex(1);
    } else if (m_listed && m_model->total() > 0) {
        m_pages->setCurrentIndex(0);
        m_empty->show("filter"_L1, tr("No message here is like that"), QString());
    } else if (m_listed) {
        m_pages->setCurrentIndex(0);
        m_empty->show("server"_L1, tr("The mailbox on the server is empty"), QString());
    } else if (m_phase == VisitPhase::Resting || m_phase == VisitPhase::Offline) {
        m_pages->setCurrentIndex(0);
        m_empty->show("offline"_L1, tr("The mailbox could not be listed"), doing, tr("&Try again"));
    } else {
        m_pages->setCurrentIndex(0);
        m_empty->show("server"_L1, doing, QString());
    }
}

void MailboxWindow::updateVisible()
{
    if (m_model->rowCount() == 0)
        return;
    const int first = m_table->rowAt(0);
    const int last = m_table->rowAt(m_table->viewport()->height() - 1);
    m_model->setVisibleRows(first, last < 0 ? m_model->rowCount() - 1 : last + 1);
}

void MailboxWindow::rememberSelection()
{
    m_remembered.clear();
    m_rememberedCurrent = -1;
    if (const QModelIndex current = m_table->currentIndex(); current.isValid() && current.row() < m_model->rowCount())
        m_rememberedCurrent = m_model->message(current.row()).id;
    for (const int row : selectedRows()) {
        if (m_remembered.size() < mostRemembered)
            m_remembered.append(m_model->message(row).id);
    }
}

void MailboxWindow::restoreSelection()
{
    QList<int> rows;
    for (const int id : std::as_const(m_remembered)) {
        if (const int row = m_model->rowOf(id); row >= 0)
            rows.append(row);
    }
    std::ranges::sort(rows);
    QItemSelection selection;
    const int lastColumn = MailboxModel::Columns - 1;
    for (qsizetype i = 0; i < rows.size();) {
        qsizetype end = i;
        while (end + 1 < rows.size() && rows.at(end + 1) == rows.at(end) + 1)
            ++end;
        selection.select(m_model->index(rows.at(i), 0), m_model->index(rows.at(end), lastColumn));
        i = end + 1;
    }
    QItemSelectionModel *model = m_table->selectionModel();
    const int current = m_model->rowOf(m_rememberedCurrent);
    if (current >= 0)
        model->setCurrentIndex(m_model->index(current, 0), QItemSelectionModel::NoUpdate);
    model->select(selection, QItemSelectionModel::ClearAndSelect);
    if (current >= 0)
        m_table->scrollTo(m_model->index(current, 0));
    m_visibleSoon.start();
    updateStatus();
}

bool MailboxWindow::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_table->viewport() && (event->type() == QEvent::Resize || event->type() == QEvent::Show))
        m_visibleSoon.start();
    return QMainWindow::eventFilter(watched, event);
}

void MailboxWindow::closeEvent(QCloseEvent *event)
{
    m_settings.setValue("mailboxWindow/geometry"_L1, saveGeometry());
    const MailboxOrders orders = m_model->orders();
    if (orders.isEmpty() || m_closingAgreed) {
        event->accept();
        Q_EMIT closed();
        return;
    }
    event->ignore();
    auto *box = new QMessageBox(
        QMessageBox::Question, tr("Close"), tr("Close without doing what is marked?"), QMessageBox::Cancel, this);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setTextFormat(Qt::PlainText);
    box->setInformativeText(orders.text());
    QPushButton *doIt = box->addButton(tr("&Discard marks"), QMessageBox::DestructiveRole);
    doIt->setObjectName(u"doIt"_s);
    box->setDefaultButton(QMessageBox::Cancel);
    connect(box, &QMessageBox::buttonClicked, this, [this, doIt](QAbstractButton *button) {
        if (button != doIt)
            return;
        m_closingAgreed = true;
        close();
    });
    box->open();
}

} // namespace satchel::ui
