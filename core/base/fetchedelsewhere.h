// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QList>
#include <QMetaType>
#include <QString>

namespace satchel {

/// How a mail program writes down a UIDL that a server sent.
enum class UidlForm {
    Exact = 0,
    FirstWord = 1, ///< up to the first blank
    FirstWordRecoded = 2, ///< the same, or its bytes taken for Latin-1 and written as UTF-8
    WithoutSlashes = 3, ///< "/" became "-"
};

/// Messages of one mailbox that another program has fetched: its mail is there, not here. Satchel does not fetch them
/// unless the person wishes, and never deletes them on the server (law 1: they are not stored here).
struct FetchedElsewhere {
    QString program; ///< a name to show
    UidlForm form = UidlForm::Exact;
    QList<QByteArray> uidls; ///< as that program wrote them

    friend bool operator==(const FetchedElsewhere &, const FetchedElsewhere &) = default;
};

/// The ways in which a program of this form may have written \a uidl: one or two.
[[nodiscard]] QList<QByteArray> recordedForms(UidlForm form, QByteArrayView uidl);

} // namespace satchel

Q_DECLARE_METATYPE(satchel::FetchedElsewhere)
Q_DECLARE_METATYPE(QList<satchel::FetchedElsewhere>)
