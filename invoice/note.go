package invoice

import (
	"context"
	"fmt"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/pricing"
)

// NoteRequest is the input of [CreditNote] and [Bill.Note]. Key is required.
type NoteRequest struct {
	Key  string `json:"key"`            // the note's ID, at most [MaxID] bytes
	Line string `json:"line,omitempty"` // the ID of the line that it is for; empty: all, in proportion to what is left of them

	// Amount is what it takes off the lines' Net, before tax that is added. Zero:
	// all that is left.
	Amount decimal.Decimal `json:"amount,omitzero"`

	// Earlier are the notes on the same invoice so far. The host keeps them, as it
	// keeps the invoice.
	Earlier []Note `json:"earlier,omitempty"`
}

// A Note is a credit note: what it takes off an invoice, and how that comes back.
//
//	Amount + TaxAdded = Credit + Money
//
// The notes on a line, once all of it has been taken off, add up to the line.
type Note struct {
	Key      string          `json:"key"`
	Invoice  string          `json:"invoice"` // its ID
	Currency string          `json:"currency"`
	Lines    []NotedLine     `json:"lines"`
	Credits  []Credit        `json:"credits,omitempty"` // that go back, in this order
	Amount   decimal.Decimal `json:"amount"`
	TaxAdded decimal.Decimal `json:"tax_added"`
	Credit   decimal.Decimal `json:"credit"` // what goes back to the grants that paid
	Money    decimal.Decimal `json:"money"`  // what is owed less or, if it was paid, to be returned
}

// A NotedLine is the part of a note that is about one line.
type NotedLine struct {
	Line        string          `json:"line"`
	Amount      decimal.Decimal `json:"amount"`
	TaxAdded    decimal.Decimal `json:"tax_added"`
	TaxIncluded decimal.Decimal `json:"tax_included,omitzero"` // contained in Amount
	Credit      decimal.Decimal `json:"credit"`
	Money       decimal.Decimal `json:"money"`
}

// Note returns what a credit note on b comes to. Credits come back before money,
// those drawn last first, as far as they may pay for what is taken off.
//
// It is an error wrapping [ledger.ErrInvalid] if there is no such line, less is left
// of it than the note is to take off, or neither money nor whole steps of credits
// come to the amount.
func (b Bill) Note(r NoteRequest) (Note, error) {
	n := Note{Key: r.Key, Invoice: b.ID, Currency: b.Currency}
	if err := checkID("key", r.Key); err != nil {
		return n, err
	}
	amounts, err := b.noted(r)
	if err != nil {
		return n, err
	}
	for i := range b.Lines {
		if amounts[i].IsZero() {
			continue
		}
		line, back, err := b.take(&b.Lines[i], r.Earlier, amounts[i])
		if err != nil {
			return n, err
		}
		n.Lines, n.Credits = append(n.Lines, line), append(n.Credits, back...)
		n.Amount, n.TaxAdded = n.Amount.Add(line.Amount).Normalize(), n.TaxAdded.Add(line.TaxAdded).Normalize()
		n.Credit, n.Money = n.Credit.Add(line.Credit).Normalize(), n.Money.Add(line.Money).Normalize()
	}
	return n, nil
}

// noted returns how much r takes off each line.
func (b *Bill) noted(r NoteRequest) ([]decimal.Decimal, error) {
	for i, n := range r.Earlier {
		at := fmt.Sprintf("earlier[%d]", i)
		if n.Invoice != b.ID {
			return nil, invalid(at+".invoice", "is %.130q, and the invoice is %q", n.Invoice, b.ID)
		}
		if err := n.check(); err != nil {
			return nil, within(at, err)
		}
	}
	left, found := make([]decimal.Decimal, len(b.Lines)), false
	for i := range b.Lines {
		if l := &b.Lines[i]; r.Line == "" || r.Line == l.ID {
			left[i], found = l.Net.Sub(earlier(r.Earlier, l.ID).Amount), true
			if left[i].IsNegative() {
				return nil, invalid("earlier", "take more off line %q than there is", l.ID)
			}
		}
	}
	if err := (pricing.Money{Amount: r.Amount, Currency: b.Currency}).Validate(); err != nil {
		return nil, refused("", err)
	}
	total := decimal.Sum(decimal.Zero, left...)
	switch {
	case r.Line != "" && !found:
		return nil, invalid("line", "%q is not on the invoice", r.Line)
	case r.Amount.IsNegative() || r.Amount.GreaterThan(total):
		return nil, invalid("amount", "is %v and must be from 0 to the %v that is left", r.Amount, total)
	case !total.IsPositive():
		return nil, invalid("amount", "has nothing left to take off")
	case r.Amount.IsZero():
		return left, nil
	}
	scale, _ := pricing.MinorUnits(b.Currency)
	return pricing.Split(r.Amount, left, scale), nil
}

// check refuses numbers that are out of bounds before anything is computed with them.
func (n *Note) check() error {
	for i, l := range n.Lines {
		if err := inBounds(l.Amount, l.TaxAdded, l.TaxIncluded, l.Credit, l.Money); err != nil {
			return refused(fmt.Sprintf("lines[%d]", i), err)
		}
	}
	for i, c := range n.Credits {
		if err := inBounds(c.Amount); err != nil {
			return refused(fmt.Sprintf("credits[%d]", i), err)
		}
	}
	return nil
}

func inBounds(numbers ...decimal.Decimal) error {
	for _, d := range numbers {
		if _, err := pricing.Check("", d); err != nil {
			return err
		}
	}
	return nil
}

// earlier returns what notes have taken off a line.
func earlier(notes []Note, line string) (sum NotedLine) {
	for _, n := range notes {
		for _, l := range n.Lines {
			if l.Line == line {
				sum.Amount, sum.Credit, sum.Money = sum.Amount.Add(l.Amount), sum.Credit.Add(l.Credit), sum.Money.Add(l.Money)
				sum.TaxAdded, sum.TaxIncluded = sum.TaxAdded.Add(l.TaxAdded), sum.TaxIncluded.Add(l.TaxIncluded)
			}
		}
	}
	return sum
}

// take takes an amount off a line after earlier notes, and returns the credits that
// go back.
func (b *Bill) take(l *BilledLine, notes []Note, amount decimal.Decimal) (n NotedLine, back []Credit, err error) {
	before := earlier(notes, l.ID)
	n = NotedLine{Line: l.ID, Amount: amount}
	if b.Stage != StageBeforeTax {
		b.untax(&n, l, before, before.Amount.Add(amount), l.Net)
	}
	back = b.back(l.ID, notes, b.Stage.payable(amount, n.TaxAdded, n.TaxIncluded))
	for _, c := range back {
		n.Credit = n.Credit.Add(c.Amount)
	}
	if b.Stage == StageBeforeTax { // what credits paid was not taxed
		taxed := before.Amount.Sub(before.Credit).Add(amount).Sub(n.Credit)
		b.untax(&n, l, before, taxed, l.Net.Sub(l.Credit))
	}
	n.Money = n.Amount.Add(n.TaxAdded).Sub(n.Credit)
	unpaid := b.Stage.payable(before.Amount.Add(amount), before.TaxAdded.Add(n.TaxAdded), before.TaxIncluded.Add(n.TaxIncluded)).
		Sub(before.Credit).Sub(n.Credit)
	if unpaid.GreaterThan(b.Stage.payable(l.Net, l.TaxAdded, l.TaxIncluded).Sub(l.Credit)) {
		return n, nil, invalid("amount", "of %v cannot come back exactly for line %q: its credits make whole steps only", amount, l.ID)
	}
	normalize(&n.Amount, &n.TaxAdded, &n.TaxIncluded, &n.Credit, &n.Money)
	return n, back, nil
}

// untax takes off the tax on what notes have taken of base in all, less that of the
// earlier notes. It rounds down, so that the last of them takes the rest.
func (b *Bill) untax(n *NotedLine, l *BilledLine, before NotedLine, taxed, base decimal.Decimal) {
	if !base.IsPositive() {
		return
	}
	scale, _ := pricing.MinorUnits(b.Currency)
	down := pricing.Rounding{Mode: pricing.RoundDown, Scale: scale}
	n.TaxAdded = down.Quo(l.TaxAdded.Mul(taxed), base).Sub(before.TaxAdded)
	n.TaxIncluded = down.Quo(l.TaxIncluded.Mul(taxed), base).Sub(before.TaxIncluded)
}

// back returns the credits of a line, as far as notes have not given them back, that
// make up at most an amount: those drawn last first, in whole steps.
func (b *Bill) back(line string, notes []Note, amount decimal.Decimal) []Credit {
	var back []Credit
	for _, c := range slices.Backward(b.Credits) {
		if c.Line != line {
			continue
		}
		left := c.Amount
		for _, n := range notes {
			for _, o := range n.Credits {
				if o.Line == line && o.WalletID == c.WalletID && o.Grant == c.Grant {
					left = left.Sub(o.Amount)
				}
			}
		}
		n := steps(decimal.Min(left, amount), c.Step)
		if !n.IsPositive() {
			continue
		}
		part := c
		part.Amount, part.Credits = n.Mul(c.Step).Normalize(), n.Mul(c.perStep()).Normalize()
		amount = amount.Sub(part.Amount)
		back = append(back, part)
	}
	return back
}

// perStep returns the credits that pay one step.
func (c *Credit) perStep() decimal.Decimal {
	n, _ := c.Credits.QuoRem(steps(c.Amount, c.Step), pricing.MaxScale)
	return n
}

// CreditNote takes an amount off a settled invoice: the credits go back to the grants
// that paid the line, in the reverse of the order in which they were drawn, and the
// rest is money for the host to return. What goes back to a grant that has ended
// becomes of it what the wallet's refund policy says.
//
// The same note again answers the same and changes nothing. It is an error wrapping
// [ledger.ErrNotFound] if v was not settled, [ledger.ErrInvalid] if there is no such
// line, less is left of it or some of its credits have gone back already by a note that
// is not in Earlier, [ledger.ErrClosed] if all of them have, by notes or by a void.
func CreditNote(ctx context.Context, books *ledger.Ledger, v Invoice, r NoteRequest) (Note, error) {
	bill, err := settledBill(ctx, books, v)
	if err != nil {
		return Note{}, err
	}
	n, err := bill.Note(r)
	if err != nil {
		return Note{}, err
	}
	if requests := refunds(v.ID, r.Key, n.Credits); len(requests) > 0 {
		_, err = books.Together(ctx, requests...)
	}
	return n, err
}

// refunds returns the requests that give credits of an invoice back, one for each
// line and wallet.
func refunds(id, key string, back []Credit) []ledger.Request {
	var requests []ledger.RefundRequest
	for _, c := range back {
		r := ledger.RefundRequest{Key: "note/" + key + "/" + c.Line, WalletID: c.WalletID, Charge: id, Part: c.Line, Amount: c.Credits}
		same := func(o ledger.RefundRequest) bool { return o.Key == r.Key && o.WalletID == r.WalletID }
		if i := slices.IndexFunc(requests, same); i >= 0 {
			requests[i].Amount = requests[i].Amount.Add(c.Credits).Normalize()
			continue
		}
		requests = append(requests, r)
	}
	all := make([]ledger.Request, len(requests))
	for i, r := range requests {
		all[i] = r
	}
	return all
}

// settledBill returns what a settled invoice came to.
func settledBill(ctx context.Context, books *ledger.Ledger, v Invoice) (Bill, error) {
	v, err := v.settleable()
	if err != nil {
		return Bill{}, err
	}
	first, err := books.Entry(ctx, v.Wallets[0].ID, v.ID)
	if err != nil {
		return Bill{}, err
	}
	return v.settled(ctx, books, first)
}
