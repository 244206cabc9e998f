package invoice_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/expiry"
	"github.com/scrip-go/scrip/invoice"
	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/pricing"
	"github.com/scrip-go/scrip/store/memory"
)

// A publishedCase is an invoice and wallets from the tests or the documentation of
// a billing system, and what they come to there.
type publishedCase struct {
	ID       string          `json:"id"`
	Source   string          `json:"source"`
	Title    string          `json:"title"`
	Differs  string          `json:"differs"` // why the figures are ours, not the source's
	Opened   time.Time       `json:"opened"`  // zero: noon
	Now      time.Time       `json:"now"`     // of the invoice; zero: Opened
	Lateness string          `json:"lateness"`
	Invoice  invoice.Invoice `json:"invoice"`
	Wallets  []caseWallet    `json:"wallets"`
	Want     caseWant        `json:"want"`
}

type caseWallet struct {
	Unit   ledger.Unit         `json:"unit"`
	Price  pricing.CreditPrice `json:"price"`
	Grants []ledger.Grant      `json:"grants"`
}

// caseWant is what is looked at; what is not stated is not.
type caseWant struct {
	Subtotal, Discount, Tax, Credit, Due *decimal.Decimal

	Lines  map[string]decimal.Decimal // what is due of each
	Paid   map[string]decimal.Decimal // by the grant's name, in its wallet's unit; all of them
	Left   map[string]decimal.Decimal // of grants, after it
	Unused map[string]invoice.Reason  // by the grant's name
}

func TestPublishedCases(t *testing.T) {
	files, err := filepath.Glob("testdata/cases/*.json")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		var cases []publishedCase
		d := json.NewDecoder(bytes.NewReader(text))
		d.DisallowUnknownFields()
		require.NoError(t, d.Decode(&cases))
		for _, c := range cases {
			t.Run(c.ID+" "+c.Title, func(t *testing.T) { c.run(t) })
		}
	}
}

func (c publishedCase) run(t *testing.T) {
	lateness, _ := time.ParseDuration(c.Lateness)
	b := &books{t: t, ctx: t.Context(), clock: noon}
	b.Ledger = ledger.New(new(memory.Store), ledger.Config{Now: func() time.Time { return b.clock }, Lateness: lateness})
	if !c.Opened.IsZero() {
		b.clock = c.Opened
	}
	v := c.Invoice
	v.ID = c.ID
	for _, w := range c.Wallets {
		id := b.wallet(w.Unit)
		v.Wallets = append(v.Wallets, invoice.Wallet{ID: id, Price: w.Price})
		for _, g := range w.Grants {
			b.give(id, g.Amount.String(), func(r *ledger.GrantRequest) {
				r.Name, r.Scope, r.EffectiveAt, r.Expiry = g.Name, g.Scope, g.EffectiveAt, until(g.ExpiresAt)
			})
		}
	}
	if !c.Now.IsZero() {
		b.clock = c.Now
	}
	quote, err := invoice.Preview(b.ctx, b.Ledger, v)
	require.NoError(t, err)
	got := b.settle(v)
	require.Equal(t, quote.Bill, got, "the preview is what is settled")
	requireSums(t, got)
	c.Want.check(t, b, v, quote)
	for _, id := range b.opens {
		require.NoError(t, b.Verify(b.ctx, id))
	}
}

func (w caseWant) check(t *testing.T, b *books, v invoice.Invoice, got invoice.Quote) {
	for name, pair := range map[string][2]*decimal.Decimal{
		"subtotal": {w.Subtotal, &got.Subtotal}, "discount": {w.Discount, &got.Discount},
		"tax": {w.Tax, &got.TaxAdded}, "credit": {w.Credit, &got.Credit}, "due": {w.Due, &got.Due},
	} {
		if pair[0] != nil {
			requireAmount(t, *pair[0], *pair[1], name)
		}
	}
	for id, due := range w.Lines {
		l, ok := got.Line(id)
		require.True(t, ok, id)
		requireAmount(t, due, l.Due, id)
	}
	paid := make(map[string]decimal.Decimal)
	for _, c := range got.Credits {
		paid[c.Name] = paid[c.Name].Add(c.Credits)
	}
	if w.Paid != nil {
		require.Len(t, paid, len(w.Paid), "%v", paid)
	}
	for name, amount := range w.Paid {
		requireAmount(t, amount, paid[name], name)
	}
	left := make(map[string]decimal.Decimal)
	for _, source := range v.Wallets {
		balance, err := b.Balance(b.ctx, source.ID, time.Time{})
		require.NoError(t, err)
		for _, g := range balance.Grants {
			left[g.Name] = g.Remaining
		}
	}
	for name, amount := range w.Left {
		requireAmount(t, amount, left[name], "left of "+name)
	}
	for _, u := range got.Unused {
		if reason, ok := w.Unused[u.Name]; ok {
			require.Equal(t, reason, u.Reason, u.Name)
			delete(w.Unused, u.Name)
		}
	}
	require.Empty(t, w.Unused)
}

func requireAmount(t testing.TB, want, got decimal.Decimal, what string) {
	t.Helper()
	require.True(t, want.Equal(got), "%s is %v, not %v", what, got, want)
}

// until returns the policy by which credits end at an instant; zero: never.
func until(at time.Time) expiry.Policy {
	if at.IsZero() {
		return expiry.Policy{}
	}
	return expiry.Policy{Kind: expiry.PolicyAt, At: at}
}

// requireSums checks that what a customer sees adds up.
func requireSums(t testing.TB, b invoice.Bill) {
	t.Helper()
	require.Empty(t, wrongSum(b))
}

// wrongSum returns what does not add up in a bill, nothing if all does.
func wrongSum(b invoice.Bill) string {
	var due, credit, discount, added, included, subtotal, net decimal.Decimal
	for _, l := range b.Lines {
		if l.Net.IsNegative() || l.Due.IsNegative() || l.Credit.IsNegative() {
			return "a line is below zero"
		}
		if !l.Amount.Sub(l.Discount).Add(l.Netted).Equal(l.Net) || !l.Net.Add(l.TaxAdded).Sub(l.Credit).Equal(l.Due) {
			return "line " + l.ID
		}
		due, credit, discount = due.Add(l.Due), credit.Add(l.Credit), discount.Add(l.Discount)
		added, included, subtotal = added.Add(l.TaxAdded), included.Add(l.TaxIncluded), subtotal.Add(l.Amount)
		net = net.Add(l.Net)
		scale, _ := pricing.MinorUnits(b.Currency)
		for _, d := range []decimal.Decimal{l.Amount, l.Net, l.Due, l.TaxAdded, l.TaxIncluded, l.Credit} {
			if !d.Equal(d.Truncate(scale)) {
				return "line " + l.ID + " is finer than the currency"
			}
		}
	}
	var off, drawn, taxed decimal.Decimal
	for _, d := range b.Discounts {
		off = off.Add(d.Amount)
	}
	for _, c := range b.Credits {
		drawn = drawn.Add(c.Amount)
	}
	for _, tax := range b.Taxes {
		taxed = taxed.Add(tax.Amount)
	}
	switch {
	case !due.Equal(b.Due), !credit.Equal(b.Credit), !discount.Equal(b.Discount), !subtotal.Equal(b.Subtotal):
		return "the lines"
	case !added.Equal(b.TaxAdded), !included.Equal(b.TaxIncluded), !taxed.Equal(added.Add(included)):
		return "the taxes"
	case !off.Equal(b.Discount), !drawn.Equal(b.Credit):
		return "the discounts or the credits"
	case !b.Subtotal.Sub(b.Discount).Add(b.Surplus).Add(b.TaxAdded).Sub(b.Credit).Equal(b.Due):
		return "the bill"
	}
	return ""
}
