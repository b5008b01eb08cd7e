// SPDX-License-Identifier: GPL-3.0-or-later
#include "library/library.h"

#include "library/readerthread.h"

#include <QStringDecoder>

using namespace Qt::StringLiterals;

namespace satchel::library {

namespace {

constexpr qsizetype longestSourceShown = 1 << 20;

store::ListScope listScope(const Scope &scope)
{
    return {scope.folder, scope.allInboxes, scope.unreadOnly, scope.starredOnly, scope.withAttachmentOnly};
}

QByteArray markKey(MessageId id)
{
    return "message " + QByteArray::number(id.value);
}

/// A message whose parsing once ended the program: its list row and its source, nothing parsed.
mime::Message asSource(const MessageSummary &summary, const QByteArray &raw)
{
    mime::Message message;
    message.from = {summary.from};
    message.senderKey = summary.from.address;
    message.subject = summary.subject;
    message.date = summary.date;
    const QByteArrayView shown = QByteArrayView(raw).left(longestSourceShown);
    QStringDecoder utf8(QStringDecoder::Utf8);
    message.text = utf8.decode(shown);
    if (utf8.hasError())
        message.text = QString::fromLatin1(shown);
    message.text.replace(u"\r\n"_s, u"\n"_s).replace(QChar(u'\0'), QChar(QChar::ReplacementCharacter));
    message.warnings = {mime::Warning::Damaged};
    return message;
}

template <class T, class Question>
Expected<T> fromReader(ReadingContext &context, Question question)
{
    const auto reader = context.reader();
    if (!reader)
        return std::unexpected(reader.error());
    return question(**reader);
}

Expected<mime::Message> parsedMessage(ReadingContext &context, MessageId id, mime::ParseOptions options)
{
    const auto reader = context.reader();
    if (!reader)
        return std::unexpected(reader.error());
    const auto raw = (*reader)->source(id);
    if (!raw)
        return std::unexpected(raw.error());
    const QByteArray key = markKey(id);
    if (context.parsingMark().isQuarantined(key)) {
        const auto summaries = (*reader)->summaries({id});
        if (!summaries)
            return std::unexpected(summaries.error());
        return asSource(summaries->isEmpty() ? MessageSummary() : summaries->first(), *raw);
    }
    // Inline pictures are told apart by the message they belong to (html.md).
    if (options.cidPrefix.isEmpty())
        options.cidPrefix = QString::number(id.value);
    const store::ParsingMark::Work work(context.parsingMark(), key);
    return mime::parse(*raw, options);
}

Expected<QByteArray> contentOfPart(ReadingContext &context, MessageId id, int part)
{
    const auto reader = context.reader();
    if (!reader)
        return std::unexpected(reader.error());
    const auto raw = (*reader)->source(id);
    if (!raw)
        return raw;
    const QByteArray key = markKey(id);
    if (context.parsingMark().isQuarantined(key))
        return part == 0 ? *raw : QByteArray();
    const store::ParsingMark::Work work(context.parsingMark(), key);
    return mime::partContent(*raw, part);
}

} // namespace

struct Library::Private {
    explicit Private(const QString &file)
        : pages(file, u"reader"_s)
        , searches(file, u"search"_s)
    {
    }

    ReaderThread pages;
    ReaderThread searches;
};

Library::Library(const QString &file, QObject *parent)
    : QObject(parent)
    , d(std::make_unique<Private>(file))
{
    for (const ReaderThread *thread : {&d->pages, &d->searches})
        connect(thread->context(), &ReadingContext::failed, this, &Library::failed);
}

Library::~Library() = default;

QFuture<Expected<QList<AccountSettings>>> Library::accounts()
{
    return d->pages.ask<QList<AccountSettings>>([](ReadingContext &context, const store::Cancelled &) {
        return fromReader<QList<AccountSettings>>(context, [](store::Reader &reader) { return reader.accounts(); });
    });
}

QFuture<Expected<QList<FolderInfo>>> Library::folders()
{
    return d->pages.ask<QList<FolderInfo>>([](ReadingContext &context, const store::Cancelled &) {
        return fromReader<QList<FolderInfo>>(context, [](store::Reader &reader) { return reader.folders(); });
    });
}

QFuture<Expected<QList<MessageId>>> Library::list(const Scope &scope, SortOrder order)
{
    return d->pages.ask<QList<MessageId>>([scope, order](ReadingContext &context, const store::Cancelled &cancelled) {
        return fromReader<QList<MessageId>>(
            context, [&](store::Reader &reader) { return reader.list(listScope(scope), order, cancelled); });
    });
}

QFuture<Expected<QList<MessageSummary>>> Library::summaries(const QList<MessageId> &ids)
{
    return d->pages.ask<QList<MessageSummary>>([ids](ReadingContext &context, const store::Cancelled &) {
        return fromReader<QList<MessageSummary>>(context, [&](store::Reader &reader) { return reader.summaries(ids); });
    });
}

QFuture<Expected<QList<DeletionRecord>>> Library::deletions(AccountId account, int limit)
{
    return d->pages.ask<QList<DeletionRecord>>([account, limit](ReadingContext &context, const store::Cancelled &) {
        return fromReader<QList<DeletionRecord>>(
            context, [&](store::Reader &reader) { return reader.deletions(account, limit); });
    });
}

QFuture<Expected<QList<MessageId>>> Library::search(
    const QString &query, const Scope &scope, SortOrder order, int limit)
{
    return d->searches.ask<QList<MessageId>>(
        [query, scope, order, limit](ReadingContext &context, const store::Cancelled &cancelled) {
            return fromReader<QList<MessageId>>(context,
                [&](store::Reader &reader) { return reader.search(query, listScope(scope), order, limit, cancelled); });
        });
}

QFuture<Expected<mime::Message>> Library::message(MessageId id, const mime::ParseOptions &options)
{
    return d->pages.ask<mime::Message>([id, options](ReadingContext &context, const store::Cancelled &) {
        return parsedMessage(context, id, options);
    });
}

QFuture<Expected<QByteArray>> Library::source(MessageId id)
{
    return d->pages.ask<QByteArray>([id](ReadingContext &context, const store::Cancelled &) {
        return fromReader<QByteArray>(context, [&](store::Reader &reader) { return reader.source(id); });
    });
}

QFuture<Expected<QByteArray>> Library::partContent(MessageId id, int part)
{
    return d->pages.ask<QByteArray>(
        [id, part](ReadingContext &context, const store::Cancelled &) { return contentOfPart(context, id, part); });
}

QFuture<Expected<mime::Message>> Library::parse(const QByteArray &raw, const mime::ParseOptions &options)
{
    return d->pages.ask<mime::Message>([raw, options](ReadingContext &, const store::Cancelled &) {
        return Expected<mime::Message>(mime::parse(raw, options));
    });
}

QFuture<Expected<QByteArray>> Library::partContent(const QByteArray &raw, int part)
{
    return d->pages.ask<QByteArray>([raw, part](ReadingContext &, const store::Cancelled &) {
        return Expected<QByteArray>(mime::partContent(raw, part));
    });
}

QFuture<void> Library::release()
{
    const auto letGo = [](ReadingContext &context, const store::Cancelled &) {
        context.release();
        return Expected<bool>(true);
    };
    using Answer = QFuture<Expected<bool>>;
    // Of a thread that has ended there is no result, but an end.
    return QtFuture::whenAll(d->pages.ask<bool>(letGo), d->searches.ask<bool>(letGo))
        .then([](const QList<std::variant<Answer, Answer>> &) { });
}

} // namespace satchel::library
