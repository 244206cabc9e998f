package invoice

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/pricing"
)

// The usual kinds of items on an invoice. A host may have others: credits are
// scoped by whatever kind an item has.
const (
	KindMeter   = "meter"   // use that was measured
	KindLicence = "licence" // seats, licences
	KindFee     = "fee"     // fixed fees, such as a plan's
	KindAddOn   = "add_on"  // what is added to a plan
	KindOneOff  = "one_off" // what is sold once, such as a package of credits
)

// A Line is one thing that is invoiced. Below zero it corrects another.
type Line struct {
	ID   string      `json:"id"`             // unique in the invoice, at most [MaxID] bytes
	Name string      `json:"name,omitempty"` // what the customer reads; empty: the item's ID
	Item ledger.Item `json:"item,omitzero"`  // what credits with a scope look at

	Quantity  decimal.Decimal `json:"quantity,omitzero"`
	UnitPrice decimal.Decimal `json:"unit_price,omitzero"` // in the invoice's currency; may be finer than its minor unit
	Amount    decimal.Decimal `json:"amount"`              // before discounts; zero: Quantity times UnitPrice

	Discounts []Discount `json:"discounts,omitempty"` // one after the other, on what the earlier left
	Tax       Tax        `json:"tax,omitzero"`

	From time.Time `json:"from,omitzero"` // of the period that it is for; zero: none stated
	To   time.Time `json:"to,omitzero"`   // not included

	// At is when it was used, and so which credits can pay for it: those that were
	// live then. Zero: the invoice's At.
	At time.Time `json:"at,omitzero"`
}

// title returns what the customer reads.
func (l *Line) title() string {
	switch {
	case l.Name != "":
		return l.Name
	case l.Item.ID != "":
		return l.Item.ID
	}
	return l.ID
}

// lineID returns id or, of one that is too long, its beginning and a hash of all of it,
// so that the same thing has the same line on every bill.
func lineID(id string) string {
	if len(id) <= MaxID {
		return id
	}
	hash := sha256.Sum256([]byte(id))
	end := "~" + hex.EncodeToString(hash[:16])
	return strings.ToValidUTF8(id[:MaxID-len(end)], "") + end
}

// check puts l into normal form.
func (l *Line) check() error {
	err := cmp.Or(checkID("id", l.ID), checkText("name", l.Name, ledger.MaxText), checkItem("item", l.Item))
	if err != nil {
		return err
	}
	for _, n := range []struct {
		field string
		d     *decimal.Decimal
	}{{"quantity", &l.Quantity}, {"unit_price", &l.UnitPrice}, {"amount", &l.Amount}} {
		if *n.d, err = pricing.Check(n.field, *n.d); err != nil {
			return refused("", err)
		}
	}
	if _, err := pricing.Check("amount", l.price().Truncate(pricing.MaxScale)); err != nil {
		return refused("", err)
	}
	if l.Discounts, err = checkDiscounts(l.Discounts); err != nil {
		return err
	}
	if len(l.Discounts) > 0 && l.price().IsNegative() {
		return invalid("discounts", "are stated on a line below zero")
	}
	if l.Tax, err = l.Tax.check(); err != nil {
		return within("tax", err)
	}
	l.From, l.To, l.At = micros(l.From), micros(l.To), micros(l.At)
	if !l.To.IsZero() && !l.From.Before(l.To) {
		return invalid("to", "is not after from")
	}
	return nil
}

// price returns what the line costs before rounding and discounts.
func (l *Line) price() decimal.Decimal {
	if l.Amount.IsZero() {
		return l.Quantity.Mul(l.UnitPrice)
	}
	return l.Amount
}
