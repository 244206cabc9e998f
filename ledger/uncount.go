package ledger

import (
	"slices"
	"strings"

	"github.com/shopspring/decimal"
)

// uncount puts into e, a refund of charge that is complete but for this, what it
// gives back to the limits that counted the charge.
func (d *draft) uncount(e, charge *Entry, later []Entry) {
	for _, c := range charge.Counts {
		l := d.w.limitOf(c.Name)
		left := c.Quantity
		for i := range later {
			left = left.Add(counter(later[i].Counts, c))
		}
		left = least(left, counter(d.w.Counters, c))
		if l == nil || !left.IsPositive() {
			continue
		}
		if back := least(l.refunded(e, charge, later), left); back.IsPositive() {
			c.Quantity = back.Neg()
			e.Counts = append(e.Counts, c)
		}
	}
}

// limitOf returns the limit whose counter has that name, or nil.
func (w *Wallet) limitOf(counter string) *Limit {
	if !strings.HasPrefix(counter, limited) && !strings.HasPrefix(counter, briefly) {
		return nil
	}
	measure, rest, _ := strings.Cut(counter[len(limited):], ":")
	name, _, _ := strings.Cut(rest, ":")
	i := slices.IndexFunc(w.Limits, func(l Limit) bool { return l.Name == name && string(l.Measure) == measure })
	if i < 0 {
		return nil
	}
	return &w.Limits[i]
}

// refunded returns what of what l counted of charge the refund e gives back.
func (l *Limit) refunded(e, charge *Entry, later []Entry) decimal.Decimal {
	stated := l.spent(e.Parts).Neg() // of less quantity, and less overage
	total := decimal.Zero
	for i := range charge.Parts {
		p := &charge.Parts[i]
		back := e.refunds(charge.Seq, i)
		if !l.Scope.Covers(p.Item) || !back.IsPositive() {
			continue
		}
		switch l.Measure { // the others have no counters
		case MeasureCredits:
			total = total.Add(back)
		case MeasureOverage:
			total = total.Add(e.forgives(charge.Seq, i))
		case MeasureQuantity:
			for k := range later {
				back = back.Add(later[k].refunds(charge.Seq, i))
			}
			if stated.IsZero() && back.Equal(p.Amount.Sub(p.Overage)) {
				total = total.Add(p.units())
			}
		}
	}
	if l.Measure == MeasureCredits {
		return total
	}
	return total.Add(stated)
}

// refunds returns what e, if it is a refund, gives back of one part of a charge.
func (e *Entry) refunds(charge int64, part int) decimal.Decimal {
	if e.Kind != KindRefund {
		return decimal.Zero
	}
	total := e.forgives(charge, part)
	for _, m := range e.Moves {
		if m.From == PotSpent && m.Part == part {
			total = total.Add(m.Amount)
		}
	}
	return total
}

// forgives returns what a refund takes from what is owed of one part of a charge.
func (e *Entry) forgives(charge int64, part int) decimal.Decimal {
	total := decimal.Zero
	for _, c := range e.Debts {
		if c.Charge == charge && c.Part == part {
			total = total.Sub(c.Amount)
		}
	}
	return total
}
