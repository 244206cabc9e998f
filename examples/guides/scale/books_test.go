package scale_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/pricing"
	"github.com/scrip-go/scrip/store/sqlite"
)

var (
	ctx     = context.Background()
	credits = decimal.NewFromInt
)

// A shard is books of their own: here a file, elsewhere a server.
type shard struct {
	*ledger.Ledger
	store *counted
	db    *sql.DB
	path  string
}

// counted counts the transactions of a store.
type counted struct {
	ledger.Store
	updates atomic.Int64
}

func (c *counted) Update(ctx context.Context, fn func(ledger.Tx) error) error {
	c.updates.Add(1)
	return c.Store.Update(ctx, fn)
}

// openShard opens the books in a file, which it makes if there is none.
func openShard(path string, cfg ledger.Config) *shard {
	db := must(sqlite.Open(path))
	store := sqlite.New(db, sqlite.Config{})
	check(store.Migrate(ctx))
	s := &shard{store: &counted{Store: store}, db: db, path: path}
	s.Ledger = ledger.New(s.store, cfg)
	return s
}

func (s *shard) shut() { check(errors.Join(s.Close(ctx), s.db.Close())) }

// directory returns a directory for files, and what removes it.
func directory() (string, func()) {
	dir := must(os.MkdirTemp("", "scale"))
	return dir, func() { check(os.RemoveAll(dir)) }
}

// openWallet opens a wallet and gives it credits.
func (s *shard) openWallet(key string, amount int64) ledger.WalletID {
	w := must(s.OpenWallet(ctx, ledger.OpenWalletRequest{Key: key, Unit: pricing.Credits(), Terms: ledger.Terms{Owner: key}})).ID
	must(s.Grant(ctx, ledger.GrantRequest{
		Key: "pi_1", WalletID: w, Source: ledger.SourcePurchase, Name: "pack", Amount: credits(amount),
		Paid: ledger.Money{Amount: credits(amount / 10), Currency: "USD"},
	}))
	return w
}

// spend charges one credit so many times, by as many callers at once.
func (s *shard) spend(wallet ledger.WalletID, keys string, callers, each int) {
	var all sync.WaitGroup
	for c := range callers {
		all.Go(func() {
			for i := range each {
				must(s.Charge(ctx, ledger.ChargeRequest{
					Key: fmt.Sprint(keys, c, "/", i), WalletID: wallet, Item: "call", Amount: credits(1),
				}))
			}
		})
	}
	all.Wait()
}

// available returns what a wallet can spend.
func (s *shard) available(wallet ledger.WalletID) decimal.Decimal {
	return must(s.Balance(ctx, wallet, time.Time{})).Available
}

// must ends the example on an error. A server returns it.
func must[T any](v T, err error) T {
	check(err)
	return v
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func file(dir, name string) string { return filepath.Join(dir, name+".db") }
