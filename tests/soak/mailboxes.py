# SPDX-License-Identifier: GPL-3.0-or-later
"""The mailboxes of the soak, and what lies between them and the program."""

import asyncio
import collections
import hashlib
import os
import pathlib
import ssl
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PASSWORD = "correct horse 1"
KEEP_COUNT = 20

# What is asked of the program for each account: Retention as in base/account.h.
ACCOUNTS = [
    {"name": "deletes", "tls": True, "retention": 1},
    {"name": "days", "tls": True, "retention": 2, "days": 14},
    {"name": "keeps", "tls": False, "retention": 0},
    {"name": "count", "tls": False, "retention": 3, "count": KEEP_COUNT},
    {"name": "person", "tls": True, "retention": 0, "deletesThere": True},
]


class Line:
    """What lies between the program and the server of one account."""

    def __init__(self, target, tls, portal):
        self.target, self.tls, self.portal = target, tls, portal
        self.mode = "pass"
        self.writers = set()
        self.server = None
        self.port = 0

    async def start(self):
        self.server = await asyncio.start_server(self.serve, "127.0.0.1", self.port)
        self.port = self.server.sockets[0].getsockname()[1]

    async def become(self, mode):
        self.mode = mode
        if mode in ("refuse", "reset", "portal"):
            for writer in list(self.writers):
                writer.transport.abort()
        if mode == "refuse" and self.server:
            self.server.close()
            self.server = None
        elif mode != "refuse" and not self.server:
            await self.start()

    async def serve(self, reader, writer):
        self.writers.add(writer)
        try:
            if self.mode == "portal":
                await self.show_portal(reader, writer)
            elif self.mode == "reset":
                writer.transport.abort()
            else:
                there = await asyncio.open_connection("127.0.0.1", self.target)
                self.writers.add(there[1])
                await asyncio.gather(self.pump(reader, there[1]), self.pump(there[0], writer))
                self.writers.discard(there[1])
        except (OSError, ssl.SSLError, asyncio.CancelledError):
            pass
        finally:
            self.writers.discard(writer)
            writer.transport.abort()

    async def show_portal(self, reader, writer):
        if self.tls:
            await writer.start_tls(self.portal)
        writer.write(b"HTTP/1.1 302 Found\r\nLocation: http://portal.example/\r\n\r\n<html>Sign in</html>\r\n")
        await writer.drain()
        writer.close()

    async def pump(self, reader, writer):
        try:
            while data := await reader.read(65536):
                while self.mode == "silence":
                    await asyncio.sleep(0.2)
                if self.mode == "slow":
                    await asyncio.sleep(min(2, len(data) / 4000))
                writer.write(data)
                await writer.drain()
        finally:
            writer.close()


class Mailboxes:
    """A Dovecot of our own, and what was brought to it."""

    def __init__(self, folder, rng):
        self.folder, self.rng = folder, rng
        self.brought = collections.defaultdict(dict)  # account: number: hash
        self.number = 0
        self.mails = [self.readable(f) for f in sorted((ROOT / "resources/sample").glob("*.eml"))]
        self.mails += [self.readable(f) for f in sorted((ROOT / "tests/mail").glob("*.eml"))[:200]]
        self.mails = [mail for mail in self.mails if mail and len(mail) < 300_000]

    @staticmethod
    def readable(file):
        """As a server sends it, or None where Dovecot would change a byte."""
        text = file.read_bytes().replace(b"\r\n", b"\n")
        if b"\r" in text or b"\0" in text:
            return None
        return text.rstrip(b"\n").replace(b"\n", b"\r\n") + b"\r\n"

    def start(self):
        users = [part for account in ACCOUNTS for part in ("--user", f"{account['name']}:{PASSWORD}")]
        self.process = subprocess.Popen(
            [ROOT / "tests/support/servers/dovecot.sh", "--attached", *users, self.folder],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        words = self.process.stdout.readline().split()
        if words[:1] != ["ready"]:
            sys.exit("soak: Dovecot did not start")
        self.port, self.tls_port = int(words[1]), int(words[2])

    def stop(self):
        self.process.stdin.close()
        self.process.wait()

    def certificate(self):
        pem = (self.folder / "certificates/server.pem").read_text()
        first = pem[: pem.index("-----END CERTIFICATE-----") + len("-----END CERTIFICATE-----")]
        return hashlib.sha256(ssl.PEM_cert_to_DER_cert(first[first.index("-----BEGIN"):])).hexdigest()

    def deliver(self):
        account = self.rng.randrange(len(ACCOUNTS))
        self.number += 1
        mail = b"X-Soak: %d of %d\r\n" % (self.number, os.getpid()) + self.rng.choice(self.mails)
        if self.rng.random() < 0.02:
            mail += b"".join(b"line %d of many\r\n" % i for i in range(20_000))
        box = self.box(account)
        name = f"17{self.number:08}.M1P1.soak"
        draft = box / "tmp" / name
        draft.write_bytes(mail)
        draft.chmod(0o666)
        self.brought[account][self.number] = hashlib.sha256(mail).hexdigest()
        draft.rename(box / "new" / name)

    def box(self, account):
        return self.folder / "home" / ACCOUNTS[account]["name"] / "Maildir"

    def gone(self, account):
        """What was brought and is there no more."""
        box = self.box(account)
        brought = set(self.brought[account])  # what comes while we look is not gone
        # A file that is renamed while a folder is read may not show, under either name: ask again for what did not.
        for _ in range(3):
            for part in ("new", "cur"):
                brought -= {int(name[2:10]) for name in os.listdir(box / part) if ".soak" in name}
        return brought
