package migrate_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/expiry"
	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/ledger/report"
	"github.com/scrip-go/scrip/pricing"
)

// Every lot of the old system becomes a grant on its own terms: what is left of it,
// until when, and what was paid for what is left.
func Example_balances() {
	t := open()
	defer t.discard()
	check(t.importAll(must(readLots(exported))))

	for _, g := range must(t.Balance(ctx, ledger.WalletIDOf("acme"), time.Time{})).Grants {
		fmt.Println(g.Name, g.Source, g.Remaining, g.Paid, "ends", g.ExpiresAt.Format(time.DateOnly))
	}
	// Output:
	// lot 1045 promotion 50 0 ends 2026-05-01
	// lot 1001 purchase 120 11.76 USD ends 2027-01-01
	// lot 1044 purchase 500 45.00 USD ends 2027-03-01
}

// The import is cut off in the middle and run again from the start. Nothing is
// granted twice, and nobody has to know how far it came.
func Example_cutOff() {
	t := open()
	defer t.discard()
	lots := must(readLots(exported))
	check(t.importAll(lots[:4]))
	// Here the connection is lost.
	t.now = t.now.Add(time.Hour)
	check(t.importAll(lots))

	fmt.Println("acme", t.available("acme"), "birch", t.available("birch"), "cedar", t.available("cedar"))
	// Output:
	// acme 670 birch 1999 cedar 101
}

// A lot that changed in the old system after it was imported is not overwritten, and
// not passed over either: its key says that it was another lot then.
func Example_changed() {
	t := open()
	defer t.discard()
	lots := must(readLots(exported))
	check(t.importAll(lots))

	lots[0].remaining = lots[0].remaining.Sub(credits(20)) // somebody still spends there
	err := t.importAll(lots)
	fmt.Println(errors.Is(err, ledger.ErrKeyReused))

	w := ledger.WalletIDOf("acme")
	first := must(t.Entry(ctx, w, "import/1001"))
	must(t.Void(ctx, ledger.VoidRequest{
		Key: "import/1001/spent since", WalletID: w, Grant: first.Grants[0].ID, Amount: credits(20),
		Info: ledger.Info{Reason: "spent in the old system after the export"},
	}))
	fmt.Println("acme", t.available("acme"))
	// Output:
	// true
	// acme 650
}

// Reconcile customer by customer, not by a total in which errors cancel out, and then
// the liability by the month in which credits end.
func Example_reconcile() {
	t := open()
	defer t.discard()
	lots := must(readLots(exported))
	check(t.importAll(lots[:5])) // the last one is forgotten

	old := map[string]decimal.Decimal{}
	for _, l := range lots {
		old[l.customer] = old[l.customer].Add(l.remaining)
	}
	for _, customer := range slices.Sorted(maps.Keys(old)) {
		if have := t.available(customer); !have.Equal(old[customer]) {
			fmt.Println(customer, "had", old[customer], "and has", have)
		}
	}
	for _, l := range must(report.Liabilities(ctx, t.Ledger, report.Query{}, time.Time{})) {
		month := "never"
		if !l.Month.IsZero() {
			month = l.Month.Format("2006-01")
		}
		fmt.Println(month+":", l.Credits, "credits, for which were paid", l.Money)
	}
	// Output:
	// cedar had 101 and has 100
	// 2026-04: 100 credits, for which were paid 0
	// 2026-05: 50 credits, for which were paid 0
	// never: 1999 credits, for which were paid 159.91
	// 2027-01: 120 credits, for which were paid 11.76
	// 2027-03: 500 credits, for which were paid 45
}

// A customer in the middle of a period gets what is left of its allowance, in the
// bucket that renews, and the plan gives nothing before the next period.
func Example_midPeriod() {
	t := open()
	defer t.discard()
	w := must(t.OpenWallet(ctx, ledger.OpenWalletRequest{Key: "dogwood", Unit: pricing.Credits()})).ID
	must(t.Together(ctx,
		ledger.SubscribeRequest{
			Key: "import/subscription", WalletID: w, Offer: ledger.Offer{Plan: "pro"},
			Anchor: time.Date(2025, time.October, 10, 0, 0, 0, 0, time.UTC), Prorate: ledger.ProrateNone,
		},
		ledger.GrantRequest{
			Key: "import/allowance", WalletID: w, Source: ledger.SourceAllowance, Bucket: "monthly", Amount: credits(340),
			Expiry: expiry.Policy{Kind: expiry.PolicyPeriodEnd},
		},
	))
	for _, day := range []int{20, 9 + 31, 10 + 31} { // of March
		t.now = time.Date(2026, time.March, day, 12, 0, 0, 0, time.UTC)
		fmt.Println(t.now.Format(time.DateOnly), t.available("dogwood"))
	}
	// Output:
	// 2026-03-20 340
	// 2026-04-09 340
	// 2026-04-10 1200
}

// A customer who owes in the old system owes in the new one, and the next credits pay
// that first.
func Example_debt() {
	t := open()
	defer t.discard()
	w := must(t.OpenWallet(ctx, ledger.OpenWalletRequest{
		Key: "elm", Unit: pricing.Credits(), Terms: ledger.Terms{CreditLimit: credits(40)},
	})).ID
	must(t.Charge(ctx, ledger.ChargeRequest{
		Key: "import/debt", WalletID: w, Amount: credits(40), Shortfall: ledger.ShortfallOverdraft,
	}))
	fmt.Println("owes", must(t.Balance(ctx, w, time.Time{})).Debt)
	must(t.Grant(ctx, ledger.GrantRequest{Key: "pi_1", WalletID: w, Source: ledger.SourcePurchase, Amount: credits(100)}))
	fmt.Println("has", t.available("elm"))
	// Output:
	// owes 40
	// has 60
}

// Many lots at once share transactions. Those of one customer go in their order, so
// that the order of age is the old one's.
func Example_bulk() {
	t := open()
	defer t.discard()
	var customers [][]lot
	for i := range 250 {
		name := fmt.Sprint("customer-", i)
		customers = append(customers, []lot{
			{customer: name, id: fmt.Sprint(i, "a"), granted: credits(100), remaining: credits(60)},
			{customer: name, id: fmt.Sprint(i, "b"), granted: credits(100), remaining: credits(100)},
		})
	}
	work := make(chan []lot)
	var callers sync.WaitGroup
	for range 32 {
		callers.Go(func() {
			for lots := range work {
				check(t.importAll(lots))
			}
		})
	}
	for _, lots := range customers {
		work <- lots
	}
	close(work)
	callers.Wait()

	sum := decimal.Zero
	for w, err := range t.Wallets(ctx, ledger.WalletQuery{}) {
		check(err)
		sum = sum.Add(w.Balance)
	}
	fmt.Println("imported", sum)
	fmt.Println("fewer than a transaction for each lot:", t.store.updates.Load() < 500)
	// Output:
	// imported 40000
	// fewer than a transaction for each lot: true
}

// Both systems run side by side: the old one decides, the new one is charged for the
// same use under the same IDs and never refuses. What it could not have paid is
// overage, and shows where the two differ before anybody depends on it.
func Example_sideBySide() {
	t := open()
	defer t.discard()
	lots := must(readLots(exported))
	check(t.importAll(lots))
	w := ledger.WalletIDOf("cedar")

	old := credits(101) // what the old system has
	for i, searches := range []int64{10, 45} {
		old = old.Sub(credits(2 * searches))
		e := must(t.Charge(ctx, ledger.ChargeRequest{
			Key: fmt.Sprint("use-", i), WalletID: w, Item: "search", Quantity: credits(searches),
			Shortfall: ledger.ShortfallPartial,
		}))
		fmt.Println("old", old, "new", e.Balance, "overage", e.Overage())
	}
	// Output:
	// old 81 new 81 overage 0
	// old -9 new 0 overage 9
}

// Nobody can spend before the sums agree: the wallet is frozen while credits come in.
func Example_frozen() {
	t := open()
	defer t.discard()
	lots := must(readLots(exported))
	birch := lots[3]
	w := must(t.OpenWallet(ctx, ledger.OpenWalletRequest{
		Key: "birch", Unit: pricing.Credits(), Terms: ledger.Terms{Owner: "birch"},
	})).ID
	must(t.Freeze(ctx, ledger.StatusRequest{Key: "import/freeze", WalletID: w}))
	check(t.importLot(birch))

	use := ledger.ChargeRequest{Key: "use-1", WalletID: w, Item: "search", Quantity: credits(3)}
	_, err := t.Charge(ctx, use)
	fmt.Println(errors.Is(err, ledger.ErrFrozen))
	if t.available("birch").Equal(birch.remaining) {
		must(t.Thaw(ctx, ledger.StatusRequest{Key: "import/thaw", WalletID: w}))
	}
	fmt.Println("left", must(t.Charge(ctx, use)).Balance)
	// Output:
	// true
	// left 1993
}

// Credits that come in are news: alerts that are set before would write to every
// customer. Set them when all is there.
func Example_silent() {
	t := open()
	defer t.discard()
	check(t.importAll(must(readLots(exported))))
	w := must(t.Wallet(ctx, ledger.WalletIDOf("cedar")))
	terms := w.Terms
	terms.Alerts = ledger.UsualAlerts()
	must(t.Amend(ctx, ledger.AmendRequest{Key: "import/alerts", WalletID: w.ID, Terms: terms}))
	fmt.Println("after the import:", len(must(t.TakeNotices(ctx, 10, time.Minute))))

	t.now = time.Date(2026, time.March, 25, 0, 0, 0, 0, time.UTC)
	must(t.Settle(ctx, 10))
	for _, d := range must(t.TakeNotices(ctx, 10, time.Minute)) {
		fmt.Println(d.Notice.Kind, d.Notice.Amount, "in", d.Notice.Level, "days")
	}
	// Output:
	// after the import: 0
	// expiring 100 in 7 days
}

// Use from before the move belongs to the old system. Charged here, it finds that
// nothing was live then.
func Example_before() {
	t := open()
	defer t.discard()
	check(t.importAll(must(readLots(exported))))
	_, err := t.Charge(ctx, ledger.ChargeRequest{
		Key: "use-1", WalletID: ledger.WalletIDOf("acme"), Item: "search", Quantity: credits(1), At: t.now.Add(-time.Hour),
	})
	fmt.Println(err)
	// Output:
	// ledger: insufficient credits: want 2, have 0
}
