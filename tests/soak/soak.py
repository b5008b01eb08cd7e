#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Weeks of a laptop's life in minutes: the whole program with its window and five accounts at a real Dovecot, over TLS
and STLS, while mail comes all the time and the network, the computer and its clock do what they do.

soak.py [--minutes N] [--every SECONDS] [--seed N] [--figures FILE] WALKER SATCHEL

What happens: the network refuses, resets, goes silent, gets slow, shows a portal (HTTP where a greeting should be, a
certificate of its own); the program is stopped for longer than a minute, as by a computer that sleeps, and its
connections are dead when it goes on; its wall clock jumps by days and years and comes back; it is killed, and ended.

A witness reads the mailboxes' files and the store's tables with nothing of the program's own, on the way and in the end:
nothing lost, nothing twice, nothing deleted that was not due. It measures memory, descriptors and the write-ahead log,
and prints the figures; a row for each five seconds goes to FILE. Ends with 1 where something went wrong."""

import argparse
import asyncio
import collections
import csv
import ctypes
import hashlib
import json
import os
import pathlib
import random
import shutil
import signal
import sqlite3
import ssl
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PASSWORD = "correct horse 1"
DAY = 86400
KEEP_COUNT = 60

# What is asked of the program for each account: Retention as in base/account.h.
ACCOUNTS = [
    {"name": "deletes", "tls": True, "retention": 1},
    {"name": "days", "tls": True, "retention": 2, "days": 14},
    {"name": "keeps", "tls": False, "retention": 0},
    {"name": "count", "tls": False, "retention": 3, "count": KEEP_COUNT},
    {"name": "person", "tls": True, "retention": 0, "deletesThere": True},
]
TRASH = 6

EVENTS = ["refuse", "reset", "silence", "slow", "portal", "outage", "sleep", "clock", "clock", "check"]
SLEEP = 75  # longer than what the program takes for a busy processor: sync/clockwatch.cpp

# Far more than what was measured, and far less than what would be a leak over some hours.
MOST_DESCRIPTORS = 150
MOST_LOG_BYTES = 64 * 1024 * 1024
MOST_MEMORY_MB = 400


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


class Store:
    """The tables of the store, read without anything of the program's own. It may be writing them."""

    def __init__(self, file):
        self.file = file
        self.zstd = ctypes.CDLL("libzstd.so.1")
        for name in ("ZSTD_decompress", "ZSTD_isError"):
            getattr(self.zstd, name).restype = ctypes.c_size_t
        self.zstd.ZSTD_decompress.argtypes = [ctypes.c_char_p, ctypes.c_size_t, ctypes.c_char_p, ctypes.c_size_t]
        self.zstd.ZSTD_isError.argtypes = [ctypes.c_size_t]

    def rows(self, above):
        """(id, account, role, hash of the bytes, or None for what is not above) of each message."""
        store = sqlite3.connect(f"file:{self.file}?mode=ro", uri=True, timeout=60)
        try:
            store.execute("BEGIN")
            rows = store.execute("SELECT m.id, f.account_id, f.role FROM messages m JOIN folders f ON f.id = m.folder_id")
            hashes = {number: self.digest(size, packed) for number, size, packed in store.execute(
                "SELECT m.id, s.size, s.zstd FROM messages m JOIN sources s ON s.id = m.source_id WHERE m.id > ?",
                (above,))}
            return [(*row, hashes.get(row[0], None if row[0] <= above else "without source")) for row in rows]
        finally:
            store.close()

    def digest(self, size, packed):
        bytes_ = ctypes.create_string_buffer(size + 1)
        got = self.zstd.ZSTD_decompress(bytes_, size, packed, len(packed))
        return hashlib.sha256(bytes_.raw[:size]).hexdigest() if got == size else "damaged"


class Witness:
    def __init__(self, profile, mailboxes):
        self.store, self.mailboxes = Store(profile / "mail.sqlite"), mailboxes
        self.hash_of = {}  # id: hash, of all that was ever seen
        self.account_of = {}
        self.role_of = {}  # of what is there now
        self.last_role = {}  # of what was ever there
        self.thrown_away = set()  # was ever in Trash
        self.seen = collections.defaultdict(lambda: collections.defaultdict(set))  # account: hash: ids
        self.faults = []
        self.newest = 0
        self.gone = collections.defaultdict(set)
        self.looks = self.misses = 0

    def fault(self, text):
        self.faults.append(text)
        print(f"soak: FAULT: {text}", flush=True)

    def look(self, again=False):
        # The server first: what is gone there must have been here before.
        gone = [self.mailboxes.gone(account) for account in range(len(ACCOUNTS))]
        self.looks += 1
        try:
            rows = self.store.rows(0 if again else self.newest)
        except sqlite3.OperationalError as error:  # locked, while a program that starts recovers it
            self.misses += 1
            print(f"soak: the store could not be read: {error}", flush=True)
            return False
        self.role_of = {}
        for message, account, role, digest in rows:
            account -= 1
            self.role_of[message] = self.last_role[message] = role
            self.newest = max(self.newest, message)
            if role == TRASH:
                self.thrown_away.add(message)
            if digest is not None:
                if self.hash_of.setdefault(message, digest) != digest:
                    self.fault(f"message {message} has changed")
                self.account_of[message] = account
                ids = self.seen[account][digest]
                if ids and message not in ids:
                    self.fault(f"a message of {ACCOUNTS[account]['name']} is stored twice: {ids} and {message}")
                ids.add(message)
        for account in range(len(ACCOUNTS)):
            for number in gone[account] - self.gone[account]:
                self.gone[account].add(number)
                self.ask_of_deletion(account, number)
        return True

    def ask_of_deletion(self, account, number):
        name = ACCOUNTS[account]["name"]
        digest = self.mailboxes.brought[account][number]
        ids = self.seen[account].get(digest, set())
        if not ids:
            self.fault(f"message {number} of {name} was deleted on the server and is not here")
            return
        if name in ("days", "keeps"):
            self.fault(f"message {number} of {name} was deleted on the server and was not due")
        elif name == "count" and sum(n > number for n in self.mailboxes.brought[account]) < KEEP_COUNT:
            self.fault(f"message {number} of {name} was deleted on the server among the newest {KEEP_COUNT}")
        elif name == "person" and any(i in self.role_of and i not in self.thrown_away for i in ids):
            self.fault(f"message {number} of {name} was deleted on the server, and nobody deleted it here")

    def missing(self):
        return [(account, number) for account, brought in self.mailboxes.brought.items()
                for number, digest in brought.items() if digest not in self.seen[account]]

    def overdue(self):
        """What should have been deleted on the servers by now: everything fetched, and all but the newest."""
        due = []
        for account, most in ((0, 0), (3, KEEP_COUNT)):
            left = len(self.mailboxes.brought[account]) - len(self.gone[account])
            if left > most:
                due.append(f"{left} messages of {ACCOUNTS[account]['name']} are on the server, and {most} should be")
        return due

    def strangers(self):
        known = [set(self.mailboxes.brought[account].values()) for account in range(len(ACCOUNTS))]
        return [m for m, digest in self.hash_of.items() if digest not in known[self.account_of[m]]]

    def lost_here(self):
        """What nobody deleted must still be here: only what lay in Trash may go."""
        return [m for m in self.hash_of if m not in self.role_of and self.last_role.get(m, TRASH) != TRASH]


class Program:
    def __init__(self, walker, profile, accounts, log):
        self.arguments = [walker, profile, accounts]
        self.profile, self.log = profile, log
        self.process = None
        self.runs = 0
        self.done = 0  # by the person, in hundreds
        self.allocated = None

    async def start(self):
        self.runs += 1
        self.process = await asyncio.create_subprocess_exec(
            *map(str, self.arguments), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.log)
        try:
            while True:
                line = await asyncio.wait_for(self.process.stdout.readline(), 120)
                if line == b"ready\n":
                    break
                if not line:
                    return False
        except TimeoutError:
            return False
        self.drain = asyncio.create_task(self.read_on(self.process))
        return True

    async def read_on(self, process):
        self.allocated = None
        while words := (await process.stdout.readline()).split():
            if words[0] == b"done":
                self.done += 1
            elif words[0] == b"memory":
                self.allocated = {"allocated": int(words[1]) / 1e6, "sqlite": int(words[2]) / 1e6}

    def say(self, words):
        if self.process.returncode is None:
            self.process.stdin.write(words.encode() + b"\n")

    async def quit(self):
        self.say("quit")
        try:
            return await asyncio.wait_for(self.process.wait(), 120)
        except TimeoutError:
            return "hangs"

    async def kill(self):
        self.process.kill()
        await self.process.wait()

    def measure(self):
        figures = {}
        try:
            for line in pathlib.Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
                key, _, value = line.partition(":")
                if key in ("VmRSS", "RssAnon"):
                    figures[key] = int(value.split()[0]) / 1024
            figures["descriptors"] = len(os.listdir(f"/proc/{self.process.pid}/fd"))
        except OSError:
            return None
        self.say("memory")  # for the next time
        figures.update(self.allocated or {"allocated": "", "sqlite": ""})
        log = self.profile / "mail.sqlite-wal"
        figures["log"] = log.stat().st_size if log.exists() else 0
        figures["store"] = (self.profile / "mail.sqlite").stat().st_size
        return figures if "VmRSS" in figures else None


class Soak:
    def __init__(self, options, folder):
        self.options = options
        self.rng = random.Random(options.seed)
        self.mailboxes = Mailboxes(folder / "server", self.rng)
        self.profile = folder / "profile"
        self.profile.mkdir(mode=0o700)
        self.folder = folder
        self.rows = []
        self.events = collections.Counter()
        self.deck = []
        self.begun = time.monotonic()
        self.end = self.begun + options.minutes * 60

    async def run(self):
        self.mailboxes.start()
        portal = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        certificates = self.folder / "server/certificates"
        portal.load_cert_chain(certificates / "selfsigned.pem", certificates / "selfsigned.key")
        self.lines = []
        for account in ACCOUNTS:
            line = Line(self.mailboxes.tls_port if account["tls"] else self.mailboxes.port, account["tls"], portal)
            await line.start()
            self.lines.append(line)
        accounts = self.folder / "accounts.json"
        accounts.write_text(json.dumps({"password": PASSWORD, "certificate": self.mailboxes.certificate(), "accounts": [
            dict(account, user=account["name"], port=line.port) for account, line in zip(ACCOUNTS, self.lines)]}))
        log = open(self.folder / "walker.log", "wb")
        self.program = Program(self.options.walker, self.profile, accounts, log)
        self.witness = Witness(self.profile, self.mailboxes)
        try:
            if not await self.program.start():
                self.witness.fault("the program did not start")
            else:
                work = [asyncio.create_task(part()) for part in (self.deliver, self.measure, self.watch, self.disturb)]
                await asyncio.wait(work)
                for part in work:
                    part.result()
                await self.finish()
        finally:
            if self.program.process and self.program.process.returncode is None:
                self.program.process.send_signal(signal.SIGCONT)
                await self.program.kill()
            self.mailboxes.stop()
        return self.report()

    def goes_on(self):
        return time.monotonic() < self.end

    async def deliver(self):
        while self.goes_on():
            self.mailboxes.deliver()
            await asyncio.sleep(self.rng.uniform(0, 2 * self.options.every))

    async def measure(self):
        while self.goes_on():
            figures = self.program.measure()
            if figures:
                self.rows.append(dict(
                    figures, seconds=round(time.monotonic() - self.begun), run=self.program.runs,
                    messages=len(self.witness.hash_of)))
            await asyncio.sleep(5)

    async def watch(self):
        while self.goes_on():
            await asyncio.to_thread(self.witness.look)
            await asyncio.sleep(10)

    async def restart(self):
        if not await self.program.start():
            self.witness.fault("the program did not start again")

    async def disturb(self):
        span = max(12.0, min(90.0, self.options.minutes * 60 / 24))
        # Long runs between two ends of the program tell whether memory stays bounded.
        next_end = time.monotonic() + self.options.minutes * 60 / 4
        while self.goes_on():
            await asyncio.sleep(self.rng.uniform(0.3, 1) * span)
            if self.program.process.returncode is not None:
                self.witness.fault(f"the program ended by itself, with {self.program.process.returncode}")
                await self.restart()
            elif time.monotonic() > next_end:
                next_end += self.options.minutes * 60 / 4
                await self.end_program()
            else:
                await self.happen(self.next_event(), self.rng.uniform(0.2, 0.8) * span)

    def next_event(self):
        """Each before any comes again, so that a short soak sees all of them."""
        if not self.deck:
            self.deck = list(EVENTS)
            self.rng.shuffle(self.deck)
        return self.deck.pop()

    async def end_program(self):
        what = "quit" if self.events["kill"] > self.events["quit"] else "kill"
        self.events[what] += 1
        if what == "kill":
            await self.program.kill()
        elif (status := await self.program.quit()) != 0:
            self.witness.fault(f"the program ended with {status}")
        await self.restart()

    async def happen(self, what, long):
        self.events[what] += 1
        if what == "check":
            self.program.say("check")
        elif what == "sleep":
            self.program.process.send_signal(signal.SIGSTOP)
            await asyncio.sleep(SLEEP)
            for line in self.lines:
                await line.become("reset")  # no server and no router waits for a lid to be opened
                await line.become("pass")
            self.program.process.send_signal(signal.SIGCONT)
        elif what == "clock":
            self.program.say(f"clock {self.rng.choice([40 * DAY, 3600, -3600, -3650 * DAY, 400 * DAY])}")
            self.program.say("check")
            await asyncio.sleep(long)
            self.program.say("clock 0")
        else:
            lines = self.lines if what == "outage" or self.rng.random() < 0.3 else [self.rng.choice(self.lines)]
            for line in lines:
                await line.become("refuse" if what == "outage" else what)
            self.program.say("check")
            await asyncio.sleep(long)
            for line in lines:
                await line.become("pass")

    async def finish(self):
        """Everything works again: what is still missing must come."""
        for line in self.lines:
            await line.become("pass")
        self.program.say("clock 0")
        self.program.say("rest")
        # A check that waits for a silent server, or for a time after which it tries again, takes that long.
        until = time.monotonic() + 240
        while time.monotonic() < until:
            self.program.say("check")
            await asyncio.sleep(5)
            await asyncio.to_thread(self.witness.look)
            if not self.witness.missing() and not self.witness.overdue():
                break
        for account, number in self.witness.missing():
            self.witness.fault(f"message {number} of {ACCOUNTS[account]['name']} did not come")
        for what in self.witness.overdue():
            self.witness.fault(what)
        status = await self.program.quit()
        if status != 0:
            self.witness.fault(f"the program ended with {status}")
        if not await asyncio.to_thread(self.witness.look, True):
            self.witness.fault("the store cannot be read in the end")
        for message in self.witness.strangers():
            self.witness.fault(f"message {message} is here, and no server ever held it")
        for message in self.witness.lost_here():
            self.witness.fault(f"message {message} was here, nobody deleted it, and it is gone")
        check = subprocess.run(
            [self.options.satchel, "--profile", self.profile, "--check"], capture_output=True, text=True)
        if check.returncode != 0:
            self.witness.fault(f"the check of the store ended with {check.returncode}: {check.stdout}{check.stderr}")

    def report(self):
        rows = self.rows
        if self.options.figures and rows:
            with open(self.options.figures, "w", newline="") as file:
                table = csv.DictWriter(file, rows[0].keys())
                table.writeheader()
                table.writerows(rows)
        gone = {ACCOUNTS[a]["name"]: len(self.witness.gone[a]) for a in range(len(ACCOUNTS))}
        minutes = (time.monotonic() - self.begun) / 60
        print(f"soak: seed {self.options.seed}, {minutes:.1f} minutes, {self.mailboxes.number} messages brought, "
              f"{len(self.witness.hash_of)} stored, deleted on the server: {gone}, "
              f"{self.program.runs} runs, {self.program.done * 100} things done by the person, "
              f"{self.witness.looks} looks at the store, {self.witness.misses} in vain, {dict(self.events)}")
        for run in sorted({row["run"] for row in rows}):
            mine = [row for row in rows if row["run"] == run]
            warm = mine[min(len(mine) - 1, 12)]
            last = mine[-1]
            came = last["messages"] - warm["messages"]
            print(f"soak: run {run}: {mine[-1]['seconds'] - mine[0]['seconds']} s, memory {warm['VmRSS']:.0f} MB after a "
                  f"minute, {last['VmRSS']:.0f} MB in the end (anonymous {warm['RssAnon']:.0f}, {last['RssAnon']:.0f}; "
                  f"most {max(row['VmRSS'] for row in mine):.0f}) while {came} messages came; descriptors "
                  f"{warm['descriptors']} to {last['descriptors']}, most {max(row['descriptors'] for row in mine)}; "
                  f"log at most {max(row['log'] for row in mine) / 1e6:.1f} MB; store {last['store'] / 1e6:.0f} MB")
        if rows and max(row["descriptors"] for row in rows) > MOST_DESCRIPTORS:
            self.witness.fault("too many descriptors")
        if rows and max(row["log"] for row in rows) > MOST_LOG_BYTES:
            self.witness.fault("the write-ahead log grows")
        if rows and max(row["VmRSS"] for row in rows) > MOST_MEMORY_MB:
            self.witness.fault("memory grows")
        # A soak in which nothing happened proves nothing.
        if not rows or not self.program.done or self.witness.misses * 4 > self.witness.looks:
            self.witness.fault("nothing was measured, nobody walked, or the witness saw too little")
        for what in {*EVENTS, "kill", "quit"} - set(self.events):
            self.witness.fault(f"{what} never happened")
        for fault in self.witness.faults[:20]:
            print(f"soak: FAULT: {fault}")
        print(f"soak: {len(self.witness.faults)} faults")
        return 1 if self.witness.faults else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=120)
    parser.add_argument("--every", type=float, default=1.0, help="seconds between two messages")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 31))
    parser.add_argument("--figures")
    parser.add_argument("--keep", action="store_true", help="leave the profile where it is")
    parser.add_argument("walker", type=pathlib.Path)
    parser.add_argument("satchel", type=pathlib.Path)
    options = parser.parse_args()
    print(f"soak: seed {options.seed}", flush=True)
    # Names of sockets may not be long, and TMPDIR may be.
    folder = pathlib.Path(tempfile.mkdtemp(prefix="satchel-soak.", dir="/tmp"))
    folder.chmod(0o711)  # the mail server's user passes through
    status = 1
    try:
        status = asyncio.run(Soak(options, folder).run())
    finally:
        if options.keep or status:
            print(f"soak: everything is in {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)
    return status


if __name__ == "__main__":
    sys.exit(main())
