// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/secretservice.h"

#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusMetaType>
#include <QDBusObjectPath>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QDBusVariant>

#include <utility>

namespace satchel {

namespace {

using Attributes = QMap<QString, QString>;
using Paths = QList<QDBusObjectPath>;
using State = SecretServiceAnswer::State;

/// One inquiry, from the search for the entry to the lock of the keyring where it would be. Deletes itself.
class Inquiry : public QObject
{
public:
    Inquiry(QObject *context, std::function<void(const SecretServiceAnswer &)> answered)
        : QObject(context)
        , m_answered(std::move(answered))
    {
    }

    void search(const QString &service, const QString &key)
    {
        // The attributes that QtKeychain gives its entries.
        QDBusMessage call = toService(QStringLiteral("SearchItems"));
        call << QVariant::fromValue(Attributes{{QStringLiteral("user"), key}, {QStringLiteral("server"), service}});
        ask<Paths, Paths>(call, [this](const QDBusPendingReply<Paths, Paths> &found) {
            if (!found.argumentAt<1>().isEmpty())
                finish({State::Locked});
            else if (!found.argumentAt<0>().isEmpty())
                finish({State::Open, {}, true});
            else
                findKeyring();
        });
    }

    void finish(const SecretServiceAnswer &answer)
    {
        deleteLater();
        std::exchange(m_answered, {})(answer);
    }

private:
    // Some show nothing of what is in a locked keyring.
    void findKeyring()
    {
        QDBusMessage call = toService(QStringLiteral("ReadAlias"));
        call << QStringLiteral("default");
        ask<QDBusObjectPath>(call, [this](const QDBusPendingReply<QDBusObjectPath> &keyring) {
            const QString path = keyring.value().path();
            if (path == QLatin1String("/"))
                finish({State::Open}); // there is no keyring yet, so there is nothing in it
            else
                readLock(path);
        });
    }

    void readLock(const QString &keyring)
    {
        QDBusMessage call = QDBusMessage::createMethodCall(
            name(), keyring, QStringLiteral("org.freedesktop.DBus.Properties"), QStringLiteral("Get"));
        call << QStringLiteral("org.freedesktop.Secret.Collection") << QStringLiteral("Locked");
        ask<QDBusVariant>(call, [this](const QDBusPendingReply<QDBusVariant> &locked) {
            finish({locked.value().variant().toBool() ? State::Locked : State::Open});
        });
    }

    static QString name() { return QStringLiteral("org.freedesktop.secrets"); }

    static QDBusMessage toService(const QString &method)
    {
        return QDBusMessage::createMethodCall(name(), QStringLiteral("/org/freedesktop/secrets"),
            QStringLiteral("org.freedesktop.Secret.Service"), method);
    }

    template <class... Values, class Then>
    void ask(const QDBusMessage &call, Then then)
    {
        auto *watcher = new QDBusPendingCallWatcher(QDBusConnection::sessionBus().asyncCall(call), this);
        connect(watcher, &QDBusPendingCallWatcher::finished, this, [this, watcher, then] {
            watcher->deleteLater();
            const QDBusPendingReply<Values...> reply = *watcher;
            if (!reply.isError())
                then(reply);
            else if (reply.error().type() == QDBusError::ServiceUnknown)
                finish({State::Absent, reply.error().message()});
            else
                finish({State::Failing, reply.error().message()});
        });
    }

    std::function<void(const SecretServiceAnswer &)> m_answered;
};

} // namespace

void askSecretService(const QString &service, const QString &key, QObject *context,
    std::function<void(const SecretServiceAnswer &)> answered)
{
    qDBusRegisterMetaType<Attributes>();
    auto *inquiry = new Inquiry(context, std::move(answered));
    const QDBusConnection bus = QDBusConnection::sessionBus();
    if (bus.isConnected()) {
        inquiry->search(service, key);
    } else {
        const QString detail = bus.lastError().message();
        QMetaObject::invokeMethod(
            inquiry, [inquiry, detail] { inquiry->finish({State::Absent, detail}); }, Qt::QueuedConnection);
    }
}

} // namespace satchel
