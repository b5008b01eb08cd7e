// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/wizard/keepchoice.h"

#include "ui/message/flowlayout.h"
#include "ui/theme/text.h"

#include <QRadioButton>
#include <QSpinBox>
#include <QVBoxLayout>

namespace satchel::ui {

KeepChoice::KeepChoice(QWidget *parent)
    : QWidget(parent)
    , m_keepDays(new QRadioButton(tr("Delete it from the server a&fter"), this))
    , m_keepCount(new QRadioButton(tr("Keep only the &newest there, at most"), this))
    , m_keepSize(new QRadioButton(tr("Keep only the newest there, &up to"), this))
    , m_keep(new QRadioButton(tr("&Keep it on the server"), this))
    , m_deleteNow(new QRadioButton(tr("Delete it from the server at &once"), this))
    , m_days(named(new QSpinBox(this), tr("Days a message is kept on the server")))
    , m_count(named(new QSpinBox(this), tr("Messages kept on the server")))
    , m_megabytes(named(new QSpinBox(this), tr("Megabytes kept on the server")))
{
    m_days->setRange(1, 3650);
    m_days->setSuffix(tr(" days"));
    m_count->setRange(1, 1'000'000);
    m_count->setSuffix(tr(" messages"));
    m_megabytes->setRange(1, 1'000'000);
    m_megabytes->setSuffix(tr(" MB"));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    const auto add = [this, column](QRadioButton *choice, QSpinBox *number) {
        auto *row = new FlowLayout;
        row->addWidget(choice);
        if (number) {
            row->addWidget(number);
            number->setEnabled(false);
            connect(choice, &QRadioButton::toggled, number, &QWidget::setEnabled);
            connect(number, &QSpinBox::valueChanged, this, &KeepChoice::changed);
        }
        column->addLayout(row);
        connect(choice, &QRadioButton::toggled, this, &KeepChoice::changed);
    };
    add(m_keepDays, m_days);
    add(m_keepCount, m_count);
    add(m_keepSize, m_megabytes);
    add(m_keep, nullptr);
    add(m_deleteNow, nullptr);
}

void KeepChoice::setSettings(const AccountSettings &settings)
{
    m_days->setValue(settings.keepDays);
    m_count->setValue(settings.keepCount);
    m_megabytes->setValue(settings.keepMegabytes);
    m_keepDays->setChecked(settings.retention == Retention::KeepDays);
    m_keepCount->setChecked(settings.retention == Retention::KeepCount);
    m_keepSize->setChecked(settings.retention == Retention::KeepSize);
    m_keep->setChecked(settings.retention == Retention::Keep);
    m_deleteNow->setChecked(settings.retention == Retention::DeleteAfterDownload);
}

void KeepChoice::applyTo(AccountSettings &settings) const
{
    settings.retention = m_keepDays->isChecked() ? Retention::KeepDays
        : m_keepCount->isChecked()               ? Retention::KeepCount
        : m_keepSize->isChecked()                ? Retention::KeepSize
        : m_deleteNow->isChecked()               ? Retention::DeleteAfterDownload
                                                 : Retention::Keep;
    settings.keepDays = m_days->value();
    settings.keepCount = m_count->value();
    settings.keepMegabytes = m_megabytes->value();
}

QWidget *KeepChoice::chosen() const
{
    for (QRadioButton *choice : {m_keepDays, m_keepCount, m_keepSize, m_keep, m_deleteNow}) {
        if (choice->isChecked())
            return choice;
    }
    return m_keep;
}

QString retentionSentence(const AccountSettings &settings)
{
    switch (settings.retention) {
    case Retention::Keep:
        return KeepChoice::tr("Mail stays on the server for good; Satchel deletes nothing there.");
    case Retention::DeleteAfterDownload:
        return KeepChoice::tr("Mail is deleted on the server as soon as it is stored safely on this computer.");
    case Retention::KeepDays:
        return KeepChoice::tr(
            "Mail stays on the server for %Ln day(s) after it was stored on this computer, and is deleted "
            "there then.",
            nullptr, settings.keepDays);
    case Retention::KeepCount:
        return KeepChoice::tr(
            "The newest %Ln message(s) stay on the server; older ones are deleted there once they are "
            "stored on this computer.",
            nullptr, settings.keepCount);
    case Retention::KeepSize:
        return KeepChoice::tr(
            "The newest mail stays on the server, up to %1 MB; older mail is deleted there once it is "
            "stored on this computer.")
            .arg(settings.keepMegabytes);
    }
    return {};
}

} // namespace satchel::ui
