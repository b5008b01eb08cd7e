-- Schema 3: what the store knows of itself.

CREATE TABLE store_facts (
    name TEXT NOT NULL PRIMARY KEY,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- Tells this store from another that is begun in its place: backups of the one never push out those of the other.
INSERT INTO store_facts (name, value) VALUES ('store', randomblob(16));

-- Backups that were made before stores had such a number are its own where it had mail then.
INSERT INTO store_facts (name, value) SELECT 'older', x'01' WHERE EXISTS (SELECT 1 FROM accounts);
