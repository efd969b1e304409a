-- Times are milliseconds since 1970 UTC, ids 16-byte UUIDs (big endian), enums camel-case words.
-- Tables that grow with use are append-mostly: WAL logs whole pages, so scattered writes cost the most.

CREATE TABLE meta (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE attribute_definition (
    key      TEXT PRIMARY KEY,
    label    TEXT NOT NULL,
    position INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE account (
    id                  BLOB PRIMARY KEY,
    handle              TEXT NOT NULL UNIQUE,
    name                TEXT NOT NULL,
    role                TEXT NOT NULL,
    attributes          TEXT NOT NULL DEFAULT '{}',
    password_hash       TEXT NULL,
    created_at          INTEGER NOT NULL,
    deactivated_at      INTEGER NULL,
    last_seen_at        INTEGER NULL,
    head_seq            INTEGER NOT NULL DEFAULT 0,
    presence            TEXT NOT NULL DEFAULT 'auto',
    shows_last_seen     INTEGER NOT NULL DEFAULT 1,
    sends_read_receipts INTEGER NOT NULL DEFAULT 1,
    settings_seq        INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;

CREATE TABLE sign_in_failure (
    handle       TEXT PRIMARY KEY,
    failures     INTEGER NOT NULL,
    since        INTEGER NOT NULL,
    locked_until INTEGER NULL
) WITHOUT ROWID;

CREATE TABLE device (
    id                 BLOB PRIMARY KEY,
    account_id         BLOB NOT NULL REFERENCES account (id),
    name               TEXT NOT NULL,
    signed_in_at       INTEGER NOT NULL,
    last_seen_at       INTEGER NOT NULL,
    expires_at         INTEGER NOT NULL,
    revoked_at         INTEGER NULL,
    refresh_nonce      BLOB NOT NULL,
    refresh_generation INTEGER NOT NULL,
    refreshed_at       INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX device_account ON device (account_id);

CREATE TABLE reset_link (
    token_hash BLOB PRIMARY KEY,
    account_id BLOB NOT NULL REFERENCES account (id),
    expires_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX reset_link_account ON reset_link (account_id);

CREATE TABLE conversation (
    id           BLOB PRIMARY KEY,
    kind         TEXT NOT NULL,
    name         TEXT NULL,
    history      TEXT NOT NULL,
    pair         BLOB NULL UNIQUE,
    created_at   INTEGER NOT NULL,
    archived_at  INTEGER NULL,
    member_count INTEGER NOT NULL DEFAULT 0,
    head_seq     INTEGER NOT NULL DEFAULT 0,
    head_number  INTEGER NOT NULL DEFAULT 0,
    receipt_seq  INTEGER NOT NULL DEFAULT 0,
    roster_version INTEGER NOT NULL DEFAULT 0,
    changed_seq  INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;

CREATE TABLE membership (
    conversation_id  BLOB NOT NULL REFERENCES conversation (id),
    account_id       BLOB NOT NULL REFERENCES account (id),
    role             TEXT NOT NULL,
    joined_at        INTEGER NOT NULL,
    joined_number    INTEGER NOT NULL,
    visible_after    INTEGER NOT NULL,
    left_at          INTEGER NULL,
    muted_until      INTEGER NULL,
    changed_seq      INTEGER NOT NULL,
    account_seq      INTEGER NOT NULL,
    delivered_number INTEGER NOT NULL DEFAULT 0,
    read_number      INTEGER NOT NULL DEFAULT 0,
    delivered_at     INTEGER NULL,
    read_at          INTEGER NULL,
    receipt_seq      INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (conversation_id, account_id)
) WITHOUT ROWID;
CREATE INDEX membership_account ON membership (account_id, account_seq);
CREATE INDEX membership_changed ON membership (conversation_id, changed_seq);

-- No foreign keys: the transaction that inserts has just read the conversation and the membership.
CREATE TABLE message (
    row             INTEGER PRIMARY KEY,
    id              BLOB NOT NULL,
    conversation_id BLOB NOT NULL,
    number          INTEGER NOT NULL,
    seq             INTEGER NOT NULL,
    author_id       BLOB NOT NULL,
    body            TEXT NULL,
    sent_hash       INTEGER NOT NULL,
    sent_at         INTEGER NOT NULL,
    edited_at       INTEGER NULL,
    removed_at      INTEGER NULL,
    removed_by      BLOB NULL,
    expired_at      INTEGER NULL,
    version         INTEGER NOT NULL DEFAULT 1,
    changed_seq     INTEGER NULL
);
CREATE UNIQUE INDEX message_id ON message (id);
CREATE UNIQUE INDEX message_number ON message (conversation_id, number);
-- Only what was edited, removed or expired: a new message is found by its number.
CREATE INDEX message_changed ON message (conversation_id, changed_seq) WHERE changed_seq IS NOT NULL;

CREATE TABLE receipt_advance (
    conversation_id BLOB NOT NULL,
    account_id      BLOB NOT NULL,
    kind            TEXT NOT NULL,
    up_to_number    INTEGER NOT NULL,
    at              INTEGER NOT NULL,
    PRIMARY KEY (conversation_id, account_id, kind, up_to_number)
) WITHOUT ROWID;

CREATE TABLE notice (
    account_id      BLOB NOT NULL REFERENCES account (id),
    account_seq     INTEGER NOT NULL,
    conversation_id BLOB NOT NULL,
    message_id      BLOB NOT NULL,
    number          INTEGER NOT NULL,
    undelivered     INTEGER NOT NULL,
    at              INTEGER NOT NULL,
    PRIMARY KEY (account_id, account_seq)
) WITHOUT ROWID;
CREATE UNIQUE INDEX notice_message ON notice (account_id, message_id);

CREATE TABLE outbox (
    id          INTEGER PRIMARY KEY,
    kind        TEXT NOT NULL,
    subject     TEXT NOT NULL,
    payload     TEXT NOT NULL,
    created_at  INTEGER NOT NULL,
    due_at      INTEGER NOT NULL,
    lease_until INTEGER NULL,
    attempts    INTEGER NOT NULL DEFAULT 0,
    last_error  TEXT NULL,
    failed_at   INTEGER NULL,
    UNIQUE (kind, subject)
);
CREATE INDEX outbox_due ON outbox (due_at) WHERE failed_at IS NULL;
