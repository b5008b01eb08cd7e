// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/list/searchwords.h"

#include <array>

namespace satchel::ui {

QStringList searchWords(const QString &query)
{
    static constexpr std::array<QStringView, 5> places{u"from:", u"to:", u"subject:", u"body:", u"file:"};
    QStringList words;
    qsizetype at = 0;
    while (at < query.size()) {
        if (query.at(at).isSpace()) {
            ++at;
            continue;
        }
        const bool excluded = query.at(at) == u'-';
        if (excluded)
            ++at;
        for (const QStringView place : places) {
            if (QStringView(query).sliced(at).startsWith(place, Qt::CaseInsensitive)) {
                at += place.size();
                break;
            }
        }
        qsizetype end = at;
        QString word;
        if (at < query.size() && query.at(at) == u'"') {
            end = query.indexOf(u'"', at + 1);
            if (end < 0)
                end = query.size();
            word = query.sliced(at + 1, end - at - 1).trimmed();
            at = end + 1;
        } else {
            while (end < query.size() && !query.at(end).isSpace())
                ++end;
            word = query.sliced(at, end - at);
            at = qMax(end, at + 1);
        }
        if (!excluded && !word.isEmpty())
            words.append(word);
    }
    return words;
}

} // namespace satchel::ui
