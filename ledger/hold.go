package ledger

import (
	"time"

	"github.com/shopspring/decimal"
)

// A Hold earmarks credits for work whose price is known only afterwards: nothing
// else can spend them until it is captured, released or times out.
type Hold struct {
	ID        HoldID          `json:"id"`
	Item      Item            `json:"item,omitzero"`
	Quantity  decimal.Decimal `json:"quantity,omitzero"` // what of the estimated units has not been captured; zero: only an amount was stated
	Draws     []Draw          `json:"draws,omitempty"`   // what each grant still has earmarked, in the order taken
	Captured  decimal.Decimal `json:"captured,omitzero"` // what its captures have cost so far, also beyond what was held
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
