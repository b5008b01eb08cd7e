// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/message/messageview.h"

#include "mime/link.h"
#include "mime/plaintext.h"
#include "ui/bars/emptystate.h"
#include "ui/bars/notebar.h"
#include "ui/message/attachmentbar.h"
#include "ui/message/attachments.h"
#include "ui/message/bodyview.h"
#include "ui/message/findbar.h"
#include "ui/message/headerblock.h"
#include "ui/message/inlinepicture.h"
#include "ui/message/messageprinter.h"
#include "ui/message/messagesaver.h"
#include "ui/message/partbar.h"
#include "ui/message/systemopener.h"
#include "ui/message/textwindow.h"
#include "ui/settings/preferences.h"
#include "ui/theme/pagescroller.h"
#include "ui/theme/text.h"

#include <QClipboard>
#include <QFrame>
#include <QGuiApplication>
#include <QPushButton>
#include <QSettings>
#include <QStackedLayout>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>
#include <utility>

using namespace Qt::StringLiterals;

namespace satchel::ui {

namespace {

constexpr int picturesAtMost = 200;
constexpr int mostHeight = 460; ///< that headers and notes may claim of a low window
constexpr qsizetype longestText = 2'000'000; ///< characters laid out at once; more would hold up the window

QString charsetKey(const mime::Message &message)
{
    return u"charsets/"_s + QString::fromLatin1(message.senderKey.toLower().toUtf8().toPercentEncoding({}, "/\\"));
}

bool isSeen(const QString &text)
{
    return std::ranges::any_of(
        text, [](QChar c) { return c.isPrint() && !c.isSpace() && c != QChar::ObjectReplacementCharacter; });
}

} // namespace

MessageView::MessageView(QSettings &settings, QWidget *parent)
    : QWidget(parent)
    , m_settings(settings)
    , m_stack(new QStackedLayout(this))
    , m_empty(new EmptyState(this))
    , m_page(new QWidget(this))
    , m_header(new HeaderBlock(m_page))
    , m_partBar(new PartBar(m_page))
    , m_noteColumn(new QVBoxLayout)
    , m_linkBar(new NoteBar(BarKind::Warning, m_page))
    , m_body(new BodyView(m_page))
    , m_attachmentBar(new AttachmentBar(m_page))
    , m_findBar(new FindBar(m_body, m_page))
    , m_attachments(new Attachments(this, this))
    , m_saver(new MessageSaver(this))
    , m_opener(new SystemOpener(this))
{
    setObjectName(u"messageView"_s);
    setAccessibleName(tr("Message"));

    auto *line = new QFrame(m_page);
    line->setFrameShape(QFrame::HLine);
    line->setFrameShadow(QFrame::Plain);
    line->setForegroundRole(QPalette::Mid);
    line->setFixedHeight(1);
    auto *column = new QVBoxLayout(m_page);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_header);
    column->addWidget(m_partBar);
    m_noteColumn->setContentsMargins(0, 0, 0, 0);
    m_noteColumn->setSpacing(1);
    column->addLayout(m_noteColumn);
    column->addWidget(line);
    column->addWidget(m_body, 1);
    column->addWidget(m_linkBar);
    column->addWidget(m_findBar);
    column->addWidget(m_attachmentBar);
    m_linkBar->setClosable(true);
    m_linkBar->setVisible(false);
    connect(m_linkBar, &NoteBar::closeWished, m_linkBar, &QWidget::hide);
    m_stack->addWidget(m_empty);
    m_stack->addWidget(m_page);
    m_empty->setMinimumWidth(280);
    m_body->setMinimumSize(280, 60);
    keepWordsWhole(m_page, mostHeight, this);

    connect(m_body, &BodyView::pictureWanted, this, &MessageView::fetchPicture);
    connect(m_body, &BodyView::linkHovered, this, [this](const QString &target) {
        Q_EMIT linkHovered(target.isEmpty() ? QString() : mime::checkLink({}, target).target);
    });
    connect(m_body, &BodyView::linkClicked, this, &MessageView::followLink);
    connect(m_attachmentBar, &AttachmentBar::openWished, m_attachments, &Attachments::open);
    connect(m_attachmentBar, &AttachmentBar::saveWished, m_attachments, &Attachments::save);
    connect(m_attachmentBar, &AttachmentBar::saveAllWished, this,
        [this] { m_attachments->saveAll(m_attachmentBar->attachments()); });
    connect(m_attachments, &Attachments::openWished, this, &MessageView::openWished);
    connect(m_opener, &SystemOpener::failed, this, &MessageView::sayThatNothingOpens);
    connect(m_attachments, &Attachments::done, this, &MessageView::notice);
    connect(m_attachments, &Attachments::failed, this, &MessageView::failed);
    connect(m_saver, &MessageSaver::done, this, &MessageView::notice);
    connect(m_saver, &MessageSaver::failed, this, &MessageView::failed);
    connect(m_body, &BodyView::zoomed, this, [this] { m_settings.setValue("message/zoom"_L1, m_body->zoom()); });
    connect(m_partBar, &PartBar::wholeWished, this, &MessageView::wholeWished);
    connect(m_partBar, &PartBar::restRefused, this, &MessageView::restRefused);
    m_readTimer.setSingleShot(true);
    connect(&m_readTimer, &QTimer::timeout, this, [this] { Q_EMIT readLongEnough(m_source.id()); });
    showNothing();
    setPreferences(Preferences::load(settings));
    listenToAppearance(this);
}

MessageView::~MessageView()
{
    m_question.cancel();
}

void MessageView::showMessage(const MessageSource &source)
{
    if (source.id().isValid() && source.id() == m_source.id() && (m_loading || showsMessage()))
        return;
    m_question.cancel();
    m_readTimer.stop();
    m_source = source;
    m_account = {};
    m_attachments->setSource(source);
    m_part = false;
    m_partBar->hide();
    m_askedByKept = false;
    ask({});
}

void MessageView::ask(const QByteArray &charset)
{
    m_question.cancel();
    m_charset = charset;
    m_loading = true;
    m_picturesWanted = 0;
    m_picturesWaiting.clear();
    const quint64 generation = ++m_generation;
    // Held here too: an answer that is there already comes while then() is at work, and may ask anew.
    QFuture<Expected<mime::Message>> question = m_source.message(charset);
    m_question = question;
    question.then(this, [this, generation](const Expected<mime::Message> &answer) {
        if (generation == m_generation)
            took(answer);
    });
}

void MessageView::took(const Expected<mime::Message> &answer)
{
    m_loading = false;
    if (!answer) {
        m_message = {};
        m_empty->show("error"_L1, tr("This message cannot be shown"), answer.error().text);
        m_empty->setActions({});
        m_stack->setCurrentWidget(m_empty);
        Q_EMIT settled();
        return;
    }
    // Who it is from is known only now, and with it how this sender's letters are to be read.
    if (const QByteArray kept = keptCharset(*answer); kept != m_charset && !std::exchange(m_askedByKept, true)) {
        ask(kept);
        return;
    }
    m_message = *answer;
    m_undrawn.clear();
    m_anyDrawn = false;
    m_saidUndrawn = false;
    m_header->show(m_message);
    m_linkBar->hide();
    showNotes();
    m_stack->setCurrentWidget(m_page);
    renderBody();
    if (m_source.id().isValid() && m_marksRead)
        m_readTimer.start();
    Q_EMIT shown(m_source.id());
    if (!isLoading())
        Q_EMIT settled();
}

void MessageView::setSummary(const MessageSummary &summary)
{
    if (!m_source.id().isValid() || !(summary.id == m_source.id()))
        return;
    m_account = summary.account;
    showOwnAddresses();
    const bool was = std::exchange(m_part, summary.flags.testFlag(MessageFlag::Partial));
    m_partBar->show(summary);
    if (was && !m_part) {
        const MessageSource source = std::exchange(m_source, {});
        showMessage(source);
    } else if (was != m_part) {
        showAttachments();
    }
}

void MessageView::setAccounts(const QList<AccountSettings> &accounts)
{
    m_accounts = accounts;
    showOwnAddresses();
}

void MessageView::showOwnAddresses()
{
    QStringList addresses;
    for (const AccountSettings &account : std::as_const(m_accounts)) {
        if (account.address.isEmpty())
            continue;
        if (account.id == m_account)
            addresses.prepend(account.address);
        else
            addresses.append(account.address);
    }
    m_header->setOwnAddresses(addresses);
}

/// Of a message that is cut off, what is attached to it would be as well.
void MessageView::showAttachments()
{
    m_attachmentBar->show(m_part ? QList<mime::Part>() : m_message.attachments());
}

void MessageView::renderBody()
{
    if (!m_message.html.isEmpty() && !m_plain) {
        m_body->showHtml(m_message.html, m_source.prefix());
        listPictures();
        return;
    }
    QString text = m_message.text;
    if (text.size() > longestText) {
        text.truncate(longestText);
        text += u"\n\n"_s + tr("(The text goes on. View > Message source has all of it.)");
    }
    m_body->showPlainText(text, m_monospaced || mime::hasColumns(text));
    listPictures();
}

/// A picture that is drawn nowhere is an attachment like any other.
void MessageView::listPictures()
{
    for (mime::Part &part : m_message.parts) {
        if (part.inHtml)
            part.attachment = !m_body->showsHtml() || m_undrawn.contains(part.index);
    }
    showAttachments();
}

void MessageView::addNote(int kind, const QString &text, QLatin1StringView iconName)
{
    auto *note = new NoteBar(BarKind(kind), m_page);
    note->setText(text);
    if (!iconName.isEmpty())
        note->setIcon(iconName);
    m_noteColumn->addWidget(note);
    m_notes.append(note);
}

void MessageView::showNotes()
{
    for (NoteBar *note : std::as_const(m_notes)) {
        m_noteColumn->removeWidget(note);
        note->hide();
        note->deleteLater();
    }
    m_notes.clear();
    for (const mime::Warning warning : std::as_const(m_message.warnings)) {
        switch (warning) {
        case mime::Warning::SeveralSenders:
            addNote(int(BarKind::Warning),
                tr("This message names more than one sender. Do not trust who it seems to be from."));
            break;
        case mime::Warning::SenderNameHoldsAddress:
            addNote(int(BarKind::Warning),
                tr("The sender's name looks like an address, but the message comes from another one: %1.")
                    .arg(m_message.from.value(0).address));
            break;
        case mime::Warning::ReplyToOtherDomain:
            addNote(int(BarKind::Note),
                tr("Replies would go elsewhere than to the sender: %1.").arg(m_message.replyTo.value(0).address));
            break;
        case mime::Warning::HtmlOverLimit:
            addNote(int(BarKind::Note),
                tr("This message is too large or too deeply nested to be laid out. Its text is shown."));
            break;
        case mime::Warning::TooDeep:
            addNote(int(BarKind::Note),
                tr("This message holds messages within messages. The innermost are shown as attachments."));
            break;
        case mime::Warning::SearchedInPart:
            addNote(
                int(BarKind::Note), tr("This message is very long. Search finds the words of its first part only."));
            break;
        case mime::Warning::Encrypted:
            addNote(int(BarKind::Note),
                tr("This message is encrypted. Save the attachment and open it with a program that has your key."));
            break;
        case mime::Warning::SignedNotChecked:
            addNote(int(BarKind::Note), tr("This message is signed. Its signature was not checked."));
            break;
        case mime::Warning::Damaged:
            addNote(int(BarKind::Warning), tr("This message is damaged. What could be read of it is shown."));
            break;
        }
    }
    if (m_message.blockedRemote > 0)
        addNote(int(BarKind::Note),
            tr("%Ln picture(s) or other item(s) on the internet were not loaded: reading a message opens no "
               "connection.",
                nullptr, m_message.blockedRemote),
            "picture-blocked"_L1);
}

void MessageView::fetchPicture(int part)
{
    // Asked for by a page that is gone, or on its way out: the next one asks for its own.
    if (m_loading || !m_source.isValid())
        return;
    if (m_picturesWanted >= picturesAtMost) {
        m_picturesWaiting.append(part);
        return;
    }
    ++m_picturesWanted;
    const quint64 generation = m_generation;
    m_source.partContent(part)
        .then(QtFuture::Launch::Async,
            [](const Expected<QByteArray> &content) { return content ? decodePicture(*content) : QImage(); })
        .then(this, [this, part, generation](const QImage &picture) {
            if (generation != m_generation)
                return;
            --m_picturesWanted;
            m_body->setPicture(part, picture);
            if (!m_picturesWaiting.isEmpty())
                fetchPicture(m_picturesWaiting.takeFirst());
            m_anyDrawn = m_anyDrawn || !picture.isNull();
            if (picture.isNull()) {
                m_undrawn.insert(part);
                listPictures();
            }
            if (isLoading())
                return;
            noteMissingPictures();
            Q_EMIT settled();
        });
}

/// A page of nothing but pictures, none of which can be decoded, would be blank without a word.
void MessageView::noteMissingPictures()
{
    const bool blank = m_body->showsHtml() && !m_anyDrawn && !isSeen(m_body->toPlainText());
    if (m_undrawn.isEmpty() || !blank || std::exchange(m_saidUndrawn, true))
        return;
    addNote(int(BarKind::Note),
        tr("The pictures of this message cannot be shown here. Save the attachments to open them with another "
           "program."));
}

void MessageView::showNothing()
{
    m_question.cancel();
    ++m_generation;
    m_loading = false;
    m_picturesWanted = 0;
    m_picturesWaiting.clear();
    m_readTimer.stop();
    m_source = {};
    m_message = {};
    m_body->clearMessage();
    m_empty->show("mail-read"_L1, tr("No message selected"), QString());
    m_empty->setActions({});
    m_stack->setCurrentWidget(m_empty);
    Q_EMIT settled();
}

void MessageView::showSeveral(qsizetype count, const QList<QAction *> &actions)
{
    showNothing();
    m_empty->show("mail-unread"_L1, tr("%Ln message(s) selected", nullptr, int(count)), QString());
    m_empty->setActions(actions);
}

bool MessageView::showsMessage() const
{
    return m_stack->currentWidget() == m_page;
}

void MessageView::setPreferences(const Preferences &preferences)
{
    m_marksRead = preferences.marksRead;
    m_readTimer.setInterval(int(preferences.markReadSeconds * 1000));
    if (!m_marksRead)
        m_readTimer.stop();
    m_asksBeforeLinks = preferences.asksBeforeLinks;
    m_body->setZoom(preferences.zoom);
    m_body->setFonts(preferences.textFont, preferences.fixedFont);
    m_body->setDarkHtml(preferences.darkHtml);
    m_darkHtml = preferences.darkHtml;
    const bool another = m_plain != preferences.plainText || m_monospaced != preferences.monospaced;
    m_plain = preferences.plainText;
    m_monospaced = preferences.monospaced;
    if (another && showsMessage())
        renderBody();
}

void MessageView::setPrefersPlainText(bool plain)
{
    m_plain = plain;
    m_settings.setValue("message/plainText"_L1, plain);
    if (showsMessage())
        renderBody();
}

QByteArray MessageView::keptCharset(const mime::Message &message) const
{
    return m_settings.value(charsetKey(message)).toString().toLatin1();
}

void MessageView::setCharset(const QByteArray &charset)
{
    if (!showsMessage() || charset == m_charset)
        return;
    if (charset.isEmpty())
        m_settings.remove(charsetKey(m_message));
    else
        m_settings.setValue(charsetKey(m_message), QString::fromLatin1(charset));
    m_askedByKept = true;
    ask(charset);
}

void MessageView::setMonospaced(bool monospaced)
{
    m_monospaced = monospaced;
    m_settings.setValue("message/monospaced"_L1, monospaced);
    if (showsMessage())
        renderBody();
}

void MessageView::setDarkHtml(bool dark)
{
    m_darkHtml = dark;
    m_settings.setValue("message/darkHtml"_L1, dark);
    m_body->setDarkHtml(dark);
}

void MessageView::zoom(int steps)
{
    m_body->setZoom(steps == 0 ? 1.0 : m_body->zoom() * std::pow(1.1, steps));
    m_settings.setValue("message/zoom"_L1, m_body->zoom());
}

void MessageView::find()
{
    if (showsMessage())
        m_findBar->start();
}

void MessageView::findNext()
{
    if (m_findBar->isVisible())
        m_findBar->next();
    else
        find();
}

bool MessageView::scrollPage(bool backwards)
{
    return showsMessage() && m_body->scrollPage(backwards);
}

void MessageView::save()
{
    if (showsMessage())
        m_saver->ask(m_source, m_message.subject);
}

void MessageView::print()
{
    if (showsMessage())
        askAndPrint(m_message, *m_body, this);
}

void MessageView::viewSource()
{
    if (!m_source.isValid())
        return;
    m_source.bytes().then(this, [this, name = messageFileName(m_message.subject)](const Expected<QByteArray> &bytes) {
        if (!bytes) {
            Q_EMIT failed(bytes.error());
            return;
        }
        auto *view = new TextWindow(tr("Source: %1").arg(m_message.subject), window());
        view->showSource(*bytes, name);
        view->show();
    });
}

void MessageView::viewHeaders()
{
    if (!showsMessage())
        return;
    QString text;
    for (const mime::Header &header : std::as_const(m_message.headers))
        text += u"%1: %2\n"_s.arg(QString::fromLatin1(header.name), header.value);
    auto *view = new TextWindow(tr("All headers: %1").arg(m_message.subject), window());
    view->showText(text);
    view->show();
}

void MessageView::sayThatNothingOpens(const QUrl &url)
{
    m_linkBar->clearButtons();
    m_linkBar->setKind(BarKind::Problem);
    if (url.isLocalFile()) {
        m_linkBar->setText(
            tr("No program on this computer opens “%1”. Save it and open it with a program of your choice.")
                .arg(sanitised(url.fileName())));
        QPushButton *save = m_linkBar->addButton(tr("&Save as…"));
        connect(save, &QPushButton::clicked, this, [this] {
            m_linkBar->hide();
            m_attachments->saveOpened();
        });
    } else {
        const QString target = QString::fromLatin1(url.toEncoded());
        m_linkBar->setText(tr("No program on this computer opens this link. Copy its address and open it elsewhere."),
            mime::checkLink({}, target).target);
        QPushButton *copy = m_linkBar->addButton(tr("&Copy address"));
        connect(copy, &QPushButton::clicked, this, [this, target] {
            QGuiApplication::clipboard()->setText(target);
            m_linkBar->hide();
        });
    }
    m_linkBar->show();
}

void MessageView::followLink(const QString &target, const QString &text)
{
    const mime::LinkCheck check = mime::checkLink(text, target);
    const QString warning = mime::linkWarning(text, target);
    const bool opens = !check.risks.contains(mime::LinkRisk::NotOpened);
    m_linkBar->clearButtons();
    QUrl url(target, QUrl::StrictMode);
    // A mail program takes orders from what follows the address, such as which file to attach.
    if (url.scheme() == "mailto"_L1)
        url.setQuery(QString());
    if (opens && warning.isEmpty() && url.isValid() && !m_asksBeforeLinks) {
        m_linkBar->hide();
        Q_EMIT openWished(url);
        return;
    }
    const QString asked = opens && url.isValid() ? tr("Open this link? It leads to %1").arg(check.target)
                                                 : tr("This link cannot be opened.");
    m_linkBar->setKind(warning.isEmpty() && opens ? BarKind::Note : BarKind::Warning);
    m_linkBar->setText(warning.isEmpty() ? asked : warning, check.target);
    QPushButton *copy = m_linkBar->addButton(tr("&Copy address"));
    connect(copy, &QPushButton::clicked, this, [this, target] {
        QGuiApplication::clipboard()->setText(target);
        m_linkBar->hide();
    });
    if (opens && url.isValid()) {
        QPushButton *open = m_linkBar->addButton(warning.isEmpty() ? tr("&Open") : tr("&Open anyway"));
        connect(open, &QPushButton::clicked, this, [this, url] {
            m_linkBar->hide();
            Q_EMIT openWished(url);
        });
    }
    m_linkBar->show();
    copy->setFocus(Qt::OtherFocusReason);
}

} // namespace satchel::ui
