package report

import (
	"context"
	"iter"
	"time"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/ledger"
)

// A Client is one wallet's part in the business.
type Client struct {
	WalletID ledger.WalletID `json:"wallet_id"`
	Owner    string          `json:"owner"`
	Unit     string          `json:"unit"`
	Credits  ByClass         `json:"credits"`
	Uses     int             `json:"uses"`    // charges
	Balance  decimal.Decimal `json:"balance"` // as it is in the books
	Burn     decimal.Decimal `json:"burn"`    // credits used a day, to four decimals
	DaysLeft decimal.Decimal `json:"days"`    // until the balance is used up at that rate, rounded down; zero if nothing burns
	Sold     Monies          `json:"sold"`    // what it paid
	Earned   Monies          `json:"earned"`  // what of it was earned by use and breakage
	Cost     Monies          `json:"cost"`    // what its use cost the host
	Margin   Monies          `json:"margin"`  // Earned less Cost
}

// ByClass is credits by where they came from and went.
type ByClass struct {
	Sold     decimal.Decimal `json:"sold"`
	Granted  decimal.Decimal `json:"granted"`
	Used     decimal.Decimal `json:"used"`
	Expired  decimal.Decimal `json:"expired"`
	Voided   decimal.Decimal `json:"voided"`
	Returned decimal.Decimal `json:"returned"`
	Moved    decimal.Decimal `json:"moved"` // received, less sent
}

// Cost says what a part of a charge cost the host, such as what it pays its own
// supplier. Of a refund for less use the quantity is below zero.
type Cost func(ledger.Part) ledger.Money

// Clients returns the wallets that q names, one by one while the loop runs, so it
// takes no more memory for a million of them. Cost may be nil. It ends after the
// first error.
//
// Q's times bound the days over which Burn is counted; without them it is counted
// from the opening of the wallet to what was booked last.
func Clients(ctx context.Context, books *ledger.Ledger, q Query, cost Cost) iter.Seq2[Client, error] {
	return func(yield func(Client, error) bool) {
		for w, err := range q.wallets(ctx, books) {
			var c Client
			if err == nil {
				c, err = client(ctx, books, &w, q, cost)
			}
			if !yield(c, err) || err != nil {
				return
			}
		}
	}
}

func client(ctx context.Context, books *ledger.Ledger, w *ledger.Wallet, q Query, cost Cost) (Client, error) {
	c := Client{WalletID: w.ID, Owner: w.Owner, Unit: w.Unit.Name, Balance: w.Balance}
	var all Movements
	err := q.walk(ctx, books, w, func(f Flow) bool {
		if q.has(f.Entry.EffectiveAt) {
			all.add(&f)
			c.flow(&f)
		}
		return true
	}, func(e, _ *ledger.Entry) {
		if q.has(e.EffectiveAt) {
			c.entry(e, cost)
		}
	})
	c.Credits = ByClass{
		Sold: all.Sold.Credits, Granted: all.Granted.Credits, Used: all.Used.Credits, Expired: all.Expired.Credits,
		Voided: all.Voided.Credits, Returned: all.Returned.Credits, Moved: all.Received.Sub(all.Sent).Credits,
	}
	for _, m := range c.Earned {
		c.Margin = c.Margin.add(m)
	}
	for _, m := range c.Cost {
		c.Margin = c.Margin.add(m.Neg())
	}
	c.burn(w, q)
	return c, err
}

func (c *Client) flow(f *Flow) {
	switch f.Class {
	case Sold:
		c.Sold = c.Sold.add(f.Money)
	case Used, Expired, Voided:
		c.Earned = c.Earned.add(f.Money)
	case Granted, Received, Carried, Returned, Sent:
	}
}

func (c *Client) entry(e *ledger.Entry, cost Cost) {
	if len(e.Parts) == 0 || e.Kind == ledger.KindBill {
		return
	}
	if e.Kind != ledger.KindRefund {
		c.Uses++
	}
	if cost == nil {
		return
	}
	for _, p := range e.Parts {
		c.Cost = c.Cost.add(cost(p))
	}
}

// burn works out how fast credits are used, and how long they last.
func (c *Client) burn(w *ledger.Wallet, q Query) {
	from, to := w.OpenedAt, w.SettledAt
	if q.From.After(from) {
		from = q.From
	}
	if !q.To.IsZero() {
		to = q.To
	}
	elapsed := decimal.NewFromInt(to.Sub(from).Microseconds())
	if !elapsed.IsPositive() || !c.Credits.Used.IsPositive() {
		return
	}
	day := decimal.NewFromInt((24 * time.Hour).Microseconds())
	used := c.Credits.Used.Mul(day)
	c.Burn = used.DivRound(elapsed, 4)
	if c.Balance.IsPositive() {
		c.DaysLeft, _ = c.Balance.Mul(elapsed).QuoRem(used, 0)
	}
}
