// SPDX-License-Identifier: GPL-3.0-or-later
#include "filledstore.h"
#include "ui/bars/notebar.h"
#include "ui/message/attachmentbar.h"
#include "ui/message/bodyview.h"
#include "ui/message/inlinepicture.h"
#include "ui/message/messageview.h"

#include <QApplication>
#include <QFile>
#include <QFileInfo>
#include <QImage>
#include <QSettings>
#include <QSignalSpy>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace satchel;
using namespace satchel::ui;

namespace {

const char gif[] = "R0lGODlhBAAEAIAAAP8AAAAAACwAAAAABAAEAAACBISPCQUAOw==";

QByteArray related(const QByteArray &html, const QByteArray &type, const QByteArray &content)
{
    return "From: eve@example.net\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; "
           "boundary=b\r\n\r\n"
           "--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
        + html + "\r\n--b\r\nContent-Type: " + type
        + "; name=shot.pic\r\nContent-ID: <p1>\r\nContent-Transfer-Encoding: base64\r\n\r\n" + content.toBase64()
        + "\r\n--b--\r\n";
}

QStringList names(const QList<mime::Part> &parts)
{
    QStringList list;
    for (const mime::Part &part : parts)
        list.append(QFileInfo(part.fileName).baseName()); // an ending that fits the type may have been added
    return list;
}

} // namespace

/// What becomes of pictures in a page (row 2): each is drawn, or there are its words and it is among the attachments.
class TestDrawnPictures : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void row2_decodesWhatPhonesAndShopsSend();
    void row2_drawsPicturesOfTheHtmlItself();
    void row2_whatCannotBeDrawnIsAnAttachment_data();
    void row2_whatCannotBeDrawnIsAnAttachment();
    void row2_aPageWithoutAPictureThatCanBeDrawnSaysSo();
    void row2_thePlainViewListsThePictures();
    void row1_saysWhatWasNotCheckedAndWhatCannotBeRead();
    void p302_anEncodingForASenderInRawLetters();

private:
    void show(const QByteArray &raw);
    [[nodiscard]] bool says(const QString &words) const;

    std::unique_ptr<test::FilledStore> m_store;
    std::unique_ptr<QSettings> m_settings;
    std::unique_ptr<MessageView> m_view;
    AccountSettings m_account;
};

void TestDrawnPictures::init()
{
    m_store = std::make_unique<test::FilledStore>();
    m_account = m_store->addAccount(u"Personal"_s);
    m_settings = std::make_unique<QSettings>(m_store->dir.filePath(u"settings.ini"_s), QSettings::IniFormat);
    m_view = std::make_unique<MessageView>(*m_settings);
    m_view->resize(700, 600);
    m_view->show();
}

void TestDrawnPictures::cleanup()
{
    m_view.reset();
    m_settings.reset();
    m_store.reset();
}

void TestDrawnPictures::show(const QByteArray &raw)
{
    const MessageSummary row = m_store->add(m_account.id, raw);
    m_view->showMessage(MessageSource(*m_store->library, row.id));
    QTRY_VERIFY(!m_view->isLoading());
    QVERIFY(m_view->showsMessage());
    m_view->body()->grab(); // laid out, so that it asks for its pictures
    QCoreApplication::processEvents();
    QTRY_VERIFY(!m_view->isLoading());
}

bool TestDrawnPictures::says(const QString &words) const
{
    for (const NoteBar *note : m_view->notes()) {
        if (note->text().contains(words))
            return true;
    }
    return false;
}

void TestDrawnPictures::row2_decodesWhatPhonesAndShopsSend()
{
    QFile file(QStringLiteral(SATCHEL_SOURCE_DIR "/tests/mail/inline-webp-tiff-avif-heic.eml"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray raw = file.readAll();
    const mime::Message message = mime::parse(raw);
    int decoded = 0;
    for (const mime::Part &part : message.parts) {
        if (!part.mimeType.startsWith("image/"))
            continue;
        const QImage picture = decodePicture(mime::partContent(raw, part.index));
        QVERIFY2(!picture.isNull(), part.mimeType.constData());
        ++decoded;
    }
    QCOMPARE(decoded, 6);
    show(raw);
    QVERIFY(m_view->attachmentBar()->attachments().isEmpty());
    QVERIFY(!m_view->body()->toPlainText().contains(u"heic alt"_s));
}

void TestDrawnPictures::row2_drawsPicturesOfTheHtmlItself()
{
    show("From: eve@example.net\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n"
         "<p>Look: <img alt=red src=\"data:image/gif;base64,"
        + QByteArray(gif) + "\"></p>\r\n");
    const QString name = m_view->message().html.section(u"satchel-cid:"_s, 1).section(u'"', 0, 0);
    QTRY_COMPARE(m_view->body()
                     ->loadResource(QTextDocument::ImageResource, QUrl(u"satchel-cid:"_s + name))
                     .value<QImage>()
                     .size(),
        QSize(4, 4));
    QVERIFY(m_view->attachmentBar()->attachments().isEmpty());
}

void TestDrawnPictures::row2_whatCannotBeDrawnIsAnAttachment_data()
{
    QTest::addColumn<QByteArray>("type");
    QTest::addColumn<QByteArray>("content");
    QTest::newRow("damaged") << QByteArray("image/png") << QByteArray("\x89PNG\r\n\x1a\nrubbish");
    QTest::newRow("no decoder") << QByteArray("image/x-emf") << QByteArray("EMF and so on");
    QTest::newRow("a drawing") << QByteArray("image/svg+xml")
                               << QByteArray("<svg xmlns='http://www.w3.org/2000/svg'/>");
    QTest::newRow("empty") << QByteArray("image/jpeg") << QByteArray();
}

void TestDrawnPictures::row2_whatCannotBeDrawnIsAnAttachment()
{
    QFETCH(QByteArray, type);
    QFETCH(QByteArray, content);
    show(related("<p>Look: <a href=\"https://a.example/\"><img src=\"cid:p1\" alt=\"The words for it\"></a> there.</p>",
        type, content));
    QTRY_COMPARE(names(m_view->attachmentBar()->attachments()), QStringList{u"shot"_s});
    QTRY_VERIFY(m_view->body()->toPlainText().contains(u"Look: The words for it there."_s));
    // It stays so when the page is laid out anew, and on paper.
    m_view->zoom(1);
    QVERIFY(m_view->body()->toPlainText().contains(u"Look: The words for it there."_s));
    QVERIFY(m_view->body()->paperCopy()->toPlainText().contains(u"Look: The words for it there."_s));
    QCOMPARE(names(m_view->message().attachments()), QStringList{u"shot"_s});
}

void TestDrawnPictures::row2_aPageWithoutAPictureThatCanBeDrawnSaysSo()
{
    const QString note = u"pictures of this message cannot be shown"_s;
    show(related("<p><img src=\"cid:p1\"></p>", "image/jpeg", "\xff\xd8\xff\xe0rubbish"));
    QTRY_VERIFY(says(note));
    QCOMPARE(names(m_view->attachmentBar()->attachments()), QStringList{u"shot"_s});
    // Where there are words, or the picture is drawn, there is nothing to say.
    show(related("<p>Look: <img src=\"cid:p1\"></p>", "image/jpeg", "\xff\xd8\xff\xe0rubbish"));
    QTRY_COMPARE(names(m_view->attachmentBar()->attachments()), QStringList{u"shot"_s});
    QVERIFY(!says(note));
    show(related("<p><img src=\"cid:p1\"></p>", "image/gif", QByteArray::fromBase64(gif)));
    QVERIFY(!says(note));
}

void TestDrawnPictures::row2_thePlainViewListsThePictures()
{
    show(related("<p>Look: <img src=\"cid:p1\"></p>", "image/gif", QByteArray::fromBase64(gif)));
    QVERIFY(m_view->attachmentBar()->attachments().isEmpty());
    m_view->setPrefersPlainText(true);
    QCOMPARE(names(m_view->attachmentBar()->attachments()), QStringList{u"shot"_s});
    m_view->setPrefersPlainText(false);
    QVERIFY(m_view->attachmentBar()->attachments().isEmpty());
}

void TestDrawnPictures::row1_saysWhatWasNotCheckedAndWhatCannotBeRead()
{
    QFile file(QStringLiteral(SATCHEL_SOURCE_DIR "/tests/mail/smime-opaque-signed.eml"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    show(file.readAll());
    QVERIFY(m_view->body()->toPlainText().contains(u"Antrag"_s));
    QVERIFY(says(u"Its signature was not checked."_s));
    show("From: eve@example.net\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/encrypted; "
         "boundary=b\r\n\r\n"
         "--b\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n"
         "--b\r\nContent-Type: application/octet-stream; name=encrypted.asc\r\n\r\nPGP\r\n--b--\r\n");
    QVERIFY(says(u"This message is encrypted."_s));
    QVERIFY(!says(u"Its signature was not checked."_s));
}

void TestDrawnPictures::p302_anEncodingForASenderInRawLetters()
{
    const QByteArray raw = "From: \xcf\xf0\xe8\xe2\xe5\xf2 <\xe0\xed\xed\xe0@example.org>\r\nSubject: "
                           "x\r\n\r\n\xcf\xf0\xe8\xe2\xe5\xf2\r\n";
    show(raw);
    const QString greeting = u"\u041f\u0440\u0438\u0432\u0435\u0442"_s;
    QSignalSpy shown(m_view.get(), &MessageView::shown);
    for (const QByteArray &charset : {QByteArray("koi8-r"), QByteArray("windows-1251")}) {
        m_view->setCharset(charset);
        QTRY_COMPARE(shown.size(), 1);
        QVERIFY(!m_view->isLoading());
        QCOMPARE(m_view->charset(), charset);
        shown.clear();
    }
    QCOMPARE(m_view->body()->toPlainText().trimmed(), greeting);
    // And when it is opened again.
    m_view->showNothing();
    show(raw);
    QCOMPARE(m_view->body()->toPlainText().trimmed(), greeting);
    m_view->setCharset({});
    QTRY_VERIFY(!m_view->body()->toPlainText().contains(greeting));
}

QTEST_MAIN(TestDrawnPictures)
#include "tst_drawnpictures.moc"
