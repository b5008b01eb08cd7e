// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/recordfile.h"

#include "net/tlstransport.h"
#include "pop3/recording.h"
#include "store/filesafety.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>

namespace satchel {

namespace {

struct Record {
    Q_DECLARE_TR_FUNCTIONS(satchel::Record)
};

QString numbered(const QString &file, int number)
{
    if (number == 1)
        return file;
    const QFileInfo info(file);
    const QString suffix = info.suffix().isEmpty() ? QString() : u'.' + info.suffix();
    return info.dir().filePath(info.completeBaseName() + QStringLiteral("-%1").arg(number) + suffix);
}

pop3::TranscriptWriter::Sink fileSink(const QString &path)
{
    auto file = std::make_shared<QFile>(path);
    if (!store::createPrivate(path) || !file->open(QIODevice::WriteOnly | QIODevice::Truncate))
        return [](const QByteArray &) { };
    // A program that crashes must leave what led to it.
    return [file](const QByteArray &text) {
        file->write(text);
        file->flush();
    };
}

} // namespace

Expected<sync::TransportFactory> recordingTransports(const QString &file)
{
    QFile first(file);
    (void)store::createPrivate(file);
    if (!first.open(QIODevice::WriteOnly | QIODevice::Truncate)) {
        return fail(ErrorKind::FileUnwritable,
            Record::tr("The recording cannot be written to %1: %2.")
                .arg(QDir::toNativeSeparators(file), first.errorString()));
    }
    auto number = std::make_shared<int>(0);
    return [file, number](const net::Endpoint &endpoint) -> std::unique_ptr<net::Transport> {
        return std::make_unique<pop3::RecordingTransport>(std::make_unique<net::TlsTransport>(endpoint), endpoint,
            [file, number] { return fileSink(numbered(file, ++*number)); });
    };
}

} // namespace satchel
