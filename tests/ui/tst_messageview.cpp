// SPDX-License-Identifier: GPL-3.0-or-later
#include "filledstore.h"
#include "library/files.h"
#include "ui/bars/notebar.h"
#include "ui/message/attachmentbar.h"
#include "ui/message/attachments.h"
#include "ui/message/bodyview.h"
#include "ui/message/charsetmenu.h"
#include "ui/message/documentstyle.h"
#include "ui/message/headerblock.h"
#include "ui/message/inlinepicture.h"
#include "ui/message/messageview.h"
#include "ui/message/messagewindow.h"
#include "ui/theme/appearance.h"

#include <QBuffer>
#include <QDir>
#include <QFileInfo>
#include <QFontDatabase>
#include <QImage>
#include <QMessageBox>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QStringDecoder>
#include <QTest>
#include <QTextBlock>

using namespace Qt::StringLiterals;
using namespace satchel;
using namespace satchel::ui;

namespace {

QByteArray picture(int width, int height, const char *format)
{
    QImage image(width, height, QImage::Format_RGB32);
    image.fill(Qt::red);
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    image.save(&buffer, format);
    return bytes;
}

QByteArray png(int width, int height)
{
    return picture(width, height, "PNG");
}

QByteArray mail(const QByteArray &html, const QByteArray &more = {})
{
    return "From: Eve <eve@example.net>\r\nTo: ada@example.org\r\nSubject: Pictures\r\n"
           "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
           "--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
        + html + "\r\n" + more + "--b--\r\n";
}

QByteArray attachment(const QByteArray &name, const QByteArray &type, const QByteArray &content)
{
    return "--b\r\nContent-Type: " + type + "\r\nContent-Disposition: attachment; filename=\"" + name
        + "\"\r\nContent-Transfer-Encoding: base64\r\n\r\n" + content.toBase64() + "\r\n";
}

} // namespace

class TestMessageView : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void loadsNothingFromAnywhere();
    void showsPicturesOfTheMessageItself();
    void asksForNoPictureOfAMessageThatIsGone();
    void refusesPicturesThatAreTooLargeOrNoPictures();
    void saysWhatWasNotLoaded();
    void asksBeforeALinkThatDeceives();
    void opensAHonestLinkAtOnce();
    void putsTheAddressFirstWhenANameLooksLikeOne();
    void Q55_showsWhichAddressAMessageWasDeliveredTo();
    void savesAttachmentsButFollowsNoLink();
    void asksBeforeAProgramIsOpened();
    void opensFilesThatCannotBeChanged();
    void givesEachSavedFileItsOwnName();
    void coloursQuotationsAndFindsLinksInPlainText();
    void row7_aWrappedAddressIsOneLinkInPieces();
    void row7_showsColumnsInLettersOfOneWidth();
    void row6_filesWithoutANameHaveAnEnding();
    void keepsContrastInDarkMessageColours();
    void keepsALightSheetForHtmlInTheDark();
    void readsASendersLettersAsThePersonChose();
    void showsAFileWithoutAStore();
    void showsTheSourceToTheByte();

private:
    void show(const QByteArray &raw);

    std::unique_ptr<test::FilledStore> m_store;
    std::unique_ptr<QSettings> m_settings;
    std::unique_ptr<MessageView> m_view;
    AccountSettings m_account;
};

void TestMessageView::init()
{
    m_store = std::make_unique<test::FilledStore>();
    m_account = m_store->addAccount(u"Personal"_s);
    m_settings = std::make_unique<QSettings>(m_store->dir.filePath(u"settings.ini"_s), QSettings::IniFormat);
    m_view = std::make_unique<MessageView>(*m_settings);
    m_view->resize(700, 600);
    m_view->show();
}

void TestMessageView::cleanup()
{
    m_view.reset();
    m_settings.reset();
    m_store.reset();
    QApplication::setPalette(lightPalette());
}

void TestMessageView::show(const QByteArray &raw)
{
    const MessageSummary row = m_store->add(m_account.id, raw);
    m_view->showMessage(MessageSource(*m_store->library, row.id));
    QTRY_VERIFY(!m_view->isLoading());
    QVERIFY(m_view->showsMessage());
}

void TestMessageView::loadsNothingFromAnywhere()
{
    QFile secret(m_store->dir.filePath(u"secret.png"_s));
    QVERIFY(secret.open(QIODevice::WriteOnly));
    secret.write(png(50, 50));
    secret.close();
    BodyView body;
    QSignalSpy wanted(&body, &BodyView::pictureWanted);
    const QString path = secret.fileName();
    body.showHtml(u"<img src=\"%1\"><img src=\"file://%1\"><img src=\"http://localhost:1/x.png\">"
                  "<img src=\"satchel-cid:other/1\"><img src=\"data:image/png;base64,%2\">"_s.arg(
                      path, QString::fromLatin1(png(9, 9).toBase64())),
        u"mine"_s);
    body.resize(400, 400);
    body.show();
    body.grab();
    for (const QString &name : {path, u"file://"_s + path, u"http://localhost:1/x.png"_s, u"satchel-cid:other/1"_s,
             u"qrc:/icons/satchel.svg"_s, u"//host/share/x.png"_s}) {
        // One transparent pixel, and never nothing: for that the document would look in the file system itself.
        const QVariant answer = body.loadResource(QTextDocument::ImageResource, QUrl(name));
        QCOMPARE(answer.value<QImage>().size(), QSize(1, 1));
        QCOMPARE(
            body.loadResource(QTextDocument::StyleSheetResource, QUrl(name)).toByteArray().trimmed(), QByteArray());
    }
    QCOMPARE(wanted.size(), 0);
    body.setSource(QUrl::fromLocalFile(path));
    QVERIFY(body.toPlainText().contains(QChar::ObjectReplacementCharacter));
}

void TestMessageView::showsPicturesOfTheMessageItself()
{
    const QByteArray part = "--b\r\nContent-Type: image/png\r\nContent-ID: <p1@x>\r\nContent-Disposition: inline\r\n"
                            "Content-Transfer-Encoding: base64\r\n\r\n"
        + png(40, 30).toBase64() + "\r\n";
    show("From: eve@example.net\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; "
         "boundary=b\r\n\r\n"
         "--b\r\nContent-Type: text/html\r\n\r\n<p>Look: <img src=\"cid:p1@x\"></p>\r\n"
        + part + "--b--\r\n");
    QVERIFY(m_view->message().html.contains(u"satchel-cid:"));
    m_view->body()->grab();
    QTRY_VERIFY(!m_view->isLoading());
    const QString name = m_view->message().html.section(u"satchel-cid:"_s, 1).section(u'"', 0, 0);
    QTRY_COMPARE(m_view->body()
                     ->loadResource(QTextDocument::ImageResource, QUrl(u"satchel-cid:"_s + name))
                     .value<QImage>()
                     .size(),
        QSize(40, 30));
}

void TestMessageView::asksForNoPictureOfAMessageThatIsGone()
{
    show("From: eve@example.net\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; "
         "boundary=b\r\n\r\n"
         "--b\r\nContent-Type: text/html\r\n\r\n<p>Look: <img src=\"cid:p1@x\"></p>\r\n"
         "--b\r\nContent-Type: image/png\r\nContent-ID: <p1@x>\r\nContent-Disposition: inline\r\n"
         "Content-Transfer-Encoding: base64\r\n\r\n"
        + png(40, 30).toBase64() + "\r\n--b--\r\n");
    m_view->body()->grab();
    QTRY_VERIFY(!m_view->isLoading());
    const QString prefix = u"satchel-cid:"_s + m_view->message().html.section(u"satchel-cid:"_s, 1).section(u'/', 0, 0);
    const auto layOut = [this, prefix](int part) {
        m_view->body()->loadResource(QTextDocument::ImageResource, QUrl(prefix + u"/%1"_s.arg(part)));
    };
    const QSignalSpy wanted(m_view->body(), &BodyView::pictureWanted);
    layOut(97);
    QTRY_COMPARE(wanted.size(), 1);
    QTRY_VERIFY(!m_view->isLoading());
    const qsizetype before = wanted.size();
    layOut(98);
    m_view->showNothing();
    QCoreApplication::processEvents();
    QCOMPARE(wanted.size(), before);
    QVERIFY(!m_view->isLoading());
    QVERIFY(!m_view->showsMessage());
}

void TestMessageView::refusesPicturesThatAreTooLargeOrNoPictures()
{
    QCOMPARE(decodePicture(png(20, 10)).size(), QSize(20, 10));
    QVERIFY(decodePicture("<svg xmlns='http://www.w3.org/2000/svg' width='10' height='10'/>").isNull());
    QVERIFY(decodePicture("no picture").isNull());
    QVERIFY(decodePicture({}).isNull());
    // The header claims 60,000 x 60,000 pixels: refused before any is decoded.
    QByteArray bomb = picture(1, 1, "BMP");
    QVERIFY(!decodePicture(bomb).isNull());
    bomb.replace(18, 8, QByteArray::fromHex("60ea000060ea0000"));
    QVERIFY(decodePicture(bomb).isNull());
}

void TestMessageView::saysWhatWasNotLoaded()
{
    show(mail("<p>Hello</p><img src=\"http://tracker.example/a.png\"><img src=\"https://tracker.example/b.png\">"));
    bool said = false;
    for (const NoteBar *note : m_view->notes())
        said = said || note->text().contains(u'2');
    QVERIFY(said);
}

void TestMessageView::asksBeforeALinkThatDeceives()
{
    show(mail("<p><a href=\"http://evil.example.net/login\">https://www.bank.example/login</a></p>"));
    QSignalSpy opened(m_view.get(), &MessageView::openWished);
    Q_EMIT m_view->body()->linkClicked(u"http://evil.example.net/login"_s, u"https://www.bank.example/login"_s);
    QCOMPARE(opened.size(), 0);
    QVERIFY(m_view->linkBar()->isVisible());
    QVERIFY(!m_view->linkBar()->text().isEmpty());
    Q_EMIT m_view->body()->linkClicked(u"javascript:alert(1)"_s, u"click"_s);
    Q_EMIT m_view->body()->linkClicked(u"file:///etc/passwd"_s, u"click"_s);
    QCOMPARE(opened.size(), 0);
    for (const QPushButton *button : m_view->linkBar()->findChildren<QPushButton *>())
        QVERIFY(button->isHidden() || !button->text().contains(u"anyway"));
}

void TestMessageView::opensAHonestLinkAtOnce()
{
    show(mail("<p><a href=\"https://example.org/page\">our page</a></p>"));
    QSignalSpy opened(m_view.get(), &MessageView::openWished);
    Q_EMIT m_view->body()->anchorClicked(QUrl(u"https://example.org/page"_s));
    QCOMPARE(opened.size(), 1);
    QCOMPARE(opened.constFirst().constFirst().toUrl(), QUrl(u"https://example.org/page"_s));
    Q_EMIT m_view->body()->linkClicked(u"mailto:bob@example.org?attach=/etc/passwd"_s, u"write to Bob"_s);
    if (opened.size() == 2)
        QVERIFY(!opened.at(1).constFirst().toUrl().toString().contains(u"attach"));
}

void TestMessageView::putsTheAddressFirstWhenANameLooksLikeOne()
{
    show("From: \"service@bank.example\" <x@evil.example.net>\r\nSubject: s\r\n\r\ntext\r\n");
    QVERIFY2(m_view->header()->from().startsWith(u"x@evil.example.net"), qPrintable(m_view->header()->from()));
    QVERIFY(!m_view->notes().isEmpty());
}

void TestMessageView::Q55_showsWhichAddressAMessageWasDeliveredTo()
{
    AccountSettings robin = m_account;
    robin.address = u"robin@robin.example"_s;
    m_view->setAccounts({robin});
    const QByteArray caught = "X-Original-To: shop@robin.example\r\nDelivered-To: robin@robin.example\r\n"
                              "From: a@b.example\r\nSubject: s\r\n";
    show(caught + "To: undisclosed-recipients:;\r\n\r\nhidden copy\r\n");
    QVERIFY2(m_view->header()->recipients().endsWith(u" · delivered to shop@robin.example"),
        qPrintable(m_view->header()->recipients()));
    m_view->header()->setUnfolded(true);
    QVERIFY(m_view->header()->recipients().contains(u"Delivered to: shop@robin.example, robin@robin.example"));

    // What the header or the account says anyhow is not said twice.
    show(caught + "To: shop@robin.example\r\n\r\nto the shop\r\n");
    QCOMPARE(m_view->header()->recipients(), u"To shop@robin.example"_s);
    show("Delivered-To: robin@robin.example\r\nFrom: a@b.example\r\nTo: list@lists.example\r\n\r\nto a list\r\n");
    QCOMPARE(m_view->header()->recipients(), u"To list@lists.example"_s);
}

void TestMessageView::savesAttachmentsButFollowsNoLink()
{
    QTemporaryDir folder;
    const QString target = folder.filePath(u"precious.txt"_s);
    QFile precious(target);
    QVERIFY(precious.open(QIODevice::WriteOnly));
    precious.write("precious");
    precious.close();
    const QString link = folder.filePath(u"report.pdf"_s);
    QVERIFY(QFile::link(target, link));
    const Expected<void> refused = library::saveFile(link, "evil");
    QVERIFY(!refused);
    QCOMPARE(refused.error().kind, ErrorKind::FileUnwritable);
    QVERIFY(precious.open(QIODevice::ReadOnly));
    QCOMPARE(precious.readAll(), QByteArray("precious"));

    show(mail("<p>x</p>", attachment("a.txt", "text/plain", "content of a")));
    QCOMPARE(m_view->attachmentBar()->chips().size(), 1);
    QSignalSpy done(m_view.get(), &MessageView::notice);
    const QString path = folder.filePath(u"a.txt"_s);
    m_view->attachments()->saveTo(m_view->attachmentBar()->attachments().constFirst(), path);
    QTRY_COMPARE(done.size(), 1);
    QFile saved(path);
    QVERIFY(saved.open(QIODevice::ReadOnly));
    QCOMPARE(saved.readAll(), QByteArray("content of a"));
    QCOMPARE(QDir(folder.path()).entryList(QDir::Files | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot).size(), 3);
}

void TestMessageView::asksBeforeAProgramIsOpened()
{
    show(mail("<p>x</p>", attachment("invoice.pdf.exe", "application/octet-stream", "MZ")));
    const mime::Part part = m_view->attachmentBar()->attachments().constFirst();
    QVERIFY(part.executable);
    QSignalSpy opened(m_view.get(), &MessageView::openWished);
    QSignalSpy asked(m_view->attachments(), &Attachments::asks);
    m_view->attachments()->open(part);
    QCOMPARE(asked.size(), 1);
    auto *box = m_view->findChild<QMessageBox *>();
    QVERIFY(box);
    QCOMPARE(box->textFormat(), Qt::PlainText);
    QCOMPARE(box->defaultButton(), box->button(QMessageBox::Cancel));
    box->button(QMessageBox::Cancel)->click();
    QTRY_VERIFY(!m_view->findChild<QMessageBox *>());
    QCOMPARE(opened.size(), 0);
}

void TestMessageView::opensFilesThatCannotBeChanged()
{
    show(mail("<p>x</p>", attachment("notes.txt", "text/plain", "notes")));
    QSignalSpy opened(m_view.get(), &MessageView::openWished);
    m_view->attachments()->open(m_view->attachmentBar()->attachments().constFirst());
    QTRY_COMPARE(opened.size(), 1);
    const QFileInfo file(opened.constFirst().constFirst().toUrl().toLocalFile());
    QCOMPARE(file.fileName(), u"notes.txt"_s);
    QVERIFY(!file.permissions().testFlag(QFileDevice::WriteOwner));
    QVERIFY(!file.permissions().testFlag(QFileDevice::ReadOther));
}

void TestMessageView::givesEachSavedFileItsOwnName()
{
    QTemporaryDir folder;
    show(mail("<p>x</p>", attachment("a.txt", "text/plain", "one") + attachment("a.txt", "text/plain", "two")));
    QSignalSpy done(m_view.get(), &MessageView::notice);
    m_view->attachments()->saveAllTo(m_view->attachmentBar()->attachments(), folder.path());
    QTRY_COMPARE(done.size(), 1);
    QCOMPARE(QDir(folder.path()).entryList(QDir::Files, QDir::Name).size(), 2);
}

void TestMessageView::coloursQuotationsAndFindsLinksInPlainText()
{
    QTextDocument document;
    fillPlainText(
        document, u"Hello\n> quoted\n> > deeper\nSee https://example.org/a?b=1. <b>x</b>\n-- \nme"_s, lightPalette());
    const auto ink = [&document](int block) {
        return document.findBlockByNumber(block).begin().fragment().charFormat().foreground().color();
    };
    QVERIFY(ink(1) != ink(0));
    QVERIFY(ink(2) != ink(1));
    QVERIFY(document.toPlainText().contains(u"<b>x</b>"));
    QString target;
    for (auto it = document.findBlockByNumber(3).begin(); !it.atEnd(); ++it) {
        if (it.fragment().charFormat().isAnchor())
            target = it.fragment().charFormat().anchorHref();
    }
    QCOMPARE(target, u"https://example.org/a?b=1"_s);
}

void TestMessageView::row7_aWrappedAddressIsOneLinkInPieces()
{
    QTextDocument document;
    fillPlainText(
        document, u"See <https://example.org/a\r\nb> and www.example.org,\n\nor a@example.org"_s, lightPalette());
    QStringList links;
    QString text;
    for (QTextBlock block = document.begin(); block.isValid(); block = block.next()) {
        for (auto it = block.begin(); !it.atEnd(); ++it) {
            text += it.fragment().text();
            if (it.fragment().charFormat().isAnchor())
                links.append(it.fragment().text() + u" -> "_s + it.fragment().charFormat().anchorHref());
        }
        text += u'|';
    }
    QCOMPARE(links,
        QStringList({u"https://example.org/a -> https://example.org/ab"_s, u"b -> https://example.org/ab"_s,
            u"www.example.org -> http://www.example.org"_s, u"a@example.org -> mailto:a@example.org"_s}));
    QCOMPARE(text, u"See <https://example.org/a|b> and www.example.org,||or a@example.org|"_s);
}

void TestMessageView::row7_showsColumnsInLettersOfOneWidth()
{
    const auto showText = [this](const QByteArray &text) {
        show("From: a@b.example\r\nSubject: x\r\n\r\n" + text);
        return m_view->body()->document()->defaultFont().family();
    };
    const QString fixed = QFontDatabase::systemFont(QFontDatabase::FixedFont).family();
    const QString prose = showText("Dear Anna,\r\nall is well.\r\nBye\r\n");
    QVERIFY(prose != fixed);
    QCOMPARE(showText("Item       Price\r\nPlan A      3.50\r\nPlan B     12.00\r\n"), fixed);
    QVERIFY(!m_view->isMonospaced()); // what the person chose stays chosen
    QCOMPARE(showText("Dear Anna,\r\nall is well.\r\nBye\r\n"), prose);
}

void TestMessageView::row6_filesWithoutANameHaveAnEnding()
{
    mime::Part part;
    part.index = 3;
    part.mimeType = "image/jpeg";
    QCOMPARE(attachmentName(part), u"attachment 3.jpg"_s);
    part.mimeType = "application/octet-stream";
    QCOMPARE(attachmentName(part), u"attachment 3"_s);
    part.fileName = u"Brief 3.12.docx"_s;
    QCOMPARE(attachmentName(part), u"Brief 3.12.docx"_s);
}

void TestMessageView::keepsContrastInDarkMessageColours()
{
    const QColor ground = darkPalette().color(QPalette::Base);
    for (const QColor &ink :
        {QColor(Qt::black), QColor(0x33, 0x33, 0x33), QColor(Qt::blue), QColor(Qt::darkRed), QColor(Qt::white)})
        QVERIFY2(darkened(ink, true, ground).lightnessF() > 0.5F, qPrintable(ink.name()));
    QVERIFY(darkened(Qt::white, false, ground).lightnessF() < 0.2F);
    QVERIFY(darkened(Qt::yellow, false, ground).lightnessF() < 0.5F);
}

void TestMessageView::keepsALightSheetForHtmlInTheDark()
{
    // Qt tells widgets of a new palette in an event of its own: hence the tries.
    QApplication::setPalette(darkPalette());
    show(mail("<p>Hello</p>"));
    QTRY_VERIFY(isDark(m_view->palette()));
    QTRY_VERIFY(!isDark(m_view->body()->palette()));
    m_view->setDarkHtml(true);
    QVERIFY(isDark(m_view->body()->palette()));
    m_view->setDarkHtml(false);
    QVERIFY(!isDark(m_view->body()->palette()));
    // Plain text follows the window both ways, while it is shown.
    m_view->setPrefersPlainText(true);
    QVERIFY(isDark(m_view->body()->palette()));
    QApplication::setPalette(lightPalette());
    QTRY_VERIFY(!isDark(m_view->body()->palette()));
    QApplication::setPalette(darkPalette());
    QTRY_VERIFY(isDark(m_view->body()->palette()));
}

void TestMessageView::readsASendersLettersAsThePersonChose()
{
    const auto mail = [](const QByteArray &from) {
        return "From: " + from + "\r\nSubject: x\r\nContent-Type: text/plain\r\n\r\n\xcf\xf0\xe8\xe2\xe5\xf2\r\n";
    };
    const QString greeting = QString::fromUtf8("\u041f\u0440\u0438\u0432\u0435\u0442");
    show(mail("Olga <Olga@example.org>"));
    QVERIFY(!m_view->body()->toPlainText().contains(greeting));
    CharsetMenu menu(m_view.get());
    for (const QAction *offered : menu.actions()) {
        if (const QByteArray charset = offered->data().toByteArray(); !charset.isEmpty())
            QVERIFY2(QStringDecoder(charset.constData()).isValid(), charset.constData());
    }
    const auto choose = [&menu](const QByteArray &charset) {
        Q_EMIT menu.aboutToShow();
        for (QAction *action : menu.actions()) {
            if (!action->isSeparator() && action->data().toByteArray() == charset)
                action->trigger();
        }
    };
    choose("windows-1251");
    QTRY_COMPARE(m_view->body()->toPlainText().trimmed(), greeting);
    // Kept for the sender, however the address is spelled, and for nobody else.
    show(mail("olga@EXAMPLE.org"));
    QCOMPARE(m_view->body()->toPlainText().trimmed(), greeting);
    show(mail("ivan@example.org"));
    QVERIFY(!m_view->body()->toPlainText().contains(greeting));
    QCOMPARE(m_view->charset(), QByteArray());
    // What a message knows of itself stands.
    show("From: olga@example.org\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + greeting.toUtf8() + "\r\n");
    QCOMPARE(m_view->body()->toPlainText().trimmed(), greeting);
    show(mail("olga@example.org"));
    choose("");
    QTRY_VERIFY(!m_view->body()->toPlainText().contains(greeting));
    show(mail("olga@example.org"));
    QVERIFY(!m_view->body()->toPlainText().contains(greeting));
}

void TestMessageView::showsAFileWithoutAStore()
{
    library::Library none(m_store->dir.filePath(u"not-there.sqlite"_s));
    MessageWindow window(none, *m_settings);
    window.showBytes("From: a@example.org\r\nSubject: From a file\r\n\r\nIts text\r\n", u"/tmp/some.eml"_s);
    window.show();
    QTRY_VERIFY(window.view()->showsMessage());
    QCOMPARE(window.view()->header()->subject(), u"From a file"_s);
    QCOMPARE(window.windowTitle(), u"From a file"_s);
}

void TestMessageView::showsTheSourceToTheByte()
{
    const QByteArray raw = "From: a@example.org\r\nSubject: s\r\n\r\nbytes \xff\xfe end\r\n";
    const MessageSummary row = m_store->add(m_account.id, raw);
    const MessageSource source(*m_store->library, row.id);
    QCOMPARE(source.bytes().result().value(), raw);
}

QTEST_MAIN(TestMessageView)
#include "tst_messageview.moc"
