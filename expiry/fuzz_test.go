package expiry_test

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/expiry"
)

// FuzzSchedule takes any numbers for a schedule and looks for a panic, an endless loop, a period
// that is upside down, and an instant that is not found where it is.
func FuzzSchedule(f *testing.F) {
	f.Add(int64(1_769_872_800), int64(0), 1, "month", "Europe/Berlin", 13, int64(1_800_000_000))
	f.Add(int64(2_366_712_000), int64(1), 1, "day", "Europe/Berlin", 1, int64(2_366_798_400))    // end of a leap year
	f.Add(int64(1_325_239_199), int64(999), 1, "day", "Pacific/Apia", 2, int64(1_325_239_200))   // a day left out
	f.Add(int64(-3_225_222_000), int64(0), 1, "day", "America/Juneau", 1, int64(-3_225_221_000)) // a day twice
	f.Add(int64(253_402_300_799), int64(999_999_999), 1, "hour", "", 1, int64(253_402_300_799))  // the last second
	f.Add(int64(-62_135_596_800), int64(0), 1, "year", "Pacific/Kiritimati", 9998, int64(0))     // the first
	f.Add(int64(9_223_372_036_854_775_807), int64(-1), -1, "day", "Local", -1, int64(-9_223_372_036_854_775_808))
	f.Add(int64(0), int64(0), 100_000, "hour", "../UTC", 1<<62, int64(1<<62))
	f.Fuzz(func(t *testing.T, seconds, nanos int64, every int, unit, zone string, n int, instant int64) {
		s := expiry.Schedule{
			Anchor: time.Unix(seconds, nanos),
			Cycle:  expiry.Cycle{Every: every, Unit: expiry.CycleUnit(unit)},
			Zone:   zone,
		}
		valid := s.Validate() == nil
		p := s.Period(n)
		if p.End.Before(p.Start) || !valid && !p.Start.IsZero() && n > 0 {
			t.Fatalf("period %d of %+v is %+v", n, s, p)
		}
		at := time.Unix(instant, 0)
		found, ok := s.Containing(at)
		if ok && (!found.Contains(at) || s.Period(found.Index) != found) {
			t.Fatalf("%v is not in %+v", at, found)
		}
		if loc, err := expiry.Zone(zone); err == nil {
			if later := s.Cycle.Add(at, loc); !later.IsZero() && !s.Cycle.IsZero() && !later.After(at) {
				t.Fatalf("%v and %v is %v", at, s.Cycle, later)
			}
		}
	})
}

// FuzzPolicy reads policies as a catalog does: what is valid survives its own JSON and ends credits
// after they take effect, or says which field cannot be.
func FuzzPolicy(f *testing.F) {
	for _, seed := range []string{
		`{}`, `{"kind":"never"}`, `{"kind":"at","at":"9999-12-31T23:59:59.999999999Z"}`,
		`{"kind":"at","at":"0001-01-01T00:00:00-23:59"}`, `{"kind":"after","after":{"every":10000,"unit":"year"}}`,
		`{"kind":"period_end","grace":{"every":100000,"unit":"hour"}}`, `{"kind":"periods","periods":10000}`,
		`{"kind":"periods","periods":-9223372036854775808}`, `{"kind":"after","after":{"every":1,"unit":"\u0000"}}`,
	} {
		f.Add([]byte(seed), int64(1_735_646_400), int64(1_735_689_600))
	}
	f.Fuzz(func(t *testing.T, text []byte, anchor, effective int64) {
		var p expiry.Policy
		if json.Unmarshal(text, &p) != nil {
			return
		}
		s := expiry.Schedule{Anchor: time.Unix(anchor, 0), Cycle: expiry.Months(1), Zone: "Europe/Berlin"}
		at := time.Unix(effective, 0)
		ending, err := p.Ends(at, s)
		if err != nil {
			requireInvalidAny(t, err)
			return
		}
		if p.Validate() != nil || !ending.ExpiresAt.IsZero() && !ending.ExpiresAt.After(at) {
			t.Fatalf("%+v ends %v at %+v", p, at, ending)
		}
		again, err := json.Marshal(p)
		var back expiry.Policy
		if err != nil || json.Unmarshal(again, &back) != nil || back.Kind != p.Kind || !back.At.Equal(p.At) {
			t.Fatalf("%s came back as %+v: %v", again, back, err)
		}
	})
}

// FuzzRollover reads rollovers as a catalog does. A number with an absurd exponent has to be
// refused at once, and what is accepted never keeps more than there is.
func FuzzRollover(f *testing.F) {
	for _, seed := range []string{
		`{}`, `{"kind":"all","periods":3}`, `{"kind":"amount","max":"500"}`, `{"kind":"percent","percent":50}`,
		`{"kind":"amount","max":"1e26"}`, `{"kind":"amount","max":"1e1000000000"}`, `{"kind":"percent","percent":"1e-1000000000"}`,
		`{"kind":"amount","max":"99999999999999999999999999.999999999999"}`, `{"kind":"percent","percent":"0.000000000001"}`,
		`{"kind":"amount","max":"-0"}`, `{"kind":"none","life":{"every":1,"unit":"month"}}`,
	} {
		f.Add([]byte(seed), int64(300), int64(400), int32(2), 1)
	}
	f.Fuzz(func(t *testing.T, text []byte, old, fresh int64, scale int32, carried int) {
		var r expiry.Rollover
		if json.Unmarshal(text, &r) != nil {
			return
		}
		if err := r.Validate(); err != nil {
			requireInvalidAny(t, err)
			return
		}
		scale &= 0xf
		blocks := []expiry.Block{{Left: decimal.New(old, -scale), Carried: carried}, {Left: decimal.New(fresh, -scale)}}
		kept := r.Carry(blocks, decimal.New(400, 0), scale)
		for i, b := range blocks {
			if kept[i].IsNegative() || kept[i].GreaterThan(decimal.Max(b.Left, decimal.Zero)) {
				t.Fatalf("%+v keeps %v of %v", r, kept[i], b.Left)
			}
		}
		if limit, bounded := r.Cap(decimal.New(400, 0), scale); bounded && kept[0].Add(kept[1]).GreaterThan(limit) {
			t.Fatalf("%+v keeps %v and %v", r, kept[0], kept[1])
		}
	})
}

func requireInvalidAny(t *testing.T, err error) {
	t.Helper()
	var refused *expiry.InvalidError
	if !errors.As(err, &refused) || refused.Field == "" || refused.Reason == "" || len(err.Error()) > 300 {
		t.Fatalf("not a proper refusal: %v", err)
	}
}
