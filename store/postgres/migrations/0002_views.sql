-- What people read. Amounts are text in the records and become numeric here, which
-- is exact; the ledger leaves out what is zero.

-- A row per wallet, as it was when it was last settled:
-- total = available + held - debt, with pending in none of them.
CREATE VIEW scrip_balances AS
SELECT
    w.id AS wallet_id,
    w.owner,
    w.record -> 'unit' ->> 'name' AS unit,
    w.record ->> 'status' AS status,
    g.available,
    g.held,
    d.debt,
    coalesce((w.record ->> 'balance')::numeric, 0) AS total,
    g.pending,
    w.settled_at,
    w.due_at,
    w.seq
FROM (
    SELECT id, seq, owner, due_at, body::json AS record, (body::json ->> 'settled_at')::timestamptz AS settled_at
    FROM scrip_wallets
) AS w
CROSS JOIN LATERAL (
    SELECT
        coalesce(sum(remaining) FILTER (WHERE effective_at <= w.settled_at), 0) AS available,
        coalesce(sum(remaining) FILTER (WHERE effective_at > w.settled_at), 0) AS pending,
        coalesce(sum(held), 0) AS held
    FROM json_to_recordset(w.record -> 'grants') AS r (remaining numeric, held numeric, effective_at timestamptz)
) AS g
CROSS JOIN LATERAL (
    SELECT coalesce(sum(amount), 0) AS debt
    FROM json_to_recordset(w.record -> 'debts') AS r (amount numeric)
) AS d;

-- A row per open grant. place is the order in which a wallet's grants are spent.
CREATE VIEW scrip_grants AS
SELECT
    w.id AS wallet_id,
    w.owner,
    g.place,
    g.record ->> 'id' AS grant_id,
    g.record ->> 'name' AS name,
    g.record ->> 'source' AS source,
    g.record ->> 'bucket' AS bucket,
    (g.record ->> 'amount')::numeric AS amount,
    coalesce((g.record ->> 'remaining')::numeric, 0) AS remaining,
    coalesce((g.record ->> 'held')::numeric, 0) AS held,
    coalesce((g.record ->> 'expired')::numeric, 0) AS expired,
    (g.record ->> 'priority')::integer AS priority,
    g.record -> 'scope' AS scope,
    g.record -> 'paid' AS paid,
    (g.record ->> 'issued_at')::timestamptz AS issued_at,
    (g.record ->> 'effective_at')::timestamptz AS effective_at,
    (g.record ->> 'expires_at')::timestamptz AS expires_at -- NULL: never
FROM scrip_wallets AS w
CROSS JOIN LATERAL json_array_elements(w.body::json -> 'grants') WITH ORDINALITY AS g (record, place);

-- A row per entry of the journal. change is to the wallet's balance, amount what
-- its parts cost together, and overage what of that no credit paid.
CREATE VIEW scrip_statement AS
SELECT
    e.wallet_id,
    e.seq,
    e.record ->> 'kind' AS kind,
    (e.record ->> 'effective_at')::timestamptz AS effective_at,
    (e.record ->> 'recorded_at')::timestamptz AS recorded_at,
    coalesce((e.record ->> 'change')::numeric, 0) AS change,
    coalesce((e.record ->> 'balance')::numeric, 0) AS balance,
    p.amount,
    p.overage,
    e.key,
    e.of,
    e.record ->> 'reference' AS reference,
    e.record ->> 'reason' AS reason,
    e.record ->> 'actor' AS actor
FROM (SELECT wallet_id, seq, key, of, body::json AS record FROM scrip_entries) AS e
CROSS JOIN LATERAL (
    SELECT coalesce(sum(amount), 0) AS amount, coalesce(sum(overage), 0) AS overage
    FROM json_to_recordset(e.record -> 'parts') AS r (amount numeric, overage numeric)
) AS p;
