// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/settings/retentionpage.h"

#include "ui/bars/notebar.h"
#include "ui/message/flowlayout.h"
#include "ui/settings/forecasttext.h"
#include "ui/settings/formparts.h"
#include "ui/settings/sizebar.h"
#include "ui/theme/text.h"

#include <QCheckBox>
#include <QPushButton>
#include <QRadioButton>
#include <QSpinBox>
#include <QStyle>
#include <QVBoxLayout>

namespace satchel::ui {

namespace {

constexpr qint64 megabyte = 1024 * 1024;

} // namespace

RetentionPage::RetentionPage(bool isNew, QWidget *parent)
    : QWidget(parent)
    , m_isNew(isNew)
{
    auto *column = new QVBoxLayout(this);
    makeChoices(column);
    makeMore(column);
    if (!isNew)
        makeForecast(column);
    column->addStretch(1);
}

void RetentionPage::makeChoices(QVBoxLayout *column)
{
    column->addWidget(heading(tr("After a message was stored on this computer"), this));
    column->addWidget(
        new Explanation(tr("Nothing is deleted from a server before it is stored safely on this computer."), this));
    m_keepDays = new QRadioButton(tr("Delete it from the server a&fter"), this);
    m_days = named(new QSpinBox(this), tr("Days a message is kept on the server"));
    m_days->setRange(1, 3650);
    m_days->setSuffix(tr(" days"));
    m_keepCount = new QRadioButton(tr("Keep only the &newest there, at most"), this);
    m_count = named(new QSpinBox(this), tr("Messages kept on the server"));
    m_count->setRange(1, 1'000'000);
    m_count->setSuffix(tr(" messages"));
    m_keepSize = new QRadioButton(tr("Keep only the newest there, &up to"), this);
    m_megabytes = named(new QSpinBox(this), tr("Megabytes kept on the server"));
    m_megabytes->setRange(1, 1'000'000);
    m_megabytes->setSuffix(tr(" MB"));
    m_keep = new QRadioButton(tr("&Keep it on the server"), this);
    m_deleteNow = new QRadioButton(tr("Delete it from the server at &once"), this);

    const auto add = [this, column](QRadioButton *choice, QSpinBox *number, const QString &sentence) {
        auto *line = new FlowLayout;
        line->addWidget(choice);
        if (number) {
            line->addWidget(number);
            connect(number, &QSpinBox::valueChanged, this, &RetentionPage::edited);
        }
        column->addLayout(line);
        choice->setAccessibleDescription(explainBelow(column, sentence, choice)->text());
        connect(choice, &QRadioButton::toggled, this, [this](bool on) {
            enable();
            if (on)
                Q_EMIT edited();
        });
    };
    add(m_keepDays, m_days, tr("Other devices can still fetch it in that time; then only this computer has it."));
    add(m_keepCount, m_count, tr("For each new message, the oldest one there leaves."));
    add(m_keepSize, m_megabytes, tr("Leaves room in a small mailbox, however large the messages are."));
    add(m_keep, nullptr, tr("Everything stays there as well. A mailbox that is full takes no more mail."));
    add(m_deleteNow, nullptr, tr("Only this computer has it then. For a mailbox that no other device reads."));
    m_warning = new NoteBar(BarKind::Warning, this);
    column->addWidget(m_warning);
    warn({});
}

void RetentionPage::warn(const QString &sentence)
{
    m_warning->setText(sentence);
    m_warning->setVisible(!sentence.isEmpty());
}

void RetentionPage::makeMore(QVBoxLayout *column)
{
    column->addSpacing(6);
    m_deleteThere = new QCheckBox(tr("Delete on the server what is deleted &here for good"), this);
    column->addWidget(m_deleteThere);
    m_deleteAtOnce = new QCheckBox(tr("Already &when it is moved to Trash"), this);
    auto *atOnceRow = new QHBoxLayout;
    atOnceRow->addSpacing(style()->pixelMetric(QStyle::PM_IndicatorWidth) + 8);
    atOnceRow->addWidget(m_deleteAtOnce, 1);
    column->addLayout(atOnceRow);
    auto *limitRow = new FlowLayout;
    m_limited = new QCheckBox(tr("&Leave messages there that are larger than"), this);
    m_limit = named(new QSpinBox(this), tr("Largest message to get, in megabytes"));
    m_limit->setRange(1, 2000);
    m_limit->setSuffix(tr(" MB"));
    limitRow->addWidget(m_limited);
    limitRow->addWidget(m_limit);
    column->addLayout(limitRow);
    for (QCheckBox *box : {m_deleteThere, m_deleteAtOnce, m_limited}) {
        connect(box, &QCheckBox::toggled, this, &RetentionPage::enable);
        connect(box, &QCheckBox::toggled, this, &RetentionPage::edited);
    }
    connect(m_limit, &QSpinBox::valueChanged, this, &RetentionPage::edited);
}

void RetentionPage::makeForecast(QVBoxLayout *column)
{
    m_forecastBox = new QWidget(this);
    auto *box = new QVBoxLayout(m_forecastBox);
    box->setContentsMargins(0, 8, 0, 0);
    box->addWidget(heading(tr("What that means for this mailbox"), m_forecastBox));
    m_forecast = named(new QLabel(m_forecastBox), tr("Forecast of the next check"));
    m_forecast->setTextFormat(Qt::PlainText);
    m_forecast->setWordWrap(true);
    m_forecast->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    box->addWidget(m_forecast);
    m_sizes = new SizeBar(m_forecastBox);
    box->addWidget(m_sizes);
    m_log = new QPushButton(tr("What was deleted on the server so fa&r…"), m_forecastBox);
    m_log->setAutoDefault(false);
    connect(m_log, &QPushButton::clicked, this, &RetentionPage::deletionLogWished);
    auto *row = new QHBoxLayout;
    row->addWidget(m_log);
    row->addStretch(1);
    box->addLayout(row);
    column->addWidget(m_forecastBox);
    showForecast(nullptr);
}

void RetentionPage::setAccount(const AccountSettings &settings)
{
    m_before = settings.retention;
    m_days->setValue(settings.keepDays > 0 ? settings.keepDays : 14);
    m_count->setValue(settings.keepCount);
    m_megabytes->setValue(settings.keepMegabytes);
    m_keep->setChecked(settings.retention == Retention::Keep);
    m_keepDays->setChecked(settings.retention == Retention::KeepDays);
    m_deleteNow->setChecked(settings.retention == Retention::DeleteAfterDownload);
    m_keepCount->setChecked(settings.retention == Retention::KeepCount);
    m_keepSize->setChecked(settings.retention == Retention::KeepSize);
    m_deleteThere->setChecked(settings.deleteWhenDeletedHere);
    m_deleteAtOnce->setChecked(settings.deleteAtOnce);
    m_limited->setChecked(settings.sizeLimit > 0);
    m_limit->setValue(settings.sizeLimit > 0 ? int((settings.sizeLimit + megabyte - 1) / megabyte) : 25);
    enable();
}

void RetentionPage::enable()
{
    m_days->setEnabled(m_keepDays->isChecked());
    m_count->setEnabled(m_keepCount->isChecked());
    m_megabytes->setEnabled(m_keepSize->isChecked());
    m_limit->setEnabled(m_limited->isChecked());
    m_deleteAtOnce->setEnabled(m_deleteThere->isChecked());
}

void RetentionPage::apply(AccountSettings &settings) const
{
    settings.retention = m_keep->isChecked() ? Retention::Keep
        : m_deleteNow->isChecked()           ? Retention::DeleteAfterDownload
        : m_keepDays->isChecked()            ? Retention::KeepDays
        : m_keepCount->isChecked()           ? Retention::KeepCount
        : m_keepSize->isChecked()            ? Retention::KeepSize
                                             : m_before;
    settings.keepDays = m_days->value();
    settings.keepCount = m_count->value();
    settings.keepMegabytes = m_megabytes->value();
    settings.deleteWhenDeletedHere = m_deleteThere->isChecked();
    settings.deleteAtOnce = m_deleteAtOnce->isChecked();
    // A limit that is not a whole number of megabytes came from elsewhere; it stays until another is chosen.
    const qint64 limit = m_limited->isChecked() ? m_limit->value() * megabyte : 0;
    if ((settings.sizeLimit + megabyte - 1) / megabyte * megabyte != limit)
        settings.sizeLimit = limit;
}

void RetentionPage::showForecast(const sync::Forecast *forecast)
{
    if (!m_forecastBox)
        return;
    m_forecast->setText(forecast ? forecastText(*forecast) : tr("Looking at what the last check found…"));
    m_sizes->setVisible(forecast && forecast->isKnown);
    if (forecast)
        m_sizes->setSizes(forecast->staysBytes, forecast->freedBytes);
}

QString RetentionPage::forecastSentence() const
{
    return m_forecast ? m_forecast->text() : QString();
}

} // namespace satchel::ui
