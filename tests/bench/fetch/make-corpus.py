#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes a Maildir of made-up mail for benchmarks: the same for the same arguments, whatever the machine.

The words follow Zipf's law over a vocabulary of 60,000; sizes, kinds of bodies, threads and attachments are spread as
in a real mailbox: mostly small plain or HTML mail, and a few large attachments that are most of the bytes."""
import argparse
import base64
import itertools
import os
import quopri
import random
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime

VOCABULARY = 60_000
START = datetime(2019, 3, 1, 7, 0, tzinfo=timezone.utc)


class Language:
    """Words made of syllables, the common ones short."""

    def __init__(self, chance):
        onsets = [
            "",
            "b",
            "br",
            "c",
            "ch",
            "d",
            "f",
            "fl",
            "g",
            "gr",
            "h",
            "j",
            "k",
            "l",
            "m",
            "n",
            "p",
            "pr",
            "qu",
            "r",
            "s",
            "st",
            "str",
            "t",
            "th",
            "tr",
            "v",
            "w",
            "sh",
        ]
        vowels = ["a", "e", "i", "o", "u", "ai", "ea", "ou", "ie", "y"]
        codas = ["", "", "", "n", "r", "s", "t", "l", "m", "nd", "ck", "st", "ng"]
        accents = {"a": "ä", "e": "é", "o": "ö", "u": "ü"}
        words = {}
        while len(words) < VOCABULARY:
            syllables = 1 + int(chance.expovariate(1.0) + len(words) / VOCABULARY * 2.2)
            word = "".join(
                chance.choice(onsets) + chance.choice(vowels) + chance.choice(codas) for _ in range(min(syllables, 6))
            )
            if chance.random() < 0.04:
                word = "".join(accents.get(c, c) for c in word)
            words.setdefault(word)
        self.words = list(words)
        self.weights = list(itertools.accumulate(1 / (rank + 2.7) for rank in range(VOCABULARY)))
        self.chance = chance

    def some(self, count):
        return self.chance.choices(self.words, cum_weights=self.weights, k=count)

    def subject(self):
        return " ".join(self.some(self.chance.randint(1, 8))).capitalize()

    def paragraphs(self, count):
        """Lines of up to 72 characters, in paragraphs of some sentences."""
        words, out, line, sentence, left = self.some(count), [], "", 0, self.chance.randint(30, 120)
        for word in words:
            if sentence == 0:
                word = word.capitalize()
                sentence = self.chance.randint(4, 22)
            sentence -= 1
            left -= 1
            if sentence == 0:
                word += "."
            if len(line) + len(word) > 71:
                out.append(line)
                line = word
            else:
                line = f"{line} {word}" if line else word
            if left <= 0 and sentence == 0:
                out += [line, ""]
                line, left = "", self.chance.randint(30, 120)
        out.append(line)
        return out


def wrapped_base64(data):
    coded = base64.b64encode(data).decode()
    return "\n".join(coded[i : i + 76] for i in range(0, len(coded), 76)) + "\n"


def quoted_printable(text):
    return quopri.encodestring(text.encode()).decode()


def page(chance, subject, lines):
    """What a newsletter's editor makes of a few paragraphs."""
    cell = (
        '<td align="left" valign="top" style="padding:{0}px {1}px;font-family:Helvetica,Arial,sans-serif;'
        "font-size:{2}px;"
        'line-height:24px;color:#{3:06x}">'
    )
    blocks, paragraph = [], []
    for line in lines + [""]:
        if line:
            paragraph.append(line)
        elif paragraph:
            opening = cell.format(
                chance.randint(4, 20), chance.randint(8, 32), chance.randint(13, 18), chance.randrange(0x555555)
            )
            link = (
                f'<a href="https://link{chance.randint(1, 60)}.example.com/r/{chance.getrandbits(64):016x}" '
                f'style="color:#0a5fb4">'
            )
            blocks.append(
                f"<tr>{opening}\n<p>" + "\n".join(paragraph) + f"</p>\n{link}{paragraph[0][:24]}</a></td></tr>\n"
            )
            paragraph = []
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{subject}</title><style>\n'
        + "".join(
            f".c{i} {{ margin:0; padding:{i}px; color:#{chance.randrange(0x777777):06x}; }}\n"
            for i in range(chance.randint(4, 30))
        )
        + '</style></head><body bgcolor="#ffffff"><table width="600" cellpadding="0" cellspacing="0" border="0" '
        'align="center">\n'
        + "".join(blocks)
        + f'</table><img src="https://count.example.com/{chance.getrandbits(48):x}.gif" width="1" height="1"></body>'
        f"</html>\n"
    )


def cjk(chance, lines):
    common = [chr(c) for c in itertools.chain(range(0x3042, 0x3094), range(0x4E00, 0x5200, 3))]
    return "\n".join("".join(chance.choices(common, k=34)) + "。" for _ in range(lines)) + "\n"


class Corpus:
    def __init__(self, seed, count, megabytes, small):
        self.chance = random.Random(seed)
        self.language = Language(random.Random(seed + 1))
        self.count = count
        self.small = small
        self.target = int(megabytes * 1_000_000)
        self.people = [
            (
                " ".join(w.capitalize() for w in self.language.some(2)),
                f"{self.language.chance.choice(self.language.words)}{i}".encode("ascii", "ignore").decode(),
            )
            for i in range(600)
        ]
        self.people_weights = list(itertools.accumulate(1 / (i + 3) for i in range(len(self.people))))
        self.recent = []
        self.written = 0

    def header(self, number, subject, answered):
        chance = self.chance
        name, local = chance.choices(self.people, cum_weights=self.people_weights)[0]
        domain = f"mail{sum(local.encode()) % 40}.example.com"
        when = START + timedelta(minutes=number * 37 + chance.randint(0, 30))
        identity = f"{chance.getrandbits(80):020x}@{domain}"
        lines = [f"Return-Path: <{local}@{domain}>"]
        hops = 1 if self.small else chance.randint(1, 4)
        for hop in range(hops):
            lines.append(
                f"Received: from relay{hop}.{domain} (relay{hop}.{domain} [192.0.2.{chance.randint(1, 254)}])\n"
                f"\tby mx{hop}.example.org (Postfix) with ESMTPS id {chance.getrandbits(44):011X}\n"
                f"\tfor <robin@example.org>; {format_datetime(when + timedelta(seconds=hops - hop))}"
            )
        if not self.small and chance.random() < 0.6:
            lines.append(
                f"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d={domain}; s=s{chance.randint(1, 9)};\n"
                "\th=from:to:subject:date:message-id;\n\tbh="
                + base64.b64encode(chance.randbytes(32)).decode()
                + ";\n\tb="
                + "\n\t ".join(base64.b64encode(chance.randbytes(51)).decode() for _ in range(5))
            )
        shown = name if name.isascii() else "=?utf-8?B?" + base64.b64encode(name.encode()).decode() + "?="
        lines += [
            f"Date: {format_datetime(when)}",
            f"From: {shown} <{local}@{domain}>",
            "To: Robin Fields <robin@example.org>",
            "Subject: "
            + (
                subject
                if subject.isascii()
                else "=?utf-8?Q?"
                + "".join(
                    c if c.isascii() and c.isalnum() else "_" if c == " " else "".join(f"={b:02X}" for b in c.encode())
                    for c in subject
                )
                + "?="
            ),
            f"Message-ID: <{identity}>",
        ]
        if answered:
            lines += [f"In-Reply-To: <{answered[-1]}>", "References: " + "\n ".join(f"<{r}>" for r in answered)]
        return lines + ["MIME-Version: 1.0"], identity

    def message(self, number, attachment):
        """One message as a Unix mail delivery writes it, with LF; and whether it may be answered."""
        chance, language = self.chance, self.language
        answered, subject = [], language.subject()
        if self.recent and chance.random() < 0.4:
            answered, subject, quoted = chance.choice(self.recent)
            subject = subject if subject.startswith("Re: ") else "Re: " + subject
        words = chance.randint(8, 60) if self.small else max(5, min(6000, int(chance.lognormvariate(5.2, 1.0))))
        lines = language.paragraphs(words)
        if answered and not self.small:
            lines += ["", "On some day somebody wrote:"] + ["> " + line for line in quoted[:40]]
        head, identity = self.header(number, subject, answered)
        self.recent = self.recent[-60:] + [(answered[-10:] + [identity], subject, lines)]
        text = "\n".join(lines) + "\n"
        kind = chance.random()
        boundary = f"=_{chance.getrandbits(96):024x}"
        if self.small or kind < 0.40:
            if text.isascii():
                headers, body = ["Content-Type: text/plain; charset=us-ascii", "Content-Transfer-Encoding: 7bit"], text
            elif kind < 0.03:
                headers, body = [
                    "Content-Type: text/plain; charset=utf-8",
                    "Content-Transfer-Encoding: base64",
                ], wrapped_base64(cjk(chance, words // 12 + 1).encode())
            else:
                headers, body = [
                    "Content-Type: text/plain; charset=utf-8",
                    "Content-Transfer-Encoding: quoted-printable",
                ], quoted_printable(text)
        elif kind < 0.88:
            html = quoted_printable(page(chance, subject, lines))
            headers = [f'Content-Type: multipart/alternative; boundary="{boundary}"']
            body = (
                f"--{boundary}\nContent-Type: text/plain; charset=utf-8\n"
                f"Content-Transfer-Encoding: quoted-printable\n\n{quoted_printable(text)}\n"
                f"--{boundary}\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n"
                f"\n{html}\n--{boundary}--\n"
            )
        else:
            headers, body = [
                "Content-Type: text/html; charset=utf-8",
                "Content-Transfer-Encoding: base64",
            ], wrapped_base64(page(chance, subject, lines).encode())
        if attachment:
            outer = f"=-{chance.getrandbits(96):024x}"
            name = "-".join(language.some(2)).encode("ascii", "ignore").decode() + chance.choice(
                [".pdf", ".jpg", ".zip", ".docx"]
            )
            inner = "\n".join(headers) + "\n\n" + body
            headers = [f'Content-Type: multipart/mixed; boundary="{outer}"']
            body = (
                f'--{outer}\n{inner}\n--{outer}\nContent-Type: application/octet-stream; name="{name}"\n'
                f"Content-Transfer-Encoding: base64\n"
                f'Content-Disposition: attachment; filename="{name}"\n\n'
                f"{wrapped_base64(chance.randbytes(attachment))}\n--{outer}--\n"
            )
        return ("\n".join(head + headers) + "\n\n" + body).encode()

    def write(self, maildir):
        for folder in ("cur", "new", "tmp"):
            os.makedirs(os.path.join(maildir, folder), exist_ok=True)
        # Large attachments come where the corpus lags behind its size: evenly, and exactly as many as it takes.
        for number in range(self.count):
            attachment = 0
            if not self.small:
                if self.written < self.target * (number / self.count) - 500_000:
                    attachment = int(min(2_000_000, max(100_000, self.chance.lognormvariate(13.1, 0.8))))
                elif self.chance.random() < 0.06:
                    attachment = self.chance.randint(2_000, 60_000)
            data = self.message(number, attachment)
            self.written += len(data)
            with open(
                os.path.join(maildir, "new", f"{1_600_000_000 + number // 1000}.M{number % 1_000_000:06}P1.bench"), "wb"
            ) as file:
                file.write(data)


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("maildir")
    options.add_argument("--messages", type=int, default=10_000)
    options.add_argument("--megabytes", type=float, help="in all; 24.2 kB a message when not given")
    options.add_argument("--small", action="store_true", help="only short plain messages, however many bytes they are")
    options.add_argument("--seed", type=int, default=2026)
    chosen = options.parse_args()
    corpus = Corpus(chosen.seed, chosen.messages, chosen.megabytes or chosen.messages * 0.0242, chosen.small)
    corpus.write(chosen.maildir)
    print(f"{chosen.messages} {corpus.written}")


main()
