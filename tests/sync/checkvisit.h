// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "support/scriptedserver.h"
#include "sync/checkharness.h"

#include <QByteArrayList>

namespace satchel::test {

/// A harness and a scripted server that know each other, without TLS.
struct CheckVisit {
    explicit CheckVisit(const QList<ServerMessage> &messages = Maildrop::generated(5), const ServerQuirks &quirks = {},
        Retention retention = Retention::DeleteAfterDownload);

    static QString password() { return QStringLiteral("secret"); }
    sync::CheckResult check() { return harness.check(password()); }
    void age(int days); ///< as if all that is stored had been stored days ago
    void alter(const QString &statement); ///< SQL, behind the back of Satchel: as a fault of the disk would

    CheckHarness harness;
    ScriptedServer server;
};

[[nodiscard]] QByteArrayList bytesOf(const QList<ServerMessage> &messages);
[[nodiscard]] QByteArrayList sorted(QByteArrayList list);

} // namespace satchel::test
