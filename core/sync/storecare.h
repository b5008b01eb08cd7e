// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "base/storefacts.h"
#include "sync/care.h"

#include <QFuture>
#include <QObject>
#include <QThreadPool>

#include <functional>

namespace satchel::sync {

/// Cares for the only copy: checks, backups, repair. Lives on the GUI thread; the work is done on one thread of its
/// own, one task after the other, and reads the store beside the one writer. Answers are futures that tell how far they
/// are (0 to 100) and may be cancelled; a backup is not to be stopped within.
///
/// Restore and Repair put another file in the place of the store: whoever asks for them has closed it before (law 2),
/// and gets StoreLocked else.
class StoreCare : public QObject
{
    Q_OBJECT

public:
    explicit StoreCare(QString storeFile, QObject *parent = nullptr, const Clock &clock = Clock());
    ~StoreCare() override;

    QFuture<CareResult> start(CareTask task, const QString &file = {}, const BackupPolicy &policy = {});
    /// \a withMail: mailBytes too, which takes long in a large store.
    QFuture<StoreFacts> facts(bool withMail);
    /// False when a task did not end in time: then only the end of the program ends it.
    bool end(int milliseconds);

    /// One is due when the last is a day old and something was written since; and where the last is of a time that is
    /// to come, because then the clock was wrong, or is.
    [[nodiscard]] static bool isBackUpDue(const StoreFacts &facts, bool changed, const QDateTime &now);

private:
    const QString m_file;
    const Clock m_clock;
    QThreadPool m_worker;
};

/// The work of one task, on the thread that calls. For StoreCare, and for a program without a window.
[[nodiscard]] CareResult takeCare(const QString &storeFile, CareTask task, const QString &file,
    const BackupPolicy &policy, const std::function<bool(int percent)> &progress, const Clock &clock = Clock());

} // namespace satchel::sync
