// SPDX-License-Identifier: GPL-3.0-or-later
// What a person does with messages besides reading and moving them: saves, prints, copies, marks a whole folder.
#include "filledstore.h"
#include "ui/folders/folderpane.h"
#include "ui/list/messagelistmodel.h"
#include "ui/list/messagelistpane.h"
#include "ui/list/messagelistview.h"
#include "ui/mainactions.h"
#include "ui/mainwindow.h"
#include "ui/message/bodyview.h"
#include "ui/message/headerblock.h"
#include "ui/message/messageprinter.h"
#include "ui/message/messagesaver.h"
#include "ui/message/messageview.h"
#include "ui/message/messagewindow.h"
#include "ui/theme/appearance.h"

#include <QAbstractTextDocumentLayout>
#include <QApplication>
#include <QBuffer>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QDir>
#include <QFile>
#include <QFileDialog>
#include <QMenu>
#include <QPdfWriter>
#include <QPrintDialog>
#include <QSettings>
#include <QSignalSpy>
#include <QTest>
#include <QTextBlock>
#include <QTextDocument>
#include <QTextFrame>
#include <QToolButton>
#include <QWheelEvent>

using namespace Qt::StringLiterals;
using namespace satchel;
using namespace satchel::ui;

namespace {

const QByteArray quoted = "From: Ann Able <ann@example.org>\r\nTo: Bob <bob@example.net>\r\nSubject: The boat\r\n"
                          "Date: Thu, 26 Nov 2026 08:00:00 +0000\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
                          "Who paints it?\r\n\r\n> I have the paint.\r\n\r\nhttps://example.org/boat\r\n";

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// Pages of a PDF file, counted where it says what they are.
qsizetype pagesOf(const QByteArray &pdf)
{
    return pdf.count("/Type /Page\n");
}

} // namespace

class TestMailActions : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void marksAFolderReadAndTakesItBack();
    void marksAllInboxesRead();
    void offersToMarkOnlyWhereSomethingIsUnread();
    void savesAMessageToTheByte();
    void savesSeveralIntoAFolderEachUnderAName();
    void saysWhenAFolderCannotBeWritten();
    void givesFilesNamesThatAreSafe();
    void printsDarkOnWhiteWithItsHeader();
    void printsPicturesOfTheMessageAndNothingElse();
    void keepsThePaperReadableOnADarkGround();
    void makesWhatIsTooWideFitThePaper();
    void row7_printLongPreLineWraps_data();
    void row7_printLongPreLineWraps();
    void asksWhereToPrintWithoutBlocking();
    void copiesTheRowsOfTheList();
    void movesByKeyThroughAMenu();
    void offersWhatALinkIsFor();
    void remembersTheSizeThatTheWheelChose();
    void namesAnUnusualOrder();

private:
    [[nodiscard]] MessageListPane *list() const { return m_window->findChild<MessageListPane *>(); }
    [[nodiscard]] MessageListView *view() const { return list()->view(); }
    [[nodiscard]] MessageView *message() const { return m_window->findChild<MessageView *>(); }
    [[nodiscard]] FolderPane *folders() const { return m_window->findChild<FolderPane *>(); }
    [[nodiscard]] QAction *action(const char *name) const
    {
        return m_window->findChild<QAction *>(QLatin1StringView(name));
    }
    [[nodiscard]] qint64 unreadIn(AccountId account)
    {
        const auto all = m_store->library->folders().result();
        qint64 unread = 0;
        for (const FolderInfo &folder : *all)
            unread += folder.account == account ? folder.unread : 0;
        return unread;
    }
    void open();
    void showFirst();

    std::unique_ptr<test::FilledStore> m_store;
    std::unique_ptr<QSettings> m_settings;
    std::unique_ptr<MainWindow> m_window;
    AccountSettings m_account;
};

void TestMailActions::init()
{
    m_store = std::make_unique<test::FilledStore>();
    m_account = m_store->addAccount(u"Personal"_s);
    m_settings = std::make_unique<QSettings>(m_store->dir.filePath(u"settings.ini"_s), QSettings::IniFormat);
}

void TestMailActions::cleanup()
{
    m_window.reset();
    m_settings.reset();
    m_store.reset();
    applyAppearance(Appearance::Light);
}

void TestMailActions::open()
{
    m_window = std::make_unique<MainWindow>(*m_store->library, *m_settings);
    m_store->connectTo(*m_window);
    m_window->show();
    QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
    QTRY_VERIFY(folders()->current().isValid());
    QTRY_VERIFY(!list()->isListing());
    QTRY_VERIFY(list()->messages()->summaryAt(0));
    view()->setFocus();
}

void TestMailActions::showFirst()
{
    view()->selectRow(0);
    QTRY_VERIFY(message()->showsMessage() && !message()->isLoading());
    QTRY_COMPARE(message()->source().id(), view()->currentMessage());
}

void TestMailActions::marksAFolderReadAndTakesItBack()
{
    const QList<MessageSummary> rows = m_store->addPlain(m_account.id, {u"One"_s, u"Two"_s, u"Three"_s});
    QVERIFY(m_store->writer->setFlags({rows.at(1).id}, MessageFlag::Read, {}));
    open();
    QTRY_VERIFY(action("markAllRead")->isEnabled());
    QTest::keyClick(view(), Qt::Key_R, Qt::ControlModifier | Qt::ShiftModifier);
    QTRY_COMPARE(unreadIn(m_account.id), 0);
    QTRY_VERIFY(!action("markAllRead")->isEnabled());
    QTest::keyClick(view(), Qt::Key_Z, Qt::ControlModifier);
    QTRY_COMPARE(unreadIn(m_account.id), 2);
    QVERIFY(m_store->summary(rows.at(1).id).flags.testFlag(MessageFlag::Read));
}

void TestMailActions::marksAllInboxesRead()
{
    const AccountSettings other = m_store->addAccount(u"Work"_s);
    m_store->addPlain(m_account.id, {u"One"_s, u"Two"_s});
    m_store->addPlain(other.id, {u"Three"_s});
    m_store->add(other.id, quoted, {}, FolderRole::Junk);
    open();
    QTRY_VERIFY(folders()->folders()->indexOf(Place{.folder = {}, .allInboxes = true}).isValid());
    folders()->select({.folder = {}, .allInboxes = true});
    QTRY_COMPARE(list()->messages()->rowCount(), 3);
    QTRY_VERIFY(action("markAllRead")->isEnabled());
    action("markAllRead")->trigger();
    QTRY_COMPARE(unreadIn(m_account.id), 0);
    QTRY_COMPARE(unreadIn(other.id), 1); // what is in Junk is not in an Inbox
}

void TestMailActions::offersToMarkOnlyWhereSomethingIsUnread()
{
    m_store->addPlain(m_account.id, {u"One"_s});
    open();
    QTRY_VERIFY(action("markAllRead")->isEnabled());
    folders()->select({.folder = m_store->folder(m_account.id, FolderRole::Archive)});
    QVERIFY(!action("markAllRead")->isEnabled());
    // The menu of another folder than the one that is shown is about that folder.
    const QModelIndex inbox =
        folders()->folders()->indexOf(Place{.folder = m_store->folder(m_account.id, FolderRole::Inbox)});
    const QPoint at = folders()->visualRect(inbox).center();
    QContextMenuEvent asked(QContextMenuEvent::Mouse, at, folders()->viewport()->mapToGlobal(at));
    QApplication::sendEvent(folders()->viewport(), &asked);
    auto *menu = folders()->findChild<QMenu *>();
    QVERIFY(menu);
    const QList<QAction *> entries = menu->actions();
    const auto mark =
        std::ranges::find_if(entries, [](const QAction *entry) { return entry->text().contains(u"read"_s); });
    QVERIFY(mark != entries.end());
    QVERIFY((*mark)->isEnabled());
    (*mark)->trigger();
    menu->close();
    QTRY_COMPARE(unreadIn(m_account.id), 0);
}

void TestMailActions::savesAMessageToTheByte()
{
    const QByteArray raw = quoted + QByteArray("\xff\x00 . \r\n..\r\n", 11);
    m_store->add(m_account.id, raw);
    open();
    showFirst();
    QSignalSpy said(message(), &MessageView::notice);
    QTest::keyClick(view(), Qt::Key_S, Qt::ControlModifier);
    auto *dialog = message()->findChild<QFileDialog *>();
    QVERIFY(dialog);
    QVERIFY2(dialog->selectedFiles().constFirst().endsWith(u"The boat.eml"_s),
        qPrintable(dialog->selectedFiles().constFirst()));
    const QString path = m_store->dir.filePath(u"saved.eml"_s);
    Q_EMIT dialog->fileSelected(path);
    dialog->reject();
    QTRY_COMPARE(said.size(), 1);
    QCOMPARE(contentOf(path), raw);
}

void TestMailActions::savesSeveralIntoAFolderEachUnderAName()
{
    const QList<MessageSummary> rows = m_store->addPlain(m_account.id, {u"Same"_s, u"Same"_s, u"Other"_s});
    open();
    view()->selectAll();
    QTRY_COMPARE(view()->selectedCount(), 3);
    QSignalSpy said(message(), &MessageView::notice);
    action("saveMessage")->trigger();
    auto *dialog = message()->findChild<QFileDialog *>();
    QVERIFY(dialog);
    QCOMPARE(dialog->fileMode(), QFileDialog::Directory);
    const QString folder = m_store->dir.filePath(u"saved"_s);
    QVERIFY(QDir().mkpath(folder));
    Q_EMIT dialog->fileSelected(folder);
    dialog->reject();
    QTRY_COMPARE(said.size(), 1);
    QCOMPARE(QDir(folder).entryList(QDir::Files, QDir::Name),
        QStringList({u"Other.eml"_s, u"Same (2).eml"_s, u"Same.eml"_s}));
    QCOMPARE(contentOf(folder + u"/Other.eml"_s), *m_store->library->source(rows.at(2).id).result());
}

void TestMailActions::saysWhenAFolderCannotBeWritten()
{
    const QList<MessageSummary> rows = m_store->addPlain(m_account.id, {u"One"_s, u"Two"_s});
    open();
    QSignalSpy failed(message(), &MessageView::failed);
    message()->saver()->saveAllTo(
        *m_store->library, {rows.at(0).id, rows.at(1).id}, m_store->dir.filePath(u"nowhere"_s));
    QTRY_COMPARE(failed.size(), 1);
    QVERIFY(!failed.constFirst().constFirst().value<Error>().text.isEmpty());
}

void TestMailActions::givesFilesNamesThatAreSafe()
{
    QCOMPARE(messageFileName(u"Re: ../../etc/passwd"_s), u"Re .. .. etc passwd.eml"_s);
    QCOMPARE(messageFileName(QString()), u"message.eml"_s);
    QCOMPARE(messageFileName(u"...\n///"_s), u"message.eml"_s);
    QCOMPARE(messageFileName(u"来週の打ち合わせ"_s), u"来週の打ち合わせ.eml"_s);
    QVERIFY(messageFileName(QString(5000, u'x')).size() <= 100);
}

void TestMailActions::printsDarkOnWhiteWithItsHeader()
{
    m_store->add(m_account.id, quoted);
    applyAppearance(Appearance::Dark);
    m_settings->setValue("window/appearance"_L1, int(Appearance::Dark));
    open();
    showFirst();
    const auto document = paperDocument(message()->message(), *message()->body());
    const QString text = document->toPlainText();
    for (const QString &wanted : {u"The boat"_s, u"Ann Able <ann@example.org>"_s, u"Bob <bob@example.net>"_s, u"2026"_s,
             u"Who paints it?"_s, u"> I have the paint."_s})
        QVERIFY2(text.contains(wanted), qPrintable(text));
    // What is light in a dark window would not be seen on paper.
    for (QTextBlock block = document->begin(); block.isValid(); block = block.next()) {
        for (auto it = block.begin(); !it.atEnd(); ++it) {
            const QBrush ink = it.fragment().charFormat().foreground();
            if (ink.style() != Qt::NoBrush)
                QVERIFY2(ink.color().lightnessF() < 0.6F, qPrintable(it.fragment().text()));
        }
    }
    const QString path = m_store->dir.filePath(u"paper.pdf"_s);
    QPdfWriter paper(path);
    printDocument(*document, paper);
    QVERIFY(contentOf(path).startsWith("%PDF"));
    QCOMPARE(pagesOf(contentOf(path)), 1);
}

void TestMailActions::printsPicturesOfTheMessageAndNothingElse()
{
    QImage red(40, 30, QImage::Format_RGB32);
    red.fill(Qt::red);
    QByteArray png;
    QBuffer buffer(&png);
    QVERIFY(buffer.open(QIODevice::WriteOnly) && red.save(&buffer, "PNG"));
    const QString secret = m_store->dir.filePath(u"secret.png"_s);
    QVERIFY(red.save(secret));
    m_store->add(m_account.id,
        "From: a@example.org\r\nSubject: Pictures\r\nMIME-Version: 1.0\r\n"
        "Content-Type: multipart/related; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>One</p>"
        "<img src=\"cid:x\"><img src=\"file://"
            + secret.toUtf8()
            + "\">\r\n--b\r\nContent-Type: image/png\r\nContent-ID: <x>\r\nContent-Transfer-Encoding: base64\r\n\r\n"
            + png.toBase64() + "\r\n--b--\r\n");
    open();
    showFirst();
    const auto document = paperDocument(message()->message(), *message()->body());
    int pictures = 0;
    for (QTextBlock block = document->begin(); block.isValid(); block = block.next()) {
        for (auto it = block.begin(); !it.atEnd(); ++it) {
            const QTextCharFormat format = it.fragment().charFormat();
            if (!format.isImageFormat())
                continue;
            const QVariant found =
                document->resource(QTextDocument::ImageResource, QUrl(format.toImageFormat().name()));
            if (found.value<QImage>().size() == red.size())
                ++pictures;
        }
    }
    QCOMPARE(pictures, 1);
}

void TestMailActions::keepsThePaperReadableOnADarkGround()
{
    m_store->add(m_account.id,
        "From: a@example.org\r\nSubject: Night\r\nContent-Type: text/html\r\n\r\n<body bgcolor=\"#101010\">"
        "<p style=\"color:white\">Stars</p></body>\r\n");
    open();
    showFirst();
    const auto document = paperDocument(message()->message(), *message()->body());
    const QTextCursor heading = document->find(u"Night"_s);
    QVERIFY(heading.currentFrame() != document->rootFrame());
    QCOMPARE(heading.currentFrame()->frameFormat().background().color(), QColor(Qt::white));
    QCOMPARE(heading.charFormat().foreground().color(), QColor(Qt::black));
    QCOMPARE(document->rootFrame()->frameFormat().background().color(), QColor(0x10, 0x10, 0x10));
}

void TestMailActions::makesWhatIsTooWideFitThePaper()
{
    QByteArray rows;
    for (int i = 0; i < 120; ++i)
        rows += "<tr><td width=\"1400\">Row " + QByteArray::number(i) + "</td></tr>";
    m_store->add(m_account.id,
        "From: a@example.org\r\nSubject: Wide\r\nContent-Type: text/html\r\n\r\n<table width=\"1400\">" + rows
            + "</table>\r\n");
    open();
    showFirst();
    const auto document = paperDocument(message()->message(), *message()->body());
    const QString path = m_store->dir.filePath(u"wide.pdf"_s);
    QPdfWriter paper(path);
    printDocument(*document, paper);
    // Smaller, but not too small to read, and nothing is beyond the edge.
    const qreal across = document->pageSize().width();
    QVERIFY(document->documentLayout()->documentSize().width() <= across);
    QVERIFY2(across > 600 && across < 1300, qPrintable(QString::number(across)));
    QVERIFY2(document->pageSize().height() > document->pageSize().width(), "the shape of the paper");
    QVERIFY(pagesOf(contentOf(path)) >= 1);
    QCOMPARE(pagesOf(contentOf(path)), document->pageCount());
}

void TestMailActions::row7_printLongPreLineWraps_data()
{
    QTest::addColumn<QByteArray>("type");
    QTest::addColumn<QByteArray>("body");
    const QByteArray words = QByteArray("word ").repeated(900);
    const QByteArray letters(4000, 'x');
    QTest::newRow("pre") << QByteArray("text/html") << "<p>Before</p><pre>" + words + "</pre>";
    QTest::newRow("pre of one word") << QByteArray("text/html") << "<pre>" + letters + "</pre>";
    QTest::newRow("nowrap") << QByteArray("text/html") << "<div style=\"white-space: nowrap\">" + words + "</div>";
    QTest::newRow("pre in a table") << QByteArray("text/html")
                                    << "<table><tr><td><pre>" + words + "</pre></td></tr></table>";
    QTest::newRow("one word") << QByteArray("text/html") << "<p>" + letters + "</p>";
    QTest::newRow("plain text") << QByteArray("text/plain") << letters;
}

void TestMailActions::row7_printLongPreLineWraps()
{
    QFETCH(QByteArray, type);
    QFETCH(QByteArray, body);
    m_store->add(m_account.id,
        "From: a@example.org\r\nSubject: Long line\r\nContent-Type: " + type + "\r\n\r\n" + body + "\r\n");
    open();
    showFirst();
    const auto document = paperDocument(message()->message(), *message()->body());
    const QString path = m_store->dir.filePath(u"long.pdf"_s);
    QPdfWriter paper(path);
    printDocument(*document, paper);
    // At its own size, and nothing beyond the edge.
    QVERIFY2(document->pageSize().width() < 750, qPrintable(QString::number(document->pageSize().width())));
    QVERIFY(document->documentLayout()->documentSize().width() <= document->pageSize().width());
}

void TestMailActions::asksWhereToPrintWithoutBlocking()
{
    m_store->add(m_account.id, quoted);
    open();
    QVERIFY(!action("print")->isEnabled());
    showFirst();
    QTRY_VERIFY(action("print")->isEnabled());
    QTest::keyClick(view(), Qt::Key_P, Qt::ControlModifier);
    QTRY_VERIFY(message()->findChild<QPrintDialog *>());
    message()->findChild<QPrintDialog *>()->reject();
    QTRY_VERIFY(!message()->findChild<QPrintDialog *>());
}

void TestMailActions::copiesTheRowsOfTheList()
{
    m_store->addPlain(m_account.id, {u"One"_s, u"Two"_s});
    open();
    view()->selectAll();
    QTest::keyClick(view(), Qt::Key_C, Qt::ControlModifier);
    const QStringList lines = QGuiApplication::clipboard()->text().split(u'\n');
    QCOMPARE(lines.size(), 2);
    QVERIFY2(lines.at(0).contains(u"bob@example.net"_s) && lines.at(0).endsWith(u"Two"_s), qPrintable(lines.at(0)));
}

void TestMailActions::movesByKeyThroughAMenu()
{
    const QList<MessageSummary> rows = m_store->addPlain(m_account.id, {u"One"_s});
    open();
    view()->selectRow(0);
    QTest::keyClick(view(), Qt::Key_V);
    QTRY_VERIFY(QApplication::activePopupWidget());
    auto *menu = qobject_cast<QMenu *>(QApplication::activePopupWidget());
    QVERIFY(menu);
    const QList<QAction *> entries = menu->actions();
    const auto archive =
        std::ranges::find_if(entries, [](const QAction *entry) { return entry->text().contains(u"Archive"_s); });
    QVERIFY(archive != entries.end());
    // The first that it is not in already is offered.
    QCOMPARE(menu->activeAction(), *archive);
    QTest::keyClick(menu, Qt::Key_Return);
    QTRY_COMPARE(m_store->summary(rows.at(0).id).folder, m_store->folder(m_account.id, FolderRole::Archive));
}

void TestMailActions::offersWhatALinkIsFor()
{
    m_store->add(m_account.id, quoted);
    open();
    showFirst();
    BodyView *body = message()->body();
    QTextCursor cursor = body->document()->find(u"example.org/boat"_s);
    QVERIFY(!cursor.isNull());
    cursor.setPosition(cursor.position() - 2);
    body->setTextCursor(cursor);
    const QPoint at = body->cursorRect().center();
    QContextMenuEvent asked(QContextMenuEvent::Mouse, at, body->viewport()->mapToGlobal(at));
    QApplication::sendEvent(body->viewport(), &asked);
    auto *menu = body->findChild<QMenu *>();
    QVERIFY(menu);
    QStringList texts;
    for (const QAction *entry : menu->actions())
        texts.append(entry->text().remove(u'&'));
    for (const QString &wanted : {u"Open link"_s, u"Copy link address"_s, u"Copy"_s, u"Select all"_s,
             u"Find in message…"_s, u"Message source"_s, u"Save message as…"_s, u"Print…"_s})
        QVERIFY2(texts.contains(wanted), qPrintable(texts.join(u'|')));
    menu->actions().at(1)->trigger();
    QCOMPARE(QGuiApplication::clipboard()->text(), u"https://example.org/boat"_s);
    menu->close();
}

void TestMailActions::remembersTheSizeThatTheWheelChose()
{
    m_store->add(m_account.id, quoted);
    open();
    showFirst();
    QWidget *place = message()->body()->viewport();
    QWheelEvent turn(QPointF(50, 50), place->mapToGlobal(QPointF(50, 50)), {}, QPoint(0, 120), Qt::NoButton,
        Qt::ControlModifier, Qt::NoScrollPhase, false);
    QApplication::sendEvent(place, &turn);
    QVERIFY(message()->body()->zoom() > 1.05);
    QCOMPARE(m_settings->value("message/zoom"_L1).toDouble(), message()->body()->zoom());
}

void TestMailActions::namesAnUnusualOrder()
{
    m_store->addPlain(m_account.id, {u"One"_s, u"Two"_s});
    open();
    m_window->resize(1400, 800);
    auto *sort = m_window->findChild<QToolButton *>(u"sort"_s);
    QCOMPARE(sort->toolButtonStyle(), Qt::ToolButtonIconOnly);
    list()->setOrder({.field = SortField::Subject, .direction = Qt::AscendingOrder});
    QTRY_COMPARE(sort->toolButtonStyle(), Qt::ToolButtonTextBesideIcon);
    QCOMPARE(sort->text(), u"Subject"_s);
    QVERIFY2(sort->toolTip().contains(u"A to Z"_s), qPrintable(sort->toolTip()));
    list()->setOrder({});
    QTRY_COMPARE(sort->toolButtonStyle(), Qt::ToolButtonIconOnly);
}

QTEST_MAIN(TestMailActions)
#include "tst_mailactions.moc"
