package ledger

import (
	"time"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/expiry"
)

// A Source says why a grant exists.
type Source string

// The sources of grants. They are stored, so they never change.
const (
	SourcePurchase   Source = "purchase"   // sold for money
	SourcePromotion  Source = "promotion"  // given away: a bonus, a coupon, a trial
	SourceAllowance  Source = "allowance"  // what a plan gives each period
	SourceRollover   Source = "rollover"   // what survived a period's end
	SourceRefund     Source = "refund"     // spent credits that came back after their grant had ended
	SourceTransfer   Source = "transfer"   // credits from another wallet whose own source is unknown
	SourceAdjustment Source = "adjustment" // added by hand
)

func (s Source) check(field string) error {
	switch s {
	case SourcePurchase, SourcePromotion, SourceAllowance, SourceRollover, SourceRefund, SourceTransfer, SourceAdjustment:
		return nil
	}
	return invalid(field, "is %.40q and must be purchase, promotion, allowance, rollover, refund, transfer or adjustment", s)
}

// Priorities of grants: lower is spent first.
const (
	MinPriority     = 1
	MaxPriority     = 100
	DefaultPriority = 50
)

// A Grant is one block of credits with terms of its own. It never changes once
// issued; what is left of it is told by [OpenGrant] and by the journal. For every
// grant, always,
//
//	Amount = Remaining + Held + Spent + Expired + Voided + Moved
type Grant struct {
	ID     GrantID `json:"id"`
	Name   string  `json:"name,omitempty"`
	Source Source  `json:"source"`
	Bucket string  `json:"bucket,omitempty"` // the wallet's bucket that it is in; empty: none

	Amount decimal.Decimal `json:"amount"`         // what was granted, in the wallet's unit; positive
	Paid   Money           `json:"paid,omitzero"`  // what was paid for the whole amount; zero: free
	Scope  Scope           `json:"scope,omitzero"` // what it may pay for; zero: everything

	Priority int        `json:"priority"`        // 1 to 100, lower is spent first
	Carry    SpendOrder `json:"carry,omitempty"` // of carried credits: before or after the period's own

	IssuedAt    time.Time `json:"issued_at"`
	EffectiveAt time.Time `json:"effective_at"`        // can be spent from this instant
	GraceAt     time.Time `json:"grace_at,omitzero"`   // its nominal end, where its grace period begins; zero: no grace
	ExpiresAt   time.Time `json:"expires_at,omitzero"` // can be spent until just before; zero: for ever

	Parent  GrantID `json:"parent,omitzero"`   // the grant it belongs to: of a bonus its purchase, of a rollover what was carried
	From    EntryID `json:"from,omitzero"`     // of a transfer: the entry in the other wallet
	Package string  `json:"package,omitempty"` // the catalog's package that was bought
	Info
}

// Info is what a host may say about anything that it does: all of it optional,
// none of it interpreted.
type Info struct {
	Reference string            `json:"reference,omitempty"` // the host's own ID for it, at most 255 bytes
	Reason    string            `json:"reason,omitempty"`    // for people, at most 1,000 bytes
	Actor     string            `json:"actor,omitempty"`     // the user, seat or program that did it, at most 255 bytes
	Metadata  map[string]string `json:"metadata,omitempty"`  // at most 50 pairs of at most 255 and 1,000 bytes
}

// LiveAt reports whether g can be spent at t: from EffectiveAt up to, not
// including, ExpiresAt.
func (g *Grant) LiveAt(t time.Time) bool {
	return !t.Before(g.EffectiveAt) && !g.EndedAt(t)
}

// EndedAt reports whether g has expired at t.
func (g *Grant) EndedAt(t time.Time) bool {
	return !g.ExpiresAt.IsZero() && !t.Before(g.ExpiresAt)
}

// An OpenGrant is a grant of which something can still become of: the part of a
// wallet's state that charges change.
type OpenGrant struct {
	*Grant

	Remaining decimal.Decimal `json:"remaining,omitzero"` // can be spent or, before EffectiveAt, will be
	Held      decimal.Decimal `json:"held,omitzero"`      // earmarked by holds
	Expired   decimal.Decimal `json:"expired,omitzero"`   // lapsed, but not too long ago for late use to draw on
	LapsedAt  time.Time       `json:"lapsed_at,omitzero"` // since when some of it has been expired
}

// idle reports whether nothing can become of g any more, so that a wallet need
// not carry it. late is the last instant whose use is no longer taken.
func (g *OpenGrant) idle(late time.Time) bool {
	return g.Remaining.IsZero() && g.Held.IsZero() && (g.Expired.IsZero() || !g.LapsedAt.After(late))
}

// carryRank tells carried credits that are to be spent before (-1) or after (1)
// the period's own from all others (0).
func carryRank(g *Grant) int {
	switch {
	case g.Source != SourceRollover:
		return 0
	case g.Carry == expiry.SpendLast:
		return 1
	}
	return -1
}
