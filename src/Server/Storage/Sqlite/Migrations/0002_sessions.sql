-- What ended or changed sessions, in commit order: every node, and every other process on the file, reads what is new.
-- Rows are kept for minutes; a node that comes later than that forgets all it knew.

CREATE TABLE session_change (
    seq        INTEGER PRIMARY KEY,
    account_id BLOB NOT NULL,
    device_id  BLOB NULL,
    is_end     INTEGER NOT NULL,
    at         INTEGER NOT NULL
);

INSERT INTO meta (name, value) VALUES ('session_seq', '0');

-- For clearing away: failures whose window has passed.
CREATE INDEX sign_in_failure_since ON sign_in_failure (since);
