// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/keyring/keyringcontrol.h"

#include <QCoreApplication>
#include <QDBusArgument>
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusMetaType>
#include <QDBusObjectPath>
#include <QDBusReply>
#include <QProcess>
#include <QTemporaryDir>

using namespace Qt::StringLiterals;

namespace satchel::test {

/// A secret as it goes over the bus.
struct Secret {
    QDBusObjectPath session;
    QByteArray value;
};

static QDBusArgument &operator<<(QDBusArgument &argument, const Secret &secret)
{
    argument.beginStructure();
    argument << secret.session << QByteArray() << secret.value << u"text/plain"_s;
    argument.endStructure();
    return argument;
}

static const QDBusArgument &operator>>(const QDBusArgument &argument, Secret &secret)
{
    QByteArray parameters;
    argument.beginStructure();
    argument >> secret.session >> parameters >> secret.value;
    argument.endStructure();
    return argument;
}

namespace {

const QString serviceName = u"org.freedesktop.secrets"_s;
const QString servicePath = u"/org/freedesktop/secrets"_s;
const QString serviceInterface = u"org.freedesktop.Secret.Service"_s;

QDBusMessage ask(
    const QString &path, const QString &interface, const QString &method, const QVariantList &arguments = {})
{
    QDBusMessage call = QDBusMessage::createMethodCall(serviceName, path, interface, method);
    call.setArguments(arguments);
    return QDBusConnection::sessionBus().call(call);
}

bool isAnswer(const QDBusMessage &message)
{
    if (message.type() == QDBusMessage::ReplyMessage)
        return true;
    qWarning("the keyring said: %s", qPrintable(message.errorMessage()));
    return false;
}

QDBusObjectPath login()
{
    return QDBusObjectPath(u"/org/freedesktop/secrets/collection/login"_s);
}

QDBusObjectPath openSession()
{
    const QDBusMessage session = ask(
        servicePath, serviceInterface, u"OpenSession"_s, {u"plain"_s, QVariant::fromValue(QDBusVariant(QString()))});
    return isAnswer(session) ? session.arguments().at(1).value<QDBusObjectPath>() : QDBusObjectPath();
}

QList<QDBusObjectPath> items()
{
    const QDBusReply<QDBusVariant> all = ask(login().path(), u"org.freedesktop.DBus.Properties"_s, u"Get"_s,
        {u"org.freedesktop.Secret.Collection"_s, u"Items"_s});
    return qdbus_cast<QList<QDBusObjectPath>>(all.value().variant());
}

} // namespace

int runAgainWithKeyring(const QString &situation)
{
    const QTemporaryDir home(u"/tmp/sk-XXXXXX"_s);
    return QProcess::execute(QStringLiteral(SATCHEL_KEYRING_SCRIPT),
        QStringList{situation, home.path(), QCoreApplication::applicationFilePath()}
            + QCoreApplication::arguments().sliced(1));
}

bool lockKeyring()
{
    return isAnswer(
        ask(servicePath, serviceInterface, u"Lock"_s, {QVariant::fromValue(QList<QDBusObjectPath>{login()})}));
}

bool unlockKeyring()
{
    qDBusRegisterMetaType<Secret>();
    const Secret password{openSession(), qgetenv("KEYRING_PASSWORD")};
    return isAnswer(ask(servicePath, u"org.gnome.keyring.InternalUnsupportedGuiltRiddenInterface"_s,
        u"UnlockWithMasterPassword"_s, {QVariant::fromValue(login()), QVariant::fromValue(password)}));
}

qsizetype keyringEntries()
{
    return items().size();
}

QByteArrayList keyringSecrets()
{
    const QDBusObjectPath session = openSession();
    QByteArrayList secrets;
    for (const QDBusObjectPath &item : items()) {
        const QDBusMessage answer =
            ask(item.path(), u"org.freedesktop.Secret.Item"_s, u"GetSecret"_s, {QVariant::fromValue(session)});
        if (isAnswer(answer))
            secrets.append(qdbus_cast<Secret>(answer.arguments().constFirst()).value);
    }
    return secrets;
}

bool emptyKeyring()
{
    bool done = true;
    for (const QDBusObjectPath &item : items())
        done = isAnswer(ask(item.path(), u"org.freedesktop.Secret.Item"_s, u"Delete"_s)) && done;
    return done;
}

} // namespace satchel::test
