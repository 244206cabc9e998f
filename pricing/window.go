package pricing

import "time"

// A Window is a span of time, from From up to but not including Until. A zero bound is none, so
// the zero Window is always.
type Window struct {
	From  time.Time `json:"from,omitzero"`
	Until time.Time `json:"until,omitzero"`
}

// Contains reports whether t lies in w.
func (w Window) Contains(t time.Time) bool {
	return !t.Before(w.From) && (w.Until.IsZero() || t.Before(w.Until))
}

// Validate returns an error wrapping [ErrInvalid] if w ends before it starts, or as it does.
func (w Window) Validate() error {
	if !w.Until.IsZero() && !w.From.Before(w.Until) {
		return invalid("until", "is not after from")
	}
	return nil
}
