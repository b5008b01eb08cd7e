// SPDX-License-Identifier: GPL-3.0-or-later
// satchel-test-keychain [--broken] PROFILE (read ID | write ID PASSWORD | remove ID)...: does so by Keychain, one after
// the other, and prints a line for what it says to each. An ID with a "c" behind it is of the passphrase of a
// certificate. --broken: somebody keeps secrets on the bus and understands nothing.
#include "app/keychain.h"

#include <QCoreApplication>
#include <QDBusConnection>
#include <QTimer>

#include <cstdio>

using namespace satchel;
using namespace Qt::StringLiterals;

namespace {

QString name(KeychainProblem::Kind kind)
{
    switch (kind) {
    case KeychainProblem::Kind::Locked:
        return u"Locked"_s;
    case KeychainProblem::Kind::Missing:
        return u"Missing"_s;
    case KeychainProblem::Kind::Broken:
        return u"Broken"_s;
    }
    return {};
}

} // namespace

int main(int argc, char *argv[])
{
    QCoreApplication application(argc, argv);
    QStringList words = QCoreApplication::arguments().sliced(1);
    std::optional<QDBusConnection> other;
    if (words.value(0) == "--broken"_L1) {
        words.removeFirst();
        other = QDBusConnection::connectToBus(QDBusConnection::SessionBus, u"other"_s);
        if (!other->registerService(u"org.freedesktop.secrets"_s))
            return 3;
    }
    Keychain keychain(words.takeFirst());
    const auto next = [&] {
        if (words.isEmpty()) {
            QCoreApplication::quit();
            return;
        }
        const QString wish = words.takeFirst();
        QString id = words.takeFirst();
        const Secret secret = id.endsWith(u'c') ? Secret::Passphrase : Secret::Password;
        const AccountId account{id.remove(u'c').toLongLong()};
        if (wish == "read"_L1)
            keychain.read(account, secret);
        else if (wish == "write"_L1)
            keychain.write(account, secret, words.takeFirst());
        else
            keychain.remove(account, secret);
    };
    const auto say = [&next](AccountId account, Secret secret, const QString &text) {
        std::printf("%lld%s %s\n", qlonglong(account.value), secret == Secret::Passphrase ? "c" : "",
            text.toUtf8().constData());
        QTimer::singleShot(0, next);
    };
    const auto sayProblem = [&say](const QString &what) {
        return [&say, what](AccountId account, Secret secret, const KeychainProblem &problem) {
            say(account, secret, what + u' ' + name(problem.kind) + u": "_s + problem.text);
        };
    };
    QObject::connect(&keychain, &Keychain::found, &keychain,
        [&say](AccountId account, Secret secret, const QString &text) { say(account, secret, u"found "_s + text); });
    QObject::connect(&keychain, &Keychain::notFound, &keychain,
        [&say](AccountId account, Secret secret) { say(account, secret, u"notFound"_s); });
    QObject::connect(&keychain, &Keychain::written, &keychain,
        [&say](AccountId account, Secret secret) { say(account, secret, u"written"_s); });
    QObject::connect(&keychain, &Keychain::removed, &keychain,
        [&say](AccountId account, Secret secret) { say(account, secret, u"removed"_s); });
    QObject::connect(&keychain, &Keychain::unreadable, &keychain, sayProblem(u"unreadable"_s));
    QObject::connect(&keychain, &Keychain::notWritten, &keychain, sayProblem(u"notWritten"_s));
    QObject::connect(&keychain, &Keychain::notRemoved, &keychain, sayProblem(u"notRemoved"_s));
    QTimer::singleShot(0, next);
    return QCoreApplication::exec();
}
