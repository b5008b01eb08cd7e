// SPDX-License-Identifier: GPL-3.0-or-later
#include "mime/enclosedheader.h"

#include "mime/envelope.h"

#include <QCoreApplication>
#include <QLocale>
#include <QStringList>

namespace satchel::mime {

namespace {

using namespace Qt::StringLiterals;

struct Words {
    Q_DECLARE_TR_FUNCTIONS(satchel::mime::EnclosedHeader)
};

constexpr qsizetype namesAtMost = 20;

QString joined(const QList<Mailbox> &mailboxes)
{
    QStringList texts;
    for (const Mailbox &mailbox : mailboxes.first(qMin(namesAtMost, mailboxes.size()))) {
        if (mailbox.name.isEmpty() || mailbox.name == mailbox.address)
            texts.append(mailbox.address);
        else
            texts.append(mailbox.address.isEmpty() ? mailbox.name : u"%1 <%2>"_s.arg(mailbox.name, mailbox.address));
    }
    if (mailboxes.size() > namesAtMost)
        texts.append(u"…"_s);
    return texts.join(u", "_s);
}

} // namespace

EnclosedHeader enclosedHeader(const Structure &structure, int message, const QByteArray &chosenCharset)
{
    const QList<int> &children = structure.entities[static_cast<size_t>(message)].children;
    if (children.isEmpty())
        return {};
    const int root = children.first();
    QByteArray charset = structure.entities[static_cast<size_t>(root)].type.bytes("charset");
    if (charset.isEmpty())
        charset = chosenCharset;
    const Correspondence fields = readCorrespondence(HeaderBlock(structure.header(root)), charset);
    const QString date =
        fields.date.isValid() ? QLocale().toString(fields.date.toLocalTime(), QLocale::LongFormat) : QString();

    EnclosedHeader header;
    const QList<std::pair<QString, QString>> lines{{Words::tr("From:"), joined(fields.from)},
        {Words::tr("To:"), joined(fields.to + fields.cc)}, {Words::tr("Date:"), date},
        {Words::tr("Subject:"), fields.subject}};
    QStringList texts;
    QStringList htmls;
    QStringList words;
    for (const auto &[name, value] : lines) {
        if (value.isEmpty())
            continue;
        texts.append(name + u' ' + value);
        htmls.append(u"<b>%1</b> %2"_s.arg(name.toHtmlEscaped(), value.toHtmlEscaped()));
        if (value != date)
            words.append(value);
    }
    header.text = texts.join(u'\n');
    header.html = htmls.isEmpty() ? QString() : u"<p>"_s + htmls.join(u"<br>"_s) + u"</p>"_s;
    header.words = words.join(u'\n');
    return header;
}

} // namespace satchel::mime
