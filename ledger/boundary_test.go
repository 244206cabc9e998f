package ledger_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/expiry"
	"github.com/scrip-go/scrip/ledger"
)

const tick = time.Microsecond

// TestBoundaryInstants asks for each instant at which something begins or ends, and for
// those around it, what the wallet has: told from before, at the instant, told from
// after, and after a sweep. All four must agree.
func TestBoundaryInstants(t *testing.T) {
	t.Parallel()
	april, may := time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC), time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)
	graced := expiry.Policy{Kind: expiry.PolicyAt, At: noon.Add(day), Grace: expiry.Hours(6)}
	for _, c := range []struct {
		name  string
		setup func(b *books, w ledger.WalletID)
		want  map[time.Time]string // available at the instant
	}{
		{"a grant for later", func(b *books, w ledger.WalletID) {
			b.give(w, "10", func(r *ledger.GrantRequest) { r.EffectiveAt = noon.Add(hour) })
		}, map[time.Time]string{noon: "0", noon.Add(hour - tick): "0", noon.Add(hour): "10", noon.Add(hour + tick): "10"}},
		{"a grant that ends", func(b *books, w ledger.WalletID) {
			b.give(w, "10", until(noon.Add(hour)))
		}, map[time.Time]string{noon.Add(-tick): "0", noon: "10", noon.Add(hour - tick): "10", noon.Add(hour): "0", noon.Add(hour + tick): "0"}},
		{"a grant of one microsecond", func(b *books, w ledger.WalletID) {
			b.give(w, "10", func(r *ledger.GrantRequest) { r.EffectiveAt = noon.Add(hour); until(noon.Add(hour + tick))(r) })
		}, map[time.Time]string{noon.Add(hour - tick): "0", noon.Add(hour): "10", noon.Add(hour + tick): "0"}},
		{"one grant ends as another begins", func(b *books, w ledger.WalletID) {
			b.give(w, "10", until(noon.Add(hour)))
			b.give(w, "7", func(r *ledger.GrantRequest) { r.EffectiveAt = noon.Add(hour) })
		}, map[time.Time]string{noon.Add(hour - tick): "10", noon.Add(hour): "7"}},
		{"a grace period", func(b *books, w ledger.WalletID) {
			b.give(w, "10", func(r *ledger.GrantRequest) { r.Expiry = graced })
		}, map[time.Time]string{noon.Add(day): "10", noon.Add(30*hour - tick): "10", noon.Add(30 * hour): "0"}},
		{"a period of a plan", func(b *books, w ledger.WalletID) {
			b.subscribe(w, ledger.SubscribeRequest{Offer: monthly("10")})
			b.mustCharge(w, "4")
		}, map[time.Time]string{april.Add(-tick): "6", april: "10", april.Add(tick): "10", may: "10"}},
		{"credits of a plan's bucket that end with the period", func(b *books, w ledger.WalletID) {
			b.subscribe(w, ledger.SubscribeRequest{Offer: monthly("10")})
			b.give(w, "5", func(r *ledger.GrantRequest) { r.Expiry = expiry.Policy{Kind: expiry.PolicyPeriodEnd} })
			b.give(w, "3", func(r *ledger.GrantRequest) { r.Expiry = expiry.Policy{Kind: expiry.PolicyPeriods, Periods: 2} })
		}, map[time.Time]string{april.Add(-tick): "18", april: "13", may.Add(-tick): "13", may: "10"}},
		{"a cancellation at an instant", func(b *books, w ledger.WalletID) {
			b.subscribe(w, ledger.SubscribeRequest{Offer: monthly("10")})
			b.give(w, "1", nil)
			_, err := b.Cancel(b.ctx, ledger.CancelRequest{Key: b.key(), WalletID: w, At: noon.Add(day)})
			require.NoError(b.t, err)
		}, map[time.Time]string{noon.Add(day - tick): "11", noon.Add(day): "1", april: "1"}},
		{"a cancellation at the period's end", func(b *books, w ledger.WalletID) {
			b.subscribe(w, ledger.SubscribeRequest{Offer: monthly("10")})
			_, err := b.Cancel(b.ctx, ledger.CancelRequest{Key: b.key(), WalletID: w, AtPeriodEnd: true})
			require.NoError(b.t, err)
		}, map[time.Time]string{april.Add(-tick): "10", april: "0"}},
		{"the end of a hold", func(b *books, w ledger.WalletID) {
			b.give(w, "10", nil)
			b.holdFor(w, "6", hour)
		}, map[time.Time]string{noon: "4", noon.Add(hour - tick): "4", noon.Add(hour): "10"}},
		{"a hold and what it earmarks end together", func(b *books, w ledger.WalletID) {
			b.give(w, "10", until(noon.Add(hour)))
			b.holdFor(w, "6", hour)
		}, map[time.Time]string{noon.Add(hour - tick): "4", noon.Add(hour): "0"}},
		{"carried credits with a life of their own", func(b *books, w ledger.WalletID) {
			o := monthly("10")
			o.Buckets[0].Rollover = expiry.Rollover{Kind: expiry.RolloverAll, Life: expiry.Hours(48)}
			b.subscribe(w, ledger.SubscribeRequest{Offer: o})
		}, map[time.Time]string{april: "20", april.Add(48*hour - tick): "20", april.Add(48 * hour): "10"}},
		{"carried credits for two periods", func(b *books, w ledger.WalletID) {
			o := monthly("10")
			o.Buckets[0].Rollover = expiry.Rollover{Kind: expiry.RolloverAll, Periods: 2}
			b.subscribe(w, ledger.SubscribeRequest{Offer: o})
		}, map[time.Time]string{april: "20", may: "30", time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC): "30"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, swept := range []bool{false, true} {
				b := open(t, ledger.Config{})
				w := b.wallet(ledger.Terms{})
				c.setup(b, w)
				for at, want := range c.want {
					require.Equal(t, want, b.availableAt(w, at), "%v from before", at)
				}
				b.clock = may.Add(31 * day)
				if swept {
					b.sweep()
				}
				for at, want := range c.want {
					require.Equal(t, want, b.availableAt(w, at), "%v from after", at)
				}
			}
			for at, want := range c.want {
				if at.Before(noon) {
					continue
				}
				b := open(t, ledger.Config{})
				w := b.wallet(ledger.Terms{})
				c.setup(b, w)
				b.clock = at
				require.Equal(t, want, b.available(w), "%v at the instant", at)
				if want != "0" {
					b.mustCharge(w, want)
				}
				_, err := b.charge(w, "1")
				require.ErrorIs(t, err, ledger.ErrInsufficientCredits, "%v spent at the instant", at)
			}
		})
	}
}

// TestUseReportedLate: the time of the use decides, as far back as the lateness bound.
func TestUseReportedLate(t *testing.T) {
	t.Parallel()
	ends := noon.Add(day)
	for _, c := range []struct {
		name     string
		lateness time.Duration // zero: the default of 72 hours
		now, at  time.Time
		want     error
	}{
		{"just before the end of the grant", 0, ends.Add(hour), ends.Add(-tick), nil},
		{"at the end of the grant", 0, ends.Add(hour), ends, ledger.ErrInsufficientCredits},
		{"as the grant began", 0, ends.Add(hour), noon, nil},
		{"before the grant began", 0, ends.Add(hour), noon.Add(-tick), ledger.ErrInsufficientCredits},
		{"at the bound of lateness", 0, ends.Add(71 * hour), ends.Add(-hour), nil},
		{"beyond the bound of lateness", 0, ends.Add(71*hour + tick), ends.Add(-hour), ledger.ErrInvalid},
		{"at another bound of lateness", 2 * hour, ends.Add(hour), ends.Add(-hour), nil},
		{"beyond another bound of lateness", 2 * hour, ends.Add(hour + tick), ends.Add(-hour), ledger.ErrInvalid},
		{"where none is allowed", -1, ends.Add(hour), ends.Add(hour - tick), ledger.ErrInvalid},
		{"now where none is allowed", -1, ends.Add(-tick), ends.Add(-tick), nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, swept := range []bool{false, true} {
				b := open(t, ledger.Config{Lateness: c.lateness})
				b.clock = noon.Add(-day)
				w := b.wallet(ledger.Terms{})
				b.clock = noon
				b.give(w, "10", until(ends))
				b.clock = c.now
				if swept {
					b.sweep()
				}
				_, err := b.Charge(b.ctx, ledger.ChargeRequest{Key: b.key(), WalletID: w, Amount: dec("10"), At: c.at})
				require.ErrorIs(t, err, c.want)
				if c.want != nil {
					continue
				}
				require.Equal(t, "0", b.availableAt(w, c.at))
				require.Equal(t, "0", b.balance(w).Total.String())
			}
		})
	}
}

func TestLateUseDrawsOnAnEndedPeriodAndOnWhatIsThereStill(t *testing.T) {
	t.Parallel()
	b := open(t, ledger.Config{})
	w := b.wallet(ledger.Terms{})
	april := time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)
	b.subscribe(w, ledger.SubscribeRequest{Offer: monthly("10")})
	b.give(w, "5", nil)
	b.clock = april.Add(hour)
	e, err := b.Charge(b.ctx, ledger.ChargeRequest{Key: b.key(), WalletID: w, Amount: dec("12"), At: april.Add(-tick)})
	require.NoError(t, err)
	require.Equal(t, []string{"2.1 10", "3.1 2"}, draws(e), "the allowance of March, not that of April")
	require.True(t, e.Late)
	require.Equal(t, "13", b.available(w))
	require.Equal(t, "3", b.availableAt(w, april.Add(-tick)))
	s, err := b.Statement(b.ctx, w, noon, april)
	require.NoError(t, err)
	require.Equal(t, "3", s.Closing.String(), "what the balance was before the period ended")
}

// TestWhatHappensAtOneInstant: what a hold gives back can still roll over, the period
// turns, credits expire, and what was granted for later begins.
func TestWhatHappensAtOneInstant(t *testing.T) {
	t.Parallel()
	b := open(t, ledger.Config{})
	w := b.wallet(ledger.Terms{})
	april := time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)
	o := monthly("10")
	o.Buckets[0].Rollover = expiry.Rollover{Kind: expiry.RolloverAll}
	b.subscribe(w, ledger.SubscribeRequest{Offer: o})
	b.holdFor(w, "8", april.Sub(noon))
	b.give(w, "3", until(april))
	b.give(w, "4", func(r *ledger.GrantRequest) { r.EffectiveAt = april })
	seq := b.seq(w)
	b.clock = april.Add(day)
	b.sweep()
	require.Equal(t, []ledger.Kind{"release", "rollover", "renew", "expire", "activate"}, b.kinds(w, seq))
	for e, err := range b.Journal(b.ctx, ledger.JournalQuery{WalletID: w, After: seq}) {
		require.NoError(t, err)
		require.Equal(t, april, e.EffectiveAt, "each is dated at its own instant")
		require.Equal(t, b.clock, e.RecordedAt)
		require.False(t, e.Late)
		require.Empty(t, e.Key)
	}
	require.Equal(t, "24", b.available(w))
}

// The limit is that of a request: what many of them add up to has as many digits as it
// takes, on a wallet as in a statement, and can be moved and spent in as many steps.
func TestABalanceMayHaveMoreDigitsThanAnAmount(t *testing.T) {
	t.Parallel()
	b := open(t, ledger.Config{})
	most := strings.Repeat("9", ledger.MaxDigits)
	all := dec(most).Mul(dec("20"))
	w := b.wallet(ledger.Terms{})
	for range 20 {
		b.give(w, most, nil)
	}
	balance, err := b.Balance(b.ctx, w, time.Time{})
	require.NoError(t, err)
	require.Equal(t, all.String(), balance.Available.String())
	require.Len(t, balance.Available.String(), ledger.MaxDigits+2)

	_, err = b.Charge(b.ctx, ledger.ChargeRequest{Key: b.key(), WalletID: w, Item: "use", Amount: all})
	require.ErrorIs(t, err, ledger.ErrInvalid)
	for range 20 {
		b.mustCharge(w, most)
	}
	lines, err := b.Statement(b.ctx, w, noon, noon.Add(tick))
	require.NoError(t, err)
	require.Equal(t, "0", lines.Closing.String())
}
