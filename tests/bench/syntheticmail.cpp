// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/syntheticmail.h"

#include <QDateTime>
#include <QTimeZone>

#include <cmath>

using namespace Qt::StringLiterals;

namespace satchel::bench {

SyntheticMail::SyntheticMail(Kind kind)
    : m_kind(kind)
{
    static const QStringList syllables{u"ka"_s, u"ro"_s, u"mi"_s, u"ten"_s, u"su"_s, u"lor"_s, u"da"_s, u"ve"_s,
        u"nim"_s, u"po"_s, u"qua"_s, u"sha"_s, u"el"_s, u"bri"_s, u"ghu"_s, u"za"_s, u"fe"_s, u"wo"_s, u"ty"_s,
        u"ing"_s};
    for (int i = 0; i < 60'000; ++i) {
        QString word;
        for (int rest = i + 7; rest > 0; rest /= 20)
            word += syllables[rest % 20];
        m_words.append(word);
    }
    m_random.fillRange(m_noise.data(), m_noise.size());
}

SyntheticMail::Mail SyntheticMail::next(int number)
{
    Mail mail;
    const int person = int(std::pow(m_random.generateDouble(), 3) * 5000);
    mail.envelope.from = {word(person * 7) + u' ' + word(person * 3 + 1), u"p%1@example.org"_s.arg(person)};
    mail.envelope.to = {{u"Recipient"_s, u"me@example.net"_s}};
    mail.envelope.subject = (number % 3 == 0 ? u"Re: "_s : QString()) + text(6);
    mail.envelope.date = QDateTime::fromSecsSinceEpoch(
        1'200'000'000 + qint64(number) * 400 + qint64(m_random.bounded(100'000)), QTimeZone::UTC);
    mail.envelope.messageId = "m%1.x@example.org"_L1.toString().arg(number).toUtf8();
    const QString body = text(m_kind == Kind::Small ? 20 + int(m_random.bounded(40U))
                                                    : int(100 + std::pow(m_random.generateDouble(), 4) * 1200))
        + (number % 1000 == 0 ? u" unicornword"_s : QString());
    mail.envelope.preview = body.left(200);
    const bool attachment = m_kind == Kind::Usual && number % 5 == 0;
    mail.envelope.attachments = attachment ? 1 : 0;
    mail.words = {mail.envelope.from.name + u' ' + mail.envelope.from.address, u"Recipient me@example.net"_s,
        mail.envelope.subject, body, attachment ? word(number) + u".pdf"_s : QString()};
    mail.raw = "Received: from mx" + QByteArray::number(person % 50)
        + ".example.org (mx.example.org [192.0.2.7])\r\n\tby mail.example.net with ESMTPS id "
        + QByteArray::number(m_random.generate64(), 16)
        + "\r\n\tfor <me@example.net>; Fri, 17 May 2024 12:00:00 +0000\r\nFrom: " + mail.envelope.from.name.toUtf8()
        + " <" + mail.envelope.from.address.toUtf8()
        + ">\r\nTo: <me@example.net>\r\nSubject: " + mail.envelope.subject.toUtf8() + "\r\nMessage-ID: <"
        + mail.envelope.messageId + ">\r\nMIME-Version: 1.0\r\n\r\n" + body.toUtf8() + "\r\n";
    if (attachment) {
        const qsizetype size = qsizetype(5'000 + std::pow(m_random.generateDouble(), 3) * 180'000);
        const qsizetype from = qsizetype(m_random.bounded(quint32(m_noise.size() * 4 - size)));
        const QByteArray base64 = QByteArray(reinterpret_cast<const char *>(m_noise.data()) + from, size).toBase64();
        for (qsizetype i = 0; i < base64.size(); i += 76)
            mail.raw += base64.sliced(i, qMin<qsizetype>(76, base64.size() - i)) + "\r\n";
    }
    return mail;
}

QString SyntheticMail::text(int count)
{
    QString line;
    for (int i = 0; i < count; ++i) {
        // Zipf by inversion: rank = N^u
        const int rank = int(std::pow(double(m_words.size()), m_random.generateDouble())) - 1;
        line += m_words.at(qMin(rank, int(m_words.size()) - 1));
        line += u' ';
    }
    return line;
}

} // namespace satchel::bench
