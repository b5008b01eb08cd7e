// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/failedmessagesdialog.h"

#include "ui/theme/pagescroller.h"
#include "ui/theme/text.h"

#include <QDialogButtonBox>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QTreeWidget>
#include <QVBoxLayout>

namespace satchel::ui {

FailedMessagesDialog::FailedMessagesDialog(
    const QString &accountName, const QList<sync::FailedMessage> &messages, QWidget *parent)
    : QDialog(parent)
    , m_list(named(new QTreeWidget(this), tr("Messages that could not be fetched")))
{
    setWindowTitle(tr("Messages that could not be fetched"));
    auto *explanation =
        new QLabel(tr("The server of “%1” did not hand out %Ln message(s). Nothing is lost: they stay there, "
                      "and Satchel tries each again after an hour, a day and a week.",
                       nullptr, int(messages.size()))
                       .arg(accountName),
            this);
    explanation->setTextFormat(Qt::PlainText);
    explanation->setWordWrap(true);

    m_list->setRootIsDecorated(false);
    m_list->setUniformRowHeights(true);
    m_list->setAllColumnsShowFocus(true);
    m_list->setHeaderLabels({tr("From"), tr("Subject"), tr("Size"), tr("What the server said")});
    for (const sync::FailedMessage &message : messages) {
        auto *item = new QTreeWidgetItem(m_list);
        item->setText(0, message.from.isEmpty() ? tr("unknown") : message.from);
        item->setText(1, message.subject);
        item->setText(2, message.size > 0 ? fileSize(message.size) : QString());
        item->setTextAlignment(2, Qt::AlignRight | Qt::AlignVCenter);
        item->setText(3, message.reason);
        for (int column = 0; column < m_list->columnCount(); ++column)
            item->setToolTip(column, asPlainRichText(item->text(column)));
    }
    m_list->header()->setStretchLastSection(true);
    m_list->header()->resizeSection(0, 150);
    m_list->header()->resizeSection(1, 220);
    m_list->header()->resizeSection(2, 80);

    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    QPushButton *retry = buttons->addButton(tr("&Try again now"), QDialogButtonBox::AcceptRole);
    retry->setDefault(true);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(buttons, &QDialogButtonBox::accepted, this, [this] {
        Q_EMIT retryWished();
        accept();
    });
    auto *column = new QVBoxLayout(this);
    column->addWidget(explanation);
    column->addWidget(m_list, 1);
    column->addWidget(buttons);
    m_list->setMinimumSize(360, 100);
    keepWordsWhole(this);
    resize(680, 320);
}

} // namespace satchel::ui
