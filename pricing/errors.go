package pricing

import (
	"errors"
	"fmt"
	"strings"

	"github.com/scrip-go/scrip/expiry"
)

// ErrInvalid means that a value or a request can never work as written. Every error that this
// package makes wraps it, most of them as an [*InvalidError], which says where and why.
var ErrInvalid = errors.New("pricing: invalid")

// An InvalidError names the field that was refused and the reason. The field is a path as a catalog
// file has it, such as "rate_cards[0].rates[2].tiers[1].up_to", also of a value that came from no
// file. In an error from [Load], Line and Column say where in the file that is.
type InvalidError struct {
	Field  string
	Reason string
	Line   int // in the file, from 1; zero for a value that came from no file
	Column int // in bytes, from 1; zero for a value that came from no file
}

func (e *InvalidError) Error() string {
	what := strings.TrimPrefix(e.Field+" "+e.Reason, " ")
	if e.Line > 0 {
		return fmt.Sprintf("%v: %d:%d: %s", ErrInvalid, e.Line, e.Column, what)
	}
	return fmt.Sprintf("%v: %s", ErrInvalid, what)
}

// Unwrap returns [ErrInvalid].
func (e *InvalidError) Unwrap() error { return ErrInvalid }

// invalid returns an *InvalidError whose reason is formatted.
func invalid(field, format string, args ...any) error {
	return &InvalidError{Field: field, Reason: fmt.Sprintf(format, args...)}
}

// within puts a path before the field of an *InvalidError, so that an error of a part names its
// place in the whole. An empty field takes the path alone.
func within(path string, err error) error {
	if err == nil {
		return nil
	}
	if inner, ok := errors.AsType[*InvalidError](err); ok {
		outer := *inner
		outer.Field = join(path, inner.Field)
		return &outer
	}
	if inner, ok := errors.AsType[*expiry.InvalidError](err); ok {
		return &InvalidError{Field: join(path, inner.Field), Reason: inner.Reason}
	}
	return &InvalidError{Field: path, Reason: err.Error()}
}
