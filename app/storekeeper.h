// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/account.h"
#include "library/library.h"
#include "sync/engine.h"
#include "sync/storecare.h"
#include "ui/mainwindow.h"

#include <QDeadlineTimer>
#include <QFutureWatcher>
#include <QObject>
#include <QSettings>
#include <QTimer>

#include <optional>

namespace satchel {

/// Sees to the safety of the store while the window is open: a glance at each start, a backup a day, and what the
/// person asks for. Where the file is to be replaced, it first has everybody let go of it, and opens it again
/// afterwards. Lives on the GUI thread.
class StoreKeeper : public QObject
{
    Q_OBJECT

public:
    StoreKeeper(const QString &storeFile, QSettings &settings, library::Library &library, const sync::Engine &engine,
        ui::MainWindow &window, QObject *parent = nullptr);

    void storeOpened();
    /// Something of the store could not be read. Whether it is damaged is said once a check has found it so.
    void doubt();
    /// False when something is still under way that cannot be stopped (a backup): then the program must end without it.
    [[nodiscard]] bool end();

Q_SIGNALS:
    void releaseWished();
    void openWished();
    void holdDeletionsWished(bool hold); ///< on servers: damage was found, or is over

private:
    struct Wish {
        sync::CareTask task = sync::CareTask::QuickCheck;
        QString file;
    };

    void take(sync::CareTask task, const QString &file);
    void startNext();
    void start(const Wish &wish);
    void conclude();
    void reopen();
    void noteReopened();
    void setDamaged(bool damaged);
    void tellFacts();
    void setPolicy(const BackupPolicy &policy);
    [[nodiscard]] BackupPolicy policy() const;

    QSettings &m_settings;
    library::Library &m_library;
    ui::MainWindow &m_window;
    sync::StoreCare m_care;
    QFutureWatcher<sync::CareResult> m_watcher;
    QFutureWatcher<StoreFacts> m_facts;
    QList<Wish> m_wishes;
    std::optional<Wish> m_running;
    bool m_replacing = false; ///< the store is closed for the task that runs
    bool m_reopening = false; ///< and is opened again: no other task begins before that is done
    bool m_unopened = false; ///< it could not be opened
    bool m_damaged = false; ///< then no backup pushes out an older one that is whole
    QDeadlineTimer m_doubted; ///< looked into not long ago
    bool m_glanced = false;
    bool m_measures = false; ///< the page on storage was opened: what it says is worth reading the whole store
    bool m_tellAgain = false; ///< what is being found out may be of before the last change
    QTimer m_hourly;
};

} // namespace satchel
