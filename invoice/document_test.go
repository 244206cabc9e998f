package invoice_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/invoice"
	"github.com/scrip-go/scrip/ledger"
)

var update = flag.Bool("update", false, "write the golden documents anew")

// document returns an invoice with something of everything.
func document(t *testing.T) invoice.Document {
	b := open(t)
	w := b.wallet(usd)
	b.give(w, "50", func(r *ledger.GrantRequest) {
		r.Name, r.Scope = "Referral credit", ledger.Scope{Kinds: []string{invoice.KindMeter}}
	})
	b.give(w, "12.34", func(r *ledger.GrantRequest) { r.Name = "Goodwill" })
	vat := invoice.Tax{Name: "VAT", Rate: dec("19")}
	sep := time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC)
	v := bill([]ledger.WalletID{w},
		invoice.Line{
			ID: "tokens", Name: "Model tokens", Item: ledger.Item{ID: "tokens", Kind: invoice.KindMeter},
			Quantity: dec("1234567"), UnitPrice: dec("0.00045"), Tax: vat,
			From: sep.AddDate(0, -1, 0), To: sep,
			Discounts: []invoice.Discount{{Name: "Volume", Percent: dec("5")}},
		},
		invoice.Line{
			ID: "seats", Name: "Seats", Item: ledger.Item{ID: "seats", Kind: invoice.KindLicence},
			Quantity: dec("12"), UnitPrice: dec("25"), Tax: vat, From: sep, To: sep.AddDate(0, 1, 0),
		},
		invoice.Line{
			ID: "books", Name: "Handbook (print)", Item: ledger.Item{ID: "books", Kind: invoice.KindOneOff},
			Quantity: dec("1"), UnitPrice: dec("19.90"), Tax: invoice.Tax{Name: "VAT reduced", Rate: dec("7"), Inclusive: true},
		},
		invoice.Line{
			ID: "fix", Name: "Correction of July", Item: ledger.Item{ID: "tokens", Kind: invoice.KindMeter},
			Amount: dec("-20"), Tax: vat,
		},
	)
	v.ID = "2026-0042"
	v.Discounts = []invoice.Discount{{Name: "Launch partner", Percent: dec("10")}}
	return invoice.Document{
		Date: sep, DueDate: sep.AddDate(0, 0, 14), Bill: b.settle(v),
		Seller: []string{"ChatPPT Inc.", "1 Market Street", "San Francisco"},
		Buyer:  []string{"John Wick", "Continental Hotel", "New York"},
		Note:   "Thank you.\nPlease pay by bank transfer.",
	}
}

func TestDocumentsAreAsTheyWere(t *testing.T) {
	d := document(t)
	for name, write := range map[string]func(io.Writer) error{
		"invoice.txt": d.WriteText, "invoice.json": d.WriteJSON, "invoice.html": d.WriteHTML,
	} {
		var b bytes.Buffer
		require.NoError(t, write(&b))
		path := "testdata/documents/" + name
		if *update {
			require.NoError(t, os.MkdirAll("testdata/documents", 0o755))
			require.NoError(t, os.WriteFile(path, b.Bytes(), 0o644))
		}
		want, err := os.ReadFile(path)
		require.NoError(t, err)
		require.Equal(t, string(want), b.String(), name)
	}
}

// elements returns the page's elements and attributes, checking that they are nested
// as they should be.
func elements(t *testing.T, page string) (tags, attributes map[string]int) {
	tags, attributes = make(map[string]int), make(map[string]int)
	d := xml.NewDecoder(strings.NewReader(page))
	d.Entity = xml.HTMLEntity
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return tags, attributes
		}
		require.NoError(t, err)
		if e, ok := token.(xml.StartElement); ok {
			tags[e.Name.Local]++
			for _, a := range e.Attr {
				attributes[a.Name.Local]++
			}
		}
	}
}

func TestPageIsSelfContainedAndRunsNothing(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, document(t).WriteHTML(&b))
	tags, attributes := elements(t, b.String())
	require.Equal(t, 1, tags["h1"])
	require.Equal(t, 2, tags["table"])
	require.Equal(t, 1+4+7+1, tags["tr"], "a head, the lines, the totals, and what is due")
	for _, tag := range []string{"script", "link", "img", "iframe", "form"} {
		require.Zero(t, tags[tag], tag)
	}
	for attribute := range attributes {
		require.NotContains(t, []string{"src", "href", "style", "onclick", "onload"}, attribute)
	}
	require.Contains(t, b.String(), "@media print")
	require.Contains(t, b.String(), "@page")
	require.NotContains(t, b.String(), "http", "it loads nothing")
}

func TestPageShowsMarkupAsText(t *testing.T) {
	v := bill(nil, line("a", "1"))
	v.Lines[0].Name = `<script>alert("x")</script>`
	got, err := v.Bill()
	require.NoError(t, err)
	var b bytes.Buffer
	require.NoError(t, invoice.Document{Bill: got, Buyer: []string{"<b>&"}}.WriteHTML(&b))
	tags, _ := elements(t, b.String())
	require.Zero(t, tags["script"]+tags["b"])
	require.Contains(t, b.String(), "&lt;script&gt;")
}

func TestDocumentShowsTheDecimalsOfItsCurrency(t *testing.T) {
	for currency, want := range map[string]string{"JPY": "JPY 1,235\n", "USD": "USD 1,234.50\n", "KWD": "KWD 1,234.500\n"} {
		v := bill(nil, line("a", "1234.5"))
		v.Currency = currency
		got, err := v.Bill()
		require.NoError(t, err)
		var b bytes.Buffer
		require.NoError(t, invoice.Document{Bill: got}.WriteText(&b))
		require.True(t, strings.HasSuffix(b.String(), want), b.String())
	}
}

func TestDocumentComesBackFromJSON(t *testing.T) {
	d := document(t)
	var b bytes.Buffer
	require.NoError(t, d.WriteJSON(&b))
	var back invoice.Document
	require.NoError(t, json.Unmarshal(b.Bytes(), &back))
	require.True(t, d.Bill.Due.Equal(back.Bill.Due))
	again, err := json.Marshal(back)
	require.NoError(t, err)
	var compact bytes.Buffer
	require.NoError(t, json.Compact(&compact, b.Bytes()))
	require.Equal(t, compact.String(), string(again))
}

func TestTotalsOfADocumentAddUp(t *testing.T) {
	d := document(t)
	b := d.Bill
	steps := b.Subtotal
	for _, off := range b.Discounts {
		steps = steps.Sub(off.Amount)
	}
	for _, c := range b.Credits {
		steps = steps.Sub(c.Amount)
	}
	for _, tax := range b.Taxes {
		if !tax.Inclusive {
			steps = steps.Add(tax.Amount)
		}
	}
	require.True(t, steps.Equal(b.Due), "%v %v", steps, b.Due)
	require.True(t, decimal.Zero.LessThan(b.Due))
}

func TestDocumentShowsTheDatesOfItsZone(t *testing.T) {
	midnight := time.Date(2026, 10, 16, 18, 30, 0, 0, time.UTC) // of the 17th in Kolkata
	v := bill(nil, line("a", "1"))
	v.Lines[0].From, v.Lines[0].To = midnight, midnight.AddDate(0, 1, 0)
	got, err := v.Bill()
	require.NoError(t, err)
	for zone, want := range map[string]string{
		"Asia/Kolkata": "  17 October 2026 to 16 November 2026\n", "": "  16 October 2026 to 16 November 2026\n",
	} {
		var b bytes.Buffer
		require.NoError(t, invoice.Document{Bill: got, Date: midnight, Zone: zone}.WriteText(&b))
		require.Contains(t, b.String(), want)
		require.Contains(t, b.String(), "Date  "+want[2:4])
	}
	unknown := invoice.Document{Bill: got, Zone: "Mars/Olympus"}
	require.ErrorIs(t, unknown.WriteText(io.Discard), ledger.ErrInvalid)
	require.ErrorIs(t, unknown.WriteHTML(io.Discard), ledger.ErrInvalid)
}
