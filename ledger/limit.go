package ledger

import (
	"cmp"
	"errors"
	"fmt"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/expiry"
)

// MaxLimits is how many limits a wallet has at most.
const MaxLimits = 100

// A Measure says what a [Limit] counts.
type Measure string

// The measures of limits. They are stored, so they never change.
const (
	MeasureCredits  Measure = "credits"  // credits charged or held, whoever pays them
	MeasureQuantity Measure = "quantity" // units of the items charged or held
	MeasureOverage  Measure = "overage"  // credits charged that no grant paid: overage and debt
	MeasureHolds    Measure = "holds"    // holds open at once
	MeasureCharge   Measure = "charge"   // credits of one charge, or of one hold and its captures
)

// A Limit is a hard stop, kept in the same transaction as the charge or hold that
// it refuses.
//
// What is held counts in the current window until it is captured, released or
// times out, so capturing within what was held is never refused. Use that is
// reported late counts in the window in which it happened, or in the current one
// if windows are shorter than a day. A refund gives back to the window of its
// charge while that is still counted: of a quantity what the refund states, or all
// of a part that is given back in full.
//
// A limit that is amended goes on counting where it was, unless its Measure or Per
// changes: then it begins anew.
type Limit struct {
	Name     string          `json:"name"` // unique in the wallet; without a colon
	Measure  Measure         `json:"measure"`
	Scope    Scope           `json:"scope,omitzero"`      // the items that it counts; zero: everything
	Max      decimal.Decimal `json:"max,omitzero"`        // the most that it allows; zero allows nothing
	Percent  decimal.Decimal `json:"percent,omitzero"`    // in place of Max: of the main subscription's allowances, none being zero credits
	Per      expiry.Cycle    `json:"per,omitzero"`        // the window, from the wallet's opening; zero: the main subscription's period. Not for holds and charge
	Actor    string          `json:"actor,omitempty"`     // counts this actor and those below it, as "sales/ann" is below "sales"; empty: all
	PerActor bool            `json:"per_actor,omitempty"` // counts each actor apart, those without a name as one; false: all together
}

// windowed reports whether l counts over time.
func (l *Limit) windowed() bool { return l.Measure != MeasureHolds && l.Measure != MeasureCharge }

// check refuses a limit that can never work, and puts it into normal form.
func (l *Limit) check() (err error) {
	switch l.Measure {
	case MeasureCredits, MeasureQuantity, MeasureOverage:
	case MeasureHolds, MeasureCharge:
		if !l.Per.IsZero() {
			return invalid("Per", "is stated, but %q counts over no time", l.Measure)
		}
	default:
		return invalid("Measure", "is %.40q and must be credits, quantity, overage, holds or charge", l.Measure)
	}
	if l.Name == "" || strings.Contains(l.Name, ":") {
		return invalid("Name", "%q is empty or has a colon", l.Name)
	}
	if l.Max, err = checkNumber("Max", l.Max); err != nil {
		return err
	}
	if l.Percent, err = checkNumber("Percent", l.Percent); err != nil {
		return err
	}
	if err := cmp.Or(checkNotNegative("Max", l.Max), checkNotNegative("Percent", l.Percent)); err != nil {
		return err
	}
	switch {
	case l.Max.IsPositive() && l.Percent.IsPositive():
		return invalid("Max", "and Percent are both stated")
	}
	if err := l.Per.Validate(); err != nil {
		return refused("Per", err)
	}
	return cmp.Or(checkText("Name", l.Name, MaxKey), checkText("Actor", l.Actor, MaxKey), checkScope(l.Scope))
}

// within returns an error about the field of something as one about the field of
// what it is in.
func within(outer string, err error) error {
	if e, ok := errors.AsType[*InvalidError](err); ok {
		return invalid(joinField(outer, e.Field), "%s", e.Reason)
	}
	return err
}

// checkLimits refuses limits that can never work or that share a name, and puts
// the rest into normal form.
func checkLimits(limits []Limit) error {
	if len(limits) > MaxLimits {
		return invalid("Limits", "are %d, more than %d", len(limits), MaxLimits)
	}
	names := make(map[string]bool)
	for i := range limits {
		at := fmt.Sprintf("Limits[%d]", i)
		if err := within(at, limits[i].check()); err != nil {
			return err
		}
		if names[limits[i].Name] {
			return invalid(at+".Name", "%q stands twice", limits[i].Name)
		}
		names[limits[i].Name] = true
	}
	return nil
}
