-- The books of a ledger. Every record is kept as the library encodes it, in body: JSON,
-- whose bytes an entry's hash is taken over, so it is TEXT and never rewritten. Beside it
-- stand only the columns that are looked up or that people read; the library checks on
-- reading that they say what body says.
--
-- Amounts are decimal text: a NUMERIC column turns them into floating point, and so does
-- SUM over text. Instants are microseconds since 1970, UTC. Identifiers are UUIDs in their
-- text form, which orders like their bytes and which people can paste.

-- A wallet is rewritten by every operation on it, and may be larger than a page, so it is
-- a table with a rowid: its indexes stay small, and an update in place leaves them alone.
CREATE TABLE scrip_wallets (
    id        TEXT    NOT NULL PRIMARY KEY,
    seq       INTEGER NOT NULL, -- of its last entry; a writer must have seen it
    owner     TEXT    NOT NULL,
    due_at    INTEGER,          -- when something falls due next; NULL: never
    available TEXT    NOT NULL, -- the sums that people look for, as of the last entry
    held      TEXT    NOT NULL,
    debt      TEXT    NOT NULL,
    pending   TEXT    NOT NULL,
    body      TEXT    NOT NULL
) STRICT;

CREATE INDEX scrip_wallets_owner ON scrip_wallets (owner, id);

CREATE INDEX scrip_wallets_due ON scrip_wallets (due_at, id) WHERE due_at IS NOT NULL;

-- The journal. Rows are only ever added, at the end of the table; the primary key finds a
-- wallet's own in their order.
CREATE TABLE scrip_entries (
    wallet_id TEXT    NOT NULL,
    seq       INTEGER NOT NULL,
    key       TEXT,             -- the idempotency key; NULL: none
    of        INTEGER,          -- the seq of the entry that it unwinds or carries on; NULL: none
    late      INTEGER NOT NULL, -- 1: of use reported late; 0: not
    body      TEXT    NOT NULL,
    PRIMARY KEY (wallet_id, seq)
) STRICT;

-- What makes a repeated request harmless.
CREATE UNIQUE INDEX scrip_entries_key ON scrip_entries (wallet_id, key) WHERE key IS NOT NULL;

CREATE INDEX scrip_entries_of ON scrip_entries (wallet_id, of, seq) WHERE of IS NOT NULL;

CREATE INDEX scrip_entries_late ON scrip_entries (wallet_id, seq) WHERE late;

-- Notices that the host has not acknowledged yet, oldest first by rowid. What each says
-- stands in its entry: the n-th of its notices, from 0.
CREATE TABLE scrip_notices (
    wallet_id   TEXT    NOT NULL,
    seq         INTEGER NOT NULL,
    n           INTEGER NOT NULL,
    taken_until INTEGER NOT NULL, -- until when a delivery is under way; the year 1: never taken
    PRIMARY KEY (wallet_id, seq, n)
) STRICT;

CREATE INDEX scrip_notices_taken ON scrip_notices (taken_until);
