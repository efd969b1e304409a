-- What ended or changed sessions, in commit order: every node reads what is new.
-- Rows are kept for minutes; a node that comes later than that forgets all it knew.

CREATE TABLE session_change (
    seq        BIGINT PRIMARY KEY,
    account_id UUID NOT NULL,
    device_id  UUID NULL,
    is_end     BIGINT NOT NULL,
    at         BIGINT NOT NULL
);

INSERT INTO meta (name, value) VALUES ('session_seq', '0');

-- For clearing away: failures whose window has passed.
CREATE INDEX sign_in_failure_since ON sign_in_failure (since);
