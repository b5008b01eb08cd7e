// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/reader.h"
#include "store/writer.h"

#include <QTemporaryDir>
#include <QTest>

#include <memory>

/// Ends the test function with the error's words when an Expected holds none of its value.
#define VERIFY_OK(expected)                                                                                            \
    do {                                                                                                               \
        const auto &verified = (expected);                                                                             \
        if (!verified)                                                                                                 \
            QFAIL(qPrintable(verified.error().text + u' ' + verified.error().detail));                                 \
    } while (false)

#define VERIFY_FAILS(expected, wanted)                                                                                 \
    do {                                                                                                               \
        const auto &verified = (expected);                                                                             \
        QVERIFY(!verified);                                                                                            \
        QCOMPARE(verified.error().kind, wanted);                                                                       \
        QVERIFY(!verified.error().text.isEmpty());                                                                     \
    } while (false)

namespace satchel::store {

/// A mail with what a list and the search need, made without any parser.
struct TestMail {
    QString from = QStringLiteral("Ada Lovelace");
    QString to = QStringLiteral("Charles Babbage");
    QString subject = QStringLiteral("Notes");
    QString body = QStringLiteral("On the analytical engine");
    QString file = {};
    QDateTime date = QDateTime(QDate(2024, 5, 17), QTime(12, 0), QTimeZone::UTC);
    QByteArray raw = {}; ///< empty: made of the above

    [[nodiscard]] QByteArray bytes() const
    {
        if (!raw.isEmpty())
            return raw;
        return "From: " + from.toUtf8() + "\r\nTo: " + to.toUtf8() + "\r\nSubject: " + subject.toUtf8()
            + "\r\nDate: " + date.toString(Qt::RFC2822Date).toUtf8() + "\r\n\r\n" + body.toUtf8() + "\r\n";
    }

    [[nodiscard]] PreparedMessage prepared() const
    {
        Envelope envelope;
        envelope.from = {from, QStringLiteral("sender@example.org")};
        envelope.to = {{to, QStringLiteral("recipient@example.org")}};
        envelope.subject = subject;
        envelope.date = date;
        envelope.preview = body.left(200);
        envelope.messageId = "id@example.org";
        envelope.attachments = file.isEmpty() ? 0 : 1;
        return prepare(bytes(), envelope, {from, to, subject, body, file});
    }
};

/// A store in a folder of its own, with one account.
class StoreFixture
{
public:
    StoreFixture() { openWriter(); }

    void openWriter()
    {
        auto opened = Writer::open(file());
        if (!opened)
            qFatal("%s", qPrintable(opened.error().text + opened.error().detail));
        writer = std::move(*opened);
        const auto accounts = writer->accounts();
        if (accounts->isEmpty()) {
            AccountSettings settings;
            settings.name = QStringLiteral("Work");
            account = writer->addAccount(settings)->id;
        } else {
            account = accounts->first().id;
        }
        inbox = *writer->folder(account, FolderRole::Inbox);
    }

    void closeWriter() { writer.reset(); }

    [[nodiscard]] QString file() const { return dir.filePath(QStringLiteral("mail.db")); }
    [[nodiscard]] FolderId folder(FolderRole role) const { return *writer->folder(account, role); }

    [[nodiscard]] AppendItem item(const TestMail &mail, const QByteArray &uidl = {}, MessageFlags flags = {}) const
    {
        return {
            account, inbox, {uidl, 0}, mail.bytes().size(), QDateTime::currentDateTimeUtc(), flags, mail.prepared()};
    }

    MessageId add(const TestMail &mail, const QByteArray &uidl = {}, MessageFlags flags = {}, FolderId folder = {})
    {
        AppendItem one = item(mail, uidl, flags);
        if (folder.isValid())
            one.folder = folder;
        const auto outcome = writer->append({one});
        if (!outcome)
            qFatal("%s", qPrintable(outcome.error().text + outcome.error().detail));
        return outcome->stored.isEmpty() ? MessageId() : outcome->stored.first().id;
    }

    [[nodiscard]] std::unique_ptr<Reader> reader() const
    {
        auto opened = Reader::open(file());
        if (!opened)
            qFatal("%s", qPrintable(opened.error().text));
        return std::move(*opened);
    }

    [[nodiscard]] LedgerEntry entry(const QByteArray &uidl, int occurrence = 0) const
    {
        const auto ledger = *writer->ledger(account);
        for (const LedgerEntry &one : ledger) {
            if (one.key == UidlKey{uidl, occurrence})
                return one;
        }
        return {};
    }

    [[nodiscard]] FolderInfo info(FolderId folder) const
    {
        const auto all = *writer->folders();
        for (const FolderInfo &one : all) {
            if (one.id == folder)
                return one;
        }
        return {};
    }

    QTemporaryDir dir;
    std::unique_ptr<Writer> writer;
    AccountId account;
    FolderId inbox;
};

} // namespace satchel::store
