-- Schema 4: mail can be listed by when it arrived, and the date of a clock that was wrong puts none on top for years.

CREATE INDEX messages_by_arrival ON messages (folder_id, stored);

CREATE INDEX messages_with_attachment ON messages (folder_id) WHERE flags & 4 <> 0;

-- A day ahead of its arrival, or from before there was such mail (1990).
UPDATE messages SET date = stored WHERE stored > 0 AND (date > stored + 86400000 OR date < 631152000000);

-- Messages below this number were read by an older program, which found other words and other files in them; they are read
-- again from the newest on, and the number goes down to 0. A step that comes with better reading sets it anew.
CREATE TABLE renewal (
    below INTEGER NOT NULL
) STRICT;

INSERT INTO renewal (below) SELECT ifnull(max(id), -1) + 1 FROM messages;
