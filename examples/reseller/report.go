package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/pricing"
)

// A purchase is a client's, and what it brought and cost.
type purchase struct {
	client  string
	payment string
	at      time.Time
	what    string
	credits decimal.Decimal
	margin  pricing.Margin
}

// report prints the payments tab, what the reseller earned, and its own pool.
func (r *reseller) report(ctx context.Context) error {
	var all []purchase
	for _, c := range r.clients {
		bought, err := r.purchases(ctx, c)
		if err != nil {
			return err
		}
		all = append(all, bought...)
	}
	slices.SortFunc(all, func(a, b purchase) int { return a.at.Compare(b.at) })
	if err := r.printPurchases(all); err != nil {
		return err
	}
	if err := r.printMargins(all); err != nil {
		return err
	}
	before, err := r.Balance(ctx, r.pool, opening)
	if err != nil {
		return err
	}
	after, err := r.Balance(ctx, r.pool, r.now)
	fmt.Fprintf(r.out, "\nThe reseller's own pool: %v credits before the first sale, %v now\n", before.Available, after.Available)
	return err
}

// purchases returns what a client bought, from its journal.
func (r *reseller) purchases(ctx context.Context, c subAccount) (bought []purchase, err error) {
	journal := r.Journal(ctx, ledger.JournalQuery{
		WalletID: c.wallet, Kinds: []ledger.Kind{ledger.KindGrant, ledger.KindPurchase},
	})
	for e, err := range journal {
		if err != nil {
			return nil, err
		}
		paid := e.Grants[0].Paid
		cost := pricing.CreditPrice{Price: wholesale, Currency: paid.Currency}
		bought = append(bought, purchase{
			client: c.name, payment: e.Key, at: e.EffectiveAt, what: e.Grants[0].Name, credits: e.Change,
			margin: pricing.Margin{Revenue: paid, Cost: cost.Money(e.Change, cents.Mode)},
		})
	}
	return bought, nil
}

// printPurchases is the payments tab.
func (r *reseller) printPurchases(all []purchase) error {
	fmt.Fprintf(r.out, "\nPurchases\n  %-16s  %-11s  %-7s  %-17s  %7s  %10s  %10s\n",
		"at", "sub-account", "payment", "bought", "credits", "paid", "profit")
	for _, p := range all {
		profit, err := p.margin.Profit()
		if err != nil {
			return err
		}
		fmt.Fprintf(r.out, "  %s  %-11s  %-7s  %-17s  %7v  %10v  %10v\n", p.at.Format("2006-01-02 15:04"),
			p.client, p.payment, p.what, p.credits, p.margin.Revenue, profit)
	}
	return nil
}

// printMargins prints what each client brought, and all together.
func (r *reseller) printMargins(all []purchase) error {
	var sales []pricing.Sale
	for _, p := range all {
		sales = append(sales, pricing.Sale{Client: p.client, Period: p.at.Format("2006-01"), Margin: p.margin})
	}
	byClient, err := pricing.Margins(sales, func(s pricing.Sale) string { return s.Client })
	if err != nil {
		return err
	}
	total, err := pricing.Margins(sales, func(pricing.Sale) string { return "Total" })
	if err != nil {
		return err
	}
	byClient["Total"] = total["Total"]
	fmt.Fprintf(r.out, "\nMargin\n  %-11s  %10s  %10s  %10s\n", "sub-account", "revenue", "wholesale", "profit")
	for _, name := range []string{r.clients[0].name, r.clients[1].name, "Total"} {
		m := byClient[name]
		profit, err := m.Profit()
		if err != nil {
			return err
		}
		percent, _ := m.Percent(pricing.Rounding{Mode: pricing.RoundHalfUp, Scale: 1})
		fmt.Fprintf(r.out, "  %-11s  %10v  %10v  %10v  %4s %%\n", name, m.Revenue, m.Cost, profit, percent.StringFixed(1))
	}
	return nil
}

// verify replays every journal and compares what it leads to with the wallet.
func (r *reseller) verify(ctx context.Context) error {
	ids := []ledger.WalletID{r.pool}
	for _, c := range r.clients {
		ids = append(ids, c.wallet)
	}
	for _, id := range ids {
		if err := r.Verify(ctx, id); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(r.out, "The books are right: %d wallets, each replayed from its journal.\n", len(ids))
	return err
}
