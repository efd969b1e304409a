-- Times are milliseconds since 1970 UTC, enums camel-case words: the same values as on SQLite.

CREATE TABLE meta (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE attribute_definition (
    key      TEXT PRIMARY KEY,
    label    TEXT NOT NULL,
    position BIGINT NOT NULL
);

CREATE TABLE account (
    id                  UUID PRIMARY KEY,
    handle              TEXT NOT NULL UNIQUE,
    name                TEXT NOT NULL,
    role                TEXT NOT NULL,
    attributes          TEXT NOT NULL DEFAULT '{}',
    password_hash       TEXT NULL,
    created_at          BIGINT NOT NULL,
    deactivated_at      BIGINT NULL,
    last_seen_at        BIGINT NULL,
    head_seq            BIGINT NOT NULL DEFAULT 0,
    presence            TEXT NOT NULL DEFAULT 'auto',
    shows_last_seen     BIGINT NOT NULL DEFAULT 1,
    sends_read_receipts BIGINT NOT NULL DEFAULT 1,
    settings_seq        BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE sign_in_failure (
    handle       TEXT PRIMARY KEY,
    failures     BIGINT NOT NULL,
    since        BIGINT NOT NULL,
    locked_until BIGINT NULL
);

CREATE TABLE device (
    id                 UUID PRIMARY KEY,
    account_id         UUID NOT NULL REFERENCES account (id),
    name               TEXT NOT NULL,
    signed_in_at       BIGINT NOT NULL,
    last_seen_at       BIGINT NOT NULL,
    expires_at         BIGINT NOT NULL,
    revoked_at         BIGINT NULL,
    refresh_nonce      BYTEA NOT NULL,
    refresh_generation BIGINT NOT NULL,
    refreshed_at       BIGINT NOT NULL
);
CREATE INDEX device_account ON device (account_id);

CREATE TABLE reset_link (
    token_hash BYTEA PRIMARY KEY,
    account_id UUID NOT NULL REFERENCES account (id),
    expires_at BIGINT NOT NULL
);
CREATE INDEX reset_link_account ON reset_link (account_id);

CREATE TABLE conversation (
    id           UUID PRIMARY KEY,
    kind         TEXT NOT NULL,
    name         TEXT NULL,
    history      TEXT NOT NULL,
    pair         BYTEA NULL UNIQUE,
    created_at   BIGINT NOT NULL,
    archived_at  BIGINT NULL,
    member_count BIGINT NOT NULL DEFAULT 0,
    head_seq     BIGINT NOT NULL DEFAULT 0,
    head_number  BIGINT NOT NULL DEFAULT 0,
    receipt_seq  BIGINT NOT NULL DEFAULT 0,
    roster_version BIGINT NOT NULL DEFAULT 0,
    changed_seq  BIGINT NOT NULL DEFAULT 0
) WITH (fillfactor = 50);

CREATE TABLE membership (
    conversation_id  UUID NOT NULL REFERENCES conversation (id),
    account_id       UUID NOT NULL REFERENCES account (id),
    role             TEXT NOT NULL,
    joined_at        BIGINT NOT NULL,
    joined_number    BIGINT NOT NULL,
    visible_after    BIGINT NOT NULL,
    left_at          BIGINT NULL,
    muted_until      BIGINT NULL,
    changed_seq      BIGINT NOT NULL,
    account_seq      BIGINT NOT NULL,
    delivered_number BIGINT NOT NULL DEFAULT 0,
    read_number      BIGINT NOT NULL DEFAULT 0,
    delivered_at     BIGINT NULL,
    read_at          BIGINT NULL,
    receipt_seq      BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (conversation_id, account_id)
) WITH (fillfactor = 70);
CREATE INDEX membership_account ON membership (account_id, account_seq);
CREATE INDEX membership_changed ON membership (conversation_id, changed_seq);

-- No foreign keys: the transaction that inserts has just read the conversation and the membership.
CREATE TABLE message (
    row             BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id              UUID NOT NULL,
    conversation_id UUID NOT NULL,
    number          BIGINT NOT NULL,
    seq             BIGINT NOT NULL,
    author_id       UUID NOT NULL,
    body            TEXT NULL,
    sent_hash       BIGINT NOT NULL,
    sent_at         BIGINT NOT NULL,
    edited_at       BIGINT NULL,
    removed_at      BIGINT NULL,
    removed_by      UUID NULL,
    expired_at      BIGINT NULL,
    version         BIGINT NOT NULL DEFAULT 1,
    changed_seq     BIGINT NULL
);
CREATE UNIQUE INDEX message_id ON message (id);
CREATE UNIQUE INDEX message_number ON message (conversation_id, number);
-- Only what was edited, removed or expired: a new message is found by its number.
CREATE INDEX message_changed ON message (conversation_id, changed_seq) WHERE changed_seq IS NOT NULL;

CREATE TABLE receipt_advance (
    conversation_id UUID NOT NULL,
    account_id      UUID NOT NULL,
    kind            TEXT NOT NULL,
    up_to_number    BIGINT NOT NULL,
    at              BIGINT NOT NULL,
    PRIMARY KEY (conversation_id, account_id, kind, up_to_number)
);

CREATE TABLE notice (
    account_id      UUID NOT NULL REFERENCES account (id),
    account_seq     BIGINT NOT NULL,
    conversation_id UUID NOT NULL,
    message_id      UUID NOT NULL,
    number          BIGINT NOT NULL,
    undelivered     BIGINT NOT NULL,
    at              BIGINT NOT NULL,
    PRIMARY KEY (account_id, account_seq)
);
CREATE UNIQUE INDEX notice_message ON notice (account_id, message_id);

CREATE TABLE outbox (
    id          BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind        TEXT NOT NULL,
    subject     TEXT NOT NULL,
    payload     TEXT NOT NULL,
    created_at  BIGINT NOT NULL,
    due_at      BIGINT NOT NULL,
    lease_until BIGINT NULL,
    attempts    BIGINT NOT NULL DEFAULT 0,
    last_error  TEXT NULL,
    failed_at   BIGINT NULL,
    UNIQUE (kind, subject)
);
CREATE INDEX outbox_due ON outbox (due_at) WHERE failed_at IS NULL;
