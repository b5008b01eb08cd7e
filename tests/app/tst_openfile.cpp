// SPDX-License-Identifier: GPL-3.0-or-later
// satchel FILE.eml: the whole program, as a file manager starts it.
#include "app/running.h"
#include "ui/message/headerblock.h"
#include "ui/message/messageview.h"
#include "ui/message/messagewindow.h"
#include "ui/wizard/accountwizard.h"

#include <QApplication>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>

using namespace Qt::StringLiterals;
using namespace satchel;
using namespace satchel::test;
using namespace satchel::ui;

class TestOpenFile : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void showsTheMessageAndNoQuestionBeforeIt();
    void showsAFileThatASecondStartHandsOver();
    void saysWhatCannotBeRead();
    void p313_readsNoMoreThanAMessageCanBe_data();
    void p313_readsNoMoreThanAMessageCanBe();
    void p316_closesWithTheMainWindow();

private:
    QString write(const QByteArray &subject);
    /// The windows of messages that are on the screen.
    static QList<MessageWindow *> windows();

    QTemporaryDir m_dir;
};

QString TestOpenFile::write(const QByteArray &subject)
{
    const QString path = m_dir.filePath(QString::fromLatin1(subject) + u".eml"_s);
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly))
        qFatal("no file");
    file.write("From: Ann <ann@example.org>\r\nSubject: " + subject + "\r\n\r\nHello\r\n");
    return path;
}

QList<MessageWindow *> TestOpenFile::windows()
{
    QList<MessageWindow *> found;
    for (QWidget *widget : QApplication::topLevelWidgets()) {
        if (auto *window = qobject_cast<MessageWindow *>(widget); window && window->isVisible())
            found.append(window);
    }
    return found;
}

void TestOpenFile::showsTheMessageAndNoQuestionBeforeIt()
{
    CommandLine line;
    line.messageFiles = {write("First")};
    {
        Running running(m_dir.filePath(u"profile"_s), {}, line);
        QTRY_COMPARE(windows().size(), 1);
        QTRY_VERIFY(windows().constFirst()->view()->showsMessage());
        QCOMPARE(windows().constFirst()->view()->header()->subject(), u"First"_s);
        QVERIFY(!running.window().findChild<AccountWizard *>());
        windows().constFirst()->close();
    }
    // The next start, without a file, still asks for an account.
    Running running(m_dir.filePath(u"profile"_s));
    QTRY_VERIFY(running.window().findChild<AccountWizard *>());
}

void TestOpenFile::showsAFileThatASecondStartHandsOver()
{
    Running running(m_dir.filePath(u"another"_s));
    QTRY_VERIFY(running.window().findChild<AccountWizard *>());
    CommandLine line;
    line.messageFiles = {write("Second"), write("Third")};
    running.application().obey(line);
    QTRY_COMPARE(windows().size(), 2);
    for (MessageWindow *window : windows())
        window->close();
}

void TestOpenFile::saysWhatCannotBeRead()
{
    CommandLine line;
    line.messageFiles = {m_dir.path()}; // a folder
    Running running(m_dir.filePath(u"third"_s), {}, line);
    QTRY_VERIFY2(running.complaint().contains(m_dir.path()), qPrintable(running.complaint()));
    QVERIFY(windows().isEmpty());
}

void TestOpenFile::p313_readsNoMoreThanAMessageCanBe_data()
{
    QTest::addColumn<QString>("path");
    QTest::newRow("a file of 600 MB") << m_dir.filePath(u"large.eml"_s);
    QTest::newRow("a device without an end") << u"/dev/zero"_s;
    QTest::newRow("a pipe that nobody writes to") << m_dir.filePath(u"pipe.eml"_s);
}

void TestOpenFile::p313_readsNoMoreThanAMessageCanBe()
{
    QFETCH(QString, path);
    if (path.endsWith(u"large.eml")) {
        QFile large(path);
        QVERIFY(large.open(QIODevice::WriteOnly) && large.resize(600LL * 1024 * 1024)); // a hole: takes no room
    } else if (path.endsWith(u"pipe.eml")) {
        QCOMPARE(::mkfifo(QFile::encodeName(path).constData(), 0600), 0);
    }
    CommandLine line;
    line.messageFiles = {path};
    Running running(m_dir.filePath(u"bounded"_s), {}, line);
    QTRY_VERIFY2(running.complaint().contains(path), qPrintable(running.complaint()));
    QVERIFY(windows().isEmpty());
}

void TestOpenFile::p316_closesWithTheMainWindow()
{
    CommandLine line;
    line.messageFiles = {write("Fourth")};
    Running running(m_dir.filePath(u"fourth"_s), {}, line);
    QTRY_COMPARE(windows().size(), 1);
    running.window().close();
    QVERIFY(windows().isEmpty());
}

QTEST_MAIN(TestOpenFile)
#include "tst_openfile.moc"
