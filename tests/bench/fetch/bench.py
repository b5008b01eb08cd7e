#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measures getting mail: a floor that throws the bytes away, mpop, and satchel, from one Dovecot on loopback.

fetch        10,000 messages of mixed size, 242 MB, into an empty profile
latency      300 mixed messages at 50 and 300 ms round trip, 10,000 small ones at 300 ms, through a proxy that delays and
             widens its window as TCP does
nothing-new  100,000 messages that are all known
deletions    10,000 small messages that are known, and due to leave the server, at 0, 50 and 300 ms round trip; the floor looks
             at each by TOP before DELE, as satchel does, mpop does not look; all wait for the server's own work at QUIT

Every figure is the median of the rounds. Ratios are taken within each round, where a slow minute of the machine meets
all alike; their median is shown. Each run is checked against the server's log: all messages were sent, or none.
"""
import argparse
import json
import os
import re
import shutil
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
DOVECOT = os.path.join(HERE, "..", "..", "support", "servers", "dovecot.sh")
USER, PASSWORD = "robin", "benchmark"


def say(words):
    print(words, file=sys.stderr, flush=True)


class Process:
    """A helper that says "ready PORT ..." and ends when its standard input does."""

    def __init__(self, *command):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline().split()
        if not line or line[0] != "ready":
            sys.exit(f"bench: {command[0]} did not start")
        self.ports = [int(port) for port in line[1:]]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait(20)


class Server(Process):
    """Dovecot with one mailbox, warmed up so that nobody measures how it makes its index."""

    def __init__(self, bench, directory, corpus):
        self.directory = directory
        maildir = os.path.join(directory, "home", USER, "Maildir")
        os.makedirs(maildir)
        say(f"bench: making {corpus} ...")
        made = subprocess.run(
            [sys.executable, os.path.join(HERE, "make-corpus.py"), maildir, *corpus.split()],
            check=True,
            capture_output=True,
            text=True,
        )
        self.count, self.bytes = (int(n) for n in made.stdout.split())
        super().__init__(DOVECOT, "--attached", "--user", f"{USER}:{PASSWORD}", directory)
        # Dovecot learns the sizes at the first listing.
        for _ in range(2):
            bench.run([bench.tool("popfloor"), str(self.ports[0]), USER, PASSWORD, "none"], 600)

    def sent(self):
        """How many messages the last session fetched."""
        for _ in range(100):
            with open(os.path.join(self.directory, "dovecot.log"), encoding="utf-8") as log:
                ends = re.findall(r"Disconnected: .*?retr=(\d+)/", log.read())
            if len(ends) > self.seen:
                self.seen = len(ends)
                return int(ends[-1])
            time.sleep(0.05)
        sys.exit("bench: the server logged no session")

    seen = 0


class Bench:
    def __init__(self, chosen):
        self.program = os.path.abspath(chosen.program) if os.sep in chosen.program else shutil.which(chosen.program)
        self.tools = chosen.tools or os.path.dirname(os.path.realpath(self.program))
        self.rounds = chosen.rounds
        self.limit = chosen.limit
        self.only = chosen.only
        self.work = tempfile.mkdtemp(prefix="sb.", dir=chosen.work)
        os.chmod(self.work, 0o711)
        self.number = 0

    def tool(self, name):
        prefix = "satchel-test-" if name == "faultproxy" else "satchel-bench-"
        path = os.path.join(self.tools, prefix + name)
        if not os.access(path, os.X_OK):
            sys.exit(f"bench: {path} is missing; build all targets, or say where with --tools")
        return path

    def fresh(self):
        self.number += 1
        path = os.path.join(self.work, f"r{self.number}")
        os.mkdir(path, 0o700)
        return path

    def run(self, command, limit=None, environment=None):
        """Wall time, CPU time and peak memory of a command that must succeed."""
        done = subprocess.run(
            [self.tool("measure"), str(limit or self.limit), *command],
            capture_output=True,
            text=True,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
        )
        taken = json.loads(done.stdout)
        if taken["status"] != 0:
            sys.exit(f"bench: {' '.join(command)} ended with {taken['status']}:\n{done.stderr[-2000:]}")
        return taken

    # Each client: how it is prepared in a folder of its own, and the command.

    def floor(self, _folder, port, window):
        return [self.tool("popfloor"), str(port), USER, PASSWORD, window], {}

    def mpop(self, folder, port, _window):
        configuration = os.path.join(folder, "mpoprc")
        mail = os.path.join(folder, "mail")
        for part in ("cur", "new", "tmp"):
            os.makedirs(os.path.join(mail, part), exist_ok=True)
        with open(configuration, "w", encoding="utf-8") as file:
            file.write(
                f"account bench\nhost 127.0.0.1\nport {port}\nuser {USER}\nauth user\npassword {PASSWORD}\ntls off\n"
                f"keep {self.keep}\n"
                f"timeout 180\nreceived_header off\nuidls_file {folder}/uidls\ndelivery maildir {mail}\n"
            )
        os.chmod(configuration, 0o600)
        return ["mpop", "-Q", "-C", configuration, "bench"], {}

    def satchel(self, folder, port, _window):
        account = os.path.join(folder, "account.json")
        with open(account, "w", encoding="utf-8") as file:
            json.dump(
                {
                    "name": "Bench",
                    "address": "robin@example.org",
                    "host": "127.0.0.1",
                    "port": port,
                    "security": "plain",
                    "user": USER,
                    "keep": "forever",
                },
                file,
            )
        return [self.program, "--profile", os.path.join(folder, "profile"), "--account-file", account, "--fetch"], {
            "SATCHEL_DEMO_PASSWORD": PASSWORD,
            "QT_QPA_PLATFORM": "offscreen",
        }

    def clients(self, floors):
        chosen = [(f"floor, {what}", self.floor, window) for what, window in floors]
        chosen += [("mpop, maildir", self.mpop, ""), ("satchel", self.satchel, "")]
        return [client for client in chosen if not self.only or client[0].split(",")[0] in self.only]

    def measure(self, title, server, port, floors, known=False, rounds=None):
        """All clients in turn, round by round, so that a slow minute of the machine meets them all."""
        rounds = rounds or self.rounds
        clients = self.clients(floors)
        taken = {name: [] for name, *_ in clients}
        kept = {}
        sizes = {}
        if known:
            for name, client, window in clients:
                if window:
                    continue
                kept[name] = self.fresh()
                say(f"bench: {title}: {name} gets to know them ...")
                command, environment = client(kept[name], server.ports[0], window)
                self.run(command, max(self.limit, 1800), environment)
                server.sent()
        for number in range(rounds):
            for name, client, window in clients:
                folder = kept.get(name) or self.fresh()
                command, environment = client(folder, port, window)
                os.sync()
                say(f"bench: {title}: round {number + 1} of {rounds}, {name} ...")
                taken[name].append(self.run(command, None, environment))
                expected = 0 if known else server.count
                if (sent := server.sent()) != expected:
                    sys.exit(f"bench: {name} fetched {sent} messages, not {expected}")
                if name == "satchel":
                    sizes[name] = sum(
                        os.path.getsize(os.path.join(at, file))
                        for at, _, files in os.walk(os.path.join(folder, "profile"))
                        for file in files
                    )
                if folder not in kept.values():
                    shutil.rmtree(folder)
        self.table(title, server, taken, sizes if not known else {})
        for folder in kept.values():
            shutil.rmtree(folder)

    @staticmethod
    def table(title, server, taken, sizes):
        print(f"\n{title}")
        print(f"  {'':<24}{'wall':>9}{'CPU':>10}{'peak memory':>14}")
        for name, runs in taken.items():
            wall, cpu, memory = (statistics.median(run[what] for run in runs) for what in ("wall", "cpu", "memory"))
            print(f"  {name:<24}{wall:>7.2f} s{cpu:>8.2f} s{memory / 1e6:>11.0f} MB")
        for other, runs in taken.items():
            if other == "satchel" or "satchel" not in taken:
                continue
            wall, cpu = (
                statistics.median(own[what] / max(run[what], 0.001) for own, run in zip(taken["satchel"], runs))
                for what in ("wall", "cpu")
            )
            print(f"  satchel takes {wall:.2f} of the time and {cpu:.2f} of the CPU of: {other}")
        for name, size in sizes.items():
            print(
                f"  {name} keeps them with its index in {size / 1e6:.0f} MB; as received they are "
                f"{server.bytes / 1e6:.0f} MB"
                f" ({size / server.bytes:.2f}x)"
            )
        sys.stdout.flush()

    def fetch(self):
        floors = [("all in flight", "all"), ("one by one", "1")]
        with Server(self, os.path.join(self.work, "s1"), f"--messages {self.size(10_000)}") as server:
            self.measure(
                f"Fetch {server.count:,} messages, {server.bytes / 1e6:.0f} MB, loopback",
                server,
                server.ports[0],
                floors,
            )

    def latency(self):
        floors = [("all in flight", "all")]
        with Server(self, os.path.join(self.work, "s1"), f"--messages {self.size(300)}") as server:
            for milliseconds in (50, 300):
                with Process(self.tool("faultproxy"), "--slow-start", "--round-trip", str(milliseconds), str(server.ports[0])) as line:
                    self.measure(
                        f"Fetch {server.count:,} messages, {server.bytes / 1e6:.1f} MB, {milliseconds} ms round trip",
                        server,
                        line.ports[0],
                        floors,
                    )
        with Server(self, os.path.join(self.work, "s2"), f"--messages {self.size(10_000)} --small") as server:
            with Process(self.tool("faultproxy"), "--slow-start", "--round-trip", "300", str(server.ports[0])) as line:
                self.measure(
                    f"Fetch {server.count:,} small messages, {server.bytes / 1e6:.1f} MB, 300 ms round trip",
                    server,
                    line.ports[0],
                    floors,
                    rounds=min(2, self.rounds),
                )

    def nothing_new(self):
        with Server(self, os.path.join(self.work, "s1"), f"--messages {self.size(100_000)} --small") as server:
            self.measure(
                f"Nothing new among {server.count:,} messages",
                server,
                server.ports[0],
                [("UIDL only", "none")],
                known=True,
            )

    def deletions(self):
        with Server(self, os.path.join(self.work, "s1"), f"--messages {self.size(10_000)} --small") as server:
            maildir = os.path.join(server.directory, "home", USER, "Maildir")
            full = os.path.join(self.work, "full")
            clients = self.clients([("TOP, then DELE", "delete")])
            known = {}
            for name, client, window in clients:
                if window:
                    continue
                known[name] = self.fresh()
                say(f"bench: deletions: {name} gets to know them ...")
                command, environment = client(known[name], server.ports[0], window)
                self.run(command, max(self.limit, 1800), environment)
                server.sent()
            subprocess.run(["cp", "-a", maildir, full], check=True)
            self.keep = "off"
            for milliseconds in (0, 50, 300):
                with Process(
                    self.tool("faultproxy"), "--slow-start", "--round-trip", str(milliseconds), str(server.ports[0])
                ) as line:
                    port = line.ports[0] if milliseconds else server.ports[0]
                    taken = {name: [] for name, *_ in clients}
                    for number in range(self.rounds):
                        for name, client, window in clients:
                            self.refill(maildir, full)
                            folder = self.fresh()
                            if name in known:
                                shutil.rmtree(folder)
                                shutil.copytree(known[name], folder, symlinks=True)
                                self.let_go(folder)
                            command, environment = client(folder, port, window)
                            os.sync()
                            say(f"bench: deletions: {milliseconds} ms, round {number + 1} of {self.rounds}, {name} ...")
                            taken[name].append(self.run(command, None, environment))
                            if sent := server.sent():
                                sys.exit(f"bench: {name} fetched {sent} messages")
                            if left := sum(len(os.listdir(os.path.join(maildir, part))) for part in ("cur", "new")):
                                sys.exit(f"bench: {name} left {left} messages on the server")
                            shutil.rmtree(folder)
                    self.table(f"Delete {server.count:,} known messages, {milliseconds} ms round trip", server, taken, {})

    @staticmethod
    def refill(maildir, full):
        """The mailbox as it was, with the server's own notes, so that the UIDLs are the same."""
        for name in os.listdir(maildir):
            path = os.path.join(maildir, name)
            shutil.rmtree(path) if os.path.isdir(path) else os.unlink(path)
        subprocess.run(["cp", "-a", full + "/.", maildir], check=True)

    @staticmethod
    def let_go(folder):
        """What was kept on the server so far is to leave it."""
        store = os.path.join(folder, "profile", "mail.sqlite")
        if os.path.exists(store):
            with sqlite3.connect(store) as database:
                database.execute("UPDATE accounts SET retention = 1")

    keep = "on"

    def size(self, count):
        return max(10, int(count * self.scale))

    scale = 1.0

    def close(self):
        for _ in range(5):
            shutil.rmtree(self.work, ignore_errors=True)
            if not os.path.exists(self.work):
                return
            time.sleep(0.3)


def main():
    options = argparse.ArgumentParser(
        prog="bench-fetch.sh", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("mode", choices=["fetch", "latency", "nothing-new", "deletions"])
    options.add_argument("program", help="satchel")
    options.add_argument("--tools", help="folder of the measuring tools; that of the program when not given")
    options.add_argument("--rounds", type=int, default=int(os.environ.get("SATCHEL_FETCH_ROUNDS") or 3))
    options.add_argument("--limit", type=int, default=300, help="seconds that one run may take (300)")
    options.add_argument("--scale", type=float, default=1.0, help="of the number of messages: 0.01 to try it out")
    options.add_argument("--only", action="append", choices=["floor", "mpop", "satchel"], help="may come several times")
    options.add_argument(
        "--work", default="/tmp", help="folder for the mail, with some 2 GB free and a short name (/tmp)"
    )
    chosen = options.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    bench = Bench(chosen)
    bench.scale = chosen.scale
    try:
        modes = {
            "fetch": bench.fetch,
            "latency": bench.latency,
            "nothing-new": bench.nothing_new,
            "deletions": bench.deletions,
        }
        modes[chosen.mode]()
    finally:
        bench.close()


if __name__ == "__main__":
    main()
