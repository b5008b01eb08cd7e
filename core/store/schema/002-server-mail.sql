-- Schema 2: more ways to keep mail on a server, what was deleted there, and how a message is known again.

ALTER TABLE accounts ADD COLUMN keep_count INTEGER NOT NULL DEFAULT 500;

ALTER TABLE accounts ADD COLUMN keep_megabytes INTEGER NOT NULL DEFAULT 500;

ALTER TABLE accounts ADD COLUMN delete_at_once INTEGER NOT NULL DEFAULT 0;

ALTER TABLE accounts ADD COLUMN recent_mode INTEGER NOT NULL DEFAULT 0;

-- Hash of the header as every server gives it out; empty where the message was stored by an older program.
ALTER TABLE uidls ADD COLUMN header_hash BLOB NOT NULL DEFAULT x'';

CREATE INDEX uidls_by_header ON uidls (account_id, header_hash) WHERE header_hash <> x'';

-- One row for each deletion that a server accepted: proof for the person, never read by the program itself.
CREATE TABLE deletions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    uidl BLOB NOT NULL,
    sender TEXT NOT NULL,
    subject TEXT NOT NULL,
    rule INTEGER NOT NULL,
    at INTEGER NOT NULL,
    message_id INTEGER NOT NULL
) STRICT;

CREATE INDEX deletions_by_account ON deletions (account_id, id);

-- The index is rewritten where half of a segment was deleted, not a tenth: emptying Trash rewrote it again and again.
INSERT INTO search (search, rank) VALUES ('deletemerge', 50);

-- 1: only the beginning of the message is stored here (message_id names it, stored_at stays 0).
ALTER TABLE uidls ADD COLUMN stub INTEGER NOT NULL DEFAULT 0;

-- 1: the person wants the whole message, whatever its size.
ALTER TABLE uidls ADD COLUMN whole_wished INTEGER NOT NULL DEFAULT 0;

-- What the person ordered by hand for the copy on the server: 0 nothing, 1 delete it if it is stored here, 2 delete it
-- though it is lost then. Taken back when the message is not listed any more: its UIDL may come to name another one.
ALTER TABLE uidls ADD COLUMN delete_order INTEGER NOT NULL DEFAULT 0;

-- What the header said of a message that was ordered to be deleted without being stored: for the log of deletions.
ALTER TABLE uidls ADD COLUMN known_sender TEXT NOT NULL DEFAULT '';

ALTER TABLE uidls ADD COLUMN known_subject TEXT NOT NULL DEFAULT '';

-- A message that takes the place of its own beginning leaves those bytes behind.
CREATE TRIGGER messages_completed AFTER UPDATE OF source_id ON messages WHEN OLD.source_id <> NEW.source_id
BEGIN
    DELETE FROM sources WHERE id = OLD.source_id
        AND NOT EXISTS (SELECT 1 FROM messages WHERE source_id = OLD.source_id);
END;

ALTER TABLE accounts ADD COLUMN colour INTEGER NOT NULL DEFAULT 0;

-- 1 where the row comes from a backup or from a damaged file: the server may have given the UIDL to another message since.
ALTER TABLE uidls ADD COLUMN doubted INTEGER NOT NULL DEFAULT 0;

ALTER TABLE accounts ADD COLUMN old_tls INTEGER NOT NULL DEFAULT 0;

ALTER TABLE accounts ADD COLUMN utf8 INTEGER NOT NULL DEFAULT 1;

-- Another program has it: not fetched, and never a reason to delete it there.
ALTER TABLE uidls ADD COLUMN elsewhere INTEGER NOT NULL DEFAULT 0;

-- What other programs wrote down of a mailbox, until it is met in a listing. The form says how they write.
CREATE TABLE fetched_elsewhere (
    account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    form INTEGER NOT NULL,
    uidl BLOB NOT NULL,
    program TEXT NOT NULL,
    PRIMARY KEY (account_id, form, uidl)
) STRICT, WITHOUT ROWID;

ALTER TABLE accounts ADD COLUMN certificate_file TEXT NOT NULL DEFAULT '';

ALTER TABLE accounts ADD COLUMN token_program TEXT NOT NULL DEFAULT '';
