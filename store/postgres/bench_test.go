package postgres_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/store/postgres"
)

// batchSize is how many operations the ledger puts into one transaction at most.
const batchSize = 1000

// BenchmarkWrite measures batches of charges: on random wallets, and all on one;
// compared as they are written, and locked and their keys looked up before. The
// rates are of charges.
func BenchmarkWrite(b *testing.B) {
	for _, spread := range spreads {
		b.Run(spread.name+"/compare", func(b *testing.B) {
			s := newStore(b, newPool(b), postgres.Config{})
			benchmark(b, s, spread.wallets, func(ctx context.Context, c ledger.Changes) error { return write(ctx, s, c) })
		})
		b.Run(spread.name+"/lock", func(b *testing.B) {
			s := newStore(b, newPool(b), postgres.Config{})
			benchmark(b, s, spread.wallets, func(ctx context.Context, c ledger.Changes) error { return lockAndWrite(ctx, s, c) })
		})
		b.Run(spread.name+"/raw", func(b *testing.B) {
			pool := newPool(b)
			s := newStore(b, pool, postgres.Config{})
			benchmark(b, s, spread.wallets, func(ctx context.Context, c ledger.Changes) error { return writeRaw(ctx, pool, c) })
		})
	}
}

var spreads = []struct {
	name    string
	wallets int
}{{"random", 10_000}, {"hot", 1}}

// benchmark measures write on batches of charges of as many wallets.
func benchmark(b *testing.B, s *postgres.Store, wallets int, write func(context.Context, ledger.Changes) error) {
	var all []*book
	for part := 0; part < wallets; part += batchSize {
		var opened []ledger.Changes
		for i := part; i < min(part+batchSize, wallets); i++ {
			all = append(all, newBook(fmt.Sprint("wallet ", i)))
			opened = append(opened, all[i].post(keyed("open")))
		}
		require.NoError(b, s.Update(b.Context(), func(tx ledger.Tx) error { return tx.Write(b.Context(), join(opened...)) }))
	}
	random := rand.New(rand.NewPCG(1, 2))
	charges := 0
	b.ReportAllocs()
	for b.Loop() {
		b.StopTimer()
		c := batch(random, all, &charges)
		b.StartTimer()
		require.NoError(b, write(b.Context(), c))
	}
	b.ReportMetric(float64(b.N*batchSize)/b.Elapsed().Seconds(), "charges/s")
}

// batch returns charges of randomly chosen wallets. charges counts them.
func batch(random *rand.Rand, all []*book, charges *int) ledger.Changes {
	var c ledger.Changes
	from := map[*book]int64{}
	for range batchSize {
		*charges++
		w := all[random.IntN(len(all))]
		if _, ok := from[w]; !ok {
			from[w] = w.Seq
		}
		e := w.next(ledger.Entry{
			Kind: ledger.KindCharge, Key: fmt.Sprintf("request-%08d", *charges), Change: decimal.NewFromInt(-1),
			Parts: []ledger.Part{{Item: ledger.Item{Kind: "meter", ID: "sms"}, Quantity: decimal.NewFromInt(1), Amount: decimal.NewFromInt(1)}},
			Moves: []ledger.Move{{Grant: ledger.GrantID{Seq: 1, N: 1}, From: ledger.PotRemaining, To: ledger.PotSpent, Amount: decimal.NewFromInt(1)}},
		})
		c.Entries = append(c.Entries, &e)
	}
	for w, seq := range from {
		c.Wallets = append(c.Wallets, ledger.Put{Wallet: &w.Wallet, From: seq})
	}
	return c
}

// lockAndWrite keeps c as the ledger does when it does not know the wallets.
func lockAndWrite(ctx context.Context, s ledger.Store, c ledger.Changes) error {
	return s.Update(ctx, func(tx ledger.Tx) error {
		if _, err := tx.Wallets(ctx, idsOf(c)); err != nil {
			return err
		}
		var keys []ledger.EntryKey
		for _, e := range c.Entries {
			keys = append(keys, ledger.EntryKey{WalletID: e.WalletID, Key: e.Key})
		}
		if _, err := tx.Keyed(ctx, keys); err != nil {
			return err
		}
		return tx.Write(ctx, c)
	})
}

// writeRaw writes the rows of c in one round trip, and compares nothing.
func writeRaw(ctx context.Context, pool *pgxpool.Pool, c ledger.Changes) error {
	var wallets, entries struct {
		ids          [][16]byte
		seqs         []int64
		keys, bodies []string
	}
	for _, p := range c.Wallets {
		wallets.ids = append(wallets.ids, p.Wallet.ID)
		wallets.seqs = append(wallets.seqs, p.Wallet.Seq)
		wallets.bodies = append(wallets.bodies, string(ledger.EncodeWallet(p.Wallet)))
	}
	for _, e := range c.Entries {
		entries.ids = append(entries.ids, e.WalletID)
		entries.seqs = append(entries.seqs, e.Seq)
		entries.keys = append(entries.keys, e.Key)
		entries.bodies = append(entries.bodies, string(ledger.EncodeEntry(e)))
	}
	var b pgx.Batch
	b.Queue("BEGIN")
	b.Queue(`UPDATE scrip_wallets AS w SET seq = p.seq, body = p.body
		FROM unnest($1::uuid[], $2::bigint[], $3::text[]) AS p (id, seq, body) WHERE w.id = p.id`,
		wallets.ids, wallets.seqs, wallets.bodies)
	b.Queue(`INSERT INTO scrip_entries (wallet_id, seq, key, late, body)
		SELECT id, seq, key, false, body FROM unnest($1::uuid[], $2::bigint[], $3::text[], $4::text[]) AS e (id, seq, key, body)`,
		entries.ids, entries.seqs, entries.keys, entries.bodies)
	b.Queue("COMMIT")
	return pool.SendBatch(ctx, &b).Close()
}
