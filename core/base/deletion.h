// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/ids.h"

#include <QByteArray>
#include <QDateTime>
#include <QList>
#include <QMetaType>
#include <QString>

namespace satchel {

/// Why a message was deleted on a server.
enum class DeletionRule {
    AfterDownload = 0,
    Days = 1, ///< kept long enough
    Count = 2, ///< enough newer ones
    Size = 3, ///< the newer ones fill the limit
    DeletedHere = 4, ///< the person deleted it here
    ByHand = 5, ///< the person ordered it
};

/// A line of the log of deletions, with what is left of the message here.
struct DeletionRecord {
    AccountId account;
    QByteArray uidl; ///< as the server named it
    QString sender;
    QString subject;
    DeletionRule rule = DeletionRule::AfterDownload;
    QDateTime at; ///< UTC
    bool wasHere = false; ///< the message was on this computer when it was deleted there
    MessageId message; ///< that is here still; none: it was deleted here since, or before

    friend bool operator==(const DeletionRecord &, const DeletionRecord &) = default;
};

} // namespace satchel

Q_DECLARE_METATYPE(QList<satchel::DeletionRecord>)
