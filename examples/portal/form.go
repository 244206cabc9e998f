package main

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"
)

// A form is one that could not be carried out: what was filled in, and why not.
// The zero form is empty.
type form struct {
	Name   string
	Values url.Values
	Alert  string
}

// For returns f if it is the form of that name, and an empty one otherwise.
func (f form) For(name string) form {
	if f.Name == name {
		return f
	}
	return form{Name: name}
}

// Value returns what was filled in.
func (f form) Value(field string) string { return f.Values.Get(field) }

// keyOf returns the key of a form, which was made with it: however often the form is
// sent, what it asks for is done once. Keys have a prefix for each kind of form, so
// that no form can take a key that something else will need.
func keyOf(r *http.Request, prefix string) (string, error) {
	key := r.PostFormValue("key")
	if len(key) != 26 || strings.Trim(key, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") != "" {
		return "", badRequest("The form has no valid key. Please open it anew.")
	}
	return prefix + " " + key, nil
}

// maxDigits is how many characters a number may have.
const maxDigits = 30

// maxNumber is the greatest number that a form may ask for: a slip of the finger is
// found before it is sold.
var maxNumber = decimal.NewFromInt(1_000_000)

// numberOf returns a field of a form as a whole number from 1 to maxNumber.
func (p *portal) numberOf(r *http.Request, field string) (decimal.Decimal, error) {
	text := strings.TrimSpace(r.FormValue(field))
	wrong := badRequest("The " + field + " must be a whole number from 1 to " + number(maxNumber) + ".")
	if len(text) > maxDigits {
		return decimal.Zero, wrong
	}
	d, err := decimal.NewFromString(text)
	if err != nil {
		return decimal.Zero, wrong
	}
	if d, err = p.catalog.Unit.Check(field, d); err != nil || !d.IsPositive() || d.GreaterThan(maxNumber) {
		return decimal.Zero, wrong
	}
	return d, nil
}

// optionalNumber is numberOf, or zero for a field that is empty.
func (p *portal) optionalNumber(r *http.Request, field string) (decimal.Decimal, error) {
	if strings.TrimSpace(r.FormValue(field)) == "" {
		return decimal.Zero, nil
	}
	return p.numberOf(r, field)
}

// seqOf returns the number of an entry in the address of a page.
func seqOf(r *http.Request) (int64, error) {
	seq, err := strconv.ParseInt(r.PathValue("seq"), 10, 64)
	if err != nil || seq < 1 {
		return 0, errNoPage
	}
	return seq, nil
}
