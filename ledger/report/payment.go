package report

import (
	"cmp"
	"context"
	"iter"
	"slices"

	"github.com/scrip-go/scrip/ledger"
)

// A Payment is one that the host has received.
type Payment struct {
	Reference string       `json:"reference"`
	Money     ledger.Money `json:"money"`
}

// A Fault is what is wrong between payments and purchases.
type Fault string

// The faults.
const (
	NotGranted Fault = "not_granted" // paid for, and not in the books
	NotPaid    Fault = "not_paid"    // in the books, and not paid for
	Doubled    Fault = "doubled"     // more than once on one of the two sides
	Differs    Fault = "differs"     // another amount or currency
)

// A Mismatch is a payment that does not agree with the books.
type Mismatch struct {
	Reference string           `json:"reference"`
	Fault     Fault            `json:"fault"`
	Paid      Monies           `json:"paid"`    // to the host
	Booked    Monies           `json:"booked"`  // in the books
	Entries   []ledger.EntryID `json:"entries"` // that booked it
}

// Payments compares the host's payments with what was sold, by reference: that of
// the purchase or, if it has none, its key. Payments that agree are not in the
// answer. Received are those of the time that q is about; a few words are kept in
// memory for each.
func Payments(ctx context.Context, books *ledger.Ledger, q Query, received iter.Seq[Payment]) ([]Mismatch, error) {
	rows := make(map[string]*matching)
	fresh := func() matching { return matching{} }
	for p := range received {
		r := at(rows, p.Reference, fresh)
		r.payments++
		r.Reference, r.Paid = p.Reference, r.Paid.add(p.Money)
	}
	for f, err := range Flows(ctx, books, q) {
		if err != nil {
			return nil, err
		}
		if f.Class != Sold {
			continue
		}
		ref := cmp.Or(f.Entry.Reference, f.Entry.Key)
		r := at(rows, ref, fresh)
		r.Reference, r.Booked = ref, r.Booked.add(f.Money)
		if id := f.Entry.ID(); !slices.Contains(r.Entries, id) {
			r.Entries = append(r.Entries, id)
		}
	}
	var wrong []Mismatch
	for _, r := range rows {
		if r.Fault = r.fault(); r.Fault != "" {
			wrong = append(wrong, r.Mismatch)
		}
	}
	slices.SortFunc(wrong, func(a, b Mismatch) int { return cmp.Compare(a.Reference, b.Reference) })
	return wrong, nil
}

type matching struct {
	Mismatch
	payments int
}

func (m *matching) fault() Fault {
	same := func(a, b ledger.Money) bool { return a.Currency == b.Currency && a.Amount.Equal(b.Amount) }
	switch {
	case m.payments > 1 || len(m.Entries) > 1:
		return Doubled
	case m.payments == 0:
		return NotPaid
	case len(m.Entries) == 0:
		return NotGranted
	case !slices.EqualFunc(m.Paid, m.Booked, same):
		return Differs
	}
	return ""
}
