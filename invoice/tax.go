package invoice

import (
	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/pricing"
)

// A Tax is what a line is taxed with. The zero Tax is none. Which rate applies is
// for the host to know.
type Tax struct {
	Name      string          `json:"name,omitempty"`
	Rate      decimal.Decimal `json:"rate,omitzero"`       // in percent, from 0 to 1,000
	Inclusive bool            `json:"inclusive,omitempty"` // the line's amount contains it; otherwise it is added
}

func (t Tax) check() (_ Tax, err error) {
	if t.Rate, err = pricing.Check("rate", t.Rate); err != nil {
		return t, refused("", err)
	}
	if t.Rate.IsNegative() || t.Rate.GreaterThan(decimal.NewFromInt(1_000)) {
		return t, invalid("rate", "is %v and must be from 0 to 1000", t.Rate)
	}
	return t, nil
}

// same reports whether t and o are one tax. Rates have been checked, so that equal
// ones are written alike.
func (t Tax) same(o Tax) bool {
	return t.Name == o.Name && t.Inclusive == o.Inclusive && t.Rate.Equal(o.Rate)
}

// none reports whether t is no tax at all, not even one of zero percent.
func (t Tax) none() bool { return t.same(Tax{}) }

// on returns the tax on an amount, rounded once: to be added to it or, if t is
// inclusive, contained in it.
func (t Tax) on(amount decimal.Decimal, r pricing.Rounding) decimal.Decimal {
	if t.Inclusive {
		return r.Quo(amount.Mul(t.Rate), hundred.Add(t.Rate))
	}
	return r.Percent(amount, t.Rate)
}

// tax computes the taxes of lines on what base says of each: each tax rounded once
// and split over its lines by largest remainder or, if each line is rounded, summed
// from them.
func (w *work) tax(base func(*BilledLine) decimal.Decimal) {
	w.bill.Taxes = nil
	done := make([]bool, len(w.bill.Lines))
	for i := range w.bill.Lines {
		tax := w.bill.Lines[i].Tax
		if done[i] || tax.none() {
			continue
		}
		total := TaxTotal{Tax: tax}
		var lines []*BilledLine
		var bases []decimal.Decimal
		for k := i; k < len(w.bill.Lines); k++ {
			if l := &w.bill.Lines[k]; l.Tax.same(tax) {
				done[k] = true
				lines, bases = append(lines, l), append(bases, base(l))
			}
		}
		total.Base = decimal.Sum(decimal.Zero, bases...)
		amounts := w.taxes(tax, total.Base, bases)
		total.Amount = decimal.Sum(decimal.Zero, amounts...)
		for k, l := range lines {
			if tax.Inclusive {
				l.TaxIncluded = amounts[k]
			} else {
				l.TaxAdded = amounts[k]
			}
		}
		w.bill.Taxes = append(w.bill.Taxes, total)
	}
}

func (w *work) taxes(tax Tax, total decimal.Decimal, bases []decimal.Decimal) []decimal.Decimal {
	if !w.invoice.TaxByLine {
		return pricing.Split(tax.on(total, w.round), bases, w.round.Scale)
	}
	amounts := make([]decimal.Decimal, len(bases))
	for i, b := range bases {
		amounts[i] = tax.on(b, w.round)
	}
	return amounts
}
