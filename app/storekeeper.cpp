// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/storekeeper.h"

#include "base/clock.h"

#include <chrono>
#include <utility>

using namespace Qt::StringLiterals;

namespace satchel {

using sync::CareTask;
using sync::Engine;
using ui::MainWindow;

namespace {

bool replacesTheFile(CareTask task)
{
    return task == CareTask::Restore || task == CareTask::Repair;
}

} // namespace

StoreKeeper::StoreKeeper(const QString &storeFile, QSettings &settings, library::Library &library, const Engine &engine,
    MainWindow &window, QObject *parent)
    : QObject(parent)
    , m_settings(settings)
    , m_library(library)
    , m_window(window)
    , m_care(storeFile)
{
    connect(this, &StoreKeeper::releaseWished, &engine, &Engine::release);
    connect(this, &StoreKeeper::openWished, &engine, &Engine::open);
    connect(&window, &MainWindow::openAgainWished, &engine, &Engine::open);
    connect(&window, &MainWindow::takeOverWished, &engine, &Engine::takeOver);
    connect(&engine, &Engine::released, this, [this] {
        // Readers last: while the engine ends, the window may still ask for something.
        m_library.release().then(this, [this] {
            if (m_running)
                start(*m_running);
        });
    });
    connect(this, &StoreKeeper::holdDeletionsWished, &engine, &Engine::holdDeletions);
    connect(&engine, &Engine::opened, this, [this] {
        m_unopened = false;
        if (m_glanced)
            m_hourly.start();
        noteReopened();
    });
    connect(&engine, &Engine::openFailed, this, [this](const Error &error) {
        const bool first = !std::exchange(m_unopened, true);
        // It may have been open until now, and be somebody else's: nobody here reads it any more.
        m_library.release();
        m_hourly.stop();
        // What looks into it goes on while it is tried again.
        if (first && m_running && !m_replacing)
            m_watcher.cancel();
        tellFacts();
        noteReopened();
        if (first && error.kind == ErrorKind::StoreUnreadable)
            take(CareTask::FullCheck, {});
    });
    const auto look = [this](const Error &error) {
        if (error.kind == ErrorKind::StoreUnreadable)
            doubt();
    };
    connect(&engine, &Engine::failed, this, look);
    connect(&engine, &Engine::checked, this, [look](const sync::CheckResult &result) {
        if (result.error)
            look(*result.error);
    });
    connect(&library, &library::Library::failed, this, look);
    connect(&window, &MainWindow::careWished, this, &StoreKeeper::take);
    connect(&window, &MainWindow::stopCareWished, this, [this] { m_watcher.cancel(); });
    connect(&window, &MainWindow::backupPolicyWished, this, &StoreKeeper::setPolicy);
    connect(&window, &MainWindow::storeFactsWished, this, [this] {
        m_measures = true;
        tellFacts();
    });
    connect(&m_watcher, &QFutureWatcherBase::finished, this, &StoreKeeper::conclude);
    connect(&m_watcher, &QFutureWatcherBase::progressValueChanged, this, [this](int percent) {
        if (m_running)
            m_window.careProgressed(m_running->task, percent);
    });
    connect(&m_facts, &QFutureWatcherBase::finished, this, [this] {
        if (m_facts.future().resultCount() > 0)
            m_window.takeStoreFacts(m_facts.result());
        if (std::exchange(m_tellAgain, false))
            tellFacts();
    });
    m_hourly.setInterval(std::chrono::hours(1));
    connect(&m_hourly, &QTimer::timeout, this, [this] { take(CareTask::BackUpIfDue, {}); });
    m_window.setBackupPolicy(policy());
    m_window.setLastCheck(
        m_settings.value("care/checkedAt"_L1).toDateTime(), m_settings.value("care/checkedWell"_L1, true).toBool());
}

void StoreKeeper::storeOpened()
{
    if (std::exchange(m_glanced, true))
        return;
    // What a glance may miss was found before, and was not mended since.
    const bool foundDamaged = !m_settings.value("care/checkedWell"_L1, true).toBool();
    if (foundDamaged)
        setDamaged(true);
    take(foundDamaged ? CareTask::FullCheck : CareTask::QuickCheck, {});
    take(CareTask::BackUpIfDue, {});
    m_hourly.start();
}

void StoreKeeper::doubt()
{
    if (m_damaged || !m_doubted.hasExpired())
        return;
    m_doubted.setRemainingTime(std::chrono::hours(1));
    take(CareTask::FullCheck, {});
}

void StoreKeeper::setDamaged(bool damaged)
{
    m_damaged = damaged;
    Q_EMIT holdDeletionsWished(damaged);
}

BackupPolicy StoreKeeper::policy() const
{
    const BackupPolicy usual;
    return {m_settings.value("backup/automatic"_L1, usual.automatic).toBool(),
        qBound(1, m_settings.value("backup/keep"_L1, usual.keep).toInt(), 30),
        qBound(0, m_settings.value("backup/weeks"_L1, usual.weeks).toInt(), 30)};
}

void StoreKeeper::setPolicy(const BackupPolicy &policy)
{
    m_settings.setValue("backup/automatic"_L1, policy.automatic);
    m_settings.setValue("backup/keep"_L1, policy.keep);
    m_settings.setValue("backup/weeks"_L1, policy.weeks);
    m_window.setBackupPolicy(policy);
}

void StoreKeeper::take(CareTask task, const QString &file)
{
    m_wishes.append({task, file});
    startNext();
}

void StoreKeeper::startNext()
{
    while (!m_running && !m_reopening && !m_wishes.isEmpty()) {
        const Wish wish = m_wishes.takeFirst();
        if (wish.task == CareTask::BackUpIfDue && (m_damaged || !policy().automatic))
            continue;
        m_running = wish;
        m_replacing = replacesTheFile(wish.task);
        m_window.careStarted(wish.task);
        if (m_replacing)
            Q_EMIT releaseWished();
        else
            start(wish);
    }
}

void StoreKeeper::start(const Wish &wish)
{
    m_watcher.setFuture(m_care.start(wish.task, wish.file, policy()));
}

void StoreKeeper::conclude()
{
    if (!m_running)
        return;
    const CareTask task = std::exchange(m_running, std::nullopt)->task;
    sync::CareResult result;
    if (m_watcher.future().resultCount() > 0) {
        result = m_watcher.result();
    } else {
        const QString stopped = task == CareTask::Repair ? tr("The repair was stopped; nothing was changed.")
            : task == CareTask::Restore                  ? tr("The restore was stopped; nothing was changed.")
            : task == CareTask::BackUp || task == CareTask::BackUpIfDue
            ? tr("The backup was stopped; the next one goes on from there.")
            : tr("The check was stopped.");
        result.text = stopped;
        result.error = Error{ErrorKind::Cancelled, stopped, ErrorAction::None, {}, {}};
    }
    result.task = task;
    const bool foundDamage = result.error && result.error->kind == ErrorKind::StoreDamaged;
    if (foundDamage && m_unopened)
        m_window.openFailed(*result.error);
    if (result.error && result.error->kind == ErrorKind::StoreUnreadable)
        doubt();
    if (foundDamage || (task == CareTask::FullCheck && !result.error))
        setDamaged(foundDamage);
    if (task == CareTask::FullCheck && (foundDamage || !result.error)) {
        const QDateTime now = Clock().now();
        m_settings.setValue("care/checkedAt"_L1, now);
        m_settings.setValue("care/checkedWell"_L1, !m_damaged);
        m_window.setLastCheck(now, !m_damaged);
    }
    if (std::exchange(m_replacing, false)) {
        if (!result.error) {
            setDamaged(false);
            m_settings.remove("care/checkedAt"_L1); // that was another file
            m_settings.remove("care/checkedWell"_L1);
            m_window.setLastCheck({}, true);
        }
        reopen();
    }
    m_window.careFinished(result);
    tellFacts();
    startNext();
}

void StoreKeeper::reopen()
{
    m_reopening = true;
    // Whoever asked meanwhile has opened the file that is kept aside now.
    m_library.release().then(this, [this] { Q_EMIT openWished(); });
}

void StoreKeeper::noteReopened()
{
    if (std::exchange(m_reopening, false))
        startNext();
}

void StoreKeeper::tellFacts()
{
    m_tellAgain = m_facts.isRunning();
    if (!m_tellAgain)
        m_facts.setFuture(m_care.facts(m_measures));
}

bool StoreKeeper::end()
{
    m_wishes.clear();
    m_watcher.cancel();
    constexpr int patience = 3000;
    return m_care.end(patience);
}

} // namespace satchel
