package expiry

import "time"

// A Period is one turn of a [Schedule]: from Start up to, not including, End. The zero Period
// contains nothing.
type Period struct {
	Index int       `json:"index"` // 0 for the one that begins at the anchor
	Start time.Time `json:"start"` // inclusive
	End   time.Time `json:"end"`   // exclusive
}

// Contains reports whether t lies in the period.
func (p Period) Contains(t time.Time) bool {
	return !t.Before(p.Start) && t.Before(p.End)
}

// Share returns how much of the period lies at or after from, as a fraction: num of den
// microseconds. It is what a prorated allowance or price is multiplied with.
//
// The fraction is 1 for an instant at or before the start and 0 for one at or after the end. It is
// not reduced. den is always positive: an empty period has the share 0 of 1.
func (p Period) Share(from time.Time) (num, den int64) {
	den = p.End.UnixMicro() - p.Start.UnixMicro()
	switch {
	case den <= 0:
		return 0, 1
	case !from.After(p.Start):
		return den, den
	case !from.Before(p.End):
		return 0, den
	}
	return p.End.UnixMicro() - from.UnixMicro(), den
}
