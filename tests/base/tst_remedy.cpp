// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/remedy.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QSet>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace satchel;

namespace {

constexpr int kinds = int(ErrorKind::Cancelled) + 1;

/// How the compiler takes the table where base/error.h has one kind more after \a after; empty: as it stands.
struct Compiled {
    bool well = false;
    QString said;
};

Compiled compiledWithOneMore(const QByteArray &after)
{
    const QTemporaryDir folder;
    QFile header(u"" SATCHEL_SOURCE_DIR "/core/base/error.h"_s);
    if (!header.open(QIODevice::ReadOnly))
        return {false, header.errorString()};
    QByteArray text = header.readAll();
    if (!after.isEmpty()) {
        const qsizetype at = text.indexOf(after, text.indexOf("enum class ErrorKind"));
        if (at < 0)
            return {false, u"there is no such kind"_s};
        text.insert(at + after.size(), "\n    OneMore,");
    }
    QFile changed(folder.filePath(u"base/error.h"_s));
    if (!QDir(folder.path()).mkdir(u"base"_s) || !changed.open(QIODevice::WriteOnly))
        return {false, changed.errorString()};
    changed.write(text);
    changed.close();
    for (const QString &name : {u"remedy.h"_s, u"remedy.cpp"_s})
        QFile::copy(u"" SATCHEL_SOURCE_DIR "/core/base/"_s + name, folder.filePath(u"base/"_s + name));
    QStringList arguments{u"-std=c++23"_s, u"-fPIC"_s, u"-fsyntax-only"_s, u"-Wall"_s, u"-I"_s + folder.path()};
    for (const QString &include : u"" SATCHEL_INCLUDES ""_s.split(u'|', Qt::SkipEmptyParts))
        arguments.append({u"-isystem"_s, include});
    arguments.append(folder.filePath(u"base/remedy.cpp"_s));
    QProcess compiler;
    compiler.setProcessChannelMode(QProcess::MergedChannels);
    compiler.start(u"" SATCHEL_COMPILER ""_s, arguments);
    if (!compiler.waitForFinished(120'000))
        return {false, u"the compiler did not end"_s};
    return {compiler.exitCode() == 0, QString::fromUtf8(compiler.readAll())};
}

} // namespace

class TestRemedy : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void F15_aKindWithoutARowDoesNotCompile()
    {
        const Compiled asItStands = compiledWithOneMore({});
        QVERIFY2(asItStands.well, qPrintable(asItStands.said));
        const Compiled within = compiledWithOneMore("ConnectionRefused,");
        QVERIFY(!within.well);
        QVERIFY2(within.said.contains("OneMore"_L1), qPrintable(within.said));
        const Compiled atTheEnd = compiledWithOneMore("Cancelled,");
        QVERIFY(!atTheEnd.well);
        QVERIFY2(atTheEnd.said.contains("OneMore"_L1), qPrintable(atTheEnd.said));
    }

    void F04_F15_onlyWhatAPersonAloneCanChangeWaitsForOne()
    {
        const QSet<ErrorKind> persons{ErrorKind::AuthenticationFailed, ErrorKind::PasswordMissing,
            ErrorKind::PassphraseMissing, ErrorKind::PassphraseWrong, ErrorKind::SignInUnavailable,
            ErrorKind::InvalidRequest, ErrorKind::StoreTooNew};
        for (int i = 0; i < kinds; ++i) {
            const auto kind = ErrorKind(i);
            const Remedy remedy = remedyFor(kind);
            QVERIFY2((remedy.again == Again::ByPerson) == persons.contains(kind), qPrintable(QString::number(i)));
            QVERIFY(remedy.again != Again::ByPerson || remedy.needsPerson);
        }
    }

    void p303_whatAGoodCheckHasToSayStandsBesideOtherThings()
    {
        for (const ErrorKind kind : {ErrorKind::CertificateEndsSoon, ErrorKind::MessagesNotFetched,
                 ErrorKind::DeletionsHeldBack, ErrorKind::DeletionsWait})
            QCOMPARE(remedyFor(kind).said, Said::AsNote);
    }
};

QTEST_GUILESS_MAIN(TestRemedy)
#include "tst_remedy.moc"
