package expiry

import "github.com/shopspring/decimal"

// A Block is what one grant has left at the end of a period.
type Block struct {
	Left    decimal.Decimal // not negative
	Carried int             // how often it was carried before; 0 for this period's allowance
}

// Cap returns the greatest total that r lets survive, and whether there is a bound at all.
// allowance is what a whole period grants; scale is the number of decimals of the unit, to which
// the bound is rounded down. Without a bound the first result is zero and means nothing.
//
// r must be valid, and allowance an amount within the limits of [MaxScale] and [MaxDigits]. An
// unknown kind carries nothing.
func (r Rollover) Cap(allowance decimal.Decimal, scale int32) (limit decimal.Decimal, bounded bool) {
	switch r.Kind {
	case RolloverAll:
		return decimal.Zero, false
	case RolloverAmount:
		limit = r.Max
	case RolloverPercent:
		limit = allowance.Mul(r.Percent).Shift(-2)
	}
	return decimal.Max(decimal.Zero, limit.RoundFloor(scale)), true
}

// Carry returns what survives of each block, oldest first, in a slice parallel to blocks. What
// does not survive lapses at the boundary.
//
// A block that was carried r.Periods times before lapses whole. The others share the [Rollover.Cap]
// from the newest to the oldest: a bound of 500 over 300 carried and 400 new keeps 100 and 400.
// Allowance and scale are those of Cap; where terms change at the boundary they are the new ones,
// and so is r.
func (r Rollover) Carry(blocks []Block, allowance decimal.Decimal, scale int32) []decimal.Decimal {
	kept := make([]decimal.Decimal, len(blocks))
	room, bounded := r.Cap(allowance, scale)
	for i := len(blocks) - 1; i >= 0; i-- {
		if r.lapsed(blocks[i]) {
			continue
		}
		kept[i] = blocks[i].Left
		if bounded {
			kept[i] = decimal.Min(kept[i], room)
			room = room.Sub(kept[i])
		}
	}
	return kept
}

// lapsed reports whether nothing of b can survive, whatever the cap.
func (r Rollover) lapsed(b Block) bool {
	return !b.Left.IsPositive() || r.Periods > 0 && b.Carried >= r.Periods
}
