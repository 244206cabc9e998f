-- What people read. All amounts are the text that the library wrote: do not add them up
-- with SUM, which makes floating point of them.

-- What each wallet had when its last entry was written. What fell due since then shows
-- when the wallet is settled.
CREATE VIEW scrip_balances AS
SELECT
    id                                     AS wallet_id,
    owner,
    body ->> '$.unit.name'                 AS unit,
    body ->> '$.status'                    AS status,
    available,
    held,
    debt,
    coalesce(body ->> '$.balance', '0')    AS total, -- available + held - debt
    pending,                                         -- granted, not yet in effect
    body ->> '$.settled_at'                AS as_of,
    seq
FROM scrip_wallets;

-- The grants that each wallet still carries, in the order in which they are spent.
CREATE VIEW scrip_grants AS
SELECT
    w.id                                   AS wallet_id,
    w.owner,
    g.key + 1                              AS place,
    g.value ->> '$.id'                     AS grant_id,
    g.value ->> '$.name'                   AS name,
    g.value ->> '$.source'                 AS source,
    g.value ->> '$.bucket'                 AS bucket,
    g.value ->> '$.amount'                 AS amount,
    coalesce(g.value ->> '$.remaining', '0') AS remaining,
    coalesce(g.value ->> '$.held', '0')    AS held,
    coalesce(g.value ->> '$.expired', '0') AS expired,
    g.value ->> '$.paid.amount'            AS paid,
    g.value ->> '$.paid.currency'          AS currency,
    g.value ->> '$.priority'               AS priority,
    g.value ->> '$.effective_at'           AS effective_at,
    g.value ->> '$.expires_at'             AS expires_at,
    g.value ->> '$.package'                AS package,
    g.value ->> '$.reference'              AS reference
FROM scrip_wallets AS w, json_each(w.body, '$.grants') AS g;

-- The journal, a line an entry: what it changed and what the wallet had after it.
CREATE VIEW scrip_statement AS
SELECT
    wallet_id,
    seq,
    body ->> '$.kind'                      AS kind,
    body ->> '$.effective_at'              AS effective_at,
    body ->> '$.recorded_at'               AS recorded_at,
    coalesce(body ->> '$.change', '0')     AS change,
    coalesce(body ->> '$.balance', '0')    AS balance,
    key,
    of,
    body ->> '$.reference'                 AS reference,
    body ->> '$.reason'                    AS reason,
    body ->> '$.actor'                     AS actor
FROM scrip_entries;
