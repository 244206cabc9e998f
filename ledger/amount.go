package ledger

import (
	"cmp"
	"errors"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/expiry"
	"github.com/scrip-go/scrip/pricing"
)

// Limits at the border. What passes them is kept exactly.
const (
	MaxScale  = pricing.MaxScale  // decimals of an amount
	MaxDigits = pricing.MaxDigits // digits of an amount before the point

	MaxKey      = 255   // bytes of a key, a reference, an actor or a name
	MaxText     = 1_000 // bytes of a reason or of a value of metadata or attributes
	MaxMetadata = 50    // pairs of metadata or attributes
	MaxParts    = 1_000 // items of one charge
)

// minTime and maxTime bound every instant: the years that RFC 3339 can write.
var (
	minTime = time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)
	maxTime = time.Date(9999, 12, 31, 23, 59, 59, 999_999_000, time.UTC)
)

// checkAmount returns d in the form in which amounts of unit are kept, or an error
// wrapping [ErrInvalid] if d is out of bounds or finer than the unit.
func checkAmount(field string, d decimal.Decimal, unit Unit) (decimal.Decimal, error) {
	d, err := checkNumber(field, d)
	if err != nil {
		return d, err
	}
	if !d.Equal(d.Truncate(unit.Scale)) {
		return d, invalid(field, "is finer than the %d decimals of %s", unit.Scale, unit.Name)
	}
	return d, nil
}

// checkNumber returns d in normal form, or an error wrapping [ErrInvalid] if it is
// out of bounds.
func checkNumber(field string, d decimal.Decimal) (decimal.Decimal, error) {
	d, err := pricing.Check(field, d)
	if err != nil {
		return d, refused(field, err)
	}
	return d, nil
}

// checkPositive is checkNumber for what must be above zero.
func checkPositive(field string, d decimal.Decimal) (decimal.Decimal, error) {
	d, err := checkNumber(field, d)
	if err == nil && !d.IsPositive() {
		err = invalid(field, "must be positive, not %v", d)
	}
	return d, err
}

// checkNotNegative refuses a number below zero.
func checkNotNegative(field string, d decimal.Decimal) error {
	if d.IsNegative() {
		return invalid(field, "is %v and must not be negative", d)
	}
	return nil
}

// refused returns an error of the pure packages, which call fields as files do, as
// one of this package, which calls them as Go does.
func refused(field string, err error) error {
	if p, ok := errors.AsType[*pricing.InvalidError](err); ok {
		return invalid(joinField(field, goPath(p.Field)), "%s", p.Reason)
	}
	if e, ok := errors.AsType[*expiry.InvalidError](err); ok {
		return invalid(joinField(field, goPath(e.Field)), "%s", e.Reason)
	}
	return invalid(field, "%v", err)
}

// goPath returns a path in a file, such as "scope.except_items[0]", as Go has it:
// "Scope.ExceptItems[0]".
func goPath(path string) string {
	var b strings.Builder
	first := true
	for _, r := range path {
		if first {
			r = unicode.ToUpper(r)
		}
		first = r == '.' || r == '_'
		if r != '_' {
			b.WriteRune(r)
		}
	}
	return b.String()
}

func joinField(outer, inner string) string {
	switch {
	case outer == "":
		return inner
	case inner == "" || inner == outer:
		return outer
	}
	return outer + "." + inner
}

// checkTime returns t in the form in which instants are kept, UTC and whole
// microseconds. The zero time stands for "not stated" and passes.
func checkTime(field string, t time.Time) (time.Time, error) {
	if t.IsZero() {
		return time.Time{}, nil
	}
	if t.Before(minTime) || t.After(maxTime) {
		return t, invalid(field, "is outside the years 1 to 9999")
	}
	return micros(t), nil
}

func micros(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }

// checkKey refuses an idempotency key that is empty, too long or no text.
func checkKey(key string) error {
	if key == "" {
		return invalid("Key", "is empty")
	}
	return checkText("Key", key, MaxKey)
}

func checkText(field, s string, most int) error {
	switch {
	case len(s) > most:
		return invalid(field, "has %d bytes, more than %d", len(s), most)
	case !utf8.ValidString(s):
		return invalid(field, "is not valid UTF-8")
	}
	for i := range len(s) {
		if s[i] == 0 {
			return invalid(field, "contains a zero byte")
		}
	}
	return nil
}

// check refuses texts that are too long.
func (i *Info) check() error {
	return cmp.Or(
		checkText("Reference", i.Reference, MaxKey),
		checkText("Reason", i.Reason, MaxText),
		checkText("Actor", i.Actor, MaxKey),
		checkPairs("Metadata", i.Metadata),
	)
}

// checkPairs refuses metadata and attributes that are too many or too long.
func checkPairs(field string, pairs map[string]string) error {
	if len(pairs) > MaxMetadata {
		return invalid(field, "has %d pairs, more than %d", len(pairs), MaxMetadata)
	}
	for k, v := range pairs {
		if k == "" {
			return invalid(field, "has an empty name")
		}
		if err := cmp.Or(checkText(field, k, MaxKey), checkText(field, v, MaxText)); err != nil {
			return err
		}
	}
	return nil
}
