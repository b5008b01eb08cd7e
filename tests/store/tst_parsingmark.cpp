// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/parsingmark.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <cstdlib>

using namespace Qt::StringLiterals;
using namespace satchel::store;

class TestParsingMark : public QObject
{
    Q_OBJECT

private:
    /// Another process that dies while it parses \a key.
    static void crash(const QString &file, const QString &key)
    {
        QProcess process;
        process.start(QCoreApplication::applicationFilePath(), {u"--crash"_s, file, key});
        QVERIFY(process.waitForFinished());
        QVERIFY(process.exitStatus() == QProcess::CrashExit || process.exitCode() != 0);
    }

private Q_SLOTS:
    void quarantinesWhatWasParsedWhenTheProgramDied()
    {
        const QTemporaryDir dir;
        const QString file = dir.filePath(u"mail.db.parsing"_s);
        QVERIFY(!ParsingMark(file).isQuarantined("a"));
        crash(file, u"a"_s);
        {
            ParsingMark mark(file);
            QVERIFY(mark.isQuarantined("a"));
            const ParsingMark::Work work(mark, "a much longer key");
        }
        crash(file, u"b\n\0"_s);
        const ParsingMark mark(file);
        QVERIFY(mark.isQuarantined("a"));
        QVERIFY(mark.isQuarantined(u"b\n\0"_s.toUtf8()) || mark.isQuarantined("b\n"));
        QVERIFY(!mark.isQuarantined("a much longer key"));
    }

    void toleratesOneDeathWhereItMayHaveBeenChance()
    {
        const QTemporaryDir dir;
        const QString file = dir.filePath(u"mail.db.receiving"_s);
        crash(file, u"a"_s);
        QVERIFY(!ParsingMark(file, 2).isQuarantined("a"));
        crash(file, u"a"_s);
        QVERIFY(ParsingMark(file, 2).isQuarantined("a"));
        QVERIFY(!ParsingMark(file, 2).isQuarantined("b"));
    }

    void letsGoWhenTheProgramIsAnother()
    {
        const QTemporaryDir dir;
        const QString file = dir.filePath(u"mail.db.parsing"_s);
        crash(file, u"a"_s);
        QVERIFY(ParsingMark(file).isQuarantined("a"));
        const QString version = QCoreApplication::applicationVersion();
        QCoreApplication::setApplicationVersion(version + u".1"_s);
        QVERIFY(!ParsingMark(file).isQuarantined("a"));
        QCoreApplication::setApplicationVersion(version);
    }

    void parsesUnguardedWhereNothingCanBeWritten()
    {
        ParsingMark mark(u"/no/such/folder/mail.db.parsing"_s);
        const ParsingMark::Work work(mark, "a");
        QVERIFY(!mark.isQuarantined("a"));
    }
};

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.size() == 4 && arguments.at(1) == "--crash"_L1) {
        ParsingMark mark(arguments.at(2));
        const ParsingMark::Work work(mark, arguments.at(3).toUtf8());
        std::_Exit(3);
    }
    TestParsingMark test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_parsingmark.moc"
