// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/settings/appearancepage.h"

#include "ui/settings/formparts.h"
#include "ui/theme/icons.h"
#include "ui/theme/text.h"

#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QFontComboBox>
#include <QFontDatabase>
#include <QFormLayout>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace satchel::ui {

AppearancePage::AppearancePage(QWidget *parent)
    : PreferencesPage(parent)
    , m_look(named(new QComboBox(this), tr("Colours")))
    , m_density(named(new QComboBox(this), tr("Height of the rows of the list")))
    , m_layout(named(new QComboBox(this), tr("Place of the message")))
{
    auto *column = new QVBoxLayout(this);
    column->addWidget(heading(tr("Window"), this));
    m_look->addItem(tr("As the system"), int(Appearance::System));
    m_look->addItem(icon("sun"_L1), tr("Light"), int(Appearance::Light));
    m_look->addItem(icon("moon"_L1), tr("Dark"), int(Appearance::Dark));
    m_layout->addItem(icon("layout-wide"_L1), tr("Beside the list"), false);
    m_layout->addItem(icon("layout-tall"_L1), tr("Below the list"), true);
    m_density->addItem(tr("Compact"), int(Density::Compact));
    m_density->addItem(tr("Normal"), int(Density::Normal));
    m_density->addItem(tr("Roomy"), int(Density::Roomy));
    auto *form = new QFormLayout;
    form->setRowWrapPolicy(QFormLayout::WrapLongRows);
    form->addRow(tr("Co&lours:"), m_look);
    form->addRow(tr("Messa&ge:"), m_layout);
    form->addRow(tr("&Rows of the list:"), m_density);
    column->addLayout(form);
    column->addSpacing(10);
    column->addWidget(heading(tr("Fonts of messages"), this));
    m_textFont = addFont(column, tr("Another font for &text than the system’s:"), tr("Font for text"), false);
    m_fixedFont =
        addFont(column, tr("Another font for text in &fixed width:"), tr("Font for text in fixed width"), true);
    column->addWidget(new Explanation(tr("The size is on the page “Reading”. A message that names its own fonts keeps "
                                         "them."),
        this));
    column->addStretch(1);
    for (QComboBox *box : {m_look, m_density, m_layout})
        connect(box, &QComboBox::currentIndexChanged, this, &AppearancePage::edited);
}

AppearancePage::FontChoice AppearancePage::addFont(
    QVBoxLayout *column, const QString &text, const QString &name, bool fixed)
{
    FontChoice choice;
    choice.own = addCheck(column, text);
    choice.choice = named(new QFontComboBox(this), name);
    choice.choice->setEditable(false);
    choice.choice->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    choice.choice->setMinimumContentsLength(18);
    if (fixed)
        choice.choice->setFontFilters(QFontComboBox::MonospacedFonts);
    choice.choice->setCurrentFont(fixed ? QFontDatabase::systemFont(QFontDatabase::FixedFont) : QApplication::font());
    auto *row = new QHBoxLayout;
    row->addSpacing(22);
    row->addWidget(choice.choice);
    row->addStretch(1);
    column->addLayout(row);
    connect(choice.own, &QCheckBox::toggled, choice.choice, &QWidget::setEnabled);
    connect(choice.choice, &QFontComboBox::currentFontChanged, this, &AppearancePage::edited);
    return choice;
}

void AppearancePage::FontChoice::set(const QString &family)
{
    wanted = family;
    own->setChecked(!family.isEmpty());
    choice->setEnabled(own->isChecked());
    if (!family.isEmpty())
        choice->setCurrentFont(QFont(family));
    shown = choice->currentFont().family();
}

QString AppearancePage::FontChoice::get() const
{
    if (!own->isChecked())
        return {};
    // A font that is not installed here, on a stick that travels perhaps, stays chosen until another is.
    const QString family = choice->currentFont().family();
    return !wanted.isEmpty() && family == shown ? wanted : family;
}

void AppearancePage::setPreferences(const Preferences &preferences)
{
    m_look->setCurrentIndex(m_look->findData(int(preferences.appearance)));
    m_density->setCurrentIndex(m_density->findData(int(preferences.density)));
    m_layout->setCurrentIndex(m_layout->findData(preferences.tall));
    m_textFont.set(preferences.textFont);
    m_fixedFont.set(preferences.fixedFont);
}

void AppearancePage::apply(Preferences &preferences) const
{
    preferences.appearance = Appearance(m_look->currentData().toInt());
    preferences.density = Density(m_density->currentData().toInt());
    preferences.tall = m_layout->currentData().toBool();
    preferences.textFont = m_textFont.get();
    preferences.fixedFont = m_fixedFont.get();
}

} // namespace satchel::ui
