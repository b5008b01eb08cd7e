// SPDX-License-Identifier: GPL-3.0-or-later
// satchel-test-keychain [--broken] PROFILE (read ID | write ID PASSWORD | remove ID)...: does so by Keychain, one after
// the other, and prints a line for what it says to each. --broken: somebody keeps secrets on the bus and understands
// nothing.
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
        const AccountId account{words.takeFirst().toLongLong()};
        if (wish == "read"_L1)
            keychain.read(account);
        else if (wish == "write"_L1)
            keychain.write(account, words.takeFirst());
        else
            keychain.remove(account);
    };
    const auto say = [&next](AccountId account, const QString &text) {
        std::printf("%lld %s\n", qlonglong(account.value), text.toUtf8().constData());
        QTimer::singleShot(0, next);
    };
    const auto sayProblem = [&say](const QString &what) {
        return [&say, what](AccountId account, const KeychainProblem &problem) {
            say(account, what + u' ' + name(problem.kind) + u": "_s + problem.text);
        };
    };
    QObject::connect(&keychain, &Keychain::found,
        [&say](AccountId account, const QString &password) { say(account, u"found "_s + password); });
    QObject::connect(&keychain, &Keychain::notFound, [&say](AccountId account) { say(account, u"notFound"_s); });
    QObject::connect(&keychain, &Keychain::written, [&say](AccountId account) { say(account, u"written"_s); });
    QObject::connect(&keychain, &Keychain::removed, [&say](AccountId account) { say(account, u"removed"_s); });
    QObject::connect(&keychain, &Keychain::unreadable, sayProblem(u"unreadable"_s));
    QObject::connect(&keychain, &Keychain::notWritten, sayProblem(u"notWritten"_s));
    QObject::connect(&keychain, &Keychain::notRemoved, sayProblem(u"notRemoved"_s));
    QTimer::singleShot(0, next);
    return QCoreApplication::exec();
}
