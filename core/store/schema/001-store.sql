-- Schema 1. Statements end with a semicolon followed by an empty line; a trigger holds no empty line inside.
--
-- Times are milliseconds since 1970 in UTC, 0 where there is none. NULL stands only where a reference is missing.

CREATE TABLE accounts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    person_name TEXT NOT NULL,
    address TEXT NOT NULL,
    host TEXT NOT NULL,
    port INTEGER NOT NULL,
    security INTEGER NOT NULL,
    user_name TEXT NOT NULL,
    mechanism TEXT NOT NULL,
    retention INTEGER NOT NULL,
    keep_days INTEGER NOT NULL,
    delete_when_deleted_here INTEGER NOT NULL,
    size_limit INTEGER NOT NULL,
    check_every_minutes INTEGER NOT NULL,
    enabled INTEGER NOT NULL,
    trusted_certificate BLOB NOT NULL,
    position INTEGER NOT NULL
) STRICT;

CREATE TABLE folders (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    parent_id INTEGER REFERENCES folders (id),
    role INTEGER NOT NULL,
    name TEXT NOT NULL,
    total INTEGER NOT NULL DEFAULT 0 CHECK (total >= 0),
    unread INTEGER NOT NULL DEFAULT 0 CHECK (unread >= 0 AND unread <= total)
) STRICT;

CREATE UNIQUE INDEX folders_by_role ON folders (account_id, role) WHERE role <> 0;

CREATE UNIQUE INDEX folders_by_name ON folders (account_id, ifnull(parent_id, 0), name) WHERE role = 0;

CREATE INDEX folders_by_parent ON folders (parent_id) WHERE parent_id IS NOT NULL;

-- The bytes as received, one row for all messages that are equal byte for byte.
CREATE TABLE sources (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    sha256 BLOB NOT NULL UNIQUE,
    content_hash BLOB NOT NULL,
    size INTEGER NOT NULL,
    zstd BLOB NOT NULL
) STRICT;

-- What changes and what is sorted by: narrow, so that flags and searches touch few pages.
CREATE TABLE messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    folder_id INTEGER NOT NULL REFERENCES folders (id),
    source_id INTEGER NOT NULL REFERENCES sources (id),
    flags INTEGER NOT NULL,
    date INTEGER NOT NULL,
    stored INTEGER NOT NULL,
    size INTEGER NOT NULL,
    sender_key TEXT NOT NULL,
    subject_key TEXT NOT NULL
) STRICT;

-- One index per sort that is offered; each ends with the id, which breaks ties.
CREATE INDEX messages_by_date ON messages (folder_id, date);

CREATE INDEX messages_by_sender ON messages (folder_id, sender_key);

CREATE INDEX messages_by_subject ON messages (folder_id, subject_key);

CREATE INDEX messages_by_size ON messages (folder_id, size);

CREATE INDEX messages_unread ON messages (folder_id) WHERE flags & 1 = 0;

CREATE INDEX messages_starred ON messages (folder_id) WHERE flags & 2 <> 0;

CREATE INDEX messages_by_source ON messages (source_id);

-- What a list shows of a message; never changes.
CREATE TABLE envelopes (
    id INTEGER PRIMARY KEY REFERENCES messages (id) ON DELETE CASCADE,
    sender_name TEXT NOT NULL,
    sender_address TEXT NOT NULL,
    recipients TEXT NOT NULL,
    subject TEXT NOT NULL,
    preview TEXT NOT NULL,
    message_id BLOB NOT NULL,
    refs BLOB NOT NULL
) STRICT;

-- The folder counters are exact because nothing else writes them.
CREATE TRIGGER messages_inserted AFTER INSERT ON messages
BEGIN
    UPDATE folders SET total = total + 1, unread = unread + (NEW.flags & 1 = 0) WHERE id = NEW.folder_id;
END;

CREATE TRIGGER messages_read AFTER UPDATE OF flags ON messages WHEN OLD.flags & 1 <> NEW.flags & 1
BEGIN
    UPDATE folders SET unread = unread + (NEW.flags & 1 = 0) - (OLD.flags & 1 = 0) WHERE id = NEW.folder_id;
END;

CREATE TRIGGER messages_moved AFTER UPDATE OF folder_id ON messages WHEN OLD.folder_id <> NEW.folder_id
BEGIN
    UPDATE folders SET total = total - 1, unread = unread - (OLD.flags & 1 = 0) WHERE id = OLD.folder_id;
    UPDATE folders SET total = total + 1, unread = unread + (NEW.flags & 1 = 0) WHERE id = NEW.folder_id;
END;

CREATE TRIGGER messages_deleted AFTER DELETE ON messages
BEGIN
    UPDATE folders SET total = total - 1, unread = unread - (OLD.flags & 1 = 0) WHERE id = OLD.folder_id;
    DELETE FROM sources WHERE id = OLD.source_id
        AND NOT EXISTS (SELECT 1 FROM messages WHERE source_id = OLD.source_id);
END;

-- The ledger: what is known of the messages on the servers. Rows outlive the message here and there.
CREATE TABLE uidls (
    account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    uidl BLOB NOT NULL,
    occurrence INTEGER NOT NULL,
    state INTEGER NOT NULL,
    server_size INTEGER NOT NULL,
    sha256 BLOB NOT NULL,
    message_id INTEGER REFERENCES messages (id) ON DELETE SET NULL,
    first_seen INTEGER NOT NULL,
    stored_at INTEGER NOT NULL,
    absent_since INTEGER NOT NULL,
    delete_wished INTEGER NOT NULL,
    skipped INTEGER NOT NULL,
    failures INTEGER NOT NULL,
    last_failure INTEGER NOT NULL,
    PRIMARY KEY (account_id, uidl, occurrence)
) STRICT, WITHOUT ROWID;

CREATE INDEX uidls_by_message ON uidls (message_id) WHERE message_id IS NOT NULL;

CREATE TABLE account_facts (
    account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    value BLOB NOT NULL,
    PRIMARY KEY (account_id, name)
) STRICT, WITHOUT ROWID;

-- Rowids are message ids, so that the newest hits come first without a sort. The text was folded and parted into
-- words before, marks of Indic scripts and all: 'ascii' parts at blanks only. The prefix indexes let a short beginning of
-- a word be found as fast as a whole one; merging the lists of all words that begin so takes seconds in a large store.
CREATE VIRTUAL TABLE search USING fts5 (
    sender, recipients, subject, body, files,
    content = '', contentless_delete = 1, tokenize = 'ascii', prefix = '2 3'
);

-- Half as much rewriting as with 4, for segments that cost a search nothing that can be felt.
INSERT INTO search (search, rank) VALUES ('automerge', 8);
