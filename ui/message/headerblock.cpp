// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/message/headerblock.h"

#include "base/ownaddress.h"
#include "ui/theme/appearance.h"
#include "ui/theme/icons.h"
#include "ui/theme/text.h"

#include <QEvent>
#include <QGridLayout>
#include <QLabel>
#include <QToolButton>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace satchel::ui {

namespace {

constexpr int dateRowBelow = 4;
constexpr int shownWhenFolded = 3;

QLabel *textLabel(QWidget *parent)
{
    auto *label = new QLabel(parent);
    label->setTextFormat(Qt::PlainText);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    label->setFocusPolicy(Qt::ClickFocus);
    label->setWordWrap(true);
    label->setMinimumWidth(40);
    // A name in Arabic stands where a name in Latin stands: the reading direction of the window decides.
    label->setAlignment(
        (label->isRightToLeft() ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignAbsolute | Qt::AlignVCenter);
    // The ground is the palette's Base, for which Text would be the colour; ours is set as WindowText.
    label->setForegroundRole(QPalette::WindowText);
    return label;
}

QString joined(const QList<Mailbox> &mailboxes)
{
    QStringList texts;
    for (const Mailbox &mailbox : mailboxes)
        texts.append(mailboxText(mailbox));
    return texts.join(u", "_s);
}

} // namespace

HeaderBlock::HeaderBlock(QWidget *parent)
    : QWidget(parent)
    , m_subject(textLabel(this))
    , m_name(textLabel(this))
    , m_address(textLabel(this))
    , m_date(textLabel(this))
    , m_recipients(textLabel(this))
    , m_more(new QToolButton(this))
{
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::Base);
    QFont large = m_subject->font();
    large.setPointSizeF(large.pointSizeF() * 1.4);
    large.setWeight(QFont::DemiBold);
    m_subject->setFont(large);
    m_subject->setAccessibleName(tr("Subject"));
    QFont bold = m_name->font();
    bold.setBold(true);
    m_name->setFont(bold);
    m_name->setAccessibleName(tr("From"));
    m_address->setAccessibleName(tr("Address of the sender"));
    m_date->setAccessibleName(tr("Date"));
    m_date->setWordWrap(false);
    m_date->setAlignment(Qt::AlignTrailing | Qt::AlignTop);
    m_recipients->setAccessibleName(tr("Recipients"));
    m_more->setAutoRaise(true);
    m_more->setIconSize(QSize(14, 14));
    m_more->setFocusPolicy(Qt::TabFocus);
    connect(m_more, &QToolButton::clicked, this, [this] { setUnfolded(!m_unfolded); });

    auto *grid = new QGridLayout(this);
    grid->setContentsMargins(20, 14, 16, 12);
    grid->setHorizontalSpacing(12);
    grid->setVerticalSpacing(2);
    grid->addWidget(m_subject, 0, 0, 1, 2);
    grid->setRowMinimumHeight(1, 6);
    grid->addWidget(m_name, 2, 0);
    grid->addWidget(m_date, 2, 1);
    grid->addWidget(m_address, 3, 0, 1, 2);
    auto *row = new QHBoxLayout;
    row->setSpacing(4);
    row->addWidget(m_recipients, 1);
    row->addWidget(m_more, 0, Qt::AlignTop);
    grid->addLayout(row, dateRowBelow + 1, 0, 1, 2);
    grid->setColumnStretch(0, 1);
    refreshColours();
}

void HeaderBlock::show(const mime::Message &message)
{
    m_message = message;
    m_unfolded = false;
    m_subject->setText(message.subject.isEmpty() ? tr("(no subject)") : message.subject);
    const Mailbox from = message.from.value(0);
    const bool addressFirst = from.name.isEmpty() || from.name == from.address || nameHoldsAddress(from);
    m_name->setText(addressFirst ? from.address : from.name);
    if (m_name->text().isEmpty())
        m_name->setText(tr("Unknown sender"));
    QString second = !addressFirst ? from.address
        : nameHoldsAddress(from)   ? tr("calls itself “%1”").arg(from.name)
                                   : QString();
    if (message.from.size() > 1)
        second += (second.isEmpty() ? QString() : u" · "_s) + tr("also from: %1").arg(joined(message.from.mid(1)));
    m_address->setText(second);
    m_address->setVisible(!second.isEmpty());
    m_date->setText(readingDate(message.date));
    m_date->setToolTip(asPlainRichText(fullDate(message.date)));
    refreshRecipients();
}

void HeaderBlock::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    // Where both do not fit beside each other, the date goes below the address.
    const bool below = width() < fontMetrics().averageCharWidth() * 66;
    auto *grid = static_cast<QGridLayout *>(layout());
    int row = 0;
    int unused = 0;
    grid->getItemPosition(grid->indexOf(m_date), &row, &unused, &unused, &unused);
    if (below == (row == dateRowBelow))
        return;
    grid->removeWidget(m_date);
    if (below)
        grid->addWidget(m_date, dateRowBelow, 0, 1, 2);
    else
        grid->addWidget(m_date, 2, 1);
    m_date->setAlignment((below ? Qt::AlignLeading : Qt::AlignTrailing) | Qt::AlignTop);
}

void HeaderBlock::setOwnAddresses(const QStringList &addresses)
{
    if (addresses == m_ownAddresses)
        return;
    m_ownAddresses = addresses;
    refreshRecipients();
}

/// An address of the person that the message came to and that neither its sender nor an account names.
QString HeaderBlock::otherAddress() const
{
    const QString address = addressedAs(m_message.deliveredTo, m_message.to + m_message.cc, m_ownAddresses);
    const auto isAddress = [&address](const Mailbox &mailbox) {
        return mailbox.address.compare(address, Qt::CaseInsensitive) == 0;
    };
    const bool named = std::ranges::any_of(m_message.to + m_message.cc + m_message.bcc, isAddress);
    return named || m_ownAddresses.contains(address, Qt::CaseInsensitive) ? QString() : address;
}

QString HeaderBlock::foldedRecipients() const
{
    const QList<Mailbox> all = m_message.to + m_message.cc + m_message.bcc;
    if (all.isEmpty())
        return tr("No recipients named");
    QStringList names;
    for (const Mailbox &mailbox : all.first(qMin<qsizetype>(all.size(), shownWhenFolded)))
        names.append(senderText(mailbox));
    if (all.size() > names.size())
        return tr("To %1 and %Ln more", nullptr, int(all.size() - names.size())).arg(names.join(u", "_s));
    return tr("To %1").arg(names.join(u", "_s));
}

void HeaderBlock::refreshRecipients()
{
    m_more->setIcon(icon(m_unfolded ? "previous"_L1 : "next"_L1));
    m_more->setToolTip(m_unfolded ? tr("Show less") : tr("Show all addresses and the whole date"));
    m_more->setAccessibleName(m_more->toolTip());
    if (m_unfolded) {
        QStringList lines;
        const auto line = [&lines](const QString &label, const QList<Mailbox> &mailboxes) {
            if (!mailboxes.isEmpty())
                lines.append(label.arg(joined(mailboxes)));
        };
        line(tr("To: %1"), m_message.to);
        line(tr("Cc: %1"), m_message.cc);
        line(tr("Bcc: %1"), m_message.bcc);
        if (!m_message.deliveredTo.isEmpty())
            lines.append(tr("Delivered to: %1").arg(m_message.deliveredTo.join(u", "_s)));
        line(tr("Reply to: %1"), m_message.replyTo);
        lines.append(tr("Date: %1").arg(fullDate(m_message.date)));
        m_recipients->setText(lines.join(u'\n'));
        return;
    }
    QString text = foldedRecipients();
    if (const QString other = otherAddress(); !other.isEmpty())
        text += u" · "_s + tr("delivered to %1").arg(other);
    m_recipients->setText(text);
}

void HeaderBlock::setUnfolded(bool unfolded)
{
    m_unfolded = unfolded;
    refreshRecipients();
}

QString HeaderBlock::subject() const
{
    return m_subject->text();
}

QString HeaderBlock::from() const
{
    return m_address->isHidden() ? m_name->text() : m_name->text() + u" <"_s + m_address->text() + u'>';
}

QString HeaderBlock::recipients() const
{
    return m_recipients->text();
}

void HeaderBlock::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        refreshColours();
}

void HeaderBlock::refreshColours()
{
    QPalette strong = palette();
    strong.setColor(QPalette::WindowText, palette().color(QPalette::Active, QPalette::Text));
    QPalette weak = palette();
    weak.setColor(QPalette::WindowText, mutedText(palette()));
    m_subject->setPalette(strong);
    m_name->setPalette(strong);
    for (QLabel *label : {m_address, m_date, m_recipients})
        label->setPalette(weak);
    m_more->setIcon(icon(m_unfolded ? "previous"_L1 : "next"_L1));
}

} // namespace satchel::ui
