// SPDX-License-Identifier: GPL-3.0-or-later
// What happens when a link or an attachment is clicked and the system has no program for it; and pictures without end.
#include "filledstore.h"
#include "ui/bars/notebar.h"
#include "ui/mainwindow.h"
#include "ui/message/attachmentbar.h"
#include "ui/message/attachments.h"
#include "ui/message/bodyview.h"
#include "ui/message/messageview.h"
#include "ui/message/systemopener.h"

#include <QBuffer>
#include <QClipboard>
#include <QFile>
#include <QFileDialog>
#include <QImage>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace satchel;
using namespace satchel::ui;

class TestOpening : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void row7_openWithoutAProgramSaysSo_data();
    void row7_openWithoutAProgramSaysSo();
    void row7_openWithoutAProgramOffersToSave();
    void row7_openWithoutAProgramOffersTheAddressOfALink();
    void p316_showsEveryPictureHoweverManyThereAre();

private:
    /// Puts a program in the place of xdg-open that ends with \a status; -1: there is none.
    void stand(int status);
    void show(const QByteArray &raw);

    std::unique_ptr<test::FilledStore> m_store;
    std::unique_ptr<QSettings> m_settings;
    std::unique_ptr<MessageView> m_view;
    AccountSettings m_account;
    QByteArray m_path;
};

void TestOpening::init()
{
    m_path = qgetenv("PATH");
    m_store = std::make_unique<test::FilledStore>();
    m_account = m_store->addAccount(u"Personal"_s);
    m_settings = std::make_unique<QSettings>(m_store->dir.filePath(u"settings.ini"_s), QSettings::IniFormat);
    m_view = std::make_unique<MessageView>(*m_settings);
    connect(m_view.get(), &MessageView::openWished, m_view->opener(), &SystemOpener::open);
    m_view->resize(700, 600);
    m_view->show();
}

void TestOpening::cleanup()
{
    m_view.reset();
    m_settings.reset();
    m_store.reset();
    qputenv("PATH", m_path);
}

void TestOpening::stand(int status)
{
    const QString folder = m_store->dir.path();
    qputenv("PATH", folder.toUtf8());
    if (status < 0)
        return;
    QFile program(folder + u"/xdg-open"_s);
    QVERIFY(program.open(QIODevice::WriteOnly));
    program.write("#!/bin/sh\nprintf %s \"$1\" >\"$0.asked\"\nexit " + QByteArray::number(status) + "\n");
    program.close();
    QVERIFY(program.setPermissions(QFileDevice::ReadOwner | QFileDevice::ExeOwner));
}

void TestOpening::show(const QByteArray &raw)
{
    const MessageSummary row = m_store->add(m_account.id, raw);
    m_view->showMessage(MessageSource(*m_store->library, row.id));
    QTRY_VERIFY(!m_view->isLoading());
    QVERIFY(m_view->showsMessage());
}

void TestOpening::row7_openWithoutAProgramSaysSo_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<bool>("told");
    QTest::newRow("it opens") << 0 << false;
    QTest::newRow("no program for it") << 3 << true;
    QTest::newRow("it failed") << 4 << true;
    QTest::newRow("nothing that opens") << -1 << true;
}

void TestOpening::row7_openWithoutAProgramSaysSo()
{
    QFETCH(int, status);
    QFETCH(bool, told);
    stand(status);
    QSignalSpy failed(m_view->opener(), &SystemOpener::failed);
    m_view->opener()->open(QUrl(u"https://example.org/a%20b"_s));
    if (told) {
        QTRY_COMPARE(failed.size(), 1);
        return;
    }
    QFile asked(m_store->dir.filePath(u"xdg-open.asked"_s));
    QTRY_VERIFY(asked.exists() && asked.size() > 0);
    QVERIFY(asked.open(QIODevice::ReadOnly));
    QCOMPARE(asked.readAll(), "https://example.org/a%20b");
    QCOMPARE(failed.size(), 0);
}

void TestOpening::row7_openWithoutAProgramOffersToSave()
{
    stand(3);
    show(
        "From: a@example.org\r\nSubject: Photo\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nHello\r\n"
        "--b\r\nContent-Type: application/x-unheard-of\r\nContent-Disposition: attachment; "
        "filename=photo.xyz\r\n\r\nx\r\n"
        "--b--\r\n");
    QCOMPARE(m_view->attachmentBar()->attachments().size(), 1);
    mime::Part part = m_view->attachmentBar()->attachments().constFirst();
    part.executable = false; // asking before programs is another test's
    m_view->attachments()->open(part);
    QTRY_VERIFY(m_view->linkBar()->isVisible());
    QVERIFY2(m_view->linkBar()->text().contains(u"photo.xyz"), qPrintable(m_view->linkBar()->text()));
    const QList<QPushButton *> buttons = m_view->linkBar()->findChildren<QPushButton *>();
    QVERIFY(!buttons.isEmpty());
    buttons.constFirst()->click();
    QTRY_VERIFY(m_view->findChild<QFileDialog *>());
    m_view->findChild<QFileDialog *>()->reject();
    QVERIFY(!m_view->linkBar()->isVisible());
}

void TestOpening::row7_openWithoutAProgramOffersTheAddressOfALink()
{
    stand(3);
    show("From: a@example.org\r\nSubject: Link\r\nContent-Type: text/html\r\n\r\n"
         "<a href=\"https://example.org/page\">here</a>\r\n");
    Q_EMIT m_view->body()->linkClicked(u"https://example.org/page"_s, u"here"_s);
    QTRY_VERIFY(m_view->linkBar()->isVisible());
    const QList<QPushButton *> buttons = m_view->linkBar()->findChildren<QPushButton *>();
    QVERIFY(!buttons.isEmpty());
    buttons.constFirst()->click();
    QCOMPARE(QGuiApplication::clipboard()->text(), u"https://example.org/page"_s);
}

void TestOpening::p316_showsEveryPictureHoweverManyThereAre()
{
    constexpr int many = 260;
    QImage dot(3, 3, QImage::Format_RGB32);
    QByteArray html;
    QByteArray parts;
    for (int i = 0; i < many; ++i) {
        dot.fill(QColor(i % 256, 40, 90));
        QByteArray png;
        QBuffer buffer(&png);
        QVERIFY(buffer.open(QIODevice::WriteOnly) && dot.save(&buffer, "PNG"));
        html += "<img src=\"cid:p" + QByteArray::number(i) + "\" width=3 height=3>";
        parts += "--b\r\nContent-Type: image/png\r\nContent-ID: <p" + QByteArray::number(i)
            + ">\r\nContent-Transfer-Encoding: base64\r\n\r\n" + png.toBase64() + "\r\n";
    }
    QSignalSpy wanted(m_view->body(), &BodyView::pictureWanted);
    show("From: a@example.org\r\nSubject: Dots\r\nContent-Type: multipart/related; boundary=b\r\n\r\n--b\r\n"
         "Content-Type: text/html\r\n\r\n"
        + html + "\r\n" + parts + "--b--\r\n");
    QTRY_COMPARE(wanted.size(), many);
    QTRY_VERIFY(!m_view->isLoading());
    QSet<QRgb> colours;
    const QImage shown = m_view->body()->grab().toImage();
    for (int y = 0; y < shown.height(); ++y) {
        for (int x = 0; x < shown.width(); ++x) {
            if (qGreen(shown.pixel(x, y)) == 40 && qBlue(shown.pixel(x, y)) == 90)
                colours.insert(shown.pixel(x, y));
        }
    }
    QVERIFY2(colours.size() > 250, qPrintable(QString::number(colours.size())));
}

QTEST_MAIN(TestOpening)
#include "tst_openthings.moc"
