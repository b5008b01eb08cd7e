// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bars/activitypanel.h"

#include "ui/theme/appearance.h"
#include "ui/theme/calmbar.h"
#include "ui/theme/elidinglabel.h"
#include "ui/theme/icons.h"
#include "ui/theme/taborder.h"
#include "ui/theme/text.h"

#include <QGridLayout>
#include <QLocale>
#include <QPainter>
#include <QScrollArea>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace satchel::ui {

ActivityPanel::ActivityPanel(QWidget *parent)
    : QWidget(parent)
    , m_header(new QWidget(this))
    , m_count(new ElidingLabel(m_header))
    , m_scroll(new QScrollArea(this))
{
    setAccessibleName(tr("Checks that are running"));
    auto *outer = new QVBoxLayout(this);
    outer->setContentsMargins(10, 6, 6, 8);
    outer->setSpacing(6);
    auto *header = new QHBoxLayout(m_header);
    header->setContentsMargins(0, 0, 0, 0);
    auto *stopAll = new QToolButton(m_header);
    stopAll->setObjectName(u"stopAll"_s);
    stopAll->setText(tr("Stop all"));
    stopAll->setToolTip(tr("Stop getting mail for all accounts"));
    stopAll->setAutoRaise(true);
    connect(stopAll, &QToolButton::clicked, this, [this] { Q_EMIT cancelWished({}); });
    header->addWidget(m_count, 1);
    header->addWidget(stopAll);
    outer->addWidget(m_header);
    auto *lines = new QWidget(m_scroll);
    m_column = new QVBoxLayout(lines);
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->setSpacing(8);
    m_scroll->setWidget(lines);
    m_scroll->setWidgetResizable(true);
    m_scroll->setFocusPolicy(Qt::NoFocus);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->viewport()->setAutoFillBackground(false);
    lines->setAutoFillBackground(false);
    outer->addWidget(m_scroll);
    setVisible(false);
}

void ActivityPanel::fit()
{
    const qsizetype count = m_lines.size();
    setVisible(count > 0);
    m_header->setVisible(count > 1);
    m_count->setText(tr("Checking %Ln account(s)", nullptr, int(count)));
    if (count == 0)
        return;
    constexpr qsizetype mostShown = 4;
    const int line = m_lines.cbegin()->widget->sizeHint().height();
    const auto shown = int(qMin(count, mostShown));
    // Half of one more shows that there are more.
    const int half = count > mostShown ? line / 2 + m_column->spacing() : 0;
    m_scroll->setFixedHeight(shown * line + (shown - 1) * m_column->spacing() + half);
}

void ActivityPanel::setAccounts(const QList<AccountSettings> &accounts)
{
    m_accounts = accounts;
}

ActivityPanel::Line &ActivityPanel::line(AccountId account)
{
    if (const auto known = m_lines.find(account); known != m_lines.end())
        return *known;
    Line made;
    made.widget = new QWidget(this);
    made.name = new ElidingLabel(made.widget);
    made.text = new ElidingLabel(made.widget);
    made.bar = new CalmBar(made.widget);
    QFont small = made.text->font();
    small.setPointSizeF(small.pointSizeF() * 0.9);
    made.text->setFont(small);
    made.text->setEnabled(false);
    made.bar->setTextVisible(false);
    made.bar->setFixedHeight(6);
    // Its own wish for room would push the button that stops it out of a narrow pane.
    made.bar->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    made.bar->setMinimumWidth(24);
    auto *cancel = new QToolButton(made.widget);
    cancel->setObjectName(u"stopOne"_s);
    cancel->setIcon(icon("close"_L1));
    cancel->setIconSize(QSize(14, 14));
    cancel->setAutoRaise(true);
    const auto found = std::ranges::find(m_accounts, account, &AccountSettings::id);
    const QString name = found == m_accounts.end() ? tr("Account") : found->name;
    made.name->setText(name);
    made.name->setToolTip(asPlainRichText(name));
    made.bar->setAccessibleName(tr("Progress of %1").arg(name));
    cancel->setToolTip(asPlainRichText(tr("Stop getting mail for %1").arg(name)));
    cancel->setAccessibleName(tr("Stop getting mail for %1").arg(name));
    connect(cancel, &QToolButton::clicked, this, [this, account] { Q_EMIT cancelWished(account); });
    auto *grid = new QGridLayout(made.widget);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setVerticalSpacing(2);
    grid->addWidget(made.name, 0, 0);
    grid->addWidget(cancel, 0, 1, 3, 1, Qt::AlignVCenter);
    grid->addWidget(made.bar, 1, 0);
    grid->addWidget(made.text, 2, 0);
    grid->setColumnStretch(0, 1);
    m_column->addWidget(made.widget);
    const auto placed = m_lines.insert(account, made);
    fit();
    tabInReadingOrder(window());
    return *placed;
}

void ActivityPanel::started(AccountId account)
{
    progressed({.account = account, .phase = sync::CheckPhase::Connecting});
}

QString ActivityPanel::phaseText(const sync::CheckProgress &progress) const
{
    const QLocale locale;
    switch (progress.phase) {
    case sync::CheckPhase::Waiting:
        return tr("Waiting…");
    case sync::CheckPhase::Connecting:
        return tr("Connecting…");
    case sync::CheckPhase::LoggingIn:
        return tr("Logging in…");
    case sync::CheckPhase::Listing:
        return tr("Looking for new mail…");
    case sync::CheckPhase::Receiving:
        return tr("%1 of %2 messages, %3")
            .arg(locale.toString(progress.messagesDone), locale.toString(progress.messagesTotal),
                fileSize(progress.bytesDone));
    case sync::CheckPhase::Deleting:
        return tr("Tidying up on the server…");
    case sync::CheckPhase::Finishing:
        return tr("Taking leave…");
    }
    return {};
}

void ActivityPanel::progressed(const sync::CheckProgress &progress)
{
    const Line &shown = line(progress.account);
    const bool counted = progress.phase == sync::CheckPhase::Receiving && progress.messagesTotal > 0;
    // Sizes tell more truly than numbers how far it is; they are advisory, so the bar stops at its end.
    const bool bytes = counted && progress.bytesTotal > 0;
    const qint64 total = bytes ? progress.bytesTotal : progress.messagesTotal;
    const qint64 done = bytes ? progress.bytesDone : progress.messagesDone;
    // A bar that moves says that something is done; what waits has none that moves.
    const bool waits = progress.phase == sync::CheckPhase::Waiting;
    shown.bar->setRange(0, counted || waits ? 1000 : 0);
    if (waits)
        shown.bar->setValue(0);
    if (counted)
        shown.bar->setValue(int(qBound(qint64(0), done * 1000 / total, qint64(1000))));
    const QString text = phaseText(progress);
    shown.text->setText(text);
    shown.text->setToolTip(text);
    shown.bar->setAccessibleDescription(text);
}

void ActivityPanel::finished(AccountId account)
{
    const Line gone = m_lines.take(account);
    if (gone.widget) {
        gone.widget->hide();
        gone.widget->deleteLater();
    }
    fit();
}

QString ActivityPanel::text(AccountId account) const
{
    const auto known = m_lines.constFind(account);
    return known == m_lines.cend() ? QString() : known->text->text();
}

void ActivityPanel::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), palette().color(QPalette::Window));
    painter.setPen(hairline(palette()));
    painter.drawLine(0, 0, width(), 0);
}

} // namespace satchel::ui
