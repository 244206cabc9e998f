package expiry_test

import (
	"errors"
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/expiry"
)

func Example() {
	// Somebody in Berlin subscribes on 31 January, at twenty past four in the afternoon.
	subscribed := time.Date(2026, time.January, 31, 15, 20, 0, 0, time.UTC)
	monthly := expiry.Schedule{Anchor: subscribed, Cycle: expiry.Months(1), Zone: "Europe/Berlin"}

	for n := range 3 {
		p := monthly.Period(n)
		fmt.Println(p.Index, p.Start.Format(time.DateTime), p.End.Format(time.DateTime))
	}
	// Output:
	// 0 2026-01-31 15:20:00 2026-02-27 23:00:00
	// 1 2026-02-27 23:00:00 2026-03-30 22:00:00
	// 2 2026-03-30 22:00:00 2026-04-29 22:00:00
}

func ExampleCycle_Add() {
	t := time.Date(2028, time.January, 31, 15, 20, 0, 0, time.UTC)
	for _, c := range []expiry.Cycle{expiry.Hours(36), expiry.Days(90), expiry.Months(1), expiry.Years(1)} {
		fmt.Println(c, "later:", c.Add(t, time.UTC).Format(time.DateTime))
	}
	// Output:
	// 36 hours later: 2028-02-02 03:20:00
	// 90 days later: 2028-04-30 15:20:00
	// 1 month later: 2028-02-29 15:20:00
	// 1 year later: 2029-01-31 15:20:00
}

func ExampleSchedule_Containing() {
	s := expiry.Schedule{Anchor: time.Date(2026, time.January, 31, 0, 0, 0, 0, time.UTC), Cycle: expiry.Months(1)}
	boundary := time.Date(2026, time.February, 28, 0, 0, 0, 0, time.UTC)

	before, _ := s.Containing(boundary.Add(-time.Microsecond))
	from, _ := s.Containing(boundary)
	_, ok := s.Containing(s.Anchor.Add(-time.Microsecond))
	fmt.Println(before.Index, from.Index, ok)
	// Output: 0 1 false
}

func ExamplePeriod_Share() {
	april := expiry.Period{
		Start: time.Date(2026, time.April, 1, 0, 0, 0, 0, time.UTC),
		End:   time.Date(2026, time.May, 1, 0, 0, 0, 0, time.UTC),
	}
	num, den := april.Share(time.Date(2026, time.April, 11, 0, 0, 0, 0, time.UTC))

	allowance := decimal.NewFromInt(400)
	credits, _ := allowance.Mul(decimal.NewFromInt(num)).QuoRem(decimal.NewFromInt(den), 0)
	fmt.Println("from the 11th:", credits, "of", allowance)
	// Output: from the 11th: 266 of 400
}

func ExampleFirst() {
	var grant, bucket expiry.Policy // state nothing
	pack := expiry.Policy{Kind: expiry.PolicyAfter, After: expiry.Days(90)}
	standard := expiry.Policy{Kind: expiry.PolicyNever}

	p := expiry.First(grant, pack, bucket, standard)
	fmt.Println(p.Kind, p.After)
	// Output: after 90 days
}

func ExamplePolicy_Ends() {
	bought := time.Date(2026, time.February, 10, 9, 30, 0, 0, time.UTC)
	monthly := expiry.Schedule{Anchor: time.Date(2026, time.January, 31, 0, 0, 0, 0, time.UTC), Cycle: expiry.Months(1)}
	p := expiry.Policy{Kind: expiry.PolicyPeriodEnd, Grace: expiry.Days(10)}

	ending, err := p.Ends(bought, monthly)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("grace from", ending.GraceAt.Format(time.DateTime))
	fmt.Println("gone from ", ending.ExpiresAt.Format(time.DateTime))
	// Output:
	// grace from 2026-02-28 00:00:00
	// gone from  2026-03-10 00:00:00
}

func ExampleRollover_Carry() {
	atMost500 := expiry.Rollover{Kind: expiry.RolloverAmount, Max: decimal.NewFromInt(500)}
	left := []expiry.Block{
		{Left: decimal.NewFromInt(300), Carried: 1}, // from the period before
		{Left: decimal.NewFromInt(400)},             // from this one
	}
	fmt.Println(atMost500.Carry(left, decimal.NewFromInt(400), 0))
	// Output: [100 400]
}

func ExampleRollover_EndsAt() {
	r := expiry.Rollover{Kind: expiry.RolloverAll, Life: expiry.Months(1)}
	boundary := time.Date(2026, time.January, 31, 0, 0, 0, 0, time.UTC)
	fmt.Println(r.EndsAt(boundary, time.UTC).Format(time.DateOnly))
	// Output: 2026-02-28
}

func ExampleInvalidError() {
	err := expiry.Policy{Kind: expiry.PolicyAfter, After: expiry.Days(0)}.Validate()
	fmt.Println(err)

	var refused *expiry.InvalidError
	fmt.Println(errors.Is(err, expiry.ErrInvalid), errors.As(err, &refused), refused.Field)
	// Output:
	// expiry: invalid after.every: is 0, must be from 1 to 10000
	// true true after.every
}
