package ledger

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/shopspring/decimal"
)

// A Statement is what happened to a wallet's balance between two instants:
//
//	Opening + the sum of the lines' Change = Closing
//
// The statements of adjoining times make the statement of both.
type Statement struct {
	WalletID WalletID        `json:"wallet_id"`
	From     time.Time       `json:"from"`
	To       time.Time       `json:"to"`
	Opening  decimal.Decimal `json:"opening"` // of everything that took effect before From
	Closing  decimal.Decimal `json:"closing"` // and before To
	Lines    []Line          `json:"lines"`   // in the order of taking effect
}

// A Line of a statement is an entry and the balance after it in the statement's
// order.
type Line struct {
	Entry
	Movement Movement        `json:"movement"`
	Running  decimal.Decimal `json:"running"`
}

// Statement returns a wallet's statement of what took effect from from up to, not
// including, to, as far as it is in the books.
func (l *Ledger) Statement(ctx context.Context, id WalletID, from, to time.Time) (Statement, error) {
	q := LinesQuery{WalletID: id, From: from, To: to}
	if err := q.check(); err != nil {
		return Statement{}, err
	}
	s := Statement{WalletID: id, From: q.From, To: q.To}
	err := l.store.View(ctx, func(tx Tx) (err error) {
		s.Lines = nil
		p := past{ctx: ctx, tx: tx, id: id}
		s.Opening, s.Closing, err = p.lines(q.From, q.To, func(line Line) bool {
			s.Lines = append(s.Lines, line)
			return true
		})
		return err
	})
	return s, err
}

// A LinesQuery asks for lines of a wallet's statement. Every filter that is set
// must hold; each line has the balance of the whole statement after it all the same.
type LinesQuery struct {
	WalletID WalletID
	From, To time.Time  // that took effect in this time, From included, To not
	After    LineCursor // the last line of the page before; zero: from the start
	Limit    int        // at most so many; zero: 100

	Descending bool // the latest first, and pages go back in time

	Movements []Movement
	Item      string  // with a part for this item
	Grant     GrantID // that issued or moved credits of this grant
	Reference string
	Actor     string
}

// A LineCursor is a place in a statement: after the line of that entry.
type LineCursor struct {
	At  time.Time `json:"at"`
	Seq int64     `json:"seq"`
}

// Cursor returns where the page after line begins.
func (line *Line) Cursor() LineCursor { return LineCursor{line.EffectiveAt, line.Seq} }

// Lines returns a page of a wallet's statement, in the order of taking effect or the
// other way round. It reads no more of the journal than it returns lines for, and
// those that do not match between them.
func (l *Ledger) Lines(ctx context.Context, q LinesQuery) (page []Line, err error) {
	if err := q.check(); err != nil {
		return nil, err
	}
	from, to := q.left()
	if !from.Before(to) {
		return nil, nil
	}
	err = l.store.View(ctx, func(tx Tx) error {
		page = nil
		p := past{ctx: ctx, tx: tx, id: q.WalletID}
		each := func(line Line) bool {
			if q.matches(&line) {
				page = append(page, line)
			}
			return len(page) < q.Limit
		}
		if q.Descending {
			return p.linesBack(from, to, each)
		}
		_, _, err := p.lines(from, to, each)
		return err
	})
	return page, err
}

// left returns the time in which what comes after q's cursor took effect. The lines
// of the cursor's own instant stand on both sides of it.
func (q *LinesQuery) left() (from, to time.Time) {
	at := q.After.At
	switch {
	case q.Descending && !at.IsZero() && at.Before(q.To):
		return q.From, at.Add(time.Microsecond)
	case !q.Descending && at.After(q.From):
		return at, q.To
	}
	return q.From, q.To
}

// check puts q into normal form.
func (q *LinesQuery) check() (err error) {
	if q.From, err = checkTime("From", q.From); err != nil {
		return err
	}
	if q.To, err = checkTime("To", q.To); err != nil {
		return err
	}
	if q.After.At, err = checkTime("After", q.After.At); err != nil {
		return err
	}
	if !q.From.Before(q.To) {
		return invalid("To", "is not after From")
	}
	if q.Limit < 0 {
		return invalid("Limit", "is negative")
	}
	q.Limit = cmp.Or(q.Limit, 100)
	return nil
}

func (q *LinesQuery) matches(line *Line) bool {
	others := JournalQuery{Item: q.Item, Grant: q.Grant, Reference: q.Reference, Actor: q.Actor}
	return q.passed(&line.Entry) && others.matches(&line.Entry) &&
		(len(q.Movements) == 0 || slices.Contains(q.Movements, line.Movement))
}

// passed reports whether e comes after q's cursor.
func (q *LinesQuery) passed(e *Entry) bool {
	if q.Descending {
		return q.After == LineCursor{} || e.cursor().before(q.After)
	}
	return q.After.before(e.cursor())
}

// before reports whether c comes before d in a statement.
func (c LineCursor) before(d LineCursor) bool {
	return cmp.Or(c.At.Compare(d.At), cmp.Compare(c.Seq, d.Seq)) < 0
}

// lines calls each with what took effect from from up to, not including, to, until
// it returns false, and returns the balance before the first and after the last.
// What was not late took effect in the order of the journal; what was is fetched
// before and put in its place.
func (p past) lines(from, to time.Time, each func(Line) bool) (opening, closing decimal.Decimal, err error) {
	w, err := p.stored()
	if err != nil {
		return opening, closing, err
	}
	first, err := p.last(w.Seq, from, false)
	if err != nil {
		return opening, closing, err
	}
	if first > 0 {
		e, err := p.at(first)
		if err != nil {
			return opening, closing, err
		}
		opening = e.Balance
	}
	var late []Entry
	for e, err := range p.late(first, to.Add(w.Lateness)) {
		switch {
		case err != nil:
			return opening, closing, err
		case e.EffectiveAt.Before(from):
			opening = opening.Add(e.Change)
		case e.EffectiveAt.Before(to):
			late = append(late, *e)
		}
	}
	slices.SortStableFunc(late, func(a, b Entry) int { return a.EffectiveAt.Compare(b.EffectiveAt) })
	m := merger{late: late, balance: opening, each: each}
	err = p.merge(first, to, &m)
	return opening, m.balance, err
}

// A merger puts late entries among the others.
type merger struct {
	late    []Entry // that are still to come, in the order of a statement
	balance decimal.Decimal
	each    func(Line) bool
	over    bool // each wants no more
}

// merge hands the entries after a Seq to m that took effect before to.
func (p past) merge(after int64, to time.Time, m *merger) error {
	for e, err := range p.journal(Page{After: after}) {
		if err != nil {
			return err
		}
		if !e.bookedAt().Before(to) {
			break
		}
		if !e.Late && e.Kind != KindCheckpoint {
			m.until(e)
			m.take(e)
		}
		if m.over {
			return nil
		}
	}
	m.until(nil)
	return nil
}

// until takes the late entries that stand before e, all of them if it is nil.
func (m *merger) until(e *Entry) {
	for len(m.late) > 0 && (e == nil || m.late[0].cursor().before(e.cursor())) {
		m.take(&m.late[0])
		m.late = m.late[1:]
	}
}

func (e *Entry) cursor() LineCursor { return LineCursor{e.EffectiveAt, e.Seq} }

func (m *merger) take(e *Entry) {
	if m.over {
		return
	}
	m.balance = m.balance.Add(e.Change)
	m.over = !m.each(Line{Entry: *e, Movement: e.Movement(), Running: m.balance})
}
