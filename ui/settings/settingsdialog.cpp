// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/settings/settingsdialog.h"

#include "ui/bars/notebar.h"
#include "ui/settings/accounteditor.h"
#include "ui/settings/accountlistpage.h"
#include "ui/settings/advancedpage.h"
#include "ui/settings/appearancepage.h"
#include "ui/settings/offlinepage.h"
#include "ui/settings/privacypage.h"
#include "ui/settings/readingpage.h"
#include "ui/settings/shortcutspage.h"
#include "ui/theme/icons.h"
#include "ui/theme/pagescroller.h"
#include "ui/theme/taborder.h"
#include "ui/theme/text.h"

#include <QDialogButtonBox>
#include <QHeaderView>
#include <QLineEdit>
#include <QPushButton>
#include <QSettings>
#include <QStackedWidget>
#include <QTreeWidget>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace satchel::ui {

namespace {

constexpr int stackRole = Qt::UserRole;
constexpr int pageRole = Qt::UserRole + 1;

} // namespace

SettingsDialog::SettingsDialog(QSettings &settings, Shortcuts &shortcuts, QWidget *parent)
    : QDialog(parent)
    , m_settings(settings)
    , m_shortcuts(shortcuts)
    , m_before(Preferences::load(settings))
    , m_search(named(new QLineEdit(this), tr("Find a setting")))
    , m_list(named(new QTreeWidget(this), tr("Pages of the settings")))
    , m_stack(new QStackedWidget(this))
    , m_fault(new NoteBar(BarKind::Problem, this))
    , m_buttons(new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel | QDialogButtonBox::Apply, this))
{
    setWindowTitle(tr("Settings"));
    setObjectName(u"settingsDialog"_s);
    m_search->setPlaceholderText(tr("Find a setting"));
    m_search->setClearButtonEnabled(true);
    m_search->addAction(icon("search"_L1), QLineEdit::LeadingPosition);
    fitPlaceholder(m_search);
    m_list->setHeaderHidden(true);
    m_list->setRootIsDecorated(false);
    m_list->setItemsExpandable(false);
    m_list->setIndentation(16);
    m_list->setIconSize(QSize(18, 18));
    m_list->setTextElideMode(Qt::ElideMiddle);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->header()->setStretchLastSection(true);
    m_fault->setVisible(false);

    auto *side = new QVBoxLayout;
    side->addWidget(m_search);
    side->addWidget(m_list, 1);
    auto *row = new QHBoxLayout;
    row->addLayout(side, 2);
    row->addWidget(m_stack, 5);
    auto *column = new QVBoxLayout(this);
    column->addLayout(row, 1);
    column->addWidget(m_fault);
    column->addWidget(m_buttons);

    connect(m_list, &QTreeWidget::currentItemChanged, this, [this](const QTreeWidgetItem *item) {
        if (!item)
            return;
        // An account's page is made when it is looked at: there may be twenty.
        if (const AccountId account = accountOf(item); account.isValid())
            m_stack->setCurrentWidget(editor(account));
        else
            m_stack->setCurrentIndex(item->data(0, stackRole).toInt());
    });
    connect(m_search, &QLineEdit::textChanged, this, &SettingsDialog::find);
    connect(m_buttons, &QDialogButtonBox::accepted, this, &SettingsDialog::accept);
    connect(m_buttons, &QDialogButtonBox::rejected, this, &SettingsDialog::reject);
    connect(m_buttons->button(QDialogButtonBox::Apply), &QPushButton::clicked, this, [this] {
        m_closes = false;
        proceed();
    });
    makePages();
    noteEdit();
    tabInReadingOrder(this);
    setMinimumHeight(360);
    resize(780, 640);
    m_list->setFocus();
}

SettingsDialog::~SettingsDialog()
{
    // Its items tell of their end to what is gone by then.
    m_list->disconnect(this);
}

void SettingsDialog::makePages()
{
    m_accountList = new AccountListPage;
    addPage(Page::Accounts, tr("Accounts"), "account"_L1, m_accountList);
    connect(m_accountList, &AccountListPage::edited, this, &SettingsDialog::noteEdit);
    connect(m_accountList, &AccountListPage::addWished, this, &SettingsDialog::addAccountWished);
    connect(m_accountList, &AccountListPage::removeWished, this, &SettingsDialog::removeAccountWished);
    connect(m_accountList, &AccountListPage::editWished, this, &SettingsDialog::showAccount);

    m_privacy = new PrivacyPage;
    auto *advanced = new AdvancedPage(m_settings.fileName());
    connect(advanced, &AdvancedPage::logWished, this, &SettingsDialog::logWished);
    connect(advanced, &AdvancedPage::folderWished, this, &SettingsDialog::folderWished);
    const auto add = [this](Page page, const QString &title, QLatin1StringView iconName, PreferencesPage *widget) {
        widget->setPreferences(m_before);
        addPage(page, title, iconName, widget);
        connect(widget, &PreferencesPage::edited, this, &SettingsDialog::noteEdit);
        m_pages.append(widget);
    };
    add(Page::Reading, tr("Reading"), "mail-read"_L1, new ReadingPage);
    add(Page::Appearance, tr("Appearance"), "sun"_L1, new AppearancePage);
    add(Page::Privacy, tr("Privacy"), "picture-blocked"_L1, m_privacy);
    add(Page::Offline, tr("Offline"), "offline"_L1, new OfflinePage);
    m_shortcutsPage = new ShortcutsPage(m_shortcuts);
    addPage(Page::Shortcuts, tr("Shortcuts"), "text"_L1, m_shortcutsPage);
    connect(m_shortcutsPage, &ShortcutsPage::edited, this, &SettingsDialog::noteEdit);
    add(Page::Advanced, tr("Advanced"), "settings"_L1, advanced);
    m_list->setCurrentItem(m_items.value(Page::Accounts));
}

QTreeWidgetItem *SettingsDialog::addItem(
    QTreeWidgetItem *parent, int position, const QString &title, QLatin1StringView iconName, QWidget *widget)
{
    auto *item = new QTreeWidgetItem({title});
    item->setIcon(0, icon(iconName));
    item->setToolTip(0, asPlainRichText(title));
    if (widget)
        item->setData(0, stackRole, m_stack->addWidget(new PageScroller(widget, m_stack)));
    if (parent)
        parent->insertChild(position, item);
    else
        m_list->insertTopLevelItem(position, item);
    return item;
}

void SettingsDialog::addPage(Page page, const QString &title, QLatin1StringView iconName, QWidget *widget)
{
    int position = 0;
    while (
        position < m_list->topLevelItemCount() && m_list->topLevelItem(position)->data(0, pageRole).toInt() < int(page))
        ++position;
    QTreeWidgetItem *item = addItem(nullptr, position, title, iconName, widget);
    item->setData(0, pageRole, int(page));
    m_items.insert(page, item);
    tabInReadingOrder(this);
}

void SettingsDialog::setKeychain(bool available, const QString &reason)
{
    m_keychainAvailable = available;
    m_keychainReason = reason;
}

void SettingsDialog::setAccounts(const QList<AccountSettings> &accounts)
{
    const QList<AccountId> shownOrder = m_accountList->order();
    const bool orderEdited = isReordered();
    m_accounts = accounts;
    std::ranges::stable_sort(m_accounts, {}, &AccountSettings::position);

    QTreeWidgetItem *parent = m_items.value(Page::Accounts);
    for (const AccountId id : m_accountItems.keys()) {
        if (std::ranges::find(m_accounts, id, &AccountSettings::id) != m_accounts.end())
            continue;
        delete m_accountItems.take(id);
        if (AccountEditor *gone = m_editors.take(id))
            gone->deleteLater();
    }
    for (qsizetype i = 0; i < m_accounts.size(); ++i) {
        const AccountSettings &account = m_accounts.at(i);
        QTreeWidgetItem *&item = m_accountItems[account.id];
        if (!item)
            item = addItem(parent, int(i), account.name, "inbox"_L1, nullptr);
        item->setText(0, account.name);
        item->setToolTip(0, asPlainRichText(account.name));
        if (parent->indexOfChild(item) != int(i)) {
            const bool current = m_list->currentItem() == item;
            parent->insertChild(int(i), parent->takeChild(parent->indexOfChild(item)));
            if (current)
                m_list->setCurrentItem(item);
        }
        AccountEditor *open = m_editors.value(account.id);
        if (open && !open->isChanged() && open->before() != account)
            open->setAccount(account);
    }
    m_list->expandAll();

    QList<AccountSettings> shown = m_accounts;
    if (orderEdited) {
        std::ranges::stable_sort(shown, {}, [&shownOrder](const AccountSettings &account) {
            const qsizetype at = shownOrder.indexOf(account.id);
            return at < 0 ? shownOrder.size() : at;
        });
    }
    m_accountList->setAccounts(shown);
    m_privacy->setAccounts(m_accounts);
    noteEdit();
}

AccountId SettingsDialog::accountOf(const QTreeWidgetItem *item) const
{
    for (auto known = m_accountItems.cbegin(); known != m_accountItems.cend(); ++known) {
        if (known.value() == item)
            return known.key();
    }
    return {};
}

bool SettingsDialog::isReordered() const
{
    return !std::ranges::equal(m_accountList->order(), m_accounts, {}, {}, &AccountSettings::id);
}

void SettingsDialog::setServers(
    const QHash<AccountId, sync::ServerAnnouncement> &servers, const QHash<AccountId, int> &elsewhere)
{
    m_servers = servers;
    m_elsewhere = elsewhere;
}

AccountEditor *SettingsDialog::editor(AccountId account)
{
    if (AccountEditor *made = m_editors.value(account))
        return made;
    const auto found = std::ranges::find(m_accounts, account, &AccountSettings::id);
    if (found == m_accounts.end())
        return nullptr;
    auto *made = new AccountEditor(*found, m_keychainAvailable, m_keychainReason);
    connect(made, &AccountEditor::edited, this, &SettingsDialog::noteEdit);
    connect(made, &AccountEditor::forecastWished, this, &SettingsDialog::forecastWished);
    made->setServer(m_servers.value(account), m_elsewhere.value(account));
    connect(made, &AccountEditor::fetchElsewhereWished, this, &SettingsDialog::fetchElsewhereWished);
    connect(made, &AccountEditor::deletionLogWished, this, &SettingsDialog::deletionLogWished);
    connect(made, &AccountEditor::forecastKnown, this, [this] {
        if (m_proceeding)
            proceed();
    });
    m_editors.insert(account, made);
    m_stack->addWidget(made);
    tabInReadingOrder(this);
    return made;
}

void SettingsDialog::takeForecast(const sync::Forecast &forecast)
{
    if (AccountEditor *open = m_editors.value(forecast.account))
        open->takeForecast(forecast);
}

void SettingsDialog::showPage(Page page)
{
    if (QTreeWidgetItem *item = m_items.value(page))
        m_list->setCurrentItem(item);
}

void SettingsDialog::showAccount(AccountId account)
{
    if (QTreeWidgetItem *item = m_accountItems.value(account))
        m_list->setCurrentItem(item);
}

void SettingsDialog::showRetention(AccountId account)
{
    showAccount(account);
    if (AccountEditor *open = editor(account))
        open->showRetention();
}

void SettingsDialog::find(const QString &words)
{
    const QString wanted = words.trimmed();
    QTreeWidgetItem *first = nullptr;
    const auto holds = [&wanted](const QTreeWidgetItem *item, const QWidget *page) {
        if (wanted.isEmpty() || item->text(0).contains(wanted, Qt::CaseInsensitive))
            return true;
        const auto widgets = page ? page->findChildren<QWidget *>() : QList<QWidget *>();
        return std::ranges::any_of(widgets, [&wanted](const QWidget *widget) {
            // Labels, buttons and boxes all name what they are by one of these.
            const QString text = widget->property("text").toString() + u'\n' + widget->property("title").toString()
                + u'\n' + widget->accessibleName();
            return QString(text).remove(u'&').contains(wanted, Qt::CaseInsensitive);
        });
    };
    for (int row = 0; row < m_list->topLevelItemCount(); ++row) {
        QTreeWidgetItem *item = m_list->topLevelItem(row);
        bool shown = holds(item, m_stack->widget(item->data(0, stackRole).toInt()));
        for (int child = 0; child < item->childCount(); ++child) {
            const AccountId account = accountOf(item->child(child));
            const bool childShown = holds(item->child(child), wanted.isEmpty() ? nullptr : editor(account));
            item->child(child)->setHidden(!childShown);
            shown = shown || childShown;
            if (childShown && !first && !wanted.isEmpty())
                first = item->child(child);
        }
        item->setHidden(!shown);
        if (shown && !first && !wanted.isEmpty())
            first = item;
    }
    if (first)
        m_list->setCurrentItem(first);
}

void SettingsDialog::noteEdit()
{
    m_fault->hide();
    m_agreed.clear(); // what was agreed to is another thing now
    m_buttons->button(QDialogButtonBox::Apply)->setEnabled(isChanged());
}

bool SettingsDialog::isChanged() const
{
    Preferences edited = m_before;
    for (const PreferencesPage *page : m_pages)
        page->apply(edited);
    if (edited != m_before || (m_shortcutsPage && m_shortcutsPage->isChanged())
        || (m_privacy && !m_privacy->forgottenExceptions().isEmpty()))
        return true;
    if (std::ranges::any_of(m_editors, &AccountEditor::isChanged))
        return true;
    return isReordered();
}

void SettingsDialog::accept()
{
    m_closes = true;
    proceed();
}

void SettingsDialog::reject()
{
    m_proceeding = false;
    QDialog::reject();
}

} // namespace satchel::ui
