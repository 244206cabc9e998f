package postgres_test

import (
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/store/postgres"
)

// amount returns the decimal that s stands for.
func amount(s string) decimal.Decimal { return decimal.RequireFromString(s) }

// The greatest and the smallest amounts that the ledger takes.
const (
	most  = "99999999999999999999999999.999999999999"
	least = "0.000000000001"
)

// newRich returns a wallet with something in everything that the views show.
func newRich() *book {
	b := newBook(`rich "wallet" \ ümlaut`)
	b.Unit = ledger.Unit{Name: "USD", Scale: 12}
	b.DueAt = noon.Add(time.Hour)
	grant := func(seq int64, terms ledger.Grant, open ledger.OpenGrant) {
		terms.ID = ledger.GrantID{Seq: seq, N: 1}
		terms.IssuedAt = noon.Add(-time.Hour)
		terms.Priority = ledger.DefaultPriority
		open.Grant = &terms
		b.Grants = append(b.Grants, open)
	}
	grant(2, ledger.Grant{
		Source: ledger.SourcePurchase, Name: "big", Amount: amount(most), EffectiveAt: noon,
		Paid: ledger.Money{Amount: amount("10"), Currency: "EUR"},
	}, ledger.OpenGrant{Remaining: amount("99999999999999999999999990.999999999999"), Held: amount(least)})
	grant(1, ledger.Grant{
		Source: ledger.SourcePromotion, Amount: amount("1"), EffectiveAt: noon.Add(-time.Hour), ExpiresAt: noon.Add(time.Hour),
		Scope: ledger.Scope{Items: []string{"sms"}},
	}, ledger.OpenGrant{Remaining: amount("0.1"), Held: amount("0.200")})
	grant(3, ledger.Grant{
		Source: ledger.SourceAllowance, Bucket: "monthly", Amount: amount("5"), EffectiveAt: noon.Add(time.Microsecond),
	}, ledger.OpenGrant{Remaining: amount("5")})
	grant(4, ledger.Grant{
		Source: ledger.SourceRollover, Amount: amount("7"), EffectiveAt: noon.Add(-2 * time.Hour), ExpiresAt: noon,
	}, ledger.OpenGrant{Expired: amount("7"), LapsedAt: noon})
	b.Debts = []ledger.Debt{{Charge: 1, Amount: amount("0.3")}, {Charge: 2, Amount: amount(least)}}
	return b
}

// TestViews checks that the views say what the library says, to the last decimal.
func TestViews(t *testing.T) {
	t.Parallel()
	pool := newPool(t)
	s := newStore(t, pool, postgres.Config{})
	poor, rich := newBook("poor"), newRich()
	charge := ledger.Entry{
		Kind: ledger.KindCharge, Key: "k", Of: 1, Change: amount("-0.300000000001"), RecordedAt: noon.Add(time.Microsecond),
		Parts: []ledger.Part{{Amount: amount(most)}, {Amount: amount(least), Overage: amount("0.5")}},
		Info:  ledger.Info{Reference: "order 7", Reason: "it's \u2028 \"so\"", Actor: "eve"},
	}
	for _, c := range []ledger.Changes{
		poor.post(ledger.Entry{Kind: ledger.KindOpen}),
		rich.post(ledger.Entry{Kind: ledger.KindOpen}),
		rich.post(charge),
	} {
		require.NoError(t, write(t.Context(), s, c))
	}

	for _, b := range []*book{poor, rich} {
		require.Equal(t, balanceOf(&b.Wallet), viewedBalance(t, pool, b.ID), b.Owner)
		require.Equal(t, grantsOf(&b.Wallet), viewedGrants(t, pool, b.ID), b.Owner)
		var lines []line
		for _, e := range journal(t, s, b.ID) {
			lines = append(lines, lineOf(&e))
		}
		require.Equal(t, lines, viewedStatement(t, pool, b.ID), b.Owner)
	}
}

// balance is a row of scrip_balances, amounts in their shortest form.
type balance struct {
	Owner, Unit, Status                   string
	Available, Held, Debt, Total, Pending string
	SettledAt                             time.Time
	DueAt                                 *time.Time
	Seq                                   int64
}

func balanceOf(w *ledger.Wallet) balance {
	b := w.BalanceNow()
	row := balance{
		Owner: w.Owner, Unit: w.Unit.Name, Status: string(w.Status),
		Available: b.Available.String(), Held: b.Held.String(), Debt: b.Debt.String(), Total: b.Total.String(), Pending: b.Pending.String(),
		SettledAt: w.SettledAt, Seq: w.Seq,
	}
	if !w.DueAt.IsZero() {
		row.DueAt = &w.DueAt
	}
	return row
}

func viewedBalance(t *testing.T, pool *pgxpool.Pool, id ledger.WalletID) balance {
	t.Helper()
	rows, err := pool.Query(t.Context(), `SELECT owner, unit, status,
		trim_scale(available)::text, trim_scale(held)::text, trim_scale(debt)::text, trim_scale(total)::text, trim_scale(pending)::text,
		settled_at, due_at, seq FROM scrip_balances WHERE wallet_id = $1`, [16]byte(id))
	require.NoError(t, err)
	b, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[balance])
	require.NoError(t, err)
	b.SettledAt = b.SettledAt.UTC()
	if b.DueAt != nil {
		*b.DueAt = b.DueAt.UTC()
	}
	return b
}

// grant is a row of scrip_grants.
type grant struct {
	ID, Source, Name, Bucket, Amount, Remaining, Held, Expired string
	Priority                                                   int
	EffectiveAt, ExpiresAt                                     time.Time
	Scoped, Paid                                               bool
}

func grantsOf(w *ledger.Wallet) []grant {
	var rows []grant
	for _, g := range w.Grants {
		rows = append(rows, grant{
			ID: g.ID.String(), Source: string(g.Source), Name: g.Name, Bucket: g.Bucket,
			Amount: g.Amount.String(), Remaining: g.Remaining.String(), Held: g.Held.String(), Expired: g.Expired.String(),
			Priority: g.Priority, EffectiveAt: g.EffectiveAt, ExpiresAt: g.ExpiresAt, Scoped: len(g.Scope.Items) > 0, Paid: !g.Paid.IsZero(),
		})
	}
	return rows
}

func viewedGrants(t *testing.T, pool *pgxpool.Pool, id ledger.WalletID) []grant {
	t.Helper()
	rows, err := pool.Query(t.Context(), `SELECT grant_id, source, coalesce(name, ''), coalesce(bucket, ''),
		trim_scale(amount)::text, trim_scale(remaining)::text, trim_scale(held)::text, trim_scale(expired)::text,
		priority, effective_at, coalesce(expires_at, '0001-01-01 00:00:00+00'), scope IS NOT NULL, paid IS NOT NULL
		FROM scrip_grants WHERE wallet_id = $1 ORDER BY place`, [16]byte(id))
	require.NoError(t, err)
	grants, err := pgx.CollectRows(rows, pgx.RowToStructByPos[grant])
	require.NoError(t, err)
	for i := range grants {
		grants[i].EffectiveAt, grants[i].ExpiresAt = grants[i].EffectiveAt.UTC(), grants[i].ExpiresAt.UTC()
	}
	if len(grants) == 0 {
		return nil
	}
	return grants
}

// line is a row of scrip_statement.
type line struct {
	Seq                              int64
	Kind                             string
	EffectiveAt, RecordedAt          time.Time
	Change, Balance, Amount, Overage string
	Key                              string
	Of                               int64
	Reference, Reason, Actor         string
}

func lineOf(e *ledger.Entry) line {
	return line{
		Seq: e.Seq, Kind: string(e.Kind), EffectiveAt: e.EffectiveAt, RecordedAt: e.RecordedAt,
		Change: e.Change.String(), Balance: e.Balance.String(), Amount: e.Amount().String(), Overage: e.Overage().String(),
		Key: e.Key, Of: e.Of, Reference: e.Reference, Reason: e.Reason, Actor: e.Actor,
	}
}

func viewedStatement(t *testing.T, pool *pgxpool.Pool, id ledger.WalletID) []line {
	t.Helper()
	rows, err := pool.Query(t.Context(), `SELECT seq, kind, effective_at, recorded_at,
		trim_scale(change)::text, trim_scale(balance)::text, trim_scale(amount)::text, trim_scale(overage)::text,
		coalesce(key, ''), coalesce(of, 0), coalesce(reference, ''), coalesce(reason, ''), coalesce(actor, '')
		FROM scrip_statement WHERE wallet_id = $1 ORDER BY seq`, [16]byte(id))
	require.NoError(t, err)
	lines, err := pgx.CollectRows(rows, pgx.RowToStructByPos[line])
	require.NoError(t, err)
	for i := range lines {
		lines[i].EffectiveAt, lines[i].RecordedAt = lines[i].EffectiveAt.UTC(), lines[i].RecordedAt.UTC()
	}
	return lines
}
