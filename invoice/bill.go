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

// total adds up the lines, and puts all amounts into normal form.
func (b *Bill) total() {
	for i := range b.Lines {
		l := &b.Lines[i]
		l.Due = l.Net.Add(l.TaxAdded).Sub(l.Credit)
		normalize(&l.Discount, &l.Netted, &l.Net, &l.Credit, &l.TaxAdded, &l.TaxIncluded, &l.Due)
		for _, sum := range []struct {
			total *decimal.Decimal
			of    decimal.Decimal
		}{
			{&b.Subtotal, l.Amount},
			{&b.Discount, l.Discount},
			{&b.Surplus, l.Netted},
			{&b.TaxAdded, l.TaxAdded},
			{&b.TaxIncluded, l.TaxIncluded},
			{&b.Credit, l.Credit},
			{&b.Due, l.Due},
		} {
			if !sum.of.IsZero() {
				*sum.total = sum.total.Add(sum.of)
			}
		}
	}
	normalize(&b.Subtotal, &b.Discount, &b.Surplus, &b.TaxAdded, &b.TaxIncluded, &b.Credit, &b.Due)
	for i := range b.Discounts {
		normalize(&b.Discounts[i].Amount)
	}
	for i := range b.Taxes {
		normalize(&b.Taxes[i].Base, &b.Taxes[i].Amount)
	}
}

// normalize takes trailing zeros off amounts, so that equal bills are deeply equal.
func normalize(amounts ...*decimal.Decimal) {
	for _, a := range amounts {
		*a = a.Normalize()
	}
}
