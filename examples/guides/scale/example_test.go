package scale_test

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/expiry"
	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/ledger/report"
)

// 32 callers want something of one wallet. They do not queue for its row: while one
// transaction commits, the next one gathers all who wait.
func Example_hotWallet() {
	dir, remove := directory()
	defer remove()
	s := openShard(file(dir, "books"), ledger.Config{})
	defer s.shut()
	w := s.openWallet("org-42", 10_000)

	before := s.store.updates.Load()
	s.spend(w, "req-", 32, 20)
	fmt.Println("left:", s.available(w))
	fmt.Println("fewer than a transaction for two charges:", s.store.updates.Load()-before < 32*20/2)
	// Output:
	// left: 9360
	// fewer than a transaction for two charges: true
}

// Two processes work on one wallet. Each batch names the line of the journal that it
// continues, so neither can lose what the other did.
func Example_processes() {
	dir, remove := directory()
	defer remove()
	first := openShard(file(dir, "books"), ledger.Config{})
	defer first.shut()
	second := openShard(first.path, ledger.Config{})
	defer second.shut()
	w := first.openWallet("org-42", 10_000)

	var both sync.WaitGroup
	both.Go(func() { first.spend(w, "first-", 8, 20) })
	both.Go(func() { second.spend(w, "second-", 8, 20) })
	both.Wait()
	fmt.Println("left:", first.available(w), second.available(w), "verified:", second.Verify(ctx, w))
	// Output:
	// left: 9680 9680 verified: <nil>
}

// Wallets are spread over shards by their ID, which follows from the key: nobody keeps
// a table of where a wallet is.
func Example_shards() {
	dir, remove := directory()
	defer remove()
	c := openCluster(dir, 3, ledger.Config{})
	defer c.shut()
	for i := range 60 {
		key := fmt.Sprint("org-", i)
		c.named(key).openWallet(key, 100)
	}
	for i, s := range c.shards {
		n := 0
		for w, err := range s.Wallets(ctx, ledger.WalletQuery{}) {
			check(err)
			if c.of(w.ID) != s {
				fmt.Println("astray:", w.Owner)
			}
			n++
		}
		fmt.Println("shard", i, "has", n)
	}
	s := c.named("org-7")
	s.spend(ledger.WalletIDOf("org-7"), "req-", 4, 5)
	fmt.Println("org-7 has", s.available(ledger.WalletIDOf("org-7")))
	// Output:
	// shard 0 has 20
	// shard 1 has 15
	// shard 2 has 25
	// org-7 has 80
}

// Sweeps and notices are each shard's own: one Ledger.Run for each. A process may have
// all of them, or there may be a process for each.
func Example_sweeps() {
	dir, remove := directory()
	defer remove()
	now := time.Date(2026, time.March, 1, 0, 0, 0, 0, time.UTC)
	c := openCluster(dir, 2, ledger.Config{Now: func() time.Time { return now }})
	defer c.shut()
	for i := range 20 {
		key := fmt.Sprint("org-", i)
		s := c.named(key)
		must(s.Subscribe(ctx, ledger.SubscribeRequest{
			Key: "signup", WalletID: s.openWallet(key, 100),
			Offer: ledger.Offer{Cycle: expiry.Months(1), Buckets: []ledger.Bucket{{Name: "monthly", Allowance: credits(10)}}},
		}))
	}
	now = now.AddDate(0, 1, 0)
	settled := 0
	for _, s := range c.shards {
		settled += must(s.Settle(ctx, 100))
	}
	fmt.Println("renewed:", settled)
	// Output:
	// renewed: 20
}

// A report is made on every shard, and its rows are added up.
func Example_report() {
	dir, remove := directory()
	defer remove()
	c := openCluster(dir, 3, ledger.Config{})
	defer c.shut()
	for i := range 30 {
		key := fmt.Sprint("org-", i)
		c.named(key).openWallet(key, 100)
	}
	type row struct{ unit, currency string }
	owed := map[row]report.Amount{}
	for _, s := range c.shards {
		for _, l := range must(report.Liabilities(ctx, s.Ledger, report.Query{}, time.Time{})) {
			k := row{l.Unit, l.Currency}
			owed[k] = owed[k].Add(report.Amount{Credits: l.Credits, Money: l.Money})
		}
	}
	for k, a := range owed {
		fmt.Println(a.Credits, k.unit, "for", a.Money, k.currency)
	}
	// Output:
	// 3000 credits for 300 USD
}

// The wallets of one customer live together if all of them are routed by the customer:
// then they can pay one invoice, and credits move between them in one transaction.
func Example_together() {
	dir, remove := directory()
	defer remove()
	c := openCluster(dir, 4, ledger.Config{})
	defer c.shut()
	home := c.named("acme")
	sales, support := home.openWallet("acme/sales", 100), home.openWallet("acme/support", 10)
	must(home.Transfer(ctx, ledger.TransferRequest{Key: "move-1", From: sales, To: support, Amount: credits(30)}))
	fmt.Println(home.available(sales), home.available(support))
	// Output:
	// 70 40
}

// A transfer between shards is not one transaction. It is two requests with keys of
// one name: credits are taken here, and given there on the terms that they had. Cut
// off in between it is run again, and ends.
func Example_transfer() {
	dir, remove := directory()
	defer remove()
	c := openCluster(dir, 2, ledger.Config{})
	defer c.shut()
	from, to := "org-1", "org-2"
	for c.named(to) == c.named(from) {
		to += "x" // the example needs one that lives elsewhere
	}
	a, b := c.named(from).openWallet(from, 100), c.named(to).openWallet(to, 100)

	_, err := c.of(a).Transfer(ctx, ledger.TransferRequest{Key: "move-1", From: a, To: b, Amount: credits(30)})
	fmt.Println("in one:", errors.Is(err, ledger.ErrNotFound)) // that shard knows no such wallet

	fmt.Println("cut off:", c.move("move-1", a, b, credits(30), true))
	fmt.Println("again:  ", c.move("move-1", a, b, credits(30), false))
	fmt.Println(c.of(a).available(a), c.of(b).available(b))
	// Output:
	// in one: true
	// cut off: here the process dies
	// again:   <nil>
	// 70 130
}

// move takes credits from one wallet and gives them to another, wherever they are.
func (c *cluster) move(key string, from, to ledger.WalletID, amount decimal.Decimal, cut bool) error {
	taken, err := c.of(from).Adjust(ctx, ledger.AdjustRequest{
		Key: key, WalletID: from, Amount: amount.Neg(),
		Info: ledger.Info{Reference: to.String(), Reason: "transfer to another shard", Actor: "transfers"},
	})
	if err != nil {
		return err
	}
	if cut {
		return errors.New("here the process dies")
	}
	for i, m := range taken.Moves {
		grants, err := c.of(from).Grants(ctx, from, []ledger.GrantID{m.Grant})
		if err != nil {
			return err
		}
		g := grants[0]
		r := ledger.GrantRequest{
			Key: fmt.Sprint(key, "/", i), WalletID: to, Source: ledger.SourceTransfer, Name: g.Name, Amount: m.Amount,
			Scope: g.Scope, Priority: g.Priority, Expiry: expiry.Policy{Kind: expiry.PolicyNever},
			Info: ledger.Info{Reference: from.String(), Reason: "transfer from another shard", Actor: "transfers"},
		}
		if !g.ExpiresAt.IsZero() {
			r.Expiry = expiry.Policy{Kind: expiry.PolicyAt, At: g.ExpiresAt}
		}
		if _, err := c.of(to).Grant(ctx, r); err != nil {
			return err
		}
	}
	return nil
}

// A slot moves to a new shard. Nothing spans wallets, no sequence and no foreign key,
// so its rows are copied as they are, byte by byte, and verified where they arrive.
func Example_moveSlot() {
	dir, remove := directory()
	defer remove()
	c := openCluster(dir, 1, ledger.Config{})
	defer c.shut()
	w := c.named("org-42").openWallet("org-42", 100)
	old := c.of(w)
	old.spend(w, "before-", 4, 5)

	grown := openShard(file(dir, "shard-new"), ledger.Config{})
	c.shards = append(c.shards, grown)
	// Here every process stops writing to the slot.
	conn := must(grown.db.Conn(ctx))
	must(conn.ExecContext(ctx, `ATTACH ? AS old`, old.path))
	for _, copied := range []string{ // of each wallet of the slot
		`INSERT INTO scrip_wallets SELECT * FROM old.scrip_wallets WHERE id = ?`,
		`INSERT INTO scrip_entries SELECT * FROM old.scrip_entries WHERE wallet_id = ?`,
		`INSERT INTO scrip_notices SELECT * FROM old.scrip_notices WHERE wallet_id = ?`,
	} {
		must(conn.ExecContext(ctx, copied, w.String()))
	}
	must(conn.ExecContext(ctx, `DETACH old`))
	check(conn.Close())
	check(grown.Verify(ctx, w))
	c.home[slotOf(w)] = 1 // in every process, and then they write again

	c.of(w).spend(w, "after-", 4, 5)
	fmt.Println("left:", c.of(w).available(w), "verified:", grown.Verify(ctx, w))
	// Output:
	// left: 60 verified: <nil>
}
