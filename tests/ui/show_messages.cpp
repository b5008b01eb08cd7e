// SPDX-License-Identifier: GPL-3.0-or-later
// Shows every message of a folder in the real view, as if somebody went through them all, and tells one line of JSON
// of each: what the list and the page say, and whether the page is blank. It fails where a page is blank although the
// message has text or a picture.
//
//     QT_QPA_PLATFORM=offscreen show_messages FOLDER [--lines FILE] [--pictures FOLDER [--only FILE]]
#include "filledstore.h"
#include "ui/message/attachmentbar.h"
#include "ui/message/bodyview.h"
#include "ui/message/headerblock.h"
#include "ui/message/messageview.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QDir>
#include <QDirIterator>
#include <QElapsedTimer>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QScrollBar>
#include <QSettings>
#include <QTextBlock>

#include <cstdio>
#include <optional>

using namespace Qt::StringLiterals;
using namespace satchel;
using namespace satchel::ui;

namespace {

constexpr int mostPages = 40;
constexpr qint64 longestWait = 60'000; ///< milliseconds

QJsonArray people(const QList<Mailbox> &mailboxes)
{
    QJsonArray list;
    for (const Mailbox &mailbox : mailboxes)
        list.append(u"%1 <%2>"_s.arg(mailbox.name, mailbox.address));
    return list;
}

bool isVisible(const QString &text)
{
    for (const QChar letter : text) {
        if (letter != QChar::ObjectReplacementCharacter && letter.isPrint() && !letter.isSpace())
            return true;
    }
    return false;
}

bool isBlank(const QImage &picture)
{
    const QImage image = picture.convertToFormat(QImage::Format_RGB32);
    const QRgb first = image.pixel(0, 0);
    for (int y = 0; y < image.height(); ++y) {
        const auto *line = reinterpret_cast<const QRgb *>(image.constScanLine(y));
        for (int x = 0; x < image.width(); ++x) {
            if (line[x] != first)
                return false;
        }
    }
    return true;
}

struct Page {
    bool firstBlank = false;
    bool blank = false; ///< all of it
    int pictures = 0; ///< places of pictures
    int drawn = 0; ///< that have one of more than a dot
};

class Show
{
public:
    Show()
        : m_account(m_store.addAccount(u"Personal"_s))
        , m_settings(m_store.dir.filePath(u"settings.ini"_s), QSettings::IniFormat)
        , m_view(m_settings)
    {
        m_view.resize(760, 640);
        m_view.show();
    }

    /// What was shown of a message; nothing when it never came.
    std::optional<QJsonObject> show(const QByteArray &raw)
    {
        const mime::Indexed indexed = mime::index(raw);
        const MessageSummary row = m_store.add(m_account.id, raw);
        m_view.showMessage(MessageSource(*m_store.library, row.id));
        if (!settle() || !m_view.showsMessage())
            return std::nullopt;
        m_view.body()->grab(); // laid out, so that it asks for its pictures
        QCoreApplication::processEvents();
        if (!settle())
            return std::nullopt;
        const Page page = look();
        const mime::Message &message = m_view.message();
        QJsonObject line;
        line["from"_L1] = people(message.from);
        line["to"_L1] = people(message.to);
        line["cc"_L1] = people(message.cc);
        line["replyTo"_L1] = people(message.replyTo);
        line["subject"_L1] = message.subject;
        line["date"_L1] = message.date.toString(Qt::ISODate);
        line["text"_L1] = message.text;
        line["html"_L1] = message.html;
        line["blocked"_L1] = message.blockedRemote;
        line["parts"_L1] = int(message.parts.size());
        QJsonArray warnings;
        for (const mime::Warning warning : message.warnings)
            warnings.append(int(warning));
        line["warnings"_L1] = warnings;
        line["severalSenders"_L1] = message.warnings.contains(mime::Warning::SeveralSenders);
        QJsonArray attachments;
        for (const mime::Part &part : m_view.attachmentBar()->attachments())
            attachments.append(u"%1 %2 %3"_s.arg(QString::fromLatin1(part.mimeType), part.fileName).arg(part.size));
        line["attachments"_L1] = attachments;
        line["headerFrom"_L1] = m_view.header()->from();
        line["headerSubject"_L1] = m_view.header()->subject();
        line["shownAs"_L1] = m_view.body()->showsHtml() ? u"html"_s : u"text"_s;
        const QString shown = m_view.body()->toPlainText();
        line["shown"_L1] = shown;
        line["length"_L1] = int(shown.size());
        line["visible"_L1] = isVisible(shown);
        line["pictures"_L1] = page.pictures;
        line["drawn"_L1] = page.drawn;
        line["firstBlank"_L1] = page.firstBlank;
        line["blank"_L1] = page.blank;
        line["hasSomething"_L1] = hasSomething(raw);
        line["rowFrom"_L1] = people({indexed.envelope.from});
        line["rowDate"_L1] = indexed.envelope.date.toString(Qt::ISODate);
        line["rowSubject"_L1] = indexed.envelope.subject;
        line["preview"_L1] = indexed.envelope.preview;
        line["rowAttachments"_L1] = indexed.envelope.attachments;
        line["searchBody"_L1] = indexed.words.body;
        line["searchNames"_L1] = indexed.words.attachmentNames;
        return line;
    }

    [[nodiscard]] QPixmap picture() { return m_view.grab(); }

private:
    bool settle()
    {
        QElapsedTimer passed;
        passed.start();
        while (m_view.isLoading() && passed.elapsed() < longestWait)
            QCoreApplication::processEvents(QEventLoop::AllEvents, 50);
        return !m_view.isLoading();
    }

    Page look()
    {
        Page page;
        BodyView *body = m_view.body();
        for (QTextBlock block = body->document()->begin(); block.isValid(); block = block.next()) {
            for (auto it = block.begin(); !it.atEnd(); ++it) {
                const QTextImageFormat format = it.fragment().charFormat().toImageFormat();
                if (!format.isValid())
                    continue;
                ++page.pictures;
                const auto image =
                    body->loadResource(QTextDocument::ImageResource, QUrl(format.name())).value<QImage>();
                page.drawn += image.width() > 1 || image.height() > 1;
            }
        }
        QScrollBar *bar = body->verticalScrollBar();
        page.firstBlank = isBlank(body->viewport()->grab().toImage());
        page.blank = page.firstBlank;
        for (int i = 0; page.blank && i < mostPages && bar->value() < bar->maximum(); ++i) {
            bar->setValue(bar->value() + bar->pageStep());
            page.blank = isBlank(body->viewport()->grab().toImage());
        }
        bar->setValue(0);
        return page;
    }

    /// Whether there is a text of more than blanks, or a picture, wherever it is in the message.
    [[nodiscard]] bool hasSomething(const QByteArray &raw) const
    {
        for (const mime::Part &part : m_view.message().parts) {
            if (part.mimeType.startsWith("image/") && part.size > 0)
                return true;
        }
        return isVisible(m_view.message().text) || isVisible(mime::index(raw).words.body);
    }

    test::FilledStore m_store;
    AccountSettings m_account;
    QSettings m_settings;
    MessageView m_view;
};

QByteArray asOverTheLine(QByteArray raw)
{
    raw.replace("\r\n", "\n");
    raw.replace("\n", "\r\n");
    return raw;
}

QStringList messagesIn(const QString &folder)
{
    QStringList names;
    QDirIterator files(folder, {u"*.eml"_s, u"*.txt"_s}, QDir::Files, QDirIterator::Subdirectories);
    while (files.hasNext())
        names.append(files.next());
    names.sort();
    return names;
}

int run(const QCommandLineParser &options)
{
    const QString folder = options.positionalArguments().value(0);
    QStringList names = messagesIn(folder);
    if (const QString list = options.value(u"only"_s); !list.isEmpty()) {
        QFile file(list);
        if (!file.open(QIODevice::ReadOnly))
            return 2;
        const QStringList wanted = QString::fromUtf8(file.readAll()).split(u'\n', Qt::SkipEmptyParts);
        names.removeIf([&](const QString &name) { return !wanted.contains(QDir(folder).relativeFilePath(name)); });
    }
    QFile lines(options.value(u"lines"_s));
    if (options.isSet(u"lines"_s) && !lines.open(QIODevice::WriteOnly))
        return 2;
    const QString pictures = options.value(u"pictures"_s);
    Show show;
    int blank = 0;
    int lost = 0;
    int several = 0;
    for (const QString &name : std::as_const(names)) {
        QFile file(name);
        if (!file.open(QIODevice::ReadOnly))
            return 2;
        QElapsedTimer passed;
        passed.start();
        std::optional<QJsonObject> line = show.show(asOverTheLine(file.readAll()));
        const QString shortName = QDir(folder).relativeFilePath(name);
        if (!line) {
            ++lost;
            std::printf("%s is not shown\n", qPrintable(shortName));
            continue;
        }
        if (line->value("blank"_L1).toBool() && line->value("hasSomething"_L1).toBool()) {
            ++blank;
            std::printf("%s is a blank page\n", qPrintable(shortName));
        }
        several += line->value("severalSenders"_L1).toBool();
        line->insert("file"_L1, shortName);
        line->insert("milliseconds"_L1, passed.elapsed());
        if (lines.isOpen())
            lines.write(QJsonDocument(*line).toJson(QJsonDocument::Compact) + '\n');
        if (!pictures.isEmpty())
            show.picture().save(pictures + u'/' + QString(shortName).replace(u'/', u'_') + u".png"_s);
    }
    std::printf("%lld messages, %d not shown, %d blank, %d said to have several senders\n",
        static_cast<long long>(names.size()), lost, blank, several);
    return names.isEmpty() || lost > 0 || blank > 0 ? 1 : 0;
}

} // namespace

int main(int argc, char **argv)
{
    QApplication application(argc, argv);
    QCommandLineParser options;
    options.addPositionalArgument(u"folder"_s, u"with messages, as .eml or .txt"_s);
    options.addOptions({{u"lines"_s, u"where to write a line of JSON for each"_s, u"file"_s},
        {u"pictures"_s, u"where to put a picture of each"_s, u"folder"_s},
        {u"only"_s, u"names of those to show, one a line"_s, u"file"_s}});
    options.process(application);
    return run(options);
}
