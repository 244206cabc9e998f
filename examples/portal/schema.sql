-- The portal's own tables, beside those of the books in the same database. Times are
-- microseconds since 1970, UTC; amounts are decimal text.

CREATE TABLE IF NOT EXISTS organizations (
    id   TEXT PRIMARY KEY, -- in addresses, and the key of the wallet
    name TEXT NOT NULL,
    zone TEXT NOT NULL     -- the IANA time zone of its pages
) STRICT;

CREATE TABLE IF NOT EXISTS users (
    email        TEXT PRIMARY KEY, -- in lower case
    name         TEXT NOT NULL,
    organization TEXT REFERENCES organizations, -- NULL: one of the agency's staff
    password     TEXT NOT NULL                  -- hashed, see password.go
) STRICT;

CREATE TABLE IF NOT EXISTS sessions (
    token      BLOB PRIMARY KEY, -- its SHA-256: whoever reads this table cannot sign in
    email      TEXT    NOT NULL REFERENCES users,
    expires_at INTEGER NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS requests (
    organization TEXT    NOT NULL REFERENCES organizations,
    id           TEXT    NOT NULL, -- the key of the form that made it
    email        TEXT    NOT NULL,
    item         TEXT    NOT NULL,
    quantity     TEXT    NOT NULL,
    made_at      INTEGER NOT NULL,
    PRIMARY KEY (organization, id)
) STRICT;

CREATE TABLE IF NOT EXISTS orders (
    id           TEXT PRIMARY KEY,
    organization TEXT    NOT NULL REFERENCES organizations,
    form         TEXT    NOT NULL, -- the key of the form that made it
    email        TEXT    NOT NULL,
    package      TEXT    NOT NULL,
    amount       TEXT    NOT NULL, -- the price when it was ordered
    currency     TEXT    NOT NULL,
    status       TEXT    NOT NULL, -- open, granted or stuck
    ordered_at   INTEGER NOT NULL,
    UNIQUE (organization, form)
) STRICT;

CREATE TABLE IF NOT EXISTS invoices (
    number       TEXT PRIMARY KEY, -- 2026-0001, 2026-0002, ... without a gap
    organization TEXT    NOT NULL REFERENCES organizations,
    entry        INTEGER NOT NULL, -- of the organization's journal: what it invoices, once
    issued_at    INTEGER NOT NULL,
    document     TEXT    NOT NULL, -- JSON
    UNIQUE (organization, entry)
) STRICT;

CREATE TABLE IF NOT EXISTS messages (
    id           TEXT PRIMARY KEY, -- of the notice
    organization TEXT    NOT NULL REFERENCES organizations,
    sent_at      INTEGER NOT NULL,
    text         TEXT    NOT NULL
) STRICT;

CREATE INDEX IF NOT EXISTS messages_by_time ON messages (organization, sent_at);
