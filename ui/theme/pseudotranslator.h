// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTranslator>

namespace satchel::ui {

/// Stands in for a translation that nobody has made: every text comes out with accents, between brackets and 40 %
/// longer, so that a picture shows which words a layout cuts off and which were never meant to be translated. Place
/// markers, mnemonics and tags stay. Used by pictures (`--pseudo`) and tests. Lives on the GUI thread.
class PseudoTranslator : public QTranslator
{
    Q_OBJECT

public:
    explicit PseudoTranslator(QObject *parent = nullptr);

    QString translate(const char *context, const char *sourceText, const char *disambiguation, int n) const override;
    [[nodiscard]] bool isEmpty() const override { return false; }

    [[nodiscard]] static QString lengthened(const QString &text);

private:
    QTranslator m_plurals; ///< the counted forms of the source language
};

} // namespace satchel::ui
