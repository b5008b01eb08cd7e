// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bars/messagebar.h"

#include "ui/bars/notebar.h"

#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace satchel::ui {

MessageBar::MessageBar(QWidget *parent)
    : QWidget(parent)
    , m_bar(new NoteBar(BarKind::Problem, this))
{
    setAccessibleName(tr("Problems"));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_bar);
    m_bar->setClosable(true);
    connect(m_bar, &NoteBar::closeWished, this, &MessageBar::closeLatest);
    setVisible(false);
}

QString MessageBar::actionText(ErrorAction action)
{
    switch (action) {
    case ErrorAction::Retry:
        return tr("&Try again");
    case ErrorAction::EnterPassword:
        return tr("&Enter password…");
    case ErrorAction::EnterPassphrase:
        return tr("&Enter passphrase…");
    case ErrorAction::ReviewCertificate:
        return tr("&Review certificate…");
    case ErrorAction::EditAccount:
        return tr("Account &settings…");
    case ErrorAction::ShowLog:
        return tr("Show &log");
    case ErrorAction::ShowMessages:
        return tr("&Show them…");
    case ErrorAction::ShowSteps:
        return tr("&What to do…");
    case ErrorAction::DeleteOnServer:
        return tr("&Delete them there");
    case ErrorAction::RepairStore:
        return tr("&Repair or restore…");
    case ErrorAction::TakeOverStore:
        return tr("&Go on here…");
    case ErrorAction::None:
        break;
    }
    return {};
}

void MessageBar::add(AccountId account, const QString &accountName, const Error &error)
{
    const Remedy remedy = remedyFor(error.kind);
    if (remedy.said == Said::Nowhere || error.text.isEmpty())
        return;
    m_entries.removeIf([&](const Entry &entry) {
        const bool sameKind = entry.error.kind == error.kind;
        if (!account.isValid() || entry.account != account)
            return entry.account == account && sameKind && entry.error.text == error.text;
        return sameKind || (remedy.said != Said::AsNote && remedyFor(entry.error.kind).said != Said::AsNote);
    });
    m_entries.append({account, accountName, error});
    refresh();
}

void MessageBar::clear(AccountId account)
{
    if (m_entries.removeIf([account](const Entry &entry) { return entry.account == account; }) > 0)
        refresh();
}

void MessageBar::storeWorks()
{
    const auto isOver = [](const Entry &entry) {
        return !entry.account.isValid() && remedyFor(entry.error.kind).gone == Gone::WhenStoreWorks;
    };
    if (m_entries.removeIf(isOver) > 0)
        refresh();
}

void MessageBar::storeIsWhole()
{
    const auto isOver = [](const Entry &entry) { return remedyFor(entry.error.kind).gone == Gone::WhenStoreIsWhole; };
    if (m_entries.removeIf(isOver) > 0)
        refresh();
}

void MessageBar::closeLatest()
{
    if (!m_entries.isEmpty())
        m_entries.removeLast();
    refresh();
}

QString MessageBar::text() const
{
    return m_entries.isEmpty() ? QString() : m_bar->text();
}

void MessageBar::refresh()
{
    setVisible(!m_entries.isEmpty());
    m_bar->clearButtons();
    if (m_entries.isEmpty())
        return;
    const Entry entry = m_entries.constLast();
    QString text =
        entry.accountName.isEmpty() ? entry.error.text : tr("%1: %2").arg(entry.accountName, entry.error.text);
    if (m_entries.size() > 1)
        text += u' ' + tr("(and %Ln more)", nullptr, int(m_entries.size() - 1));
    m_bar->setText(text, entry.error.detail);
    if (const QString action = actionText(entry.error.action); !action.isEmpty()) {
        QPushButton *button = m_bar->addButton(action);
        connect(button, &QPushButton::clicked, this, [this, entry] {
            // What is being dealt with need not be said any longer; if it fails again, it comes back.
            m_entries.removeIf(
                [&](const Entry &other) { return other.account == entry.account && other.error == entry.error; });
            refresh();
            Q_EMIT actionWished(entry.account, entry.error);
        });
    }
}

} // namespace satchel::ui
