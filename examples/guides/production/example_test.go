package production_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"sync"
	"time"

	"github.com/scrip-go/scrip/expiry"
	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/store/sqlite"
	"github.com/scrip-go/scrip/store/storetest"
)

// A step of the deployment brings the schema up to date. Run twice, or by two at once,
// it is run once.
func Example_schema() {
	h := open(ledger.Terms{})
	defer h.discard()
	check(h.store.Migrate(ctx))

	// A host with a tool of its own gives it these files.
	names := must(fs.Glob(sqlite.Migrations(), "*.sql"))
	fmt.Println(names[0])
	// Output:
	// 0001_books.sql
}

// The charge is kept with the order that it pays, or neither is. Both can be repeated,
// should the connection be lost while the host commits.
func Example_order() {
	h := open(ledger.Terms{})
	defer h.discard()
	place := func(order string) error {
		tx, err := h.db.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		defer tx.Rollback()
		if _, err := tx.ExecContext(ctx, `INSERT INTO orders (id) VALUES (?) ON CONFLICT DO NOTHING`, order); err != nil {
			return err
		}
		if _, err := h.In(h.store.Within(tx)).Charge(ctx, h.logo(order)); err != nil {
			return err
		}
		return tx.Commit()
	}
	for _, order := range []string{"order-1", "order-2", "order-2", "order-3", "order-4", "order-5"} {
		if err := place(order); err != nil {
			fmt.Println(order, err)
		}
	}
	var orders int
	check(h.db.QueryRowContext(ctx, `SELECT count(*) FROM orders`).Scan(&orders))
	fmt.Println(orders, "orders")
	h.left("left:")
	// Output:
	// order-5 ledger: insufficient credits: want 25, have 0
	// 4 orders
	// left: 0
}

// The connection is lost while a charge is committed. Whoever repeats the request with
// its key gets the answer, whichever it was.
func Example_unknownOutcome() {
	h := open(ledger.Terms{})
	defer h.discard()
	var cut, down bool
	books := ledger.New(storetest.Faulty(h.store, func(f storetest.Fault) bool {
		switch {
		case f == storetest.FaultKept && cut: // committed, but nobody hears of it
			cut, down = false, true
			return true
		case f == storetest.FaultBegin && down: // and the server cannot be asked
			return true
		}
		return false
	}), ledger.Config{})

	cut = true
	_, err := books.Charge(ctx, h.logo("req-1"))
	fmt.Println("unknown:", errors.Is(err, ledger.ErrUnknownOutcome))

	down = false // it is back
	fmt.Println("left:", must(repeat(ctx, books, h.logo("req-1"))).Balance)
	// Output:
	// unknown: true
	// left: 75
}

// repeat carries out a request until its outcome is known.
func repeat(ctx context.Context, books *ledger.Ledger, r ledger.Request) (ledger.Entry, error) {
	for wait := 10 * time.Millisecond; ; wait = min(2*wait, time.Second) {
		e, err := books.Do(ctx, r)
		if !errors.Is(err, ledger.ErrUnknownOutcome) && !errors.Is(err, ledger.ErrConflict) {
			return e, err
		}
		select {
		case <-ctx.Done():
			return ledger.Entry{}, err
		case <-time.After(wait):
		}
	}
}

// A process that dies between sending a mail and acknowledging the notice is given the
// notice again. Its ID keeps the mail from being sent twice.
func Example_mail() {
	h := open(ledger.Terms{Alerts: ledger.Alerts{Low: []ledger.Level{{Amount: credits(30)}}}})
	defer h.discard()
	must(h.Charge(ctx, h.logo("req-1")))
	must(h.Charge(ctx, h.logo("req-2")))
	must(h.Charge(ctx, h.logo("req-3")))

	mail := func(ctx context.Context, d ledger.Delivery) error {
		if d.Notice.Kind != ledger.NoticeLow {
			return nil
		}
		// The host's own outbox, from which a mailer sends: an ID that is there already
		// is not put there again.
		body := fmt.Sprint("You have ", d.Notice.Amount, " credits left.")
		added, err := h.db.ExecContext(ctx, `INSERT INTO mail (id, body) VALUES (?, ?) ON CONFLICT DO NOTHING`, d.ID.String(), body)
		if err != nil {
			return err
		}
		n, err := added.RowsAffected()
		fmt.Println("put into the outbox:", n)
		return err
	}
	run := func(after error) {
		ctx, stop := context.WithCancel(ctx) // a server runs until it is told to stop
		_ = h.Run(ctx, ledger.RunConfig{Visibility: time.Minute, Logger: quiet, Handle: func(ctx context.Context, d ledger.Delivery) error {
			if d.Notice.Kind == ledger.NoticeLow {
				defer stop()
			}
			return errors.Join(mail(ctx, d), after)
		}})
	}
	run(errors.New("here it dies"))
	h.now = h.now.Add(time.Minute)
	run(nil)
	// Output:
	// put into the outbox: 1
	// put into the outbox: 0
}

// A top-up: one notice says what to buy, and there is no other before that one has
// been answered. A declined card waits.
func Example_topUp() {
	h := open(ledger.Terms{TopUp: ledger.TopUp{Package: "pack", Threshold: credits(30), MaxNumber: 3}})
	defer h.discard()
	declined := true
	pay := func() {
		for _, d := range must(h.TakeNotices(ctx, 10, time.Minute)) {
			if d.Notice.Kind == ledger.NoticeTopUp {
				// Here the card is charged, with the notice's ID as the payment's key.
				if declined {
					e := must(h.TopUpFailed(ctx, ledger.TopUpFailedRequest{
						Key: "declined/" + d.ID.String(), WalletID: d.ID.WalletID, TopUp: d.ID.Seq,
					}))
					fmt.Println("declined at", e.RecordedAt.Format(time.TimeOnly))
				} else {
					e := must(h.Purchase(ctx, ledger.PurchaseRequest{
						Key: "paid/" + d.ID.String(), WalletID: d.ID.WalletID,
						Package: d.Notice.Name, Number: d.Notice.Number, TopUp: d.ID.Seq,
					}))
					fmt.Println("bought at", e.RecordedAt.Format(time.TimeOnly), "now", e.Balance)
				}
			}
			check(h.AckNotices(ctx, d.ID))
		}
	}
	for i := range 3 {
		must(h.Charge(ctx, h.logo(fmt.Sprint("req-", i))))
	}
	pay()
	must(h.Charge(ctx, h.logo("req-3"))) // a burst goes on
	pay()                                // and asks for nothing more
	declined = false
	h.now = h.now.Add(ledger.DefaultBackoff)
	must(h.Settle(ctx, 100))
	pay()
	// Output:
	// declined at 09:00:00
	// bought at 10:00:00 now 100
}

// A backup is taken while the server works. Restored, it is books of that moment, and
// what was charged since is charged again by repeating what the host knows of.
func Example_backup() {
	h := open(ledger.Terms{})
	defer h.discard()
	must(h.Charge(ctx, h.logo("req-1")))
	copied := filepath.Join(h.dir, "backup.db")
	_ = must(h.db.ExecContext(ctx, `VACUUM INTO ?`, copied))
	must(h.Charge(ctx, h.logo("req-2")))
	h.left("before the disaster:")

	h.shut() // every process is stopped before the file is put in place
	h.path = copied
	h.connect()
	for done, err := range h.VerifyAll(ctx, ledger.WalletID{}) {
		check(errors.Join(err, done.Err))
		fmt.Println("verified", done.Entries, "entries")
	}
	h.left("restored:")
	for _, key := range []string{"req-1", "req-2"} { // of the host's own log since before the backup
		must(h.Charge(ctx, h.logo(key)))
	}
	h.left("repeated:")
	// Output:
	// before the disaster: 50
	// verified 3 entries
	// restored: 75
	// repeated: 50
}

// Every night each journal is verified from where the last night ended. What
// somebody changed in the file since it was written is found.
func Example_verify() {
	h := open(ledger.Terms{})
	defer h.discard()
	kept := make(map[ledger.WalletID][]byte) // in a place that whoever can write the books cannot
	nightly := func() error {
		for w, err := range h.Wallets(ctx, ledger.WalletQuery{}) {
			if err != nil {
				return err
			}
			verified := ledger.Wallet{ID: w.ID}
			if text, ok := kept[w.ID]; ok {
				if verified, err = ledger.DecodeWallet(text); err != nil {
					return err
				}
			}
			if verified, err = h.VerifySince(ctx, verified); err != nil {
				return err
			}
			fmt.Println("verified up to entry", verified.Seq)
			kept[w.ID] = ledger.EncodeWallet(&verified)
		}
		return nil
	}
	check(nightly())
	must(h.Charge(ctx, h.logo("req-1")))
	check(nightly())

	must(h.Charge(ctx, h.logo("req-2")))
	_ = must(h.db.ExecContext(ctx, `UPDATE scrip_entries SET body = replace(body, 'logo', 'free') WHERE key = 'req-2'`))
	fmt.Println("corrupt:", errors.Is(nightly(), ledger.ErrCorrupt))
	// Output:
	// verified up to entry 2
	// verified up to entry 3
	// corrupt: true
}

// A clock that jumps back takes no time back: a wallet goes on from where it was. One
// that jumps ahead, if only for a moment, ends what ends by then.
func Example_clock() {
	h := open(ledger.Terms{})
	defer h.discard()
	must(h.Grant(ctx, ledger.GrantRequest{
		Key: "trial", WalletID: h.wallet, Source: ledger.SourcePromotion, Amount: credits(40),
		Expiry: expiry.Policy{Kind: expiry.PolicyAfter, After: expiry.Hours(1)},
	}))
	h.now = h.now.Add(-time.Hour)
	e := must(h.Charge(ctx, h.logo("req-1")))
	fmt.Println("an hour back:", e.RecordedAt.Format(time.TimeOnly), e.Balance)

	h.now = h.now.Add(3 * time.Hour)
	must(h.Charge(ctx, h.logo("req-2")))
	h.now = h.now.Add(-2 * time.Hour)
	h.left("two hours ahead, and corrected:")
	// Output:
	// an hour back: 09:00:00 115
	// two hours ahead, and corrected: 75
}

// To stop: accept no more, answer what was accepted, then close the database.
func Example_close() {
	h := open(ledger.Terms{})
	defer h.discard()
	var callers sync.WaitGroup
	answered := make(chan error, 4)
	for i := range 4 {
		callers.Go(func() {
			_, err := h.Charge(ctx, h.logo(fmt.Sprint("req-", i)))
			answered <- err
		})
	}
	callers.Wait() // a server waits for its handlers, as http.Server.Shutdown does
	grace, stop := context.WithTimeout(ctx, 10*time.Second)
	defer stop()
	check(h.Close(grace))
	close(answered)
	for err := range answered {
		check(err)
	}
	_, err := h.Charge(ctx, h.logo("req-5"))
	fmt.Println(err)
	// Output:
	// ledger: shut down
}

// What a dashboard asks, in the database, without the library.
func Example_monitor() {
	h := open(ledger.Terms{Alerts: ledger.UsualAlerts(), CreditLimit: credits(50)})
	defer h.discard()
	r := h.logo("req-1")
	r.Amount, r.Shortfall = credits(120), ledger.ShortfallOverdraft
	must(h.Charge(ctx, r))

	for _, q := range []struct{ what, query string }{
		{"notices that wait", `SELECT count(*) FROM scrip_notices`},
		{"wallets overdue", `SELECT count(*) FROM scrip_wallets WHERE due_at < 1e6 * (unixepoch() - 300)`},
		{"wallets in debt", `SELECT count(*) FROM scrip_balances WHERE debt <> '0'`},
	} {
		var n int
		check(h.db.QueryRowContext(ctx, q.query).Scan(&n))
		fmt.Println(q.what+":", n)
	}
	// Output:
	// notices that wait: 3
	// wallets overdue: 0
	// wallets in debt: 1
}
