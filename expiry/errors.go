package expiry

import "errors"

// ErrInvalid is wrapped by every error of this package: the terms or the instants given can
// never work, and repeating the call does not help.
var ErrInvalid = errors.New("expiry: invalid")

// An InvalidError says which field was refused and why. It wraps [ErrInvalid].
type InvalidError struct {
	Field  string // path in JSON names, such as "grace.every"
	Reason string // what the field must be, or must not be
}

// Error returns field and reason in one line.
func (e *InvalidError) Error() string {
	return ErrInvalid.Error() + " " + e.Field + ": " + e.Reason
}

// Unwrap returns [ErrInvalid].
func (e *InvalidError) Unwrap() error { return ErrInvalid }

func invalid(field, reason string) error {
	return &InvalidError{Field: field, Reason: reason}
}

// within puts the name of the outer field before the one that err names.
func within(field string, err error) error {
	var inner *InvalidError
	if !errors.As(err, &inner) {
		return err
	}
	return invalid(field+"."+inner.Field, inner.Reason)
}

// stated checks that a field is given if its kind uses it, and only then.
func stated(field string, used, given bool) error {
	switch {
	case used && !given:
		return invalid(field, "is required by this kind")
	case given && !used:
		return invalid(field, "is not used by this kind")
	}
	return nil
}
