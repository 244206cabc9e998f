package ledger

import (
	"cmp"
	"slices"
	"time"
)

// An Order names a chain of comparisons that says which of a wallet's grants is
// spent first. Every chain ends in the grant's ID, so it is total: the same wallet
// and the same charge always give the same draws.
//
// In all of them a lower priority comes first, a grant that never expires comes
// after those that do, and carried credits come before or after the period's own
// as their rollover says.
type Order string

// The orders to choose from. They are stored, so they never change.
const (
	// OrderDefault: priority; sooner expiry; free before paid; restricted before
	// unrestricted; sooner effective; issued; ID.
	OrderDefault Order = "default"

	// OrderStripe: priority; sooner expiry; free before paid; sooner effective;
	// issued; ID. After Stripe's billing credits.
	OrderStripe Order = "stripe"

	// OrderOpenMeter: priority; restricted before unrestricted; sooner expiry;
	// issued; ID. After OpenMeter's credit wallets.
	OrderOpenMeter Order = "openmeter"

	// OrderOrb: sooner expiry; lower price paid per credit; issued; ID. After Orb's
	// prepaid credits, which know no priority.
	OrderOrb Order = "orb"

	// OrderOldest: priority; free before paid; issued; ID. After Lago's wallets.
	OrderOldest Order = "oldest"
)

// comparison tells which of two grants is spent first by one criterion.
type comparison func(a, b *ranked) int

// ranked is a grant with the instant by which the order takes it to expire.
type ranked struct {
	*OpenGrant
	expiry time.Time
}

// chain returns the comparisons of o, the last of which is never zero, or nil if
// there is no such order.
func (o Order) chain() []comparison {
	switch o {
	case OrderDefault, "":
		return []comparison{byPriority, byExpiry, byCarry, byPaid, byRestricted, byEffective, byIssued, byID}
	case OrderStripe:
		return []comparison{byPriority, byExpiry, byCarry, byPaid, byEffective, byIssued, byID}
	case OrderOpenMeter:
		return []comparison{byPriority, byRestricted, byExpiry, byCarry, byIssued, byID}
	case OrderOrb:
		return []comparison{byExpiry, byCarry, byCost, byIssued, byID}
	case OrderOldest:
		return []comparison{byPriority, byCarry, byPaid, byIssued, byID}
	}
	return nil
}

func byPriority(a, b *ranked) int { return cmp.Compare(a.Priority, b.Priority) }

func byExpiry(a, b *ranked) int {
	if a.expiry.IsZero() || b.expiry.IsZero() {
		return cmpBool(a.expiry.IsZero(), b.expiry.IsZero())
	}
	return a.expiry.Compare(b.expiry)
}

func byCarry(a, b *ranked) int { return cmp.Compare(carryRank(a.Grant), carryRank(b.Grant)) }

func byPaid(a, b *ranked) int {
	return cmpBool(a.Paid.Amount.IsPositive(), b.Paid.Amount.IsPositive())
}

// byCost compares the prices per credit without dividing: a/x < b/y as a*y < b*x.
func byCost(a, b *ranked) int {
	return a.Paid.Amount.Mul(b.Amount).Cmp(b.Paid.Amount.Mul(a.Amount))
}

func byRestricted(a, b *ranked) int { return cmpBool(!a.Scope.Restricted(), !b.Scope.Restricted()) }

func byEffective(a, b *ranked) int { return a.EffectiveAt.Compare(b.EffectiveAt) }

func byIssued(a, b *ranked) int { return a.IssuedAt.Compare(b.IssuedAt) }

func byID(a, b *ranked) int { return a.ID.Compare(b.ID) }

// cmpBool puts false first.
func cmpBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// sortGrants puts w.Grants into the wallet's order.
func (w *Wallet) sortGrants() {
	chain := w.Order.chain()
	all := make([]ranked, len(w.Grants))
	order := make([]*ranked, len(w.Grants))
	for i := range w.Grants {
		g := &w.Grants[i]
		all[i] = ranked{OpenGrant: g, expiry: w.orderExpiry(g.Grant)}
		order[i] = &all[i]
	}
	slices.SortFunc(order, func(a, b *ranked) int {
		for _, compare := range chain {
			if c := compare(a, b); c != 0 {
				return c
			}
		}
		return 0
	})
	sorted := make([]OpenGrant, len(order))
	for i, g := range order {
		sorted[i] = *g.OpenGrant
	}
	w.Grants = sorted
}

// orderExpiry returns the instant by which the order takes g to expire. Carried
// credits that are to be spent first compete as if they ended with the current
// period, and those that are to be spent last as if they did not end before it.
func (w *Wallet) orderExpiry(g *Grant) time.Time {
	rank := carryRank(g)
	if rank == 0 {
		return g.ExpiresAt
	}
	_, s, ok := w.bucket(g.Bucket)
	if !ok || s == nil {
		return g.ExpiresAt
	}
	sooner := !g.ExpiresAt.IsZero() && g.ExpiresAt.Before(s.Period.End)
	if sooner == (rank < 0) {
		return g.ExpiresAt
	}
	return s.Period.End
}
