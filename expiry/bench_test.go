package expiry_test

import (
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/expiry"
)

func BenchmarkContaining(b *testing.B) {
	for _, zone := range []string{"", "Europe/Berlin"} {
		for _, cycle := range []expiry.Cycle{expiry.Hours(1), expiry.Days(1), expiry.Months(1)} {
			s := schedule(b, "2006-01-31T15:20:00Z", cycle, zone)
			t := at(b, "2026-11-21T12:00:00Z")
			b.Run(cycle.String()+" "+zone, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					s.Containing(t)
				}
			})
		}
	}
}

func BenchmarkEnds(b *testing.B) {
	s := schedule(b, "2006-01-31T15:20:00Z", expiry.Months(1), "Europe/Berlin")
	p := expiry.Policy{Kind: expiry.PolicyPeriodEnd, Grace: expiry.Days(10)}
	t := at(b, "2026-11-21T12:00:00Z")
	b.ReportAllocs()
	for b.Loop() {
		_, _ = p.Ends(t, s)
	}
}

func BenchmarkCarry(b *testing.B) {
	blocks := make([]expiry.Block, 12)
	for i := range blocks {
		blocks[i] = expiry.Block{Left: decimal.NewFromInt(100), Carried: 11 - i}
	}
	r := upTo("550")
	b.ReportAllocs()
	for b.Loop() {
		r.Carry(blocks, decimal.NewFromInt(100), 0)
	}
}

func BenchmarkAdd(b *testing.B) {
	berlin := zone(b, "Europe/Berlin")
	t := time.Date(2026, time.November, 21, 12, 0, 0, 0, time.UTC)
	c := expiry.Months(1)
	b.ReportAllocs()
	for b.Loop() {
		c.Add(t, berlin)
	}
}
