package invoice

import (
	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/pricing"
)

// Bill returns what v comes to without credits.
//
// It is an error wrapping [ledger.ErrInvalid] if v is not valid.
func (v Invoice) Bill() (Bill, error) {
	v, err := v.check()
	if err != nil {
		return Bill{}, err
	}
	return v.price().finish(nil), nil
}

// work is an invoice on its way to a bill.
type work struct {
	invoice Invoice // in normal form
	round   pricing.Rounding
	bill    Bill
}

// price carries out all steps that come before credits.
func (v Invoice) price() *work {
	scale, _ := pricing.MinorUnits(v.Currency)
	w := &work{
		invoice: v,
		round:   pricing.Rounding{Mode: v.Rounding, Scale: scale},
		bill:    Bill{ID: v.ID, Currency: v.Currency, Stage: v.Stage},
	}
	w.bill.Lines = make([]BilledLine, len(v.Lines), len(v.Lines)+1) // the minimum may be one more
	for i := range v.Lines {
		w.bill.Lines[i].Line = v.Lines[i]
		w.line(&w.bill.Lines[i])
	}
	w.net()
	for _, d := range v.Discounts {
		w.discount(d)
	}
	w.bound()
	return w
}

// line rounds the amount of l and applies its discounts.
func (w *work) line(l *BilledLine) {
	l.Amount = w.round.Apply(l.price()).Normalize()
	l.Net = l.Amount
	for _, d := range l.Discounts {
		off := d.off(l.Net, w.round)
		l.Net, l.Discount = minus(l.Net, off), plus(l.Discount, off)
		w.bill.Discounts = append(w.bill.Discounts, AppliedDiscount{d.Name, l.ID, off})
	}
}

// net lets lines below zero pay for others: of the same item and tax first, then of
// the same tax, then any, in the order of the lines. What they leave is surplus.
func (w *work) net() {
	for i := range w.bill.Lines {
		minus := &w.bill.Lines[i]
		if !minus.Net.IsNegative() {
			continue
		}
		for _, fits := range []func(*BilledLine) bool{
			func(l *BilledLine) bool { return l.Item == minus.Item && l.Tax.same(minus.Tax) },
			func(l *BilledLine) bool { return l.Tax.same(minus.Tax) },
			func(*BilledLine) bool { return true },
		} {
			for k := range w.bill.Lines {
				if l := &w.bill.Lines[k]; l.Net.IsPositive() && minus.Net.IsNegative() && fits(l) {
					paid := decimal.Min(l.Net, minus.Net.Neg())
					l.nettedBy(paid.Neg())
					minus.nettedBy(paid)
				}
			}
		}
		minus.nettedBy(minus.Net.Neg())
	}
}

func (l *BilledLine) nettedBy(amount decimal.Decimal) {
	l.Net, l.Netted = plus(l.Net, amount), plus(l.Netted, amount)
}

// discount applies a discount of the invoice to the lines in its scope, in
// proportion to what is left of them.
func (w *work) discount(d Discount) {
	covered := make([]decimal.Decimal, len(w.bill.Lines))
	for i := range w.bill.Lines {
		if l := &w.bill.Lines[i]; d.Scope.Covers(l.Item) {
			covered[i] = l.Net
		}
	}
	w.takeOff(d.Name, d.off(decimal.Sum(decimal.Zero, covered...), w.round), covered)
}

// takeOff takes an amount off lines in proportion to weights, which it does not
// exceed.
func (w *work) takeOff(name string, amount decimal.Decimal, weights []decimal.Decimal) {
	if len(weights) > 0 {
		for i, part := range pricing.Split(amount, weights, w.round.Scale) {
			l := &w.bill.Lines[i]
			l.Net, l.Discount = minus(l.Net, part), plus(l.Discount, part)
		}
	}
	w.bill.Discounts = append(w.bill.Discounts, AppliedDiscount{Name: name, Amount: amount})
}

// bound lifts the lines to the minimum, or cuts them down to the maximum.
func (w *work) bound() {
	nets := w.bill.each(func(l *BilledLine) decimal.Decimal { return l.Net })
	total := decimal.Sum(decimal.Zero, nets...)
	lowest, highest := w.round.Apply(w.invoice.Minimum.Amount), w.round.Apply(w.invoice.Maximum)
	switch {
	case total.LessThan(lowest):
		m := w.invoice.Minimum
		lack := lowest.Sub(total)
		l := Line{ID: minimumID, Name: m.Name, Item: m.Item, Tax: m.Tax, Amount: lack.Normalize()}
		w.bill.Lines = append(w.bill.Lines, BilledLine{Line: l, Net: lack})
	case w.invoice.Maximum.IsPositive() && total.GreaterThan(highest):
		w.takeOff("Maximum", total.Sub(highest), nets)
	}
}

// payable returns what credits may pay of each line.
func (w *work) payable() []decimal.Decimal {
	if w.invoice.Stage != StageBeforeTax {
		w.tax(func(l *BilledLine) decimal.Decimal { return l.Net })
	}
	return w.bill.each(func(l *BilledLine) decimal.Decimal {
		return w.invoice.Stage.payable(l.Net, l.TaxAdded, l.TaxIncluded)
	})
}

// finish puts credits against the lines and adds everything up.
func (w *work) finish(credits []Credit) Bill {
	w.bill.Credits = credits
	lines := w.bill.index()
	for _, c := range credits {
		l := &w.bill.Lines[lines[c.Line]]
		l.Credit = plus(l.Credit, c.Amount)
	}
	w.tax(func(l *BilledLine) decimal.Decimal {
		if w.invoice.Stage == StageBeforeTax {
			return minus(l.Net, l.Credit)
		}
		return l.Net
	})
	w.bill.total()
	return w.bill
}
