package plan_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/scrip-go/scrip/expiry"
	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/ledger/report"
	"github.com/scrip-go/scrip/pricing"
	"github.com/scrip-go/scrip/store/memory"
)

// The file is read strictly, and what is hardly meant is a warning: have both in a
// test of your own, beside the file.
func Example_catalog() {
	catalog, err := pricing.Load(bytes.NewReader(catalogFile))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(len(catalog.Plans), "plans,", len(catalog.Warnings()), "warnings")

	typo := strings.Replace(string(catalogFile), `"allowance": "300"`, `"alowance": "300"`, 1)
	_, err = pricing.Load(strings.NewReader(typo))
	fmt.Println(err)
	// Output:
	// 2 plans, 0 warnings
	// pricing: invalid: 46:30: plans[0].buckets[0].alowance is not a known field here
}

// A price is asked of the rule that will charge it, and comes with its working.
func Example_price() {
	books, wallet, _ := subscribed("solo")
	for _, use := range []ledger.ChargeRequest{
		{Item: "open", Quantity: credits(1)},
		{Item: "draft", Quantity: credits(1_201)},
		{Item: "image", Quantity: credits(2)},
		{Item: "image", Quantity: credits(2), Attributes: map[string]string{"quality": "hd"}},
	} {
		use.WalletID = wallet
		would := must(books.Check(ctx, use))
		fmt.Println(use.Item, use.Quantity, "costs", would.Amount(), "and leaves", would.Balance)
	}

	// What has no rate is refused. It is never free by mistake.
	_, err := books.Check(ctx, ledger.ChargeRequest{WalletID: wallet, Item: "video", Quantity: credits(1)})
	fmt.Println(err)
	// Output:
	// open 1 costs 0 and leaves 300
	// draft 1201 costs 13 and leaves 287
	// image 2 costs 10 and leaves 290
	// image 2 costs 24 and leaves 276
	// ledger: invalid request: Item "video" is not in the catalog
}

// A customer in Berlin who signs up on 31 January has periods that end at their own
// midnight, each counted from that day.
func Example_subscribe() {
	books, wallet, _ := open()
	signup := ledger.SubscribeRequest{Key: "signup-42", WalletID: wallet, Offer: ledger.Offer{Plan: "solo"}}
	e := must(books.Subscribe(ctx, signup))
	must(books.Subscribe(ctx, signup)) // the form was sent twice: nothing more happens

	berlin := must(expiry.Zone("Europe/Berlin"))
	for n := range 3 {
		p := e.Subscription.Schedule.Period(n)
		fmt.Println("until", p.End.In(berlin).Format(time.DateTime))
	}
	fmt.Println(must(books.Balance(ctx, wallet, time.Time{})).Available, "credits")
	// Output:
	// until 2026-02-28 00:00:00
	// until 2026-03-31 00:00:00
	// until 2026-04-30 00:00:00
	// 300 credits
}

// A month that is the calendar's has its anchor on the first. Who joins in the middle
// gets the share of the time that is left.
func Example_calendarMonth() {
	books, wallet, now := open()
	now.set(time.February, 15)
	berlin := must(expiry.Zone("Europe/Berlin"))
	e := must(books.Subscribe(ctx, ledger.SubscribeRequest{
		Key: "signup-42", WalletID: wallet, Offer: ledger.Offer{Plan: "solo"},
		Anchor: time.Date(2026, time.February, 1, 0, 0, 0, 0, berlin), Prorate: ledger.ProrateTime,
	}))
	fmt.Println(e.Change, "until", e.Subscription.Period.End.In(berlin).Format(time.DateOnly))
	// Output:
	// 144 until 2026-03-01
}

// What the customer's page shows, all of it read from the books.
func Example_screen() {
	books, wallet, now := subscribed("solo")
	must(books.Purchase(ctx, ledger.PurchaseRequest{Key: "pi_1", WalletID: wallet, Package: "extra"}))
	now.set(time.February, 10)
	draft(books, wallet, "doc-1", 12_000)

	w := must(books.Wallet(ctx, wallet))
	plan, _ := w.Subscription("")
	berlin := must(expiry.Zone(w.Zone))
	fmt.Println("plan:", plan.Plan)
	for _, p := range must(report.Progresses(ctx, books, wallet)) {
		fmt.Printf("%s: %v of %v used, resets on %s\n", p.Bucket, p.Used, p.Given, p.ResetsAt.In(berlin).Format(time.DateOnly))
	}
	balance := w.BalanceNow()
	fmt.Println("available:", balance.Available)
	for _, g := range balance.Grants {
		fmt.Println(" ", g.Remaining, g.Source, "until", g.ExpiresAt.In(berlin).Format(time.DateOnly))
	}
	used := w.Used("draft", now.Time)
	fmt.Println("drafting:", used.Quantity, "words for", used.Credits)
	// Output:
	// plan: solo
	// monthly: 120 of 300 used, resets on 2026-02-28
	// available: 455
	//   180 allowance until 2026-02-28
	//   25 promotion until 2026-04-30
	//   250 purchase until 2027-01-31
	// drafting: 12000 words for 120
}

// At the end of a period up to 100 credits survive, once, and are spent first.
func Example_monthEnd() {
	books, wallet, now := subscribed("solo")
	show := func(when string) {
		for _, g := range must(books.Balance(ctx, wallet, time.Time{})).Grants {
			fmt.Println(when, g.Source, g.Remaining)
		}
	}
	draft(books, wallet, "doc-1", 5_000)
	show("January")
	now.set(time.March, 1)
	show("March")
	draft(books, wallet, "doc-2", 3_000)
	now.set(time.April, 1)
	show("April")
	// Output:
	// January allowance 250
	// March rollover 100
	// March allowance 300
	// April rollover 100
	// April allowance 300
}

// A text of the old period that is reported in the new one is paid by the old
// allowance, out of what had lapsed.
func Example_late() {
	books, wallet, now := subscribed("solo")
	now.set(time.February, 27)
	written := now.Time
	now.set(time.February, 28)
	fmt.Println("before:", must(books.Balance(ctx, wallet, time.Time{})).Available)
	must(books.Charge(ctx, ledger.ChargeRequest{
		Key: "doc-1", WalletID: wallet, Item: "draft", Quantity: credits(5_000), At: written,
	}))
	fmt.Println("after: ", must(books.Balance(ctx, wallet, time.Time{})).Available)
	// Output:
	// before: 400
	// after:  400
}

// A webhook that comes twice grants once. Credits that end soonest are spent first, so
// the allowance goes before what was bought.
func Example_buy() {
	books, wallet, _ := subscribed("solo")
	for range 2 {
		e := must(books.Purchase(ctx, ledger.PurchaseRequest{
			Key: "pi_1", WalletID: wallet, Package: "extra", // the payment's ID
		}))
		fmt.Println("bought", e.Change, "now", e.Balance)
	}
	e := draft(books, wallet, "doc-1", 45_000)
	for i, g := range must(books.Grants(ctx, wallet, grantsOf(e))) {
		fmt.Println(e.Draws()[i].Amount, "from", g.Source)
	}
	// Output:
	// bought 275 now 575
	// bought 275 now 575
	// 300 from allowance
	// 25 from promotion
	// 125 from purchase
}

// grantsOf returns the grants that an entry drew on.
func grantsOf(e ledger.Entry) (ids []ledger.GrantID) {
	for _, d := range e.Draws() {
		ids = append(ids, d.Grant)
	}
	return ids
}

// An upgrade counts from now: the catalog says what to charge the card, the ledger
// gives the credits.
func Example_upgrade() {
	books, wallet, now := subscribed("solo")
	catalog := must(pricing.Load(bytes.NewReader(catalogFile)))
	now.set(time.February, 14)

	w := must(books.Wallet(ctx, wallet))
	current, _ := w.Subscription("")
	solo, _ := catalog.Plan("solo")
	studio, _ := catalog.Plan("studio")
	change := must(catalog.Change(solo, studio, current.Period, now.Time, pricing.RoundHalfUp))
	fmt.Println("to pay:", change.Due)

	e := must(books.Change(ctx, ledger.ChangeRequest{
		Key: "upgrade-1", WalletID: wallet, Offer: ledger.Offer{Plan: "studio"},
	}))
	fmt.Println("more credits:", e.Change)
	// Output:
	// to pay: 19.61 USD
	// more credits: 499
}

// A downgrade is for the end of the period, which has been paid for.
func Example_downgrade() {
	books, wallet, now := subscribed("studio")
	must(books.Change(ctx, ledger.ChangeRequest{
		Key: "downgrade-1", WalletID: wallet, Offer: ledger.Offer{Plan: "solo"}, AtPeriodEnd: true,
	}))
	for _, day := range []int{27, 28} {
		now.set(time.February, day)
		w := must(books.Wallet(ctx, wallet))
		plan, _ := w.Subscription("")
		fmt.Println(now.Format(time.DateOnly), plan.Plan, w.BalanceNow().Available)
	}
	// Output:
	// 2026-02-27 studio 1320
	// 2026-02-28 solo 400
}

// A raised price is a version of the card that begins later. It stands in the file
// before it is in force, and the old one stays there.
func Example_newPrices() {
	books, wallet, now := subscribed("solo")
	for _, day := range []struct {
		month time.Month
		day   int
	}{{time.June, 30}, {time.July, 1}} {
		now.set(day.month, day.day)
		would := must(books.Check(ctx, ledger.ChargeRequest{WalletID: wallet, Item: "image", Quantity: credits(1)}))
		fmt.Println(now.Format(time.DateOnly), would.Amount())
	}
	// Output:
	// 2026-06-30 5
	// 2026-07-01 6
}

// A plan whose allowance is raised in the file gives the new one to whoever subscribes
// from then on. Those who have it keep what they subscribed to, until Change.
func Example_newTerms() {
	now := new(clock)
	now.set(time.January, 31)
	store := new(memory.Store)
	deploy := func(file string) (*pricing.Catalog, *ledger.Ledger) {
		catalog := must(pricing.Load(strings.NewReader(file)))
		return catalog, ledger.New(store, ledger.Config{Catalog: catalog, Now: func() time.Time { return now.Time }})
	}
	old, books := deploy(string(catalogFile))
	w := must(books.OpenWallet(ctx, ledger.OpenWalletRequest{Key: "org-42", Unit: pricing.Credits()}))
	must(books.Subscribe(ctx, ledger.SubscribeRequest{Key: "signup-42", WalletID: w.ID, Offer: ledger.Offer{Plan: "solo"}}))

	raised, books := deploy(strings.Replace(string(catalogFile), `"allowance": "300"`, `"allowance": "350"`, 1))
	for _, c := range pricing.Diff(old, raised) {
		fmt.Println(c.What, c.Name, c.Field, "reaches", c.Plans)
	}
	renewed := func(month time.Month) {
		now.set(month, 1)
		fmt.Println(month, must(books.Balance(ctx, w.ID, time.Time{})).Available)
	}
	renewed(time.March)
	must(books.Change(ctx, ledger.ChangeRequest{
		Key: "new terms 2026", WalletID: w.ID, Offer: ledger.Offer{Plan: "solo"}, AtPeriodEnd: true,
	}))
	renewed(time.April)
	// Output:
	// plan solo buckets reaches [solo]
	// March 400
	// April 450
}

// A plan that is taken out of the file while somebody has it leaves them without its
// overage: they are refused where they would have been invoiced.
func Example_removed() {
	now := new(clock)
	now.set(time.January, 31)
	catalog := must(pricing.Load(bytes.NewReader(catalogFile)))
	without := *catalog
	without.Plans = catalog.Plans[:1]
	store := new(memory.Store)
	for _, c := range []*pricing.Catalog{catalog, must(pricing.New(without))} {
		books := ledger.New(store, ledger.Config{Catalog: c, Now: func() time.Time { return now.Time }})
		w := must(books.OpenWallet(ctx, ledger.OpenWalletRequest{Key: "org-42", Unit: pricing.Credits()}))
		signup := ledger.SubscribeRequest{Key: "signup-42", WalletID: w.ID, Offer: ledger.Offer{Plan: "studio"}}
		must(books.Subscribe(ctx, signup)) // the second time the answer is that of the first
		would, err := books.Check(ctx, ledger.ChargeRequest{WalletID: w.ID, Item: "draft", Quantity: credits(150_000)})
		fmt.Println(len(c.Plans), "plans: overage", would.Overage(), err)
	}
	// Output:
	// 2 plans: overage 300 <nil>
	// 1 plans: overage 0 ledger: insufficient credits: want 1500, have 1200
}

// Who has used up everything is refused on one plan and invoiced on the other,
// without a word in the request: the plan says so.
func Example_beyond() {
	for _, plan := range []string{"solo", "studio"} {
		books, wallet, _ := subscribed(plan)
		e, err := books.Charge(ctx, ledger.ChargeRequest{
			Key: "doc-1", WalletID: wallet, Item: "draft", Quantity: credits(150_000),
		})
		var short *ledger.InsufficientCreditsError
		if errors.As(err, &short) {
			fmt.Println(plan, "lacks", short.Want.Sub(short.Have))
			continue
		}
		fmt.Println(plan, "paid", e.Change.Neg(), "and owes an invoice for", e.Overage())
	}
	// Output:
	// solo lacks 1200
	// studio paid 1200 and owes an invoice for 300
}
