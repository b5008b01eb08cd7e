// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/message.h"

#include <QByteArray>
#include <QRandomGenerator>
#include <QString>
#include <QStringList>

#include <array>

namespace satchel::bench {

/// Mail whose words are spread as in real text: few are common, most are rare. The same in every run.
class SyntheticMail
{
public:
    enum class Kind {
        Usual, ///< a fifth has an attachment of up to 180 kB
        Small, ///< some hundred bytes of text, so that a million of them are made in minutes
    };

    explicit SyntheticMail(Kind kind = Kind::Usual);

    struct Mail {
        QByteArray raw;
        Envelope envelope;
        SearchText words;
    };

    Mail next(int number);
    [[nodiscard]] QString word(int number) const { return m_words.at(number % m_words.size()); }
    [[nodiscard]] QString common() const { return m_words.at(3); } ///< for searches

private:
    QString text(int count);

    const Kind m_kind;
    QRandomGenerator m_random{20240517};
    QStringList m_words;
    std::array<quint32, 256 * 1024> m_noise{};
};

} // namespace satchel::bench
