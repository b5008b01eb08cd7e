// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/deletionlog.h"

#include "library/library.h"
#include "ui/dialogs/deletionmodel.h"
#include "ui/settings/formparts.h"
#include "ui/theme/icons.h"
#include "ui/theme/taborder.h"
#include "ui/theme/text.h"

#include <QAction>
#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QHeaderView>
#include <QLineEdit>
#include <QPushButton>
#include <QSortFilterProxyModel>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace satchel::ui {

namespace {

constexpr int mostRecords = 20'000;

} // namespace

DeletionLog::DeletionLog(library::Library &library, QWidget *parent)
    : QMainWindow(parent, Qt::Window)
    , m_library(library)
    , m_model(new DeletionModel(this))
    , m_shown(new QSortFilterProxyModel(this))
    , m_choice(named(new QComboBox, tr("Account")))
    , m_filter(named(new QLineEdit, tr("Find a deletion")))
    , m_count(new QLabel)
    , m_table(named(new QTableView, tr("Deletions on servers")))
    , m_show(new QPushButton(icon("open"_L1), tr("&Show the message here")))
    , m_copy(new QPushButton(icon("copy"_L1), tr("&Copy")))
{
    setObjectName(u"deletionLog"_s);
    setWindowTitle(tr("Deleted on the server"));
    setWindowIcon(applicationIcon());
    m_choice->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_filter->setPlaceholderText(tr("Find by sender, subject or rule"));
    m_filter->setClearButtonEnabled(true);
    m_filter->addAction(icon("search"_L1), QLineEdit::LeadingPosition);
    fitPlaceholder(m_filter);
    m_count->setTextFormat(Qt::PlainText);
    m_shown->setSourceModel(m_model);
    m_shown->setFilterKeyColumn(-1);
    m_shown->setFilterCaseSensitivity(Qt::CaseInsensitive);
    m_shown->setSortRole(DeletionModel::sortRole);
    m_shown->setSortCaseSensitivity(Qt::CaseInsensitive);
    m_table->setModel(m_shown);
    m_table->setSortingEnabled(true);
    m_table->sortByColumn(DeletionModel::Time, Qt::DescendingOrder);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setAlternatingRowColors(true);
    m_table->setShowGrid(false);
    m_table->setWordWrap(false);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setTabKeyNavigation(false);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 10);
    QHeaderView *header = m_table->horizontalHeader();
    header->setHighlightSections(false);
    header->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    const int letter = fontMetrics().averageCharWidth();
    for (const auto &[column, letters] : {std::pair(DeletionModel::Time, 24), std::pair(DeletionModel::Sender, 20),
             std::pair(DeletionModel::Subject, 24), std::pair(DeletionModel::Rule, 28),
             std::pair(DeletionModel::Account, 14), std::pair(DeletionModel::Here, 16),
             std::pair(DeletionModel::Uidl, 16)})
        header->resizeSection(column, qMax(letter * letters, header->sectionSizeHint(column)));
    // The subject takes what the others leave, so that all of it is in sight.
    header->setSectionResizeMode(DeletionModel::Subject, QHeaderView::Stretch);

    auto *middle = new QWidget(this);
    auto *row = new QHBoxLayout;
    row->setContentsMargins(8, 6, 8, 6);
    row->addWidget(m_choice);
    row->addWidget(m_filter, 1);
    row->addWidget(m_show);
    row->addWidget(m_copy);
    auto *foot = new QHBoxLayout;
    foot->setContentsMargins(8, 4, 8, 6);
    foot->addWidget(
        new Explanation(
            tr("Each line is a deletion that the server accepted. It is written down before the server is left."),
            middle),
        1);
    foot->addWidget(m_count);
    auto *column = new QVBoxLayout(middle);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(row);
    column->addWidget(m_table, 1);
    column->addLayout(foot);
    setCentralWidget(middle);

    const auto onKey = [this](const QKeySequence &keys, auto slot) {
        auto *action = new QAction(this);
        action->setShortcut(keys);
        addAction(action);
        connect(action, &QAction::triggered, this, slot);
    };
    onKey(Qt::Key_Escape, &QWidget::close);
    onKey(QKeySequence::Find, [this] { m_filter->setFocus(); });
    auto *copy = new QAction(m_table);
    copy->setShortcut(QKeySequence::Copy);
    copy->setShortcutContext(Qt::WidgetShortcut);
    m_table->addAction(copy);
    connect(copy, &QAction::triggered, this, &DeletionLog::copy);
    connect(m_choice, &QComboBox::currentIndexChanged, this, &DeletionLog::reload);
    connect(m_filter, &QLineEdit::textChanged, this, [this](const QString &text) {
        m_shown->setFilterFixedString(text.trimmed());
        showState();
    });
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, &DeletionLog::showState);
    connect(m_table, &QTableView::activated, this, &DeletionLog::showMessage);
    connect(m_show, &QPushButton::clicked, this, &DeletionLog::showMessage);
    connect(m_copy, &QPushButton::clicked, this, &DeletionLog::copy);
    setAccounts({});
    showState();
    tabInReadingOrder(this);
    resize(1080, 520);
}

void DeletionLog::setAccounts(const QList<AccountSettings> &accounts)
{
    const QVariant chosen = m_choice->currentData();
    const QSignalBlocker blocker(m_choice);
    m_choice->clear();
    m_choice->addItem(tr("All accounts"), qint64(0));
    for (const AccountSettings &account : accounts)
        m_choice->addItem(account.name, account.id.value);
    m_choice->setCurrentIndex(qMax(0, m_choice->findData(chosen)));
    m_model->setAccounts(accounts);
}

void DeletionLog::showAccount(AccountId account)
{
    {
        const QSignalBlocker blocker(m_choice);
        m_choice->setCurrentIndex(qMax(0, m_choice->findData(account.value)));
    }
    reload();
    show();
    raise();
    activateWindow();
    m_table->setFocus();
}

void DeletionLog::reload()
{
    m_loading = true;
    const quint64 generation = ++m_generation;
    m_library.deletions(AccountId{m_choice->currentData().toLongLong()}, mostRecords)
        .then(this, [this, generation](const Expected<QList<DeletionRecord>> &answer) {
            if (generation == m_generation)
                took(answer);
        });
}

void DeletionLog::took(const Expected<QList<DeletionRecord>> &answer)
{
    m_loading = false;
    m_problem = answer ? QString() : answer.error().text;
    m_model->setRecords(answer.value_or(QList<DeletionRecord>()));
    m_table->setColumnHidden(DeletionModel::Account, m_choice->count() <= 2 || m_choice->currentIndex() > 0);
    showState();
}

void DeletionLog::showState()
{
    m_show->setEnabled(selectedMessage().isValid());
    m_copy->setEnabled(m_table->selectionModel()->hasSelection());
    const int shown = m_shown->rowCount();
    if (!m_problem.isEmpty())
        m_count->setText(m_problem);
    else if (m_loading)
        m_count->setText(tr("Reading…"));
    else if (m_model->rowCount() == 0)
        m_count->setText(tr("Nothing was deleted on a server so far."));
    else if (shown < m_model->rowCount())
        m_count->setText(tr("%Ln deletion(s) found", nullptr, shown));
    else
        m_count->setText(tr("%Ln deletion(s)", nullptr, shown));
}

MessageId DeletionLog::selectedMessage() const
{
    const QModelIndexList rows = m_table->selectionModel()->selectedRows();
    return rows.size() == 1 ? m_model->record(m_shown->mapToSource(rows.constFirst()).row()).message : MessageId();
}

void DeletionLog::showMessage()
{
    if (const MessageId message = selectedMessage(); message.isValid())
        Q_EMIT messageWished(message);
}

QString DeletionLog::selectedText() const
{
    QModelIndexList rows = m_table->selectionModel()->selectedRows();
    std::ranges::sort(rows, {}, &QModelIndex::row);
    QStringList lines;
    for (const QModelIndex &row : std::as_const(rows)) {
        QStringList cells;
        for (int column = 0; column < DeletionModel::ColumnCount; ++column)
            cells += row.siblingAtColumn(column).data().toString().replace(u'\t', u' ');
        lines += cells.join(u'\t');
    }
    return lines.join(u'\n');
}

void DeletionLog::copy()
{
    QGuiApplication::clipboard()->setText(selectedText());
}

} // namespace satchel::ui
