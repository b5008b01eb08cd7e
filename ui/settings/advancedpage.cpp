// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/settings/advancedpage.h"

#include "ui/settings/formparts.h"
#include "ui/theme/icons.h"
#include "ui/theme/text.h"

#include <QDir>
#include <QFileInfo>
#include <QFormLayout>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace satchel::ui {

AdvancedPage::AdvancedPage(const QString &settingsFile, QWidget *parent)
    : PreferencesPage(parent)
    , m_lines(named(new QSpinBox(this), tr("Lines that the connection log keeps")))
{
    auto *column = new QVBoxLayout(this);
    column->addWidget(heading(tr("Connection log"), this));
    column->addWidget(new Explanation(
        tr("What Satchel and the servers say to each other, without passwords. It is kept until Satchel is closed, and "
           "helps whoever helps you."),
        this));
    m_lines->setRange(100, 1'000'000);
    m_lines->setSingleStep(1000);
    m_lines->setGroupSeparatorShown(true);
    auto *form = new QFormLayout;
    form->setRowWrapPolicy(QFormLayout::WrapLongRows);
    form->setFieldGrowthPolicy(QFormLayout::FieldsStayAtSizeHint);
    form->addRow(tr("&Lines to keep:"), m_lines);
    column->addLayout(form);
    auto *log = new QPushButton(icon("log"_L1), tr("&Show the log"), this);
    log->setAutoDefault(false);
    auto *logRow = new QHBoxLayout;
    logRow->addWidget(log);
    logRow->addStretch(1);
    column->addLayout(logRow);

    column->addSpacing(10);
    column->addWidget(heading(tr("Profile folder"), this));
    column->addWidget(new Explanation(
        tr("Your mail and these settings. Another folder can be named on the command line: --profile FOLDER."), this));
    const QString folder = QFileInfo(settingsFile).absolutePath();
    auto *path = named(new QLabel(QDir::toNativeSeparators(folder), this), tr("Profile folder"));
    path->setTextFormat(Qt::PlainText);
    path->setWordWrap(true);
    path->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    column->addWidget(path);
    auto *open = new QPushButton(icon("open"_L1), tr("&Open the folder"), this);
    open->setAutoDefault(false);
    auto *openRow = new QHBoxLayout;
    openRow->addWidget(open);
    openRow->addStretch(1);
    column->addLayout(openRow);
    column->addStretch(1);
    connect(m_lines, &QSpinBox::valueChanged, this, &AdvancedPage::edited);
    connect(log, &QPushButton::clicked, this, &AdvancedPage::logWished);
    connect(open, &QPushButton::clicked, this, [this, folder] { Q_EMIT folderWished(folder); });
}

void AdvancedPage::setPreferences(const Preferences &preferences)
{
    m_lines->setValue(preferences.logLines);
}

void AdvancedPage::apply(Preferences &preferences) const
{
    preferences.logLines = m_lines->value();
}

} // namespace satchel::ui
