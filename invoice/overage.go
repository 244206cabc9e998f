package invoice

import (
	"slices"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/pricing"
)

// Overage returns the lines for what no credit paid, from the entry that
// [ledger.Ledger.Bill] made of it: one for each item and, as the plan's terms say,
// one for the surcharge or for what use leaves of the commitment. Together they come
// to what [pricing.Beyond.Bill] says. The same bill gives the same lines, and the
// next one has nothing of them. Quantity is the credits, and UnitPrice what one costs;
// credits that cost one each, as those of a wallet in money do, state neither.
//
// It is an error wrapping [ledger.ErrInvalid] if e is no bill, or if the terms invoice
// nothing.
func Overage(e ledger.Entry, terms pricing.Beyond, mode pricing.RoundingMode) ([]Line, error) {
	if e.Kind != ledger.KindBill {
		return nil, invalid("entry", "is a %s, not a bill", e.Kind)
	}
	total, err := terms.Bill(decimal.Max(e.Amount(), decimal.Zero), mode)
	if err != nil {
		return nil, refused("terms", err)
	}
	lines := useLines(e.Parts, terms.Price, mode)
	for _, extra := range []struct {
		id, name string
		amount   decimal.Decimal
	}{{"surcharge", "Surcharge", total.Surcharge.Amount}, {"commitment", "Minimum commitment", total.TrueUp.Amount}} {
		if extra.amount.IsPositive() {
			lines = append(lines, fee(extra.id, extra.name, extra.amount))
		}
	}
	return lines, nil
}

// useLines returns a line for each of parts at a price. Rounded once, what was used
// is split over the items, and so is what corrections take back.
func useLines(parts []ledger.Part, price pricing.CreditPrice, mode pricing.RoundingMode) []Line {
	used, back := make([]decimal.Decimal, len(parts)), make([]decimal.Decimal, len(parts))
	total, usedTotal := decimal.Zero, decimal.Zero
	for i, p := range parts {
		used[i], back[i] = decimal.Max(p.Amount, decimal.Zero), decimal.Max(p.Amount.Neg(), decimal.Zero)
		total, usedTotal = total.Add(p.Amount), usedTotal.Add(used[i])
	}
	net, gross := price.Money(total, mode), price.Money(usedTotal, mode)
	less := pricing.Money{Amount: gross.Amount.Sub(net.Amount), Currency: price.Currency}
	pluses, minuses := gross.Split(used), less.Split(back)
	var lines []Line
	for i, p := range parts {
		if !p.Amount.IsZero() {
			l := useLine(p, price.Price, pluses[i].Amount.Sub(minuses[i].Amount))
			id := lineID(l.ID)
			if slices.ContainsFunc(lines, func(o Line) bool { return o.ID == id }) {
				id = lineID(l.ID + "/" + p.Item.Kind)
			}
			l.ID = id
			lines = append(lines, l)
		}
	}
	return lines
}

// useLine returns the line for a part. Credits of which each is worth one are money
// already, and their number would say the amount twice.
func useLine(p ledger.Part, price, amount decimal.Decimal) Line {
	l := Line{ID: "use/" + p.Item.ID, Item: p.Item, Amount: amount}
	if p.Item.ID == "" {
		l.ID, l.Name = "use", "Other use"
	}
	if !price.Equal(decimal.NewFromInt(1)) {
		l.Quantity = p.Amount
		if !amount.IsZero() { // of nothing, it would be taken for what the line costs
			l.UnitPrice = price
		}
	}
	return l
}

// TrueUp returns the line for what use in a period leaves of a commitment. It is
// false if use reaches the commitment. Two currencies are an error wrapping
// [ledger.ErrInvalid].
func TrueUp(commitment, use pricing.Money) (l Line, ok bool, err error) {
	lack, err := commitment.Sub(use)
	if err != nil {
		return l, false, refused("use", err)
	}
	return fee("commitment", "Minimum commitment", lack.Amount), lack.Amount.IsPositive(), nil
}

func fee(id, name string, amount decimal.Decimal) Line {
	return Line{ID: id, Name: name, Item: ledger.Item{ID: id, Kind: KindFee}, Amount: amount}
}
