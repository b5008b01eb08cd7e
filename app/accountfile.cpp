// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/accountfile.h"

#include <QCoreApplication>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>

namespace satchel {

Expected<AccountSettings> readAccountFile(const QString &file)
{
    const auto tr = [](const char *text) { return QCoreApplication::translate("AccountFile", text); };

    QFile source(file);
    if (!source.open(QIODevice::ReadOnly)) {
        return fail(ErrorKind::FileUnreadable,
            tr(QT_TRANSLATE_NOOP("AccountFile", "The account file %1 could not be read: %2."))
                .arg(file, source.errorString()));
    }
    QJsonParseError error;
    const QJsonObject json = QJsonDocument::fromJson(source.readAll(), &error).object();
    if (error.error != QJsonParseError::NoError) {
        return fail(ErrorKind::InvalidRequest,
            tr(QT_TRANSLATE_NOOP("AccountFile", "The account file %1 is not valid: %2."))
                .arg(file, error.errorString()));
    }

    AccountSettings account;
    account.address = json.value(QLatin1String("address")).toString();
    account.host = json.value(QLatin1String("host")).toString();
    account.userName = json.value(QLatin1String("user")).toString(account.address);
    account.name = json.value(QLatin1String("name")).toString(account.address);
    account.personName = json.value(QLatin1String("personName")).toString();
    account.trustedCertificate = QByteArray::fromHex(json.value(QLatin1String("certificate")).toString().toLatin1());

    const QString security = json.value(QLatin1String("security")).toString(QStringLiteral("tls"));
    if (security == QLatin1String("tls")) {
        account.security = Security::ImplicitTls;
    } else if (security == QLatin1String("starttls")) {
        account.security = Security::StartTls;
    } else if (security == QLatin1String("plain")) {
        account.security = Security::Plain;
    } else {
        return fail(ErrorKind::InvalidRequest,
            tr(QT_TRANSLATE_NOOP("AccountFile", "In the account file %1, security must be tls, starttls or plain."))
                .arg(file));
    }
    const int port = json.value(QLatin1String("port")).toInt(account.security == Security::ImplicitTls ? 995 : 110);

    const QJsonValue keep = json.value(QLatin1String("keep"));
    if (keep.toString() == QLatin1String("forever")) {
        account.retention = Retention::Keep;
    } else if (keep.toString() == QLatin1String("delete")) {
        account.retention = Retention::DeleteAfterDownload;
    } else if (keep.isDouble() && keep.toInt(-1) >= 0) {
        account.retention = Retention::KeepDays;
        account.keepDays = keep.toInt();
    } else if (!keep.isUndefined()) {
        return fail(ErrorKind::InvalidRequest,
            tr(QT_TRANSLATE_NOOP(
                   "AccountFile", "In the account file %1, keep must be forever, delete or a number of days."))
                .arg(file));
    }
    if (account.address.isEmpty() || account.host.isEmpty() || port <= 0 || port > 65535) {
        return fail(ErrorKind::InvalidRequest,
            tr(QT_TRANSLATE_NOOP("AccountFile", "The account file %1 needs an address, a host and a valid port."))
                .arg(file));
    }
    account.port = quint16(port);
    return account;
}

} // namespace satchel
