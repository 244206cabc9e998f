package invoice

import (
	"cmp"
	"encoding/json"
	"io"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/expiry"
	"github.com/scrip-go/scrip/pricing"
)

// A Document is a bill with what else stands on paper: all of it optional. It is
// written as text, as JSON or as a page of HTML that needs nothing else and prints
// well.
type Document struct {
	Title   string    `json:"title,omitempty"`   // empty: Invoice
	Number  string    `json:"number,omitempty"`  // empty: the bill's ID
	Date    time.Time `json:"date,omitzero"`     // of issue
	DueDate time.Time `json:"due_date,omitzero"` // until when it is to be paid
	Seller  []string  `json:"seller,omitempty"`  // name and address, line by line
	Buyer   []string  `json:"buyer,omitempty"`
	Note    string    `json:"note,omitempty"` // below the amount due
	Zone    string    `json:"zone,omitempty"` // the IANA time zone of its dates; empty: UTC
	Bill    Bill      `json:"bill"`
}

// WriteJSON writes d as indented JSON, with amounts as strings.
func (d Document) WriteJSON(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(d)
}

// A page is what a document shows, as text.
type page struct {
	Document
	Heading, Number string
	Date, DueDate   string
	Rows            []row
	Totals          []total
	Due             string
}

// A row is one line of an invoice.
type row struct {
	Name, Detail                string
	Quantity, UnitPrice, Amount string
}

// A total is one step from the lines to what is due. The steps that are not Info
// add up.
type total struct {
	Name, Amount string
	Info         bool
}

// page returns what d shows.
func (d *Document) page() (page, error) {
	zone, err := expiry.Zone(d.Zone)
	if err != nil {
		return page{}, invalid("zone", "%.40q is not known", d.Zone)
	}
	p := page{
		Document: *d, Heading: cmp.Or(d.Title, "Invoice"), Number: cmp.Or(d.Number, d.Bill.ID),
		Date: date(d.Date, zone), DueDate: date(d.DueDate, zone),
		Due: d.Bill.Currency + " " + d.money(d.Bill.Due),
	}
	for i := range d.Bill.Lines {
		p.Rows = append(p.Rows, d.row(&d.Bill.Lines[i], zone))
	}
	p.Totals = d.totals()
	return p, nil
}

func (d *Document) row(l *BilledLine, zone *time.Location) row {
	r := row{Name: l.title(), Detail: span(l.From, l.To, zone), Amount: d.money(l.Amount)}
	if !l.Quantity.IsZero() {
		r.Quantity = grouped(l.Quantity.String())
	}
	if !l.UnitPrice.IsZero() {
		r.UnitPrice = d.price(l.UnitPrice)
	}
	return r
}

// totals returns the steps from the lines to what is due, in the order in which they
// were computed.
func (d *Document) totals() []total {
	b := &d.Bill
	all := []total{{Name: "Subtotal", Amount: d.money(b.Subtotal)}}
	for _, off := range b.Discounts {
		name := cmp.Or(off.Name, "Discount")
		if l, ok := b.Line(off.Line); ok && off.Line != "" {
			name += " on " + l.title()
		}
		all = append(all, total{Name: name, Amount: d.money(off.Amount.Neg())})
	}
	if b.Surplus.IsPositive() {
		all = append(all, total{Name: "Carried to the next invoice", Amount: d.money(b.Surplus)})
	}
	taxes, credits := d.taxes(), d.credits()
	if b.Stage == StageBeforeTax {
		return append(append(all, credits...), taxes...)
	}
	return append(append(all, taxes...), credits...)
}

func (d *Document) taxes() (all []total) {
	for _, t := range d.Bill.Taxes {
		name := strings.TrimSpace(t.Name + " " + t.Rate.String() + "% on " + d.money(t.Base))
		if t.Inclusive {
			name = "Included: " + strings.TrimSpace(t.Name+" "+t.Rate.String()+"% in "+d.money(t.Base))
		}
		all = append(all, total{Name: name, Amount: d.money(t.Amount), Info: t.Inclusive})
	}
	return all
}

// credits returns what credits paid, by their names.
func (d *Document) credits() (all []total) {
	var names []string
	sums := make(map[string]decimal.Decimal)
	for _, c := range d.Bill.Credits {
		name := cmp.Or(c.Name, "Credit")
		if _, ok := sums[name]; !ok {
			names = append(names, name)
		}
		sums[name] = sums[name].Add(c.Amount)
	}
	for _, name := range names {
		all = append(all, total{Name: name, Amount: d.money(sums[name].Neg())})
	}
	return all
}

// money returns an amount with the decimals of the currency.
func (d *Document) money(amount decimal.Decimal) string {
	scale, _ := pricing.MinorUnits(d.Bill.Currency)
	return grouped(amount.StringFixed(scale))
}

// price returns an amount with the decimals of the currency, or more if it is finer.
func (d *Document) price(amount decimal.Decimal) string {
	scale, _ := pricing.MinorUnits(d.Bill.Currency)
	return grouped(amount.StringFixed(max(scale, -amount.Exponent())))
}

// grouped returns a number with commas between thousands.
func grouped(number string) string {
	sign := ""
	if rest, ok := strings.CutPrefix(number, "-"); ok {
		sign, number = "-", rest
	}
	whole, fraction, point := strings.Cut(number, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if point {
		whole += "." + fraction
	}
	return sign + whole
}

// span returns a period as its first and its last day.
func span(from, to time.Time, zone *time.Location) string {
	switch {
	case from.IsZero():
		return ""
	case to.IsZero():
		return "from " + date(from, zone)
	}
	last := date(to.Add(-time.Microsecond), zone)
	if last == date(from, zone) {
		return last
	}
	return date(from, zone) + " to " + last
}

func date(t time.Time, zone *time.Location) string {
	if t.IsZero() {
		return ""
	}
	return t.In(zone).Format("2 January 2006")
}
