package invoice

import (
	"iter"

	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/pricing"
)

// A Sale is what one entry of a wallet's journal sold for money.
type Sale struct {
	Entry    ledger.Entry
	Currency string
	Lines    []Line
}

// Sales returns what a wallet's journal, oldest first, sold: purchases, at the price
// that was paid; and at the prices of a catalog the fee of a plan, when a period
// begins, and the difference, when a subscription changes to another plan at once.
// What is free is left out, and so are subscriptions on terms of the host's own, of
// which no catalog knows the price.
//
// A period that nobody has touched yet is not in the journal, see
// [ledger.Ledger.Settle]. It ends after the first error, which wraps
// [ledger.ErrInvalid] if the catalog lacks a plan.
func Sales(catalog *pricing.Catalog, journal iter.Seq2[ledger.Entry, error]) iter.Seq2[Sale, error] {
	return func(yield func(Sale, error) bool) {
		r := sales{catalog: catalog, before: make(map[string]ledger.Subscription)}
		for e, err := range journal {
			s := Sale{Entry: e}
			if err == nil {
				err = r.read(&s)
			}
			if err != nil {
				yield(Sale{}, err)
				return
			}
			if len(s.Lines) > 0 && !yield(s, nil) {
				return
			}
		}
	}
}

// sales reads a journal entry by entry.
type sales struct {
	catalog *pricing.Catalog
	before  map[string]ledger.Subscription // as they were before the next entry, by name
}

// read puts into s what its entry sold.
func (r *sales) read(s *Sale) error {
	if s.Entry.Movement() == ledger.MovementPurchase {
		return s.purchase()
	}
	now := s.Entry.Subscription
	if now == nil {
		return nil
	}
	before := r.before[now.Name]
	r.before[now.Name] = *now
	switch s.Entry.Kind {
	case ledger.KindSubscribe, ledger.KindRenew:
		return r.fee(s, now)
	case ledger.KindChange:
		return r.change(s, &before, now)
	}
	return nil
}

func (s *Sale) purchase() error {
	l, err := Purchase(s.Entry)
	if err != nil || l.Amount.IsZero() {
		return err
	}
	s.Currency, s.Lines = s.Entry.Grants[0].Paid.Currency, []Line{l}
	return nil
}

func (r *sales) fee(s *Sale, now *ledger.Subscription) error {
	p, err := r.plan(now.Plan)
	if err != nil || p.Price.Amount.IsZero() {
		return err
	}
	s.Currency, s.Lines = p.Price.Currency, []Line{PlanFee(p, now.Period)}
	return nil
}

func (r *sales) change(s *Sale, before, now *ledger.Subscription) error {
	if before.Plan == now.Plan || before.Plan == "" || now.Plan == "" {
		return nil
	}
	from, err := r.plan(before.Plan)
	if err != nil {
		return err
	}
	to, err := r.plan(now.Plan)
	if err != nil {
		return err
	}
	at := s.Entry.EffectiveAt
	c, err := r.catalog.Change(from, to, before.Period, at, pricing.RoundHalfUp)
	if err != nil {
		return refused("", err)
	}
	s.Currency, s.Lines = c.Due.Currency, PlanChange(from, to, c, before.Period, at)
	return nil
}

// plan returns a plan of the catalog. Terms of the host's own have no name, and are a
// plan without a price.
func (r *sales) plan(name string) (pricing.Plan, error) {
	p, ok := r.catalog.Plan(name)
	if !ok && name != "" {
		return p, invalid("plan", "%q is not in the catalog", name)
	}
	return p, nil
}
