package ledger

import (
	"slices"
	"time"

	"github.com/shopspring/decimal"
)

// linesBack calls each with the lines of a time as lines does, but the last first.
func (p past) linesBack(from, to time.Time, each func(Line) bool) error {
	w, err := p.stored()
	if err != nil {
		return err
	}
	last, err := p.last(w.Seq, to, false)
	if err != nil || last == 0 {
		return err
	}
	first, err := p.last(last, from, false)
	if err != nil {
		return err
	}
	end, err := p.at(last)
	if err != nil {
		return err
	}
	m := backMerger{balance: end.Balance, each: each}
	for e, err := range p.late(first, to.Add(w.Lateness)) {
		if err != nil {
			return err
		}
		if !e.EffectiveAt.Before(to) {
			continue
		}
		if e.Seq > last {
			m.balance = m.balance.Add(e.Change)
		}
		if !e.EffectiveAt.Before(from) {
			m.late = append(m.late, *e)
		}
	}
	slices.SortStableFunc(m.late, func(a, b Entry) int { return a.EffectiveAt.Compare(b.EffectiveAt) })
	return p.mergeBack(last, from, &m)
}

// A backMerger puts late entries among the others, from the end of a statement.
type backMerger struct {
	late    []Entry         // that are still to come, in the order of a statement
	balance decimal.Decimal // after what comes next
	each    func(Line) bool
	over    bool // each wants no more
}

// mergeBack hands the entries up to a Seq to m that did not take effect before from.
func (p past) mergeBack(last int64, from time.Time, m *backMerger) error {
	for e, err := range p.journal(Page{After: last + 1, Descending: true}) {
		if err != nil {
			return err
		}
		if e.bookedAt().Before(from) {
			break
		}
		if !e.Late && e.Kind != KindCheckpoint {
			m.since(e)
			m.take(e)
		}
		if m.over {
			return nil
		}
	}
	m.since(nil)
	return nil
}

// since takes the late entries that stand after e, all of them if it is nil.
func (m *backMerger) since(e *Entry) {
	for n := len(m.late); n > 0 && (e == nil || e.cursor().before(m.late[n-1].cursor())); n-- {
		m.take(&m.late[n-1])
		m.late = m.late[:n-1]
	}
}

func (m *backMerger) take(e *Entry) {
	if m.over {
		return
	}
	m.over = !m.each(Line{Entry: *e, Movement: e.Movement(), Running: m.balance})
	m.balance = m.balance.Sub(e.Change)
}
