package sqlite_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/pricing"
	"github.com/scrip-go/scrip/store/sqlite"
)

// An order and the credits that it costs are kept together or not at all, in the file
// in which the program keeps its own tables.
func ExampleWithin() {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "scrip")
	check(err)
	defer func() { _ = os.RemoveAll(dir) }()
	db, err := sqlite.Open(filepath.Join(dir, "shop.db"))
	check(err)
	defer db.Close()
	_, err = db.ExecContext(ctx, "CREATE TABLE orders (id TEXT PRIMARY KEY)")
	check(err)

	store := sqlite.New(db, sqlite.Config{})
	check(store.Migrate(ctx))
	books := ledger.New(store, ledger.Config{})
	w, err := books.OpenWallet(ctx, ledger.OpenWalletRequest{Key: "org-42", Unit: pricing.Credits()})
	check(err)
	_, err = books.Grant(ctx, ledger.GrantRequest{
		Key: "trial", WalletID: w.ID, Source: ledger.SourcePromotion, Amount: decimal.NewFromInt(10),
	})
	check(err)

	place := func(order string, price int64) error {
		tx, err := db.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		defer func() { _ = tx.Rollback() }() // does nothing after Commit
		if _, err := tx.ExecContext(ctx, "INSERT INTO orders (id) VALUES (?)", order); err != nil {
			return err
		}
		charge := ledger.ChargeRequest{Key: order, WalletID: w.ID, Item: "report", Amount: decimal.NewFromInt(price)}
		if _, err := books.In(sqlite.Within(tx)).Charge(ctx, charge); err != nil {
			return err // too few credits: the order is not kept, either
		}
		return tx.Commit()
	}
	fmt.Println(place("order-1", 8))
	fmt.Println(errors.Is(place("order-2", 8), ledger.ErrInsufficientCredits))
	fmt.Println(orders(ctx, db))

	// Output:
	// <nil>
	// true
	// [order-1]
}

// orders returns the orders that were kept.
func orders(ctx context.Context, db *sql.DB) (all []string) {
	rows, err := db.QueryContext(ctx, "SELECT id FROM orders ORDER BY id")
	check(err)
	defer rows.Close()
	for rows.Next() {
		var id string
		check(rows.Scan(&id))
		all = append(all, id)
	}
	check(rows.Err())
	return all
}

func check(err error) {
	if err != nil {
		log.Panic(err)
	}
}
