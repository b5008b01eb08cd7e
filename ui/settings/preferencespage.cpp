// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/settings/preferencespage.h"

#include "ui/settings/formparts.h"

#include <QCheckBox>
#include <QVBoxLayout>

namespace satchel::ui {

QCheckBox *PreferencesPage::addCheck(QVBoxLayout *column, const QString &text, const QString &sentence)
{
    auto *box = new QCheckBox(text, this);
    column->addWidget(box);
    if (!sentence.isEmpty()) {
        explainBelow(column, sentence, box);
        box->setAccessibleDescription(sentence);
    }
    connect(box, &QCheckBox::toggled, this, &PreferencesPage::edited);
    return box;
}

} // namespace satchel::ui
