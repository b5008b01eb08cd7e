// SPDX-License-Identifier: GPL-3.0-or-later
#include "looks.h"

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QAbstractScrollArea>
#include <QAccessible>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QGroupBox>
#include <QHash>
#include <QHeaderView>
#include <QKeySequence>
#include <QLabel>
#include <QLineEdit>
#include <QMenuBar>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QSplitter>
#include <QStyle>
#include <QStyleOptionComboBox>
#include <QStyleOptionFrame>
#include <QTabBar>
#include <QTableView>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace satchel::test {

namespace {

QString words(const QWidget &widget)
{
    for (const char *property : {"text", "title", "currentText", "placeholderText"}) {
        if (const QString text = widget.property(property).toString(); !text.isEmpty())
            return text.simplified().left(60);
    }
    return widget.accessibleName();
}

QString line(const QWidget &widget, const QString &what)
{
    return u"%1 “%2” %3 (%4 x %5)"_s.arg(QString::fromLatin1(widget.metaObject()->className()), words(widget), what)
        .arg(widget.width())
        .arg(widget.height());
}

/// Parts of a control that are Qt's own: its field, its buttons, its bars.
bool isPart(const QWidget &widget)
{
    const QWidget *parent = widget.parentWidget();
    return widget.objectName().startsWith("qt_"_L1)
        || (parent
            && (parent->inherits("QAbstractSpinBox") || parent->inherits("QComboBox") || parent->inherits("QLineEdit")
                || parent->inherits("QTabBar") || parent->inherits("QKeySequenceEdit")
                || widget.inherits("QToolBarExtension")));
}

/// All of \a window that is shown, none of it in another window.
QList<const QWidget *> shownIn(const QWidget &window)
{
    QList<const QWidget *> shown;
    for (const QWidget *widget : window.findChildren<QWidget *>()) {
        if (widget->isVisible() && widget->window() == &window)
            shown.append(widget);
    }
    return shown;
}

void checkLabel(const QLabel &label, QStringList &faults)
{
    if (label.text().isEmpty())
        return;
    // Without one, "&" stands in the text as it is written.
    if (!label.buddy() && label.text().endsWith(u':') && !QKeySequence::mnemonic(label.text()).isEmpty())
        faults += line(label, u"has a letter for no control"_s);
    // Labels that may be cut say so by an ellipsis that they draw themselves.
    if (label.property("elides").toBool())
        return;
    if (label.wordWrap()) {
        if (label.width() < label.minimumSizeHint().width())
            faults += line(label, u"is narrower than its longest word"_s);
        else if (label.height() < label.heightForWidth(label.width()))
            faults += line(label, u"needs a height of %1"_s.arg(label.heightForWidth(label.width())));
    } else if (label.width() < label.sizeHint().width() || label.height() < label.sizeHint().height()) {
        faults += line(label, u"needs %1 x %2"_s.arg(label.sizeHint().width()).arg(label.sizeHint().height()));
    }
}

void checkComboBox(const QComboBox &box, QStringList &faults)
{
    QStyleOptionComboBox option;
    option.initFrom(&box);
    option.editable = box.isEditable();
    const QRect field = box.style()->subControlRect(QStyle::CC_ComboBox, &option, QStyle::SC_ComboBoxEditField, &box);
    const bool hasIcon = !box.itemIcon(box.currentIndex()).isNull();
    const int needed =
        box.fontMetrics().horizontalAdvance(box.currentText()) + (hasIcon ? box.iconSize().width() + 4 : 0);
    if (field.width() < needed)
        faults += line(box, u"has room for %1 of %2"_s.arg(field.width()).arg(needed));
}

void checkLineEdit(const QLineEdit &field, QStringList &faults)
{
    if (!field.text().isEmpty() || field.placeholderText().isEmpty())
        return;
    int buttons = 0;
    for (const QAbstractButton *button : field.findChildren<QAbstractButton *>())
        buttons += button->isVisible() ? button->width() : 0;
    const int needed = field.fontMetrics().horizontalAdvance(field.placeholderText()) + buttons + 8;
    if (field.width() < needed)
        faults += line(field, u"needs %1 for what it says while it is empty"_s.arg(needed));
}

void checkHeader(const QHeaderView &header, QStringList &faults)
{
    if (header.orientation() != Qt::Horizontal || !header.model())
        return;
    for (int section = 0; section < header.count(); ++section) {
        const QString text = header.model()->headerData(section, Qt::Horizontal).toString();
        if (!header.isSectionHidden(section) && header.sectionSize(section) < header.sectionSizeHint(section))
            faults += line(header,
                u"column “%1” needs %2, has %3"_s.arg(text)
                    .arg(header.sectionSizeHint(section))
                    .arg(header.sectionSize(section)));
    }
}

bool takesTab(const QWidget &widget)
{
    return widget.isEnabled() && (widget.focusPolicy() & Qt::TabFocus) != 0 && !widget.focusProxy() && !isPart(widget);
}

} // namespace

QStringList cutTexts(const QWidget &window)
{
    QStringList faults;
    for (const QWidget *widget : shownIn(window)) {
        if (isPart(*widget))
            continue;
        if (const auto *label = qobject_cast<const QLabel *>(widget))
            checkLabel(*label, faults);
        else if (const auto *box = qobject_cast<const QComboBox *>(widget))
            checkComboBox(*box, faults);
        else if (const auto *field = qobject_cast<const QLineEdit *>(widget))
            checkLineEdit(*field, faults);
        else if (const auto *header = qobject_cast<const QHeaderView *>(widget))
            checkHeader(*header, faults);
        else if (const auto *tabs = qobject_cast<const QTabBar *>(widget);
            tabs && tabs->width() < tabs->sizeHint().width())
            faults += line(*widget, u"needs %1 for its tabs"_s.arg(tabs->sizeHint().width()));
        else if (widget->inherits("QAbstractSpinBox") && widget->width() < widget->minimumSizeHint().width())
            faults += line(*widget, u"needs %1"_s.arg(widget->minimumSizeHint().width()));
        else if (const auto *button = qobject_cast<const QAbstractButton *>(widget); button
            && !button->property("elides").toBool()
            && (button->width() < button->minimumSizeHint().width()
                || button->height() < button->minimumSizeHint().height()))
            faults += line(*button,
                u"needs %1 x %2"_s.arg(button->minimumSizeHint().width()).arg(button->minimumSizeHint().height()));
        if (const auto *area = qobject_cast<const QScrollArea *>(widget);
            area && area->widget() && area->widget()->width() > area->viewport()->width())
            faults += line(*area, u"would have to be scrolled sideways to %1"_s.arg(area->widget()->width()));
        // A control that sticks out of what holds it, unless that scrolls.
        const QWidget *parent = widget->parentWidget();
        const auto *scroller = parent ? qobject_cast<const QAbstractScrollArea *>(parent->parentWidget()) : nullptr;
        const bool scrolls = scroller && scroller->viewport() == parent;
        const bool isControl = widget->inherits("QLabel") || takesTab(*widget);
        if (parent && isControl && !scrolls && !parent->rect().contains(widget->geometry()))
            faults += line(*widget,
                u"at %1, %2 sticks out of a %3 of %4 x %5"_s.arg(widget->x())
                    .arg(widget->y())
                    .arg(QString::fromLatin1(parent->metaObject()->className()))
                    .arg(parent->width())
                    .arg(parent->height()));
    }
    return faults;
}

QStringList namelessControls(const QWidget &window)
{
    QStringList faults;
    for (const QWidget *widget : shownIn(window)) {
        if ((widget->focusPolicy() & Qt::TabFocus) == 0 || widget->focusProxy() || isPart(*widget)
            || qobject_cast<const QMenuBar *>(widget))
            continue;
        QAccessibleInterface *heard = QAccessible::queryAccessibleInterface(const_cast<QWidget *>(widget));
        if (!heard || heard->text(QAccessible::Name).isEmpty())
            faults += line(*widget, u"has no name: %1"_s.arg(widget->objectName()));
    }
    return faults;
}

QStringList doubleLetters(const QWidget &window)
{
    QStringList faults;
    QHash<QString, QString> letters;
    const auto note = [&](const QString &text) {
        const QString key = QKeySequence::mnemonic(text).toString();
        if (key.isEmpty())
            return;
        if (letters.contains(key))
            faults += u"%1 stands under “%2” and “%3”"_s.arg(key, letters.value(key), text);
        letters.insert(key, text);
    };
    for (const QWidget *widget : shownIn(window)) {
        if (const auto *label = qobject_cast<const QLabel *>(widget)) {
            if (label->buddy())
                note(label->text());
        } else if (const auto *tool = qobject_cast<const QToolButton *>(widget)) {
            if (!tool->defaultAction()) // the letters of an action's name count in its menu
                note(tool->text());
        } else if (const auto *button = qobject_cast<const QAbstractButton *>(widget)) {
            note(button->text());
        } else if (const auto *group = qobject_cast<const QGroupBox *>(widget)) {
            note(group->title());
        } else if (const auto *tabs = qobject_cast<const QTabBar *>(widget)) {
            for (int tab = 0; tab < tabs->count(); ++tab)
                note(tabs->tabText(tab));
        } else if (const auto *menus = qobject_cast<const QMenuBar *>(widget)) {
            for (const QAction *action : menus->actions())
                note(action->text());
        }
    }
    return faults;
}

QStringList backwardSteps(const QWidget &window)
{
    QStringList steps;
    QList<const QWidget *> way;
    const QWidget *widget = &window;
    do {
        widget = widget->nextInFocusChain();
        if (widget->isVisible() && widget->window() == &window && takesTab(*widget))
            way.append(widget);
    } while (widget != &window);
    if (way.isEmpty())
        return {};
    way.append(way.constFirst()); // it is a ring
    const auto place = [&window](const QWidget *shown) {
        QRect rect(shown->mapTo(&window, QPoint()), shown->size());
        // What is scrolled out of sight stands at the edge behind which it is.
        for (const QWidget *part = shown; part && part != &window; part = part->parentWidget()) {
            const auto *area = part == shown ? nullptr : qobject_cast<const QScrollArea *>(part);
            if (!area)
                continue;
            const QRect room(area->viewport()->mapTo(&window, QPoint()), area->viewport()->size());
            rect.setTop(qBound(room.top(), rect.top(), room.bottom()));
            rect.setBottom(qBound(rect.top(), rect.bottom(), room.bottom()));
        }
        return QStyle::visualRect(window.layoutDirection(), window.rect(), rect);
    };
    // The buttons at the end of a dialog are walked as its style orders them, those that go on before the others.
    const auto inButtonRow = [&](const QWidget *shown) {
        return qobject_cast<const QPushButton *>(shown) && window.windowType() == Qt::Dialog
            && place(shown).bottom() > window.height() - 40;
    };
    for (qsizetype i = 1; i < way.size(); ++i) {
        if (inButtonRow(way.at(i - 1)) && inButtonRow(way.at(i)))
            continue;
        const QRect before = place(way.at(i - 1));
        const QRect after = place(way.at(i));
        const bool below = after.top() >= before.bottom();
        const bool beside = after.left() >= before.right();
        const bool within = before.contains(after.center());
        if (!below && !beside && !within)
            steps += line(*way.at(i), u"comes after “%1”, which stands behind it"_s.arg(words(*way.at(i - 1))));
    }
    // Once, from the last to the first.
    return steps.size() > 1 ? steps : QStringList();
}

} // namespace satchel::test
