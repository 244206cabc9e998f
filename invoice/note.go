package invoice

import (
	"context"
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
// It is an error wrapping [ledger.ErrInvalid] if there is no such line, or less is
// left of it than the note is to take off.
func (b Bill) Note(r NoteRequest) (Note, error) {
	n, _, err := b.note(r)
	return n, err
}

// note returns the note, and the credits that go back.
func (b *Bill) note(r NoteRequest) (Note, []Credit, error) {
	n := Note{Key: r.Key, Invoice: b.ID, Currency: b.Currency}
	if err := checkID("key", r.Key); err != nil {
		return n, nil, err
	}
	amounts, err := b.noted(r)
	if err != nil {
		return n, nil, err
	}
	var back []Credit
	for i := range b.Lines {
		if amounts[i].IsZero() {
			continue
		}
		l := &b.Lines[i]
		before := b.upTo(l, earlier(r.Earlier, l.ID))
		after := b.upTo(l, before.Amount.Add(amounts[i]))
		line := after.less(before)
		n.Lines = append(n.Lines, line)
		n.Amount, n.TaxAdded = n.Amount.Add(line.Amount), n.TaxAdded.Add(line.TaxAdded)
		n.Credit, n.Money = n.Credit.Add(line.Credit), n.Money.Add(line.Money)
		back = append(back, b.back(l.ID, before.Credit, after.Credit)...)
	}
	return n, back, nil
}

// noted returns how much r takes off each line.
func (b *Bill) noted(r NoteRequest) ([]decimal.Decimal, error) {
	for _, n := range r.Earlier {
		if n.Invoice != b.ID {
			return nil, invalid("earlier", "has a note on invoice %q", n.Invoice)
		}
	}
	left, found := make([]decimal.Decimal, len(b.Lines)), false
	for i := range b.Lines {
		if l := &b.Lines[i]; r.Line == "" || r.Line == l.ID {
			left[i], found = l.Net.Sub(earlier(r.Earlier, l.ID)), true
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

// earlier returns what notes have taken off a line.
func earlier(notes []Note, line string) decimal.Decimal {
	total := decimal.Zero
	for _, n := range notes {
		for _, l := range n.Lines {
			if l.Line == line {
				total = total.Add(l.Amount)
			}
		}
	}
	return total
}

// upTo returns what notes come to that take amount off a line in all. So that they
// add up, a note is the difference of two of these.
func (b *Bill) upTo(l *BilledLine, amount decimal.Decimal) NotedLine {
	n := NotedLine{Line: l.ID, Amount: amount}
	taxed, base := amount, l.Net
	if b.Stage == StageBeforeTax {
		// Credits were not taxed, and they go back first.
		taxed, base = decimal.Max(amount.Sub(l.Credit), decimal.Zero), l.Net.Sub(l.Credit)
	}
	if base.IsPositive() {
		scale, _ := pricing.MinorUnits(b.Currency)
		down := pricing.Rounding{Mode: pricing.RoundDown, Scale: scale}
		n.TaxAdded = down.Quo(l.TaxAdded.Mul(taxed), base)
		n.TaxIncluded = down.Quo(l.TaxIncluded.Mul(taxed), base)
	}
	payable := amount
	switch b.Stage {
	case StageAfterTax:
		payable = amount.Add(n.TaxAdded)
	case StageNetOnly:
		payable = amount.Sub(n.TaxIncluded)
	case StageBeforeTax:
	}
	for _, c := range b.back(l.ID, decimal.Zero, payable) {
		n.Credit = n.Credit.Add(c.Amount)
	}
	n.Money = n.Amount.Add(n.TaxAdded).Sub(n.Credit)
	return n
}

// less returns what notes come to from before on.
func (n NotedLine) less(before NotedLine) NotedLine {
	return NotedLine{
		Line:        n.Line,
		Amount:      n.Amount.Sub(before.Amount).Normalize(),
		TaxAdded:    n.TaxAdded.Sub(before.TaxAdded).Normalize(),
		TaxIncluded: n.TaxIncluded.Sub(before.TaxIncluded).Normalize(),
		Credit:      n.Credit.Sub(before.Credit).Normalize(),
		Money:       n.Money.Sub(before.Money).Normalize(),
	}
}

// back returns the credits of a line that go back while what has gone back rises
// from one amount to another: those drawn last first, each in its own steps.
func (b *Bill) back(line string, from, to decimal.Decimal) []Credit {
	var back []Credit
	reach := decimal.Zero // of those looked at so far
	for _, c := range slices.Backward(b.Credits) {
		if c.Line != line {
			continue
		}
		upTo := func(amount decimal.Decimal) decimal.Decimal {
			within := decimal.Max(decimal.Min(amount.Sub(reach), c.Amount), decimal.Zero)
			return steps(within, c.Step).Mul(c.Step)
		}
		if amount := upTo(to).Sub(upTo(from)); amount.IsPositive() {
			part := c
			part.Amount = amount.Normalize()
			part.Credits = steps(amount, c.Step).Mul(c.perStep()).Normalize()
			back = append(back, part)
		}
		reach = reach.Add(c.Amount)
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
// rest is money for the host to return. What goes back to a grant that has expired
// becomes of it what the wallet's refund policy says.
//
// The same note again answers the same and changes nothing. It is an error wrapping
// [ledger.ErrNotFound] if v was not settled, [ledger.ErrInvalid] if there is no such
// line or less is left of it, [ledger.ErrClosed] or [ledger.ErrInsufficientCredits] if
// its credits have gone back already, by a void or by a note that is not in Earlier.
func CreditNote(ctx context.Context, books *ledger.Ledger, v Invoice, r NoteRequest) (Note, error) {
	bill, err := settledBill(ctx, books, v)
	if err != nil {
		return Note{}, err
	}
	n, back, err := bill.note(r)
	if err != nil {
		return Note{}, err
	}
	if requests := refunds(v.ID, r.Key, back); len(requests) > 0 {
		_, err = books.Together(ctx, requests...)
	}
	return n, err
}

// refunds returns the requests that give credits of an invoice back, one for each
// line and wallet.
func refunds(id, key string, back []Credit) []ledger.Request {
	var requests []ledger.RefundRequest
	for _, c := range back {
		r := ledger.RefundRequest{Key: key + "/" + c.Line, WalletID: c.WalletID, Charge: id, Part: c.Line, Amount: c.Credits}
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
