// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/account.h"
#include "sync/types.h"

#include <QTimer>
#include <QWidget>

class QCheckBox;
class QLabel;
class QPushButton;
class QRadioButton;
class QSpinBox;
class QVBoxLayout;

namespace satchel::ui {

class Explanation;
class NoteBar;
class SizeBar;

/// How long mail stays on the server once it is here, each choice with a sentence, and what the next check would do by
/// it: asked anew whenever something is changed.
class RetentionPage : public QWidget
{
    Q_OBJECT

public:
    /// A new account has no mailbox to make a forecast of.
    explicit RetentionPage(bool isNew, QWidget *parent = nullptr);

    void setAccount(const AccountSettings &settings);
    void apply(AccountSettings &settings) const;
    void warn(const QString &sentence); ///< that the server does otherwise than is chosen here; empty: it does not

    /// An answer to forecastWished(); nullptr: it is not known yet.
    void showForecast(const sync::Forecast *forecast);
    [[nodiscard]] QString forecastSentence() const;

Q_SIGNALS:
    void edited();
    void deletionLogWished();

private:
    void makeChoices(QVBoxLayout *column);
    void makeMore(QVBoxLayout *column);
    void makeForecast(QVBoxLayout *column);
    void enable();

    const bool m_isNew;
    Retention m_before = Retention::KeepDays;
    QRadioButton *m_keep;
    QRadioButton *m_keepDays;
    QRadioButton *m_deleteNow;
    QSpinBox *m_days;
    QRadioButton *m_keepCount;
    QSpinBox *m_count;
    QRadioButton *m_keepSize;
    QSpinBox *m_megabytes;
    NoteBar *m_warning;
    QCheckBox *m_deleteThere;
    QCheckBox *m_deleteAtOnce;
    QCheckBox *m_limited;
    QSpinBox *m_limit;
    QWidget *m_forecastBox = nullptr;
    QLabel *m_forecast = nullptr;
    SizeBar *m_sizes = nullptr;
    QPushButton *m_log = nullptr;
};

} // namespace satchel::ui
