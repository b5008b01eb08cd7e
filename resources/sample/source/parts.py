# SPDX-License-Identifier: GPL-3.0-or-later
"""Builds messages byte by byte, so that the samples are exactly what various mail programs really write."""
import base64
import hashlib
import quopri
from datetime import datetime, timedelta
from email.header import Header
from email.utils import format_datetime

ROBIN = "Robin Fields <robin@example.org>"


def crlf(data: bytes) -> bytes:
    return data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def word(text: str, charset: str = "utf-8") -> str:
    """RFC 2047, where it is needed."""
    if text.isascii():
        return text
    return Header(text, charset, maxlinelen=74).encode(linesep="\n")


def box(name: str, address: str, charset: str = "utf-8") -> str:
    return f"{word(name, charset)} <{address}>"


def token(*words) -> str:
    return hashlib.sha256(repr(words).encode()).hexdigest()[:20]


class Part:
    """A MIME entity: its Content-* header lines and its body as sent."""

    def __init__(self, headers, body: bytes):
        self.headers = list(headers)
        self.body = crlf(body)

    def __bytes__(self):
        return crlf("".join(f"{k}: {v}\n" for k, v in self.headers).encode("utf-8")) + b"\r\n" + self.body


def encoded(data: bytes, encoding: str) -> bytes:
    if encoding == "base64":
        return base64.encodebytes(data)
    if encoding == "quoted-printable":
        out = b"".join(quopri.encodestring(line, quotetabs=False) for line in data.splitlines(keepends=True))
        return out
    return data


def text(
    content: str,
    encoding: str = "quoted-printable",
    charset: str = "utf-8",
    kind: str = "plain",
    extra: str = "",
    python_charset: str = "",
) -> Part:
    data = content.encode(python_charset or charset)
    headers = [("Content-Type", f"text/{kind}; charset={charset}{extra}")]
    if encoding:
        headers.append(("Content-Transfer-Encoding", encoding))
    return Part(headers, encoded(data, encoding))


def ascii_text(content: str, extra: str = "") -> Part:
    content.encode("ascii")
    return text(content, "7bit", "us-ascii", extra=extra)


def html(content: str, encoding: str = "quoted-printable", charset: str = "utf-8") -> Part:
    return text(content, encoding, charset, "html")


def file(name: str, kind: str, data: bytes, disposition: str = "attachment", cid: str = "") -> Part:
    if name.isascii():
        headers = [
            ("Content-Type", f'{kind}; name="{name}"'),
            ("Content-Transfer-Encoding", "base64"),
            ("Content-Disposition", f'{disposition}; filename="{name}"'),
        ]
    else:
        escaped = "".join(
            chr(b) if chr(b).isalnum() and b < 128 or chr(b) in ".-_" else f"%{b:02X}" for b in name.encode("utf-8")
        )
        headers = [
            ("Content-Type", f'{kind};\n name="{word(name)}"'),
            ("Content-Transfer-Encoding", "base64"),
            ("Content-Disposition", f"{disposition};\n filename*=utf-8''{escaped}"),
        ]
    if cid:
        headers.append(("Content-ID", f"<{cid}>"))
    return Part(headers, base64.encodebytes(data))


def multipart(
    kind: str, *parts: Part, boundary: str = "", extra: str = "", preamble: bytes = b"", close: bool = True
) -> Part:
    boundary = boundary or f"----=_{token(kind, *(bytes(p)[:2000] for p in parts))}"
    body = preamble
    for part in parts:
        body += b"--" + boundary.encode() + b"\n" + bytes(part) + (b"" if part.body.endswith(b"\n") else b"\n") + b"\n"
    if close:
        body += b"--" + boundary.encode() + b"--\n"
    return Part([("Content-Type", f'multipart/{kind}; boundary="{boundary}"{extra}')], body)


class Message:
    def __init__(
        self,
        file_name,
        sender,
        subject,
        date,
        content,
        *,
        to=ROBIN,
        message_id="",
        replies_to=(),
        headers=(),
        agent="",
        mime=True,
        trace=True,
        raw_headers=b"",
    ):
        """date is "2026-11-20 08:15 +0100"; replies_to are messages, oldest first."""
        self.file_name = file_name
        when = datetime.strptime(date, "%Y-%m-%d %H:%M %z") + timedelta(seconds=sum(file_name.encode()) % 60)
        self.when = when
        address = sender[sender.rindex("<") + 1 :].rstrip(">") if "<" in sender else sender
        domain = address.split("@")[-1] if "@" in address else "example.org"
        self.message_id = message_id or f"<{token(file_name, date)}@{domain}>"
        self.references = [r.message_id for r in replies_to]
        arrived = when + timedelta(seconds=3 + sum(self.message_id.encode()) % 9)
        lines = []
        if trace:
            lines += [
                ("Return-Path", f"<{address if '@' in address else ''}>"),
                ("Delivered-To", "robin@example.org"),
                (
                    "Received",
                    f"from smtp.{domain} (smtp.{domain} [192.0.2.{10 + sum(domain.encode()) % 200}])\n"
                    f"\tby mx.example.org (Postfix) with ESMTPS id {token(domain, date)[:12].upper()}\n"
                    f"\tfor <robin@example.org>; {format_datetime(arrived)}",
                ),
            ]
        lines += [("Date", format_datetime(when)), ("From", sender)]
        if to:
            lines.append(("To", to))
        if subject is not None:
            lines.append(("Subject", subject if subject.isascii() else word(subject)))
        lines.append(("Message-ID", self.message_id))
        if self.references:
            lines += [("In-Reply-To", self.references[-1]), ("References", "\n ".join(self.references))]
        lines += list(headers)
        if agent:
            lines.append(("User-Agent", agent))
        if mime:
            lines.append(("MIME-Version", "1.0"))
            lines += content.headers
        self.content = content
        self.head = crlf("".join(f"{k}: {v}\n" for k, v in lines).encode("utf-8") + raw_headers)

    def __bytes__(self):
        return self.head + b"\r\n" + self.content.body


def quote(message_text: str, name: str, when: str) -> str:
    return f"On {when}, {name} wrote:\n" + "".join(
        ("> " + line if line and not line.startswith(">") else ">" + line).rstrip() + "\n"
        for line in message_text.strip("\n").split("\n")
    )
