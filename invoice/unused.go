package invoice

import (
	"time"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/ledger"
)

// A Reason says why credits stay unused.
type Reason string

// The reasons, the first that holds.
const (
	ReasonScope Reason = "scope" // they may pay for none of the lines
	ReasonTime  Reason = "time"  // they were not live when the lines that they may pay for were used
	ReasonDust  Reason = "dust"  // they are, or what is left to pay is, less than they can pay in whole minor units
	ReasonSpare Reason = "spare" // nothing is left to pay
)

// Unused is what an invoice leaves of a grant, and why.
type Unused struct {
	WalletID ledger.WalletID `json:"wallet_id"`
	Grant    ledger.GrantID  `json:"grant"`
	Name     string          `json:"name,omitempty"` // the grant's
	Credits  decimal.Decimal `json:"credits"`        // in the wallet's unit
	Reason   Reason          `json:"reason"`
}

// unused returns what a leaves of each grant of its wallets.
func (a *application) unused() []Unused {
	var unused []Unused
	for i := range a.wallets {
		w := &a.wallets[i]
		for k := range w.Grants {
			g := &w.Grants[k]
			if left := a.left[i][k]; left.IsPositive() {
				unused = append(unused, Unused{w.ID, g.ID, g.Name, left.Normalize(), a.reason(g, left, a.worths[i])})
			}
		}
	}
	return unused
}

// reason returns why left of g stays unused.
func (a *application) reason(g *ledger.OpenGrant, left decimal.Decimal, w worth) Reason {
	covered, live, open := false, false, false
	for i := range a.bill.Lines {
		l := &a.bill.Lines[i]
		if l.Net.IsZero() || !g.Scope.Covers(l.Item) {
			continue
		}
		covered = true
		if g.LiveAt(a.used(l)) {
			live, open = true, open || a.unpaid[i].IsPositive()
		}
	}
	switch {
	case !covered:
		return ReasonScope
	case !live:
		return ReasonTime
	case left.LessThan(w.credits) || open:
		return ReasonDust
	}
	return ReasonSpare
}

// used returns when l was used.
func (a *application) used(l *BilledLine) time.Time {
	if l.At.IsZero() {
		return a.at
	}
	return l.At
}
