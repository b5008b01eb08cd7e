// SPDX-License-Identifier: GPL-3.0-or-later
#include "filledstore.h"
#include "ui/bars/notebar.h"
#include "ui/dialogs/logwindow.h"
#include "ui/folders/folderpane.h"
#include "ui/list/messagelistmodel.h"
#include "ui/list/messagelistpane.h"
#include "ui/list/messagelistview.h"
#include "ui/mainwindow.h"
#include "ui/message/bodyview.h"
#include "ui/message/messageview.h"
#include "ui/settings/advancedpage.h"
#include "ui/settings/appearancepage.h"
#include "ui/settings/offlinepage.h"
#include "ui/settings/privacypage.h"
#include "ui/settings/readingpage.h"
#include "ui/settings/settingsdialog.h"
#include "ui/theme/appearance.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QDoubleSpinBox>
#include <QFontComboBox>
#include <QFontDatabase>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QRadioButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QSettings>
#include <QSignalSpy>
#include <QSpinBox>
#include <QSplitter>
#include <QTest>
#include <QTreeWidget>

using namespace Qt::StringLiterals;
using namespace satchel;
using namespace satchel::ui;

namespace {

/// The control with this accessible name or text.
template <class Widget>
Widget *control(const QObject &where, const QString &name)
{
    for (Widget *widget : where.findChildren<Widget *>()) {
        const QString text = widget->property("text").toString().remove(u'&');
        if (widget->accessibleName() == name || text == name)
            return widget;
    }
    return nullptr;
}

} // namespace

/// The settings dialog as its user has it: every option is set by its control, and what it does is looked at.
class TestSettings : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void opensByItsKeyAndOnce();
    void keepsEveryOption();
    void anotherFontThanIsInstalledStaysChosen();
    void cancelChangesNothing();
    void leavesAloneWhatTheMenusChangedMeanwhile();
    void marksReadAfterTheChosenTime();
    void marksNothingReadByItself();
    void showsWhatWasChosenAfterDeleting_data();
    void showsWhatWasChosenAfterDeleting();
    void prefersPlainTextInTheChosenFontAndSize();
    void changesColoursLayoutAndRowsAtOnce();
    void asksBeforeEveryLink();
    void forgetsThePlaceWhereItWasClosed();
    void keepsAsManyLinesOfTheLogAsChosen();
    void findsASetting();
    void namesEveryControl();
    void fitsASmallWindow();

private:
    void open();
    SettingsDialog *dialog();
    void press(QDialogButtonBox::StandardButton button);
    [[nodiscard]] MessageListView *list() const { return m_window->findChild<MessageListPane *>()->view(); }
    [[nodiscard]] MessageView *message() const { return m_window->findChild<MessageView *>(); }

    std::unique_ptr<test::FilledStore> m_store;
    std::unique_ptr<QSettings> m_settings;
    std::unique_ptr<MainWindow> m_window;
    AccountSettings m_account;
};

void TestSettings::init()
{
    m_store = std::make_unique<test::FilledStore>();
    m_account = m_store->addAccount(u"Personal"_s);
    m_settings = std::make_unique<QSettings>(m_store->dir.filePath(u"settings.ini"_s), QSettings::IniFormat);
}

void TestSettings::cleanup()
{
    m_window.reset();
    m_settings.reset();
    m_store.reset();
    applyAppearance(Appearance::System);
}

void TestSettings::open()
{
    m_window = std::make_unique<MainWindow>(*m_store->library, *m_settings);
    m_store->connectTo(*m_window);
    m_window->show();
    QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
    QTRY_VERIFY(m_window->findChild<FolderPane *>()->current().isValid());
    QTRY_VERIFY(!m_window->findChild<MessageListPane *>()->isListing());
}

SettingsDialog *TestSettings::dialog()
{
    m_window->openSettings();
    return m_window->findChild<SettingsDialog *>();
}

void TestSettings::press(QDialogButtonBox::StandardButton button)
{
    QTest::mouseClick(dialog()->findChild<QDialogButtonBox *>()->button(button), Qt::LeftButton);
}

void TestSettings::opensByItsKeyAndOnce()
{
    open();
    const QList<QKeySequence> keys = QKeySequence::keyBindings(QKeySequence::Preferences);
    QTest::keySequence(m_window.get(), keys.value(0, QKeySequence(Qt::CTRL | Qt::Key_Comma)));
    QCOMPARE(m_window->findChildren<SettingsDialog *>().size(), 1);
    SettingsDialog *first = m_window->findChild<SettingsDialog *>();
    QVERIFY(first->isVisible() && !first->isModal());
    QVERIFY(!first->findChild<QDialogButtonBox *>()->button(QDialogButtonBox::Apply)->isEnabled());
    QCOMPARE(dialog(), first);
    first->activateWindow();
    QTRY_COMPARE(QApplication::activeWindow(), first);
    QTest::keyClick(first, Qt::Key_Escape);
    QTRY_COMPARE(m_window->findChildren<SettingsDialog *>().size(), 0);
}

void TestSettings::keepsEveryOption()
{
    Preferences other;
    const QString family = QFontDatabase::families().constLast();
    other.marksRead = false;
    other.markReadSeconds = 7.5;
    other.plainText = true;
    other.monospaced = true;
    other.darkHtml = true;
    other.zoom = 1.4;
    other.afterRemoval = AfterRemoval::Nothing;
    other.appearance = Appearance::Dark;
    other.density = Density::Roomy;
    other.tall = true;
    other.textFont = family;
    other.asksBeforeLinks = true;
    other.remembersPlace = false;
    other.startsOffline = true;
    other.checksAtStart = false;
    other.checksWhenOnline = false;
    other.logLines = 4000;
    const QVariantMap standard = Preferences().toMap();
    const QVariantMap changed = other.toMap();
    for (auto value = changed.cbegin(); value != changed.cend(); ++value) {
        if (value.key() != "message/fixedFont"_L1) // which fonts have a fixed width depends on the machine
            QVERIFY2(value.value() != standard.value(value.key()), qPrintable(value.key()));
    }
    // By the controls, and back.
    std::vector<std::unique_ptr<PreferencesPage>> pages;
    pages.push_back(std::make_unique<ReadingPage>());
    pages.push_back(std::make_unique<AppearancePage>());
    pages.push_back(std::make_unique<PrivacyPage>());
    pages.push_back(std::make_unique<OfflinePage>());
    pages.push_back(std::make_unique<AdvancedPage>(m_settings->fileName()));
    for (const Preferences &wanted : {other, Preferences()}) {
        Preferences read = wanted == other ? Preferences() : other;
        for (const auto &page : pages) {
            page->setPreferences(wanted);
            page->apply(read);
        }
        QCOMPARE(read.toMap(), wanted.toMap());
    }
    // By the file, and back.
    other.save(*m_settings, {});
    m_settings->sync();
    const QSettings again(m_settings->fileName(), QSettings::IniFormat);
    QCOMPARE(Preferences::load(again).toMap(), other.toMap());
}

void TestSettings::anotherFontThanIsInstalledStaysChosen()
{
    Preferences preferences;
    preferences.textFont = u"A Font That Nobody Has"_s;
    AppearancePage page;
    page.setPreferences(preferences);
    Preferences read = preferences;
    page.apply(read);
    QCOMPARE(read.textFont, preferences.textFont);
    control<QCheckBox>(page, u"Another font for text than the system’s:"_s)->setChecked(false);
    page.apply(read);
    QCOMPARE(read.textFont, QString());
}

void TestSettings::cancelChangesNothing()
{
    open();
    m_settings->sync();
    const Preferences before = Preferences::load(*m_settings);
    control<QComboBox>(*dialog(), u"Colours"_s)->setCurrentIndex(2);
    QVERIFY(dialog()->isChanged());
    press(QDialogButtonBox::Cancel);
    QTRY_COMPARE(m_window->findChildren<SettingsDialog *>().size(), 0);
    QCOMPARE(Preferences::load(*m_settings), before);
    QVERIFY(!isDark(QApplication::palette()));
}

void TestSettings::leavesAloneWhatTheMenusChangedMeanwhile()
{
    open();
    control<QSpinBox>(*dialog(), u"Size of the text of messages"_s)->setValue(120);
    for (QAction *action : m_window->findChildren<QAction *>()) {
        if (action->objectName() == "darkLook"_L1 || action->objectName() == "tall"_L1)
            action->trigger();
    }
    press(QDialogButtonBox::Ok);
    const Preferences after = Preferences::load(*m_settings);
    QCOMPARE(after.zoom, 1.2);
    QCOMPARE(after.appearance, Appearance::Dark);
    QVERIFY(after.tall);
    QVERIFY(isDark(QApplication::palette()));
}

void TestSettings::marksReadAfterTheChosenTime()
{
    const MessageId id = m_store->addPlain(m_account.id, {u"One"_s}).constFirst().id;
    open();
    control<QDoubleSpinBox>(*dialog(), u"Seconds until a message is marked as read"_s)->setValue(0);
    press(QDialogButtonBox::Ok);
    const QSignalSpy wished(m_window.get(), &MainWindow::setFlagsWished);
    list()->selectRow(0);
    QTRY_VERIFY(message()->showsMessage());
    QTRY_COMPARE(wished.size(), 1);
    QVERIFY(m_store->summary(id).flags.testFlag(MessageFlag::Read));
}

void TestSettings::marksNothingReadByItself()
{
    m_store->addPlain(m_account.id, {u"One"_s, u"Two"_s});
    Preferences quick;
    quick.markReadSeconds = 0.1;
    quick.save(*m_settings, {});
    open();
    const QSignalSpy wished(m_window.get(), &MainWindow::setFlagsWished);
    control<QCheckBox>(*dialog(), u"Mark a message as read after"_s)->setChecked(false);
    press(QDialogButtonBox::Ok);
    list()->selectRow(0);
    QTRY_VERIFY(message()->showsMessage());
    QSignalSpy shown(message(), &MessageView::shown);
    list()->selectRow(1);
    QTRY_COMPARE(shown.size(), 1);
    // With the box on, a tenth of a second is enough; so it is the box that prevents it.
    QCOMPARE(wished.size(), 0);
    control<QCheckBox>(*dialog(), u"Mark a message as read after"_s)->setChecked(true);
    press(QDialogButtonBox::Ok);
    list()->selectRow(0);
    QTRY_COMPARE(wished.size(), 1);
    QCOMPARE(wished.constFirst().constFirst().value<QList<MessageId>>().size(), 1);
}

void TestSettings::showsWhatWasChosenAfterDeleting_data()
{
    QTest::addColumn<int>("choice");
    QTest::addColumn<QString>("shown");
    QTest::newRow("below") << int(AfterRemoval::Below) << u"One"_s;
    QTest::newRow("above") << int(AfterRemoval::Above) << u"Three"_s;
    QTest::newRow("nothing") << int(AfterRemoval::Nothing) << QString();
}

void TestSettings::showsWhatWasChosenAfterDeleting()
{
    QFETCH(const int, choice);
    QFETCH(const QString, shown);
    m_store->addPlain(m_account.id, {u"One"_s, u"Two"_s, u"Three"_s}); // the newest is at the top
    open();
    auto *box = control<QComboBox>(*dialog(), u"After deleting or moving a message"_s);
    box->setCurrentIndex(box->findData(choice));
    press(QDialogButtonBox::Ok);
    QTRY_COMPARE(list()->model()->rowCount(), 3);
    list()->selectRow(1);
    QTRY_COMPARE(message()->message().subject, u"Two"_s);
    m_window->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
    list()->setFocus();
    QTest::keyClick(list(), Qt::Key_Delete);
    QTRY_COMPARE(list()->model()->rowCount(), 2);
    if (shown.isEmpty()) {
        QTRY_VERIFY(!message()->showsMessage());
        QCOMPARE(list()->selectedCount(), 0);
    } else {
        QTRY_COMPARE(message()->message().subject, shown);
    }
}

void TestSettings::prefersPlainTextInTheChosenFontAndSize()
{
    m_store->add(m_account.id,
        "From: bob@example.net\r\nSubject: Both\r\nMIME-Version: 1.0\r\nContent-Type: multipart/alternative; "
        "boundary=b\r\n"
        "\r\n--b\r\nContent-Type: text/plain\r\n\r\nplain words\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>laid "
        "out</p>\r\n"
        "--b--\r\n");
    open();
    QTRY_COMPARE(list()->model()->rowCount(), 1);
    list()->selectRow(0);
    QTRY_VERIFY(message()->body()->toPlainText().contains(u"laid out"));
    const qreal before = message()->body()->document()->defaultFont().pointSizeF();
    // One that is there under its own name, and is not what is shown anyway.
    QString family;
    for (const QString &candidate : QFontDatabase::families()) {
        if (QFontInfo(QFont(candidate)).family() == candidate
            && candidate != QFontInfo(message()->body()->document()->defaultFont()).family())
            family = candidate;
    }
    QVERIFY(!family.isEmpty());
    control<QRadioButton>(*dialog(), u"As plain text"_s)->setChecked(true);
    control<QSpinBox>(*dialog(), u"Size of the text of messages"_s)->setValue(200);
    control<QCheckBox>(*dialog(), u"Another font for text than the system’s:"_s)->setChecked(true);
    control<QFontComboBox>(*dialog(), u"Font for text"_s)->setCurrentFont(QFont(family));
    press(QDialogButtonBox::Apply);
    QVERIFY(message()->body()->toPlainText().contains(u"plain words"));
    const QFont font = message()->body()->document()->defaultFont();
    QVERIFY(qAbs(font.pointSizeF() - 2 * before) < 0.01);
    QCOMPARE(font.family(), family);
    QVERIFY(!dialog()->isChanged());
}

void TestSettings::changesColoursLayoutAndRowsAtOnce()
{
    m_store->addPlain(m_account.id, {u"One"_s, u"Two"_s});
    open();
    QTRY_COMPARE(list()->model()->rowCount(), 2);
    const int normal = list()->rowHeight(0);
    const auto choose = [this](const QString &name, const QVariant &data) {
        auto *box = control<QComboBox>(*dialog(), name);
        box->setCurrentIndex(box->findData(data));
    };
    choose(u"Colours"_s, int(Appearance::Dark));
    choose(u"Place of the message"_s, true);
    choose(u"Height of the rows of the list"_s, int(Density::Compact));
    QVERIFY(!isDark(QApplication::palette()));
    press(QDialogButtonBox::Apply);
    QVERIFY(isDark(QApplication::palette()));
    QVERIFY(list()->rowHeight(0) < normal);
    const QSplitter *inner = qobject_cast<QSplitter *>(message()->parentWidget());
    QVERIFY(inner);
    QCOMPARE(inner->orientation(), Qt::Vertical);
    choose(u"Height of the rows of the list"_s, int(Density::Roomy));
    choose(u"Place of the message"_s, false);
    press(QDialogButtonBox::Ok);
    QVERIFY(list()->rowHeight(0) > normal);
    QCOMPARE(inner->orientation(), Qt::Horizontal);
    // So it is after a restart.
    m_window.reset();
    open();
    QTRY_COMPARE(list()->model()->rowCount(), 2);
    QVERIFY(list()->rowHeight(0) > normal);
}

void TestSettings::asksBeforeEveryLink()
{
    m_store->add(m_account.id,
        "From: bob@example.net\r\nSubject: Link\r\nContent-Type: text/html\r\n\r\n"
        "<a href=\"https://example.org/page\">a page</a>\r\n");
    open();
    QTRY_COMPARE(list()->model()->rowCount(), 1);
    list()->selectRow(0);
    QTRY_VERIFY(message()->showsMessage());
    control<QCheckBox>(*dialog(), u"Ask before every link is opened"_s)->setChecked(true);
    press(QDialogButtonBox::Ok);
    message()->disconnect(m_window.get()); // nothing is to be opened by the system
    const QSignalSpy opened(message(), &MessageView::openWished);
    Q_EMIT message()->body()->linkClicked(u"https://example.org/page"_s, u"a page"_s);
    QCOMPARE(opened.size(), 0);
    QVERIFY(!message()->linkBar()->isHidden());
    QVERIFY(message()->linkBar()->text().contains(u"https://example.org/page"));
    control<QPushButton>(*message()->linkBar(), u"Open"_s)->click();
    QCOMPARE(opened.size(), 1);
    QCOMPARE(opened.constFirst().constFirst().toUrl(), QUrl(u"https://example.org/page"_s));
}

void TestSettings::forgetsThePlaceWhereItWasClosed()
{
    const QList<MessageSummary> rows = m_store->addPlain(m_account.id, {u"One"_s, u"Two"_s});
    open();
    QTRY_COMPARE(list()->model()->rowCount(), 2);
    list()->selectMessage(rows.constFirst().id);
    QVERIFY(m_window->close());
    QVERIFY(m_settings->contains("selection/message"_L1));
    open();
    control<QCheckBox>(*dialog(), u"Open where Satchel was closed"_s)->setChecked(false);
    press(QDialogButtonBox::Ok);
    QTRY_VERIFY(list()->currentMessage() == rows.constFirst().id);
    QVERIFY(m_window->close());
    for (const QString &key : m_settings->allKeys())
        QVERIFY2(!key.startsWith("selection/"_L1) || key == "selection/remembered"_L1, qPrintable(key));
    open();
    QTRY_COMPARE(list()->model()->rowCount(), 2);
    QVERIFY(!message()->showsMessage());
}

void TestSettings::keepsAsManyLinesOfTheLogAsChosen()
{
    open();
    control<QSpinBox>(*dialog(), u"Lines that the connection log keeps"_s)->setValue(100);
    press(QDialogButtonBox::Apply);
    net::WireLine line;
    line.at = QDateTime::currentDateTimeUtc();
    for (int i = 0; i < 400; ++i) {
        line.bytes = "NOOP " + QByteArray::number(i);
        m_window->wire(m_account.id, line);
    }
    control<QPushButton>(*dialog(), u"Show the log"_s)->click();
    const auto *log = m_window->findChild<LogWindow *>();
    QVERIFY(log && log->isVisible());
    const QStringList lines = log->text().split(u'\n');
    QVERIFY(lines.size() >= 100 && lines.size() <= 125);
    QVERIFY(lines.constLast().contains(u"NOOP 399"));
}

void TestSettings::findsASetting()
{
    open();
    auto *search = control<QLineEdit>(*dialog(), u"Find a setting"_s);
    auto *pages = control<QTreeWidget>(*dialog(), u"Pages of the settings"_s);
    const auto visible = [pages] {
        QStringList names;
        for (int row = 0; row < pages->topLevelItemCount(); ++row) {
            if (!pages->topLevelItem(row)->isHidden())
                names += pages->topLevelItem(row)->text(0);
        }
        return names;
    };
    const QStringList all = visible();
    QVERIFY(all.size() >= 7);
    QTest::keyClicks(search, u"every link"_s);
    QCOMPARE(visible(), QStringList{u"Privacy"_s});
    QCOMPARE(pages->currentItem()->text(0), u"Privacy"_s);
    search->setText(u"retained for ever by nobody"_s);
    QCOMPARE(visible(), QStringList());
    search->setText(u"POP3 server"_s); // within an account
    QCOMPARE(visible(), QStringList{u"Accounts"_s});
    QCOMPARE(pages->currentItem()->text(0), u"Personal"_s);
    search->clear();
    QCOMPARE(visible(), all);
}

void TestSettings::namesEveryControl()
{
    open();
    dialog()->showAccount(m_account.id);
    for (const QWidget *widget : dialog()->findChildren<QWidget *>()) {
        if (widget->focusPolicy() == Qt::NoFocus || qobject_cast<const QLabel *>(widget)
            || widget->objectName().startsWith("qt_"_L1))
            continue;
        const QWidget *parent = widget->parentWidget();
        const bool isPart = qobject_cast<const QAbstractSpinBox *>(parent) || qobject_cast<const QComboBox *>(parent)
            || qobject_cast<const QAbstractScrollArea *>(parent) || parent->inherits("QTabWidget")
            || parent->inherits("QKeySequenceEdit") || parent->inherits("QComboBoxPrivateContainer");
        const QString text = widget->property("text").toString();
        QVERIFY2(isPart || !widget->accessibleName().isEmpty() || !text.isEmpty(),
            qPrintable(QString::fromLatin1(widget->metaObject()->className()) + u' ' + widget->objectName()));
    }
}

void TestSettings::fitsASmallWindow()
{
    open();
    dialog()->showAccount(m_account.id);
    dialog()->resize(640, 420);
    QVERIFY2(dialog()->width() <= 640 && dialog()->height() <= 420,
        qPrintable(u"%1 x %2"_s.arg(dialog()->width()).arg(dialog()->height())));
    auto *pages = control<QTreeWidget>(*dialog(), u"Pages of the settings"_s);
    for (QTreeWidgetItemIterator item(pages); *item; ++item) {
        pages->setCurrentItem(*item);
        for (const QScrollArea *area : dialog()->findChildren<QScrollArea *>()) {
            if (area->isVisible())
                QVERIFY2(area->horizontalScrollBar()->maximum() == 0,
                    qPrintable((*item)->text(0) + u' ' + QString::number(area->horizontalScrollBar()->maximum())));
        }
    }
}

QTEST_MAIN(TestSettings)
#include "tst_settings.moc"
