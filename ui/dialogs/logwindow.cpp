// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/logwindow.h"

#include "library/files.h"
#include "ui/dialogs/bugreport.h"
#include "ui/theme/elidinglabel.h"
#include "ui/theme/icons.h"
#include "ui/theme/taborder.h"
#include "ui/theme/text.h"

#include <QClipboard>
#include <QComboBox>
#include <QFileDialog>
#include <QFontDatabase>
#include <QGuiApplication>
#include <QLabel>
#include <QMessageBox>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace satchel::ui {

LogWindow::LogWindow(QWidget *parent)
    : QMainWindow(parent, Qt::Window)
    , m_copied(new ElidingLabel(this))
    , m_choice(named(new QComboBox, tr("Account")))
    , m_text(named(new QPlainTextEdit, tr("Connection log")))
{
    setWindowTitle(tr("Connection log"));
    setWindowIcon(applicationIcon());
    m_text->setReadOnly(true);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_text->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_text->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_text->setMaximumBlockCount(m_mostLines);
    m_text->setFrameShape(QFrame::NoFrame);
    m_text->setPlaceholderText(tr("Nothing has been said to a server since Satchel was started."));
    auto *clear = new QPushButton(tr("C&lear"), this);
    auto *copy = new QPushButton(icon("copy"_L1), tr("Copy for a &bug report"), this);
    copy->setToolTip(
        tr("Copies the log with the versions of Satchel and of the server. Names, addresses and passwords are "
           "left out."));
    auto *saveAs = new QPushButton(icon("save"_L1), tr("&Save as…"), this);
    auto *middle = new QWidget(this);
    auto *row = new QHBoxLayout;
    row->setContentsMargins(8, 6, 8, 6);
    row->addWidget(m_choice);
    row->addWidget(m_copied, 1);
    row->addWidget(clear);
    row->addWidget(copy);
    row->addWidget(saveAs);
    auto *column = new QVBoxLayout(middle);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(row);
    column->addWidget(m_text, 1);
    setCentralWidget(middle);
    auto *close = new QAction(this);
    close->setShortcut(Qt::Key_Escape);
    addAction(close);
    connect(close, &QAction::triggered, this, &QWidget::close);
    connect(m_choice, &QComboBox::currentIndexChanged, this, &LogWindow::refill);
    connect(clear, &QPushButton::clicked, this, [this] {
        m_entries.clear();
        refill();
    });
    connect(copy, &QPushButton::clicked, this, [this] {
        QGuiApplication::clipboard()->setText(report());
        m_copied->setText(tr("Copied, without names, addresses and passwords."));
    });
    connect(saveAs, &QPushButton::clicked, this, &LogWindow::save);
    setAccounts({});
    tabInReadingOrder(this);
    resize(820, 560);
}

void LogWindow::setAccounts(const QList<AccountSettings> &accounts)
{
    const QVariant chosen = m_choice->currentData();
    m_accounts = accounts;
    const QSignalBlocker blocker(m_choice);
    m_choice->clear();
    m_choice->addItem(tr("All accounts"), qint64(0));
    for (const AccountSettings &account : accounts)
        m_choice->addItem(account.name, account.id.value);
    m_choice->setCurrentIndex(qMax(0, m_choice->findData(chosen)));
}

QString LogWindow::accountName(AccountId account) const
{
    const auto found = std::ranges::find(m_accounts, account, &AccountSettings::id);
    return found == m_accounts.end() ? QString() : found->name;
}

QString LogWindow::lineText(const Entry &entry) const
{
    QString words = QString::fromUtf8(entry.line.bytes);
    for (QChar &c : words) {
        if (!c.isPrint() && c != u'\t')
            c = u'\ufffd';
    }
    const QChar who = entry.line.from == net::WireLine::From::Client ? u'C'
        : entry.line.from == net::WireLine::From::Server             ? u'S'
                                                                     : u'·';
    const QString at = entry.line.at.toLocalTime().toString(u"HH:mm:ss.zzz");
    if (m_accounts.size() > 1 && m_choice->currentData().toLongLong() == 0)
        return u"%1  %2  %3 %4"_s.arg(at, accountName(entry.account).leftJustified(14, u' ', true), who, words);
    return u"%1  %2 %3"_s.arg(at, who, words);
}

void LogWindow::setMostLines(int lines)
{
    m_mostLines = lines;
    m_text->setMaximumBlockCount(lines);
    if (m_entries.size() > lines)
        m_entries.remove(0, m_entries.size() - lines);
}

void LogWindow::add(AccountId account, const net::WireLine &line)
{
    m_entries.append({account, line});
    if (m_entries.size() > m_mostLines + m_mostLines / 4)
        m_entries.remove(0, m_entries.size() - m_mostLines);
    const qint64 chosen = m_choice->currentData().toLongLong();
    if (isVisible() && (chosen == 0 || chosen == account.value))
        m_text->appendPlainText(lineText(m_entries.constLast()));
}

void LogWindow::showAccount(AccountId account)
{
    m_choice->setCurrentIndex(qMax(0, m_choice->findData(account.value)));
    show();
    raise();
    activateWindow();
}

void LogWindow::showEvent(QShowEvent *event)
{
    QMainWindow::showEvent(event);
    refill();
}

void LogWindow::refill()
{
    QStringList lines;
    const qint64 chosen = m_choice->currentData().toLongLong();
    for (const Entry &entry : std::as_const(m_entries)) {
        if (chosen == 0 || chosen == entry.account.value)
            lines.append(lineText(entry));
    }
    m_text->setPlainText(lines.join(u'\n'));
    m_text->moveCursor(QTextCursor::End);
}

QString LogWindow::report() const
{
    const qint64 chosen = m_choice->currentData().toLongLong();
    QList<AccountSettings> accounts = m_accounts;
    if (chosen != 0)
        accounts.removeIf([chosen](const AccountSettings &account) { return account.id.value != chosen; });
    return bugReport(accounts, m_servers, text().split(u'\n', Qt::SkipEmptyParts));
}

QString LogWindow::text() const
{
    return m_text->toPlainText();
}

void LogWindow::save()
{
    auto *dialog = new QFileDialog(this, tr("Save the connection log"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->selectFile(u"satchel-log.txt"_s);
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString &path) {
        const QByteArray content = m_text->toPlainText().toUtf8() + '\n';
        library::saved(path, content).then(this, [this](const Expected<QString> &saved) {
            if (saved)
                return;
            auto *box = new QMessageBox(QMessageBox::Warning, windowTitle(), saved.error().text, QMessageBox::Ok, this);
            box->setAttribute(Qt::WA_DeleteOnClose);
            box->setTextFormat(Qt::PlainText);
            box->open();
        });
    });
    dialog->open();
}

} // namespace satchel::ui
