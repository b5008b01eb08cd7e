// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/wizard/hintlist.h"

#include "ui/bars/notebar.h"

#include <QVBoxLayout>

namespace satchel::ui {

HintList::HintList(QWidget *parent)
    : QWidget(parent)
    , m_column(new QVBoxLayout(this))
{
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->setSpacing(6);
    setVisible(false);
}

void HintList::clear()
{
    while (QLayoutItem *item = m_column->takeAt(0)) {
        item->widget()->hide();
        item->widget()->deleteLater();
        delete item;
    }
    setVisible(false);
}

void HintList::add(BarKind kind, const QString &sentence, const QString &detail)
{
    if (sentence.isEmpty())
        return;
    auto *bar = new NoteBar(kind, this);
    bar->setText(sentence, detail);
    m_column->addWidget(bar);
    setVisible(true);
}

void HintList::add(BarKind kind, const QStringList &sentences)
{
    for (const QString &sentence : sentences)
        add(kind, sentence);
}

QString HintList::text() const
{
    QStringList sentences;
    for (int i = 0; i < m_column->count(); ++i) {
        if (const auto *bar = qobject_cast<const NoteBar *>(m_column->itemAt(i)->widget()))
            sentences.append(bar->text());
    }
    return sentences.join(u' ');
}

} // namespace satchel::ui
