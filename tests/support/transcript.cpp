// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/transcript.h"

#include <QFile>

namespace satchel::test {

namespace {

/// nullopt for an escape that is none. A backslash at the very end is left to the caller.
std::optional<QByteArray> unescaped(const QByteArray &text)
{
    QByteArray result;
    for (qsizetype i = 0; i < text.size(); ++i) {
        if (text.at(i) != '\\') {
            result.append(text.at(i));
            continue;
        }
        switch (i + 1 < text.size() ? text.at(++i) : '\0') {
        case 'r':
            result.append('\r');
            break;
        case 'n':
            result.append('\n');
            break;
        case 't':
            result.append('\t');
            break;
        case '\\':
            result.append('\\');
            break;
        case 'x': {
            bool ok = false;
            const int value = text.mid(i + 1, 2).toInt(&ok, 16);
            if (!ok || i + 2 >= text.size())
                return std::nullopt;
            result.append(static_cast<char>(value));
            i += 2;
            break;
        }
        default:
            return std::nullopt;
        }
    }
    return result;
}

bool endsInLoneBackslash(const QByteArray &text)
{
    qsizetype backslashes = 0;
    while (backslashes < text.size() && text.at(text.size() - 1 - backslashes) == '\\')
        ++backslashes;
    return backslashes % 2 == 1;
}

} // namespace

std::expected<Transcript, QString> parseTranscript(const QByteArray &text)
{
    using Kind = TranscriptStep::Kind;
    Transcript transcript;
    const QByteArrayList lines = text.split('\n');
    for (qsizetype i = 0; i < lines.size(); ++i) {
        const QByteArray &line = lines.at(i);
        TranscriptStep step;
        step.line = static_cast<int>(i) + 1;
        const auto bad = [&step] { return std::unexpected(QStringLiteral("line %1 is no step").arg(step.line)); };
        if (line.trimmed().isEmpty())
            continue;
        if (line.startsWith('#')) {
            if (line.startsWith("# security: "))
                transcript.security = line.sliced(12).trimmed();
            if (line == "# lines: crlf")
                transcript.crlfOnly = true;
            if (line == "# events: any")
                transcript.anyEvents = true;
            if (line == "# client: no-capa")
                transcript.client.askCapabilities = false;
            if (line == "# client: no-utf8")
                transcript.client.utf8 = false;
            if (line.startsWith("# client: language="))
                transcript.client.language = line.sliced(19);
            continue;
        }
        QByteArray rest = line.size() > 3 ? line.sliced(3) : QByteArray();
        if (line.startsWith("E:")) {
            transcript.expected.append(rest);
            continue;
        }
        if (line.startsWith("S:") || line.startsWith("C:") || line.startsWith("D:")) {
            step.kind = line.startsWith("S:") ? Kind::Server : line.startsWith("C:") ? Kind::Client : Kind::Do;
            if (endsInLoneBackslash(rest)) {
                rest.chop(1);
                step.lineEnd = false;
            }
            const auto bytes = unescaped(rest);
            if (!bytes)
                return bad();
            step.bytes = *bytes;
        } else if (line == "T") {
            step.kind = Kind::Tls;
        } else if (line == "X") {
            step.kind = Kind::Close;
        } else if (line == "F") {
            step.kind = Kind::Fail;
        } else if (line == "N") {
            step.kind = Kind::NewConnection;
        } else if (line.startsWith("W ")) {
            step.kind = Kind::Wait;
            step.milliseconds = line.sliced(2).toInt();
        } else {
            return bad();
        }
        transcript.steps.append(step);
    }
    return transcript;
}

std::expected<Transcript, QString> loadTranscript(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return std::unexpected(file.errorString());
    return parseTranscript(file.readAll());
}

QByteArray Cutting::name() const
{
    const QByteArray end = lineEnd == "\n" ? " LF" : " CRLF";
    switch (kind) {
    case Kind::Whole:
        return "whole" + end;
    case Kind::Fixed:
        return QByteArray::number(bytes) + " bytes" + end;
    case Kind::Random:
        return "random " + QByteArray::number(seed) + end;
    }
    return {};
}

QList<Cutting> allCuttings(bool crlfOnly)
{
    QList<Cutting> cuttings;
    for (const char *lineEnd : {"\r\n", "\n"}) {
        if (crlfOnly && qstrlen(lineEnd) == 1)
            break;
        cuttings.append({Cutting::Kind::Whole, 0, 0, lineEnd});
        cuttings.append({Cutting::Kind::Fixed, 1, 0, lineEnd});
        cuttings.append({Cutting::Kind::Fixed, 7, 0, lineEnd});
        for (quint32 seed = 1; seed <= 3; ++seed)
            cuttings.append({Cutting::Kind::Random, 40, seed, lineEnd});
    }
    return cuttings;
}

} // namespace satchel::test
