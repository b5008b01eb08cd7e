# SPDX-License-Identifier: GPL-3.0-or-later
"""What became of the mail of the soak, told by nothing of the program's own."""

import collections
import ctypes
import hashlib
import sqlite3

from mailboxes import ACCOUNTS, KEEP_COUNT

THROWN_AWAY = {6, 7}  # FolderRole: Trash, and what can still be taken back of what was deleted there


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
        self.thrown_away = set()  # was ever there
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
            if role in THROWN_AWAY:
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
        """What should have been deleted on the servers by now: everything fetched. Of an account that keeps the newest
        more than twenty may be due at once after an outage, and then the person is asked (needsConsent())."""
        left = len(self.mailboxes.brought[0]) - len(self.gone[0])
        return [f"{left} messages of {ACCOUNTS[0]['name']} are still on the server"] if left else []

    def strangers(self):
        known = [set(self.mailboxes.brought[account].values()) for account in range(len(ACCOUNTS))]
        return [m for m, digest in self.hash_of.items() if digest not in known[self.account_of[m]]]

    def lost_here(self):
        """What nobody deleted must still be here: only what was thrown away may go."""
        return [m for m in self.hash_of if m not in self.role_of and self.last_role[m] not in THROWN_AWAY]
