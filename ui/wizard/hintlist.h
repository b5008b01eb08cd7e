// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/appearance.h"

#include <QStringList>
#include <QWidget>

class QVBoxLayout;

namespace satchel::ui {

/// A few sentences below each other, each in a strip of its own. Always plain text: some come from outside.
class HintList : public QWidget
{
    Q_OBJECT

public:
    explicit HintList(QWidget *parent = nullptr);

    void clear();
    void add(BarKind kind, const QString &sentence, const QString &detail = {});
    void add(BarKind kind, const QStringList &sentences);
    [[nodiscard]] QString text() const; ///< all of it, for those who listen

private:
    QVBoxLayout *m_column;
};

} // namespace satchel::ui
