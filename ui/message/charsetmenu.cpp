// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/message/charsetmenu.h"

#include "ui/message/messageview.h"

#include <QActionGroup>

namespace satchel::ui {

CharsetMenu::CharsetMenu(MessageView *view, QWidget *parent)
    : QMenu(tr("Te&xt encoding"), parent)
    , m_view(view)
    , m_choices(new QActionGroup(this))
{
    const auto choice = [this](const QString &text, const char *charset) {
        QAction *action = addAction(text);
        action->setCheckable(true);
        action->setData(QByteArray(charset));
        m_choices->addAction(action);
    };
    choice(tr("&Automatic"), "");
    addSeparator();
    choice(tr("&Unicode (UTF-8)"), "utf-8");
    choice(tr("&Western European (Windows-1252)"), "windows-1252");
    choice(tr("Central &European (Windows-1250)"), "windows-1250");
    choice(tr("Central European (ISO-8859-&2)"), "iso-8859-2");
    choice(tr("&Baltic (Windows-1257)"), "windows-1257");
    choice(tr("&Cyrillic (Windows-1251)"), "windows-1251");
    choice(tr("Cyrillic (&KOI8-R)"), "koi8-r");
    choice(tr("&Greek (Windows-1253)"), "windows-1253");
    choice(tr("&Turkish (Windows-1254)"), "windows-1254");
    choice(tr("&Hebrew (Windows-1255)"), "windows-1255");
    choice(tr("A&rabic (Windows-1256)"), "windows-1256");
    choice(tr("Thai (Windows-&874)"), "windows-874");
    choice(tr("&Japanese (Shift-JIS)"), "shift_jis");
    choice(tr("Japanese (EUC-J&P)"), "euc-jp");
    choice(tr("Chinese, &simplified (GB18030)"), "gb18030");
    choice(tr("Chinese, traditional (Big&5)"), "big5");
    choice(tr("K&orean (EUC-KR)"), "euc-kr");
    connect(this, &QMenu::aboutToShow, this, &CharsetMenu::showChoice);
    connect(m_choices, &QActionGroup::triggered, this,
        [this](const QAction *chosen) { m_view->setCharset(chosen->data().toByteArray()); });
    showChoice();
}

void CharsetMenu::showChoice()
{
    for (QAction *action : m_choices->actions())
        action->setChecked(action->data().toByteArray() == m_view->charset());
    m_choices->setEnabled(m_view->showsMessage());
}

} // namespace satchel::ui
