package invoice

import (
	"cmp"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/pricing"
)

// invalid returns an error that wraps ledger.ErrInvalid and names a field.
func invalid(field, format string, args ...any) error {
	return &ledger.InvalidError{Field: field, Reason: fmt.Sprintf(format, args...)}
}

// within returns an error about a field of something as one about the field of
// what it is in.
func within(outer string, err error) error {
	if e, ok := errors.AsType[*ledger.InvalidError](err); ok {
		return &ledger.InvalidError{Field: joined(outer, e.Field), Reason: e.Reason}
	}
	return err
}

// refused returns an error of package pricing as one of package ledger.
func refused(field string, err error) error {
	if e, ok := errors.AsType[*pricing.InvalidError](err); ok {
		return &ledger.InvalidError{Field: joined(field, e.Field), Reason: e.Reason}
	}
	return err
}

func joined(outer, inner string) string {
	if outer == "" || inner == "" {
		return outer + inner
	}
	return outer + "." + inner
}

func checkID(field, id string) error {
	if id == "" {
		return invalid(field, "is empty")
	}
	return checkText(field, id, MaxID)
}

func checkText(field, s string, most int) error {
	switch {
	case len(s) > most:
		return invalid(field, "has %d bytes, more than %d", len(s), most)
	case !utf8.ValidString(s) || strings.IndexByte(s, 0) >= 0:
		return invalid(field, "is not UTF-8 without zero bytes")
	}
	return nil
}

func checkItem(field string, i ledger.Item) error {
	return within(field, cmp.Or(checkText("id", i.ID, ledger.MaxKey), checkText("kind", i.Kind, ledger.MaxKey)))
}

// micros returns t in the form in which the ledger keeps times.
func micros(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return t.UTC().Truncate(time.Microsecond)
}
