package main

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/pricing"
)

// pageSize is how many lines a page of a history has.
const pageSize = 25

// A historyPage is a page of what happened to an organization's credits, the latest
// first.
type historyPage struct {
	Lines []line
	Types []movementType
	Items []pricing.ItemDef

	Type, Item, From, To string // what was chosen

	Export string // the address of all lines as a file
	Older  string // the address of the next page; empty: this is the last
	Newest string // the address of the first page; empty: this is it
}

func (p *portal) showHistory(w http.ResponseWriter, r *http.Request, v visit) error {
	q, err := p.linesQuery(r, v.Org)
	if err != nil {
		return err
	}
	q.Limit = pageSize + 1 // one more, to know whether there are more
	found, err := p.books.Lines(r.Context(), q)
	if err != nil {
		return err
	}
	page := historyPage{
		Types: movementTypes, Items: p.catalog.Items,
		Type: r.FormValue("type"), Item: r.FormValue("item"), From: r.FormValue("from"), To: r.FormValue("to"),
	}
	here := "/o/" + v.Org.ID + "/history"
	chosen := page.chosen()
	page.Export = here + ".csv?" + chosen.Encode()
	if q.After != (ledger.LineCursor{}) {
		page.Newest = here + "?" + chosen.Encode()
	}
	if len(found) > pageSize {
		found = found[:pageSize]
		chosen.Set("after", cursorText(found[pageSize-1].Cursor()))
		page.Older = here + "?" + chosen.Encode()
	}
	if page.Lines, err = p.lines(r.Context(), found); err != nil {
		return err
	}
	return p.show(w, v, "History", "history", page)
}

// chosen returns the filters of a page as part of an address.
func (page historyPage) chosen() url.Values {
	all := url.Values{}
	for name, value := range map[string]string{"type": page.Type, "item": page.Item, "from": page.From, "to": page.To} {
		if value != "" {
			all.Set(name, value)
		}
	}
	return all
}

// linesQuery returns the lines that an address asks for. The day To is included.
func (p *portal) linesQuery(r *http.Request, o organization) (q ledger.LinesQuery, err error) {
	q = ledger.LinesQuery{
		WalletID: o.wallet(), To: p.now().Add(time.Microsecond), Descending: true,
		Movements: allMovements, Item: r.FormValue("item"),
	}
	if name := r.FormValue("type"); name != "" {
		if q.Movements = movementsOf(name); q.Movements == nil {
			return q, badRequest("There is no such type.")
		}
	}
	if _, ok := p.catalog.Item(q.Item); !ok && q.Item != "" {
		return q, badRequest("There is no such service.")
	}
	from, err1 := dayOf(r.FormValue("from"), o)
	to, err2 := dayOf(r.FormValue("to"), o)
	after, err3 := cursorOf(r.FormValue("after"))
	if err := cmp.Or(err1, err2, err3); err != nil {
		return q, err
	}
	q.From, q.After = from, after
	if !to.IsZero() {
		q.To = to.AddDate(0, 0, 1)
	}
	if !q.From.Before(q.To) {
		return q, badRequest("The first day must not be after the last, nor in the future.")
	}
	return q, nil
}

// movementsOf returns the movements of a type by its name.
func movementsOf(name string) []ledger.Movement {
	for _, t := range movementTypes {
		if t.Name == name {
			return t.movements
		}
	}
	return nil
}

// dayOf returns when a day of a form begins; empty: the zero time.
func dayOf(text string, o organization) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	t, err := time.ParseInLocation(time.DateOnly, text, o.location())
	if err != nil || !sensible(t) {
		return t, badRequest("A day is written like 2026-03-31.")
	}
	return t, nil
}

// sensible reports whether anything can have happened at t.
func sensible(t time.Time) bool { return 2000 <= t.Year() && t.Year() <= 2200 }

// cursorText returns a cursor as part of an address.
func cursorText(c ledger.LineCursor) string { return fmt.Sprintf("%d.%d", c.At.UnixMicro(), c.Seq) }

// cursorOf returns the cursor of which text is the text; empty: the zero cursor.
func cursorOf(text string) (ledger.LineCursor, error) {
	if text == "" {
		return ledger.LineCursor{}, nil
	}
	at, seq, _ := strings.Cut(text, ".")
	micros, err1 := strconv.ParseInt(at, 10, 64)
	number, err2 := strconv.ParseInt(seq, 10, 64)
	c := ledger.LineCursor{At: time.UnixMicro(micros), Seq: number}
	if err1 != nil || err2 != nil || !sensible(c.At) {
		return ledger.LineCursor{}, badRequest("There is no such page.")
	}
	return c, nil
}
