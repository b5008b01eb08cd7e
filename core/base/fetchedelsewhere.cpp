// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/fetchedelsewhere.h"

#include <algorithm>

namespace satchel {

QList<QByteArray> recordedForms(UidlForm form, QByteArrayView uidl)
{
    switch (form) {
    case UidlForm::FirstWord:
    case UidlForm::FirstWordRecoded: {
        const QByteArrayView trimmed = uidl.trimmed();
        const auto end = std::ranges::find_if(trimmed, [](char c) { return c == ' ' || c == '\t'; });
        const QByteArray word = trimmed.first(end - trimmed.begin()).toByteArray();
        QList<QByteArray> forms{word};
        if (form == UidlForm::FirstWordRecoded) {
            if (QByteArray recoded = QString::fromLatin1(word).toUtf8(); recoded != word)
                forms.append(std::move(recoded));
        }
        return forms;
    }
    case UidlForm::WithoutSlashes: {
        QByteArray written = uidl.trimmed().toByteArray();
        return {written.replace('/', '-')};
    }
    case UidlForm::Exact:
        break;
    }
    return {uidl.toByteArray()};
}

} // namespace satchel
