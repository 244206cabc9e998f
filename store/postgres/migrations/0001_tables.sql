-- Records are kept as JSON in columns of type text: an entry's hash is over its very
-- bytes, and jsonb, which some databases mean when they say json, would change them.
-- Beside a record stand only the columns by which it is found.
--
-- Every key leads with the wallet, so that the tables can be distributed by it. Keys
-- and owners compare by bytes, wherever the database is.

-- A row per wallet: what is locked, and all that is ever updated. Room is left in
-- each page so that the next version of a row stays in its page and, as long as
-- owner and due_at stay, needs no new index entries.
CREATE TABLE scrip_wallets (
    id     uuid        NOT NULL PRIMARY KEY,
    seq    bigint      NOT NULL, -- of its last entry; every update compares it
    owner  text        NOT NULL COLLATE "C",
    due_at timestamptz,          -- NULL: nothing ever falls due
    body   text        NOT NULL
) WITH (fillfactor = 50);

CREATE INDEX scrip_wallets_by_owner ON scrip_wallets (owner, id);

CREATE INDEX scrip_wallets_by_due_at ON scrip_wallets (due_at, id) WHERE due_at IS NOT NULL;

-- The journal: a row per entry, only ever added.
CREATE TABLE scrip_entries (
    wallet_id uuid    NOT NULL,
    seq       bigint  NOT NULL,    -- 1, 2, 3, ... in its wallet
    key       text    COLLATE "C", -- NULL: no request made it
    of        bigint,              -- NULL: it unwinds and carries on nothing
    late      boolean NOT NULL,    -- for use that was reported late
    body      text    NOT NULL,
    PRIMARY KEY (wallet_id, seq)
);

-- No request takes effect twice.
CREATE UNIQUE INDEX scrip_entries_by_key ON scrip_entries (wallet_id, key) WHERE key IS NOT NULL;

CREATE INDEX scrip_entries_by_of ON scrip_entries (wallet_id, of, seq) WHERE of IS NOT NULL;

CREATE INDEX scrip_entries_by_late ON scrip_entries (wallet_id, seq) WHERE late;

-- Notices that the host has not acknowledged. What they say is in their entries.
CREATE TABLE scrip_notices (
    wallet_id   uuid        NOT NULL,
    seq         bigint      NOT NULL,
    n           integer     NOT NULL, -- the place in the entry, from 0
    recorded_at timestamptz NOT NULL, -- of the entry
    taken_until timestamptz NOT NULL, -- in the year 1 if nobody has taken it yet
    PRIMARY KEY (wallet_id, seq, n)
);

CREATE INDEX scrip_notices_by_time ON scrip_notices (taken_until, recorded_at, wallet_id, seq, n);
