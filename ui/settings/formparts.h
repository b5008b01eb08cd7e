// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLabel>
#include <QMargins>
#include <QString>

class QAbstractButton;
class QBoxLayout;
class QComboBox;

namespace satchel::ui {

/// A sentence below an option, in a weaker colour than what it explains; wraps, is always plain text.
class Explanation : public QLabel
{
    Q_OBJECT

public:
    explicit Explanation(const QString &text, QWidget *parent = nullptr);

protected:
    void changeEvent(QEvent *event) override;

private:
    void weaken();

    bool m_weakening = false;
};

/// A heading within a page of the settings.
[[nodiscard]] QLabel *heading(const QString &text, QWidget *parent);

/// Moves what belongs to a check box or radio button in to where its words begin.
[[nodiscard]] QMargins belowWordsOf(const QAbstractButton *option);

/// Adds \a text to \a column, moved in to where the words of a check box or radio button begin.
Explanation *explainBelow(QBoxLayout *column, const QString &text, const QAbstractButton *option);

/// What protects the connection: the items of \a choice, each with its Security.
void addSecurityChoices(QComboBox *choice);
/// What has to be said before a connection without encryption is chosen.
[[nodiscard]] QString plainConnectionWarning();

/// What is wrong with a field, as one sentence; no field: nothing is.
struct Fault {
    QWidget *field = nullptr;
    QString sentence;
};

} // namespace satchel::ui
