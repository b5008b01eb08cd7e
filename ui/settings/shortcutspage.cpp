// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/settings/shortcutspage.h"

#include "ui/bars/notebar.h"
#include "ui/settings/formparts.h"
#include "ui/theme/text.h"

#include <QAction>
#include <QHeaderView>
#include <QKeySequenceEdit>
#include <QLineEdit>
#include <QPixmap>
#include <QPushButton>
#include <QStyle>
#include <QTreeWidget>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace satchel::ui {

namespace {

enum Column { ActionColumn, KeysColumn };
constexpr int idRole = Qt::UserRole;

} // namespace

ShortcutsPage::ShortcutsPage(const Shortcuts &shortcuts, QWidget *parent)
    : QWidget(parent)
    , m_shortcuts(shortcuts)
    , m_filter(named(new QLineEdit(this), tr("Find an action or a key")))
    , m_list(named(new QTreeWidget(this), tr("Actions and their keys")))
    , m_edit(named(new QKeySequenceEdit(this), tr("Keys of the selected action")))
    , m_clear(new QPushButton(tr("&No key"), this))
    , m_standard(new QPushButton(tr("&Standard"), this))
    , m_conflict(new NoteBar(BarKind::Warning, this))
{
    m_filter->setPlaceholderText(tr("Find an action or a key"));
    m_filter->setClearButtonEnabled(true);
    m_list->setRootIsDecorated(false);
    m_list->setUniformRowHeights(true);
    m_list->setAlternatingRowColors(true);
    m_list->setColumnCount(2);
    m_list->setHeaderLabels({tr("Action"), tr("Keys")});
    m_list->header()->setStretchLastSection(false);
    m_list->header()->setSectionResizeMode(ActionColumn, QHeaderView::Stretch);
    m_list->header()->setSectionResizeMode(KeysColumn, QHeaderView::ResizeToContents);
    m_list->setMinimumHeight(140);
    m_edit->setMaximumSequenceLength(1);
    m_edit->setClearButtonEnabled(true);
    for (QPushButton *button : {m_clear, m_standard})
        button->setAutoDefault(false);
    auto *all = new QPushButton(tr("All to s&tandard"), this);
    all->setAutoDefault(false);
    auto *label = new QLabel(tr("New &key:"), this);
    label->setBuddy(m_edit);
    m_conflict->setVisible(false);
    // So that all names begin in one line.
    QPixmap nothing(m_list->style()->pixelMetric(QStyle::PM_SmallIconSize), 1);
    nothing.fill(Qt::transparent);
    m_noIcon = QIcon(nothing);

    auto *column = new QVBoxLayout(this);
    column->addWidget(m_filter);
    column->addWidget(m_list, 1);
    column->addWidget(m_conflict);
    auto *row = new QHBoxLayout;
    row->addWidget(label);
    row->addWidget(m_edit, 1);
    row->addWidget(m_clear);
    row->addWidget(m_standard);
    column->addLayout(row);
    auto *lastRow = new QHBoxLayout;
    lastRow->addWidget(
        new Explanation(tr("A single letter acts only where the list or the message has the focus."), this), 1);
    lastRow->addWidget(all);
    column->addLayout(lastRow);

    connect(m_filter, &QLineEdit::textChanged, this, &ShortcutsPage::fill);
    connect(m_list, &QTreeWidget::currentItemChanged, this, &ShortcutsPage::select);
    connect(m_list, &QTreeWidget::itemActivated, this, [this] { m_edit->setFocus(); });
    connect(m_edit, &QKeySequenceEdit::keySequenceChanged, this, &ShortcutsPage::takeKeys);
    connect(m_clear, &QPushButton::clicked, this, [this] { setKeys(selectedId(), {}); });
    connect(m_standard, &QPushButton::clicked, this, [this] {
        const QString id = selectedId();
        QList<QKeySequence> keys = entry(id).standard;
        // A standard key that another action was given meanwhile stays there.
        keys.removeIf([&](const QKeySequence &key) { return !ownerOf(key, id).isEmpty(); });
        setKeys(id, keys);
    });
    connect(all, &QPushButton::clicked, this, &ShortcutsPage::resetAll);
    reload();
}

void ShortcutsPage::reload()
{
    m_keys.clear();
    for (const Shortcuts::Entry &known : m_shortcuts.entries())
        m_keys.insert(known.id, known.action->shortcuts());
    fill();
}

void ShortcutsPage::fill()
{
    const QString selected = selectedId();
    const QString wanted = m_filter->text().trimmed();
    m_list->clear();
    for (const Shortcuts::Entry &known : m_shortcuts.entries()) {
        const QString keys = QKeySequence::listToString(m_keys.value(known.id), QKeySequence::NativeText);
        const QString name = actionName(known.action);
        if (!name.contains(wanted, Qt::CaseInsensitive) && !keys.contains(wanted, Qt::CaseInsensitive))
            continue;
        auto *item = new QTreeWidgetItem(m_list, {name, keys});
        item->setIcon(ActionColumn, known.action->icon().isNull() ? m_noIcon : known.action->icon());
        item->setData(ActionColumn, idRole, known.id);
        if (known.id == selected)
            m_list->setCurrentItem(item);
    }
    if (!m_list->currentItem() && m_list->topLevelItemCount() > 0)
        m_list->setCurrentItem(m_list->topLevelItem(0));
    select(m_list->currentItem());
}

const Shortcuts::Entry &ShortcutsPage::entry(const QString &id) const
{
    return *std::ranges::find(m_shortcuts.entries(), id, &Shortcuts::Entry::id);
}

QString ShortcutsPage::selectedId() const
{
    const QTreeWidgetItem *item = m_list->currentItem();
    return item ? item->data(ActionColumn, idRole).toString() : QString();
}

void ShortcutsPage::select(QTreeWidgetItem *item)
{
    m_conflict->setVisible(false);
    for (QWidget *widget :
        {static_cast<QWidget *>(m_edit), static_cast<QWidget *>(m_clear), static_cast<QWidget *>(m_standard)})
        widget->setEnabled(item);
    const QSignalBlocker quiet(m_edit);
    m_edit->setKeySequence(m_keys.value(selectedId()).value(0));
}

QString ShortcutsPage::ownerOf(const QKeySequence &keys, const QString &except) const
{
    for (const Shortcuts::Entry &known : m_shortcuts.entries()) {
        if (known.id != except && m_keys.value(known.id).contains(keys))
            return known.id;
    }
    return {};
}

void ShortcutsPage::takeKeys(const QKeySequence &keys)
{
    const QString id = selectedId();
    m_conflict->setVisible(false);
    if (id.isEmpty() || keys == m_keys.value(id).value(0))
        return;
    if (keys.isEmpty()) {
        setKeys(id, {});
        return;
    }
    const QString owner = ownerOf(keys, id);
    if (owner.isEmpty()) {
        setKeys(id, {keys});
        return;
    }
    m_conflict->setText(tr("%1 is the key of “%2” already.")
            .arg(keys.toString(QKeySequence::NativeText), actionName(entry(owner).action)));
    m_conflict->clearButtons();
    QPushButton *take = m_conflict->addButton(tr("&Use it here instead"));
    connect(take, &QPushButton::clicked, this, [this, id, owner, keys] {
        QList<QKeySequence> left = m_keys.value(owner);
        left.removeAll(keys);
        setKeys(owner, left);
        setKeys(id, {keys});
    });
    m_conflict->setVisible(true);
}

void ShortcutsPage::setKeys(const QString &id, const QList<QKeySequence> &keys)
{
    if (id.isEmpty())
        return;
    m_keys.insert(id, keys);
    showKeysOf(id);
    if (id == selectedId())
        select(m_list->currentItem());
    Q_EMIT edited();
}

void ShortcutsPage::showKeysOf(const QString &id)
{
    for (int row = 0; row < m_list->topLevelItemCount(); ++row) {
        QTreeWidgetItem *item = m_list->topLevelItem(row);
        if (item->data(ActionColumn, idRole).toString() == id)
            item->setText(KeysColumn, QKeySequence::listToString(m_keys.value(id), QKeySequence::NativeText));
    }
}

void ShortcutsPage::resetAll()
{
    for (const Shortcuts::Entry &known : m_shortcuts.entries())
        m_keys.insert(known.id, known.standard);
    fill();
    Q_EMIT edited();
}

bool ShortcutsPage::isChanged() const
{
    return std::ranges::any_of(m_shortcuts.entries(),
        [this](const Shortcuts::Entry &known) { return known.action->shortcuts() != m_keys.value(known.id); });
}

void ShortcutsPage::apply(Shortcuts &shortcuts) const
{
    for (const Shortcuts::Entry &known : QList(shortcuts.entries())) {
        if (known.action->shortcuts() != m_keys.value(known.id))
            shortcuts.set(known.id, m_keys.value(known.id));
    }
}

} // namespace satchel::ui
