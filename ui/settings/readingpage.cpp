// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/settings/readingpage.h"

#include "ui/message/flowlayout.h"
#include "ui/settings/formparts.h"
#include "ui/theme/text.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QFormLayout>
#include <QRadioButton>
#include <QVBoxLayout>

#include <cmath>

namespace satchel::ui {

ReadingPage::ReadingPage(QWidget *parent)
    : PreferencesPage(parent)
    , m_marksRead(new QCheckBox(tr("Mark a message as &read after"), this))
    , m_seconds(named(new QDoubleSpinBox(this), tr("Seconds until a message is marked as read")))
    , m_afterRemoval(named(new QComboBox(this), tr("After deleting or moving a message")))
    , m_zoom(named(new QSpinBox(this), tr("Size of the text of messages")))
{
    auto *column = new QVBoxLayout(this);
    column->addWidget(heading(tr("While reading"), this));
    m_seconds->setRange(0, 60);
    m_seconds->setDecimals(1);
    m_seconds->setSingleStep(0.5);
    m_seconds->setSuffix(tr(" seconds"));
    m_seconds->setSpecialValueText(tr("at once"));
    auto *row = new FlowLayout;
    row->addWidget(m_marksRead);
    row->addWidget(m_seconds);
    column->addLayout(row);
    explainBelow(column, tr("Without this, a message stays unread until you mark it yourself."), m_marksRead);
    m_afterRemoval->addItem(tr("the message below it"), int(AfterRemoval::Below));
    m_afterRemoval->addItem(tr("the message above it"), int(AfterRemoval::Above));
    m_afterRemoval->addItem(tr("nothing"), int(AfterRemoval::Nothing));
    auto *afterForm = new QFormLayout;
    afterForm->setRowWrapPolicy(QFormLayout::WrapLongRows);
    afterForm->setFieldGrowthPolicy(QFormLayout::FieldsStayAtSizeHint);
    afterForm->addRow(tr("After &deleting or moving a message, show:"), m_afterRemoval);
    column->addLayout(afterForm);

    column->addSpacing(10);
    column->addWidget(heading(tr("Text of messages"), this));
    m_html = new QRadioButton(tr("As its sender laid it out (&HTML)"), this);
    m_plain = new QRadioButton(tr("As &plain text"), this);
    column->addWidget(m_html);
    column->addWidget(m_plain);
    m_darkHtml = addCheck(column, tr("Dar&ken messages that bring their own colours"),
        tr("When the window is dark. Without this, they are shown on white, as they were designed."));
    m_monospaced = addCheck(
        column, tr("Show plain text in &fixed width"), tr("For tables and drawings that were made of letters."));
    m_zoom->setRange(int(Preferences::smallestZoom * 100), int(Preferences::largestZoom * 100));
    m_zoom->setSingleStep(10);
    m_zoom->setSuffix(tr(" %"));
    auto *zoomForm = new QFormLayout;
    zoomForm->setRowWrapPolicy(QFormLayout::WrapLongRows);
    zoomForm->setFieldGrowthPolicy(QFormLayout::FieldsStayAtSizeHint);
    zoomForm->addRow(tr("&Size of the text:"), m_zoom);
    column->addLayout(zoomForm);
    column->addStretch(1);

    connect(m_marksRead, &QCheckBox::toggled, m_seconds, &QWidget::setEnabled);
    connect(m_marksRead, &QCheckBox::toggled, this, &ReadingPage::edited);
    connect(m_seconds, &QDoubleSpinBox::valueChanged, this, &ReadingPage::edited);
    connect(m_afterRemoval, &QComboBox::currentIndexChanged, this, &ReadingPage::edited);
    connect(m_html, &QRadioButton::toggled, this, &ReadingPage::edited);
    connect(m_zoom, &QSpinBox::valueChanged, this, &ReadingPage::edited);
}

void ReadingPage::setPreferences(const Preferences &preferences)
{
    m_marksRead->setChecked(preferences.marksRead);
    m_seconds->setValue(preferences.markReadSeconds);
    m_seconds->setEnabled(preferences.marksRead);
    m_afterRemoval->setCurrentIndex(m_afterRemoval->findData(int(preferences.afterRemoval)));
    m_plain->setChecked(preferences.plainText);
    m_html->setChecked(!preferences.plainText);
    m_monospaced->setChecked(preferences.monospaced);
    m_darkHtml->setChecked(preferences.darkHtml);
    m_zoom->setValue(int(std::lround(preferences.zoom * 100)));
}

void ReadingPage::apply(Preferences &preferences) const
{
    preferences.marksRead = m_marksRead->isChecked();
    preferences.markReadSeconds = m_seconds->value();
    preferences.afterRemoval = AfterRemoval(m_afterRemoval->currentData().toInt());
    preferences.plainText = m_plain->isChecked();
    preferences.monospaced = m_monospaced->isChecked();
    preferences.darkHtml = m_darkHtml->isChecked();
    // Zooming by the wheel leaves values between: they stay until another is chosen.
    if (m_zoom->value() != int(std::lround(preferences.zoom * 100)))
        preferences.zoom = m_zoom->value() / 100.0;
}

} // namespace satchel::ui
