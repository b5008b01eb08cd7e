// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/storelock.h"

#include "base/clock.h"
#include "store/connection.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QLocale>
#include <QSysInfo>
#include <QTimeZone>
#include <QUuid>

#include <chrono>
#include <filesystem>

using namespace Qt::StringLiterals;

namespace satchel::store {

namespace {

constexpr qsizetype contentSize = 1024; // of one size, so that one write replaces all of it and needs no new room
constexpr std::chrono::seconds writingItsName(5);

/// What a lock file says. Its first five lines are those of a QLockFile, so that other programs can show them.
struct Owner {
    qint64 process = 0;
    QString program;
    Computer computer;

    [[nodiscard]] bool isKnown() const { return process > 0; }
};

Owner ownerOf(const QByteArray &content)
{
    const QByteArrayList lines = content.split('\n');
    Owner owner;
    owner.process = lines.value(0).trimmed().toLongLong();
    owner.program = sanitised(QString::fromUtf8(lines.value(1)), 60);
    owner.computer = {sanitised(QString::fromUtf8(lines.value(2)), 60), lines.value(3), lines.value(4)};
    return owner;
}

/// Two computers may have one name; one that got another name is another one to us, and a person decides.
bool isSameMachine(const Computer &one, const Computer &other)
{
    return one.name == other.name && (one.machine.isEmpty() || other.machine.isEmpty() || one.machine == other.machine);
}

struct Reading {
    enum class State { Read, Missing, Unreadable } state = State::Unreadable;
    QByteArray content;
};

Reading readLock(const QString &name)
{
    QFile file(name);
    if (file.open(QIODevice::ReadOnly | QIODevice::Unbuffered)) {
        Reading reading{Reading::State::Read, file.read(contentSize)};
        if (file.error() != QFileDevice::NoError)
            reading.state = Reading::State::Unreadable;
        return reading;
    }
    const bool missing = !QFileInfo::exists(name) && QFileInfo(QFileInfo(name).absolutePath()).isReadable();
    return {missing ? Reading::State::Missing : Reading::State::Unreadable, {}};
}

std::unexpected<Error> unwritable(const QString &store)
{
    return fail(ErrorKind::StoreFailed,
        StoreText::tr("The folder that is to hold your mail cannot be written (%1). Check its permissions, or "
                      "choose another.")
            .arg(QDir::toNativeSeparators(QFileInfo(store).absolutePath())),
        ErrorAction::Retry);
}

std::unexpected<Error> noRoom(const QString &store)
{
    return fail(ErrorKind::StoreFull,
        StoreText::tr("There is no room left on the disk that holds your mail (%1). Make room there and try again; "
                      "nothing was lost.")
            .arg(QDir::toNativeSeparators(store)),
        ErrorAction::Retry);
}

std::unexpected<Error> openHere(const QString &store, const QString &detail = {})
{
    return fail(ErrorKind::StoreLocked,
        StoreText::tr("Your mail is already open in another Satchel (%1). Use that one, or close it first.")
            .arg(QDir::toNativeSeparators(store)),
        ErrorAction::Retry, detail);
}

QString details(const Owner &owner)
{
    return sanitised(u"%1, process %2, %3"_s.arg(owner.program).arg(owner.process).arg(owner.computer.name));
}

std::unexpected<Error> openElsewhere(const QString &lock, const Owner &owner)
{
    // Whether that computer still runs cannot be asked from here; the file tells when it was last at work.
    const QDateTime seen = QFileInfo(lock).lastModified();
    return fail(ErrorKind::StoreLocked,
        StoreText::tr("Your mail is open in a Satchel on the computer “%1”, which was last at work on it at %2. "
                      "Close Satchel there; go on here only if that computer is off.")
            .arg(owner.computer.name, QLocale().toString(seen.toLocalTime(), QLocale::ShortFormat)),
        ErrorAction::TakeOverStore, details(owner));
}

QByteArray contentFor(const Computer &computer)
{
    const QByteArray content = QByteArray::number(QCoreApplication::applicationPid()) + '\n'
        + QFileInfo(QCoreApplication::applicationFilePath()).fileName().toUtf8().left(100) + '\n'
        + computer.name.toUtf8().left(300) + '\n' + computer.machine.left(100) + '\n' + computer.boot.left(100) + '\n'
        + QUuid::createUuid().toByteArray(QUuid::WithoutBraces) + '\n';
    return content.leftJustified(contentSize, '\n');
}

} // namespace

Computer Computer::here()
{
    return {QSysInfo::machineHostName(), QSysInfo::machineUniqueId(), QSysInfo::bootUniqueId()};
}

StoreLock::StoreLock(const QString &store, const Computer &computer)
    : m_store(store)
    , m_name(store + u".lock"_s)
    , m_computer(computer)
    , m_content(contentFor(computer))
{
}

StoreLock::~StoreLock()
{
    if (m_owned && verify())
        QFile::remove(m_name);
}

Expected<std::unique_ptr<StoreLock>> StoreLock::take(const QString &store, bool takeOver, const Computer &computer)
{
    std::unique_ptr<StoreLock> lock(new StoreLock(store, computer));
    if (auto acquired = lock->acquire(takeOver); !acquired)
        return std::unexpected(acquired.error());
    return lock;
}

Expected<void> StoreLock::acquire(bool takeOver)
{
    // Whoever has it may let go of it, or another come first, between two steps.
    for (int attempt = 0; attempt < 5; ++attempt) {
        switch (m_file.create(m_name)) {
        case HeldFile::Open::Opened:
            (void)m_file.hold();
            m_owned = true;
            return writeName();
        case HeldFile::Open::NoRoom:
            return noRoom(m_store);
        case HeldFile::Open::Exists:
            break;
        default:
            return unwritable(m_store);
        }
        switch (m_file.open(m_name)) {
        case HeldFile::Open::Opened:
            if (auto seized = seize(takeOver); !seized || m_owned)
                return seized;
            break;
        case HeldFile::Open::Missing:
            break;
        default:
            // What is left over where nothing can be written says nothing of a program that has the store open; nor
            // could this one go on there.
            return unwritable(m_store);
        }
    }
    return openHere(m_store);
}

/// Of a lock that is there: whether it is to be had. Neither an error nor owned: look again.
Expected<void> StoreLock::seize(bool takeOver)
{
    const Reading reading = readLock(m_name);
    if (reading.state == Reading::State::Missing)
        return {};
    if (reading.state == Reading::State::Unreadable)
        return openHere(m_store);
    const Owner owner = ownerOf(reading.content);
    const bool elsewhere =
        owner.isKnown() && !owner.computer.name.isEmpty() && !isSameMachine(owner.computer, m_computer);
    if (elsewhere && !takeOver)
        return openElsewhere(m_name, owner);
    const HeldFile::Hold hold = m_file.hold();
    // The other one keeps the system's lock while it sleeps; a new file has one of its own.
    if (elsewhere && hold == HeldFile::Hold::ByAnother && QFile::remove(m_name))
        return {};
    if (!elsewhere) {
        if (hold == HeldFile::Hold::ByAnother)
            return openHere(m_store, details(owner));
        // A lock without a name belongs to a program that died in the moment it made it, or that is making it now. The
        // clock of the disk may be ahead of ours.
        const auto age = std::chrono::milliseconds(QFileInfo(m_name).lastModified().msecsTo(Clock().now()));
        if (!owner.isKnown() && std::chrono::abs(age) < writingItsName)
            return openHere(m_store);
        const bool booted = !owner.computer.boot.isEmpty() && owner.computer.boot != m_computer.boot;
        if (owner.isKnown() && hold == HeldFile::Hold::Unknown && !booted && isRunning(owner.process))
            return openHere(m_store, details(owner));
    }
    if (!m_file.isNamed())
        return {};
    if (auto written = writeName(); !written)
        return written;
    m_owned = true;
    return verify();
}

Expected<void> StoreLock::writeName()
{
    if (m_file.write(m_content))
        return {};
    // Another program would take a lock without a name for one that is being made.
    if (m_owned)
        QFile::remove(m_name);
    m_owned = false;
    return noRoom(m_store);
}

Expected<void> StoreLock::verify()
{
    if (m_lost)
        return std::unexpected(*m_lost);
    const Reading reading = readLock(m_name);
    if (reading.state == Reading::State::Read && reading.content == m_content)
        return {};
    if (reading.state == Reading::State::Unreadable) {
        return fail(ErrorKind::StoreFailed,
            StoreText::tr("The folder that holds your mail cannot be read (%1), so nothing is written there now. Check "
                          "that its disk is there.")
                .arg(QDir::toNativeSeparators(QFileInfo(m_store).absolutePath())),
            ErrorAction::Retry);
    }
    m_free = reading.state == Reading::State::Missing;
    m_lost = heldBy(reading.content).error();
    return std::unexpected(*m_lost);
}

/// The sentence for who had the store, and has it no more.
std::unexpected<Error> StoreLock::heldBy(const QByteArray &content) const
{
    const Owner owner = ownerOf(content);
    if (owner.isKnown() && !owner.computer.name.isEmpty() && !isSameMachine(owner.computer, m_computer)) {
        return fail(ErrorKind::StoreLocked,
            StoreText::tr("Your mail was taken over by the computer “%1”. Close Satchel there before you go on here; "
                          "nothing was lost.")
                .arg(owner.computer.name),
            ErrorAction::TakeOverStore, details(owner));
    }
    if (owner.isKnown()) {
        return fail(ErrorKind::StoreLocked,
            StoreText::tr("Your mail was taken over by another Satchel on this computer. Use that one, or close it and "
                          "try again."),
            ErrorAction::Retry, details(owner));
    }
    return fail(ErrorKind::StoreLocked,
        StoreText::tr("Somebody has removed the lock from your mail (%1), so Satchel has let go of it. Try again.")
            .arg(QDir::toNativeSeparators(m_name)),
        ErrorAction::Retry);
}

Expected<void> StoreLock::touch()
{
    if (auto ours = verify(); !ours)
        return ours;
    // Where it fails, others see an older time; who has the store they see all the same.
    std::error_code ignored;
    std::filesystem::last_write_time(
        QFileInfo(m_name).filesystemAbsoluteFilePath(), std::filesystem::file_time_type::clock::now(), ignored);
    return {};
}

Expected<void> StoreLock::checkNotElsewhere(const QString &store)
{
    const QString name = store + u".lock"_s;
    const Owner owner = ownerOf(readLock(name).content);
    if (!owner.isKnown() || owner.computer.name.isEmpty() || isSameMachine(owner.computer, Computer::here()))
        return {};
    return openElsewhere(name, owner);
}

} // namespace satchel::store
