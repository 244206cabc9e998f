package ledger

import (
	"slices"
	"time"

	"github.com/shopspring/decimal"
)

// A Hold earmarks credits for work whose price is known only afterwards: nothing
// else can spend them until it is captured, released or times out.
type Hold struct {
	ID        HoldID          `json:"id"`
	Item      Item            `json:"item,omitzero"`
	Draws     []Draw          `json:"draws,omitempty"`    // what each grant still has earmarked, in the order taken
	Captured  decimal.Decimal `json:"captured,omitzero"`  // spent through it so far
	OpenedAt  time.Time       `json:"opened_at"`
	ExpiresAt time.Time       `json:"expires_at"` // released at this instant if still open
	Reference string          `json:"reference,omitempty"`
	Actor     string          `json:"actor,omitempty"`
	Ended     bool            `json:"ended,omitempty"` // only in the entry that ends it
}

// Amount returns what the hold still earmarks.
func (h *Hold) Amount() decimal.Decimal {
	return sum(h.Draws, func(d Draw) decimal.Decimal { return d.Amount })
}

// timeOut releases the holds that end at that instant.
func (d *draft) timeOut(at time.Time) {
	for _, h := range append([]Hold(nil), d.w.Holds...) {
		if !h.ExpiresAt.After(at) {
			d.release(h, Entry{Kind: KindRelease, EffectiveAt: at})
		}
	}
}

// release gives back what h still earmarks, in reverse order, and ends it. What
// comes back to a grant that has ended lapses at once.
func (d *draft) release(h Hold, e Entry) {
	at := e.EffectiveAt
	if at.IsZero() {
		at = d.now
	}
	for _, draw := range slices.Backward(h.Draws) {
		e.Moves = append(e.Moves, Move{Grant: draw.Grant, From: PotHeld, To: d.back(draw.Grant, at), Amount: draw.Amount})
	}
	h.Draws, h.Ended = nil, true
	e.Of, e.Hold = int64(h.ID), &h
	d.post(e)
	d.payDebts()
}

// back returns the pot to which held credits of an open grant go back at the
// instant at.
func (d *draft) back(id GrantID, at time.Time) Pot {
	if d.w.Grants[d.w.grant(id)].EndedAt(at) {
		return PotExpired
	}
	return PotRemaining
}
