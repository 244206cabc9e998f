package invoice

import (
	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/ledger"
)

// A Bill is what an invoice comes to. All amounts are whole minor units of its
// currency, and they add up, for the bill as for every line of it:
//
//	Due = Subtotal - Discount + Surplus + TaxAdded - Credit
//	Due = sum of the lines' Due
//
// Due is never below zero.
type Bill struct {
	ID       string `json:"id"`
	Currency string `json:"currency"`
	Stage    Stage  `json:"stage"`

	Lines     []BilledLine      `json:"lines"`
	Discounts []AppliedDiscount `json:"discounts,omitempty"` // in the order in which they were applied
	Taxes     []TaxTotal        `json:"taxes,omitempty"`
	Credits   []Credit          `json:"credits,omitempty"` // in the order in which they were drawn

	Subtotal    decimal.Decimal `json:"subtotal"`              // the lines' amounts
	Discount    decimal.Decimal `json:"discount"`              // all discounts
	Surplus     decimal.Decimal `json:"surplus,omitzero"`      // what lines below zero leave, to be carried to the next invoice
	TaxAdded    decimal.Decimal `json:"tax_added"`             // on top of the lines' amounts
	TaxIncluded decimal.Decimal `json:"tax_included,omitzero"` // contained in the lines' amounts
	Credit      decimal.Decimal `json:"credit"`                // all credits, in the currency
	Due         decimal.Decimal `json:"due"`                   // to be paid in money
}

// A BilledLine is a line of an invoice and what became of it:
//
//	Net = Line.Amount - Discount + Netted
//	Due = Net + TaxAdded - Credit
type BilledLine struct {
	Line                        // its Amount rounded, and filled in if it was not stated
	Discount    decimal.Decimal `json:"discount"`              // its own discounts, and its share of the invoice's
	Netted      decimal.Decimal `json:"netted,omitzero"`       // negative: paid by lines below zero; positive, of such a line: what it paid, and its surplus
	Net         decimal.Decimal `json:"net"`                   // never below zero
	Credit      decimal.Decimal `json:"credit"`                // what credits paid
	TaxAdded    decimal.Decimal `json:"tax_added"`             // on top
	TaxIncluded decimal.Decimal `json:"tax_included,omitzero"` // contained in Net or, before tax, in what credits left of it
	Due         decimal.Decimal `json:"due"`
}

// An AppliedDiscount is what one discount took off.
type AppliedDiscount struct {
	Name   string          `json:"name,omitempty"`
	Line   string          `json:"line,omitempty"` // the line's ID; empty: of the invoice
	Amount decimal.Decimal `json:"amount"`
}

// A TaxTotal is one tax of all lines that it is on.
type TaxTotal struct {
	Tax
	Base   decimal.Decimal `json:"base"` // what is taxed; if the tax is inclusive, with it
	Amount decimal.Decimal `json:"amount"`
}

// A Credit is what one grant paid of one line.
type Credit struct {
	Line     string          `json:"line"`
	WalletID ledger.WalletID `json:"wallet_id"`
	Grant    ledger.GrantID  `json:"grant"`
	Name     string          `json:"name,omitempty"` // the grant's
	Amount   decimal.Decimal `json:"amount"`         // in the invoice's currency
	Credits  decimal.Decimal `json:"credits"`        // in the wallet's unit
	Step     decimal.Decimal `json:"step"`           // the least that its credits can pay: what makes whole minor units
}

// Line returns the line of that ID.
func (b *Bill) Line(id string) (BilledLine, bool) {
	for i := range b.Lines {
		if b.Lines[i].ID == id {
			return b.Lines[i], true
		}
	}
	return BilledLine{}, false
}

// index returns where in b the lines are, by ID.
func (b *Bill) index() map[string]int {
	index := make(map[string]int, len(b.Lines))
	for i := range b.Lines {
		index[b.Lines[i].ID] = i
	}
	return index
}

// each returns an amount of every line.
func (b *Bill) each(of func(*BilledLine) decimal.Decimal) []decimal.Decimal {
	amounts := make([]decimal.Decimal, len(b.Lines))
	for i := range b.Lines {
		amounts[i] = of(&b.Lines[i])
	}
	return amounts
}

func (b *Bill) sum(of func(*BilledLine) decimal.Decimal) decimal.Decimal {
	return decimal.Sum(decimal.Zero, b.each(of)...)
}

// total adds up the lines, and puts all amounts into normal form.
func (b *Bill) total() {
	for i := range b.Lines {
		l := &b.Lines[i]
		l.Due = minus(plus(l.Net, l.TaxAdded), l.Credit)
		normalize(&l.Discount, &l.Netted, &l.Net, &l.Credit, &l.TaxAdded, &l.TaxIncluded, &l.Due)
	}
	b.Subtotal = b.sum(func(l *BilledLine) decimal.Decimal { return l.Amount })
	b.Discount = b.sum(func(l *BilledLine) decimal.Decimal { return l.Discount })
	b.Surplus = b.sum(func(l *BilledLine) decimal.Decimal { return l.Netted })
	b.TaxAdded = b.sum(func(l *BilledLine) decimal.Decimal { return l.TaxAdded })
	b.TaxIncluded = b.sum(func(l *BilledLine) decimal.Decimal { return l.TaxIncluded })
	b.Credit = b.sum(func(l *BilledLine) decimal.Decimal { return l.Credit })
	b.Due = b.sum(func(l *BilledLine) decimal.Decimal { return l.Due })
	normalize(&b.Subtotal, &b.Discount, &b.Surplus, &b.TaxAdded, &b.TaxIncluded, &b.Credit, &b.Due)
	for i := range b.Discounts {
		normalize(&b.Discounts[i].Amount)
	}
	for i := range b.Taxes {
		normalize(&b.Taxes[i].Base, &b.Taxes[i].Amount)
	}
}
