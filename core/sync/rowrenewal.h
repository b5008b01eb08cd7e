// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "store/writer.h"

#include <QFutureWatcher>
#include <QObject>
#include <QThreadPool>
#include <QTimer>

namespace satchel::sync {

/// Reads messages again that an older program stored, a few at a time and the newest first, until all rows and words
/// are as this program reads them: what decides what is found must be the same for old mail and new.
///
/// Lives on the mail thread; reading and parsing happen on a thread of its own, only values cross. When nothing is
/// left, or the store fails, nothing runs any more (the next start goes on). A message that the parser did not survive
/// twice stays as it is.
class RowRenewal : public QObject
{
    Q_OBJECT

public:
    explicit RowRenewal(store::Writer &writer, QObject *parent = nullptr);
    ~RowRenewal() override;

    void start();

Q_SIGNALS:
    void renewed(const QList<satchel::MessageId> &messages);

private:
    static Expected<QList<store::RenewedRow>> readSome(const QString &file);
    void read();
    void finish(const Expected<QList<store::RenewedRow>> &rows);

    store::Writer &m_writer;
    QThreadPool m_worker;
    QFutureWatcher<Expected<QList<store::RenewedRow>>> m_watcher;
    QTimer m_pause; ///< whoever fetches or reads meanwhile comes first
};

} // namespace satchel::sync
