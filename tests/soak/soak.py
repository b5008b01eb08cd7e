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
import json
import os
import pathlib
import random
import shutil
import signal
import ssl
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True  # the repository is no place for it

from mailboxes import ACCOUNTS, PASSWORD, Line, Mailboxes  # noqa: E402
from witness import Witness  # noqa: E402

DAY = 86400

EVENTS = ["refuse", "reset", "silence", "slow", "portal", "outage", "sleep", "clock", "clock", "check"]
SLEEP = 75  # longer than what the program takes for a busy processor: sync/clockwatch.cpp

# The store is open four times (writer, engine, lists, searches) and once more while a backup or a check of it goes on,
# each time a file and its log, and the log's index once; the threads' event loops and the desktop have a dozen and a
# half, each account while it is checked a connection, what it takes to look up a name, and a file of what it receives.
# One that is left behind by every second check is beyond that within five minutes.
MOST_DESCRIPTORS = 60
# Writer::Private::noteCommitted() moves the log into the file when it grew by 16 MB; it begins anew when nobody reads
# what is older. What one commit writes comes on top, and as much again where a reader stood in the way once.
MOST_LOG_MB = 48
# What is allocated beside SQLite may rise by what fills up to its limit: 10 MB of pixmaps, 4096 rows of lists with their
# texts (6), the faces of fonts and how they shape each script (10). Each message that comes has its place in the lists
# for good. The least of a while counts: 400 kB of lines that are shown just now are 15 MB.
MOST_CACHED_MB = 26
MOST_BYTES_A_MESSAGE = 200
# The program's and the libraries' files, 100; caches of SQLite, 4 times 16, and 64 while a backup is written; our own,
# 50, and as much again that the allocator keeps of the busiest moment of each thread.
MOST_MEMORY_MB = 330


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
        figures.update(self.allocated or {"allocated": None, "sqlite": None})
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
        self.table = None
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
        # A slow machine gets some minutes more, so that everything happens.
        late = time.monotonic() - self.end
        return late < 0 or (late < 600 and bool(self.outstanding()))

    def outstanding(self):
        return {*EVENTS, "kill", "quit"} - set(self.events)

    async def deliver(self):
        while self.goes_on():
            self.mailboxes.deliver()
            await asyncio.sleep(self.rng.uniform(0, 2 * self.options.every))

    async def measure(self):
        while self.goes_on():
            self.note_figures()
            await asyncio.sleep(5)

    def note_figures(self):
        figures = self.program.measure()
        if not figures:
            return
        row = dict(seconds=round(time.monotonic() - self.begun), run=self.program.runs,
                   messages=len(self.witness.hash_of), **figures)
        if self.options.figures and not self.table:
            self.figures = open(self.options.figures, "w", newline="", buffering=1)
            self.table = csv.DictWriter(self.figures, row.keys())
            self.table.writeheader()
        if self.table:
            self.table.writerow(row)
        self.rows.append(row)

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
        for _ in range(2):
            await asyncio.sleep(2)
            self.note_figures()
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
        gone = {ACCOUNTS[a]["name"]: len(self.witness.gone[a]) for a in range(len(ACCOUNTS))}
        minutes = (time.monotonic() - self.begun) / 60
        print(f"soak: seed {self.options.seed}, {minutes:.1f} minutes, {self.mailboxes.number} messages brought, "
              f"{len(self.witness.hash_of)} stored, deleted on the server: {gone}, "
              f"{self.program.runs} runs, {self.program.done * 100} things done by the person, "
              f"{self.witness.looks} looks at the store, {self.witness.misses} in vain, {dict(self.events)}")
        for run in range(1, self.program.runs + 1):
            self.report_run([row for row in self.rows if row["run"] == run and row["allocated"] is not None])
        # A soak in which nothing happened proves nothing.
        if not self.rows or not self.program.done or self.witness.misses * 4 > self.witness.looks:
            self.witness.fault("nothing was measured, nobody walked, or the witness saw too little")
        for what in self.outstanding():
            self.witness.fault(f"{what} never happened")
        for fault in self.witness.faults[:20]:
            print(f"soak: FAULT: {fault}")
        print(f"soak: {len(self.witness.faults)} faults")
        return 1 if self.witness.faults else 0


    def report_run(self, rows):
        if not rows:
            return
        most = {key: max(row[key] for row in rows) for key in rows[0]}
        rows = rows[min(len(rows) - 2, 6):] if len(rows) > 1 else rows * 2  # half a minute later everything was used
        first, last = rows[0], rows[-1]
        third = max(1, len(rows) // 3)
        early, late = (min(row["allocated"] - row["sqlite"] for row in part)
                       for part in (rows[-2 * third:-third], rows[-third:]))
        came = last["messages"] - first["messages"]
        print(f"soak: run {last['run']}: {last['seconds'] - first['seconds']} s, {came} messages. In memory "
              f"{first['VmRSS']:.0f} to {last['VmRSS']:.0f} MB, at most {most['VmRSS']:.0f} (anonymous "
              f"{first['RssAnon']:.0f}, {last['RssAnon']:.0f}, {most['RssAnon']:.0f}); allocated by SQLite "
              f"{first['sqlite']:.1f} to {last['sqlite']:.1f}, by others {early:.1f} to {late:.1f}. Descriptors "
              f"{first['descriptors']} to {last['descriptors']}, at most {most['descriptors']}; log at most "
              f"{most['log'] / 1e6:.1f} MB; store {last['store'] / 1e6:.0f} MB")
        for what, found, bound in (
                ("descriptors", most["descriptors"], MOST_DESCRIPTORS),
                ("MB of write-ahead log", most["log"] / 1e6, MOST_LOG_MB),
                ("MB in memory", most["VmRSS"], MOST_MEMORY_MB),
                ("MB more allocated in the last third", late - early,
                 MOST_CACHED_MB + came * MOST_BYTES_A_MESSAGE / 1e6)):
            if found > bound:
                self.witness.fault(f"run {last['run']}: {found:.1f} {what}, where {bound:.1f} is the most")


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
