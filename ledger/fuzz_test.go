package ledger_test

import (
	"encoding/binary"
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/expiry"
	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/pricing"
)

// FuzzOperations reads bytes as the steps of a machine, eight to a step, and checks
// everything after every one of them.
func FuzzOperations(f *testing.F) {
	f.Add([]byte{})
	for seed := range uint64(8) {
		var steps []byte
		for i := range 40 * (seed + 1) {
			steps = binary.LittleEndian.AppendUint64(steps, mix(seed<<32+i))
		}
		f.Add(steps)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var steps []uint64
		for ; len(data) > 0 && len(steps) < 400; data = data[min(8, len(data)):] {
			var code [8]byte
			copy(code[:], data)
			steps = append(steps, binary.LittleEndian.Uint64(code[:]))
		}
		require.NoError(t, newMachine(newStore()).run(steps))
	})
}

// small returns books with one wallet in cents that has something in it.
func small(t testing.TB) (*books, ledger.WalletID) {
	b := open(t, ledger.Config{})
	w := b.walletIn(ledger.Unit{Name: "USD", Scale: 2}, ledger.Terms{})
	b.give(w, "100", nil)
	return b, w
}

func FuzzAmounts(f *testing.F) {
	for _, s := range []string{
		"1", "0", "-1", "0.01", "0.001", "1.10", "1e2", "1e-2", "-0", "00012.50", "1e25", "1e26", "1e-13",
		"99999999999999999999999999.99", "9999999999999999999999999999999999999999", "1e1000000000", "1e-1000000000", "1e2147483647",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) > 200 {
			return
		}
		amount, err := decimal.NewFromString(s)
		if err != nil {
			return
		}
		b, w := small(t)
		e, err := b.Grant(b.ctx, ledger.GrantRequest{Key: "k", WalletID: w, Source: ledger.SourcePromotion, Amount: amount})
		if err != nil {
			require.ErrorIs(t, err, ledger.ErrInvalid)
			require.Equal(t, "100", b.available(w))
			return
		}
		require.True(t, amount.IsPositive() && amount.Equal(amount.Truncate(2)), "%q was granted", s)
		require.True(t, e.Grants[0].Amount.Equal(amount))
		require.LessOrEqual(t, len(e.Grants[0].Amount.Truncate(0).String()), ledger.MaxDigits)
		_, err = b.Charge(b.ctx, ledger.ChargeRequest{Key: "c", WalletID: w, Amount: amount})
		require.NoError(t, err)
		require.Equal(t, "100", b.available(w))
	})
}

func FuzzTimes(f *testing.F) {
	for _, t := range []time.Time{noon, {}, time.Unix(0, 0), noon.AddDate(8000, 0, 0), time.Unix(-62135596801, 0), noon.Add(-72 * hour)} {
		f.Add(t.Unix(), int64(t.Nanosecond()), int64(hour))
	}
	f.Add(int64(math.MaxInt64), int64(math.MaxInt64), int64(math.MaxInt64))
	f.Add(int64(math.MinInt64), int64(math.MinInt64), int64(math.MinInt64))
	f.Fuzz(func(t *testing.T, seconds, nanos, life int64) {
		at := time.Unix(seconds, nanos)
		b, w := small(t)
		invalid := func(err error) {
			if err != nil {
				require.ErrorIs(t, err, ledger.ErrInvalid)
			}
		}
		e, err := b.Grant(b.ctx, ledger.GrantRequest{
			Key: "g", WalletID: w, Source: ledger.SourcePromotion, Amount: dec("5"), EffectiveAt: at,
			Expiry: expiry.Policy{Kind: expiry.PolicyAt, At: at.Add(time.Duration(life))},
		})
		if invalid(err); err == nil {
			g := e.Grants[0]
			require.True(t, g.EffectiveAt.Before(g.ExpiresAt), "%v to %v", g.EffectiveAt, g.ExpiresAt)
			require.Equal(t, time.UTC, g.EffectiveAt.Location())
			require.Zero(t, g.EffectiveAt.Nanosecond()%1000)
		}
		_, err = b.Charge(b.ctx, ledger.ChargeRequest{Key: "c", WalletID: w, Amount: dec("1"), At: at})
		if err != nil && !errors.Is(err, ledger.ErrInsufficientCredits) {
			invalid(err)
		}
		_, err = b.Hold(b.ctx, ledger.HoldRequest{Key: "h", WalletID: w, Amount: dec("1"), Life: time.Duration(life)})
		invalid(err)
		_, err = b.Subscribe(b.ctx, ledger.SubscribeRequest{Key: "s", WalletID: w, Anchor: at, Offer: monthly("10")})
		invalid(err)
		balance, err := b.Balance(b.ctx, w, at)
		if invalid(err); err == nil {
			require.True(t, balance.Available.Add(balance.Held).Equal(balance.Total))
		}
		_, err = b.Statement(b.ctx, w, at, at.Add(time.Duration(life)))
		invalid(err)
	})
}

func FuzzScopes(f *testing.F) {
	f.Add("message", "sms", "", "", "sms", "message")
	f.Add("", "", "message", "sms", "sms", "message")
	f.Add("a\x00b", "\xff", strings.Repeat("x", 300), "a", "a", "")
	f.Fuzz(func(t *testing.T, kind, item, exceptKind, exceptItem, used, usedKind string) {
		list := func(s string) []string {
			if s == "" {
				return nil
			}
			return []string{s}
		}
		scope := ledger.Scope{Kinds: list(kind), Items: list(item), ExceptKinds: list(exceptKind), ExceptItems: list(exceptItem)}
		b := open(t, ledger.Config{})
		w := b.wallet(ledger.Terms{})
		_, err := b.Grant(b.ctx, ledger.GrantRequest{
			Key: "g", WalletID: w, Source: ledger.SourcePromotion, Amount: dec("5"), Scope: scope,
		})
		if err != nil {
			require.ErrorIs(t, err, ledger.ErrInvalid)
			return
		}
		_, err = b.Charge(b.ctx, ledger.ChargeRequest{Key: "c", WalletID: w, Item: used, Kind: usedKind, Amount: dec("1")})
		switch covered := scope.Covers(pricing.Item{Kind: usedKind, ID: used}); {
		case errors.Is(err, ledger.ErrInvalid):
		case covered:
			require.NoError(t, err)
		default:
			require.ErrorIs(t, err, ledger.ErrInsufficientCredits)
		}
	})
}

func FuzzKeys(f *testing.F) {
	for _, key := range []string{"", "k", "ключ", "a\x00b", "\xff\xfe", strings.Repeat("k", 255), strings.Repeat("k", 256), " ", "'; DROP TABLE wallets; --", "\u202e"} {
		f.Add(key)
	}
	f.Fuzz(func(t *testing.T, key string) {
		b, w := small(t)
		r := ledger.ChargeRequest{Key: key, WalletID: w, Amount: dec("1")}
		first, err := b.Charge(b.ctx, r)
		if err != nil {
			require.ErrorIs(t, err, ledger.ErrInvalid)
			require.Equal(t, "100", b.available(w))
			return
		}
		require.LessOrEqual(t, len(key), ledger.MaxKey)
		again, err := b.Charge(b.ctx, r)
		require.NoError(t, err)
		require.Equal(t, ledger.EncodeEntry(&first), ledger.EncodeEntry(&again))
		r.Amount = dec("2")
		_, err = b.Charge(b.ctx, r)
		require.ErrorIs(t, err, ledger.ErrKeyReused)
		require.Equal(t, "99", b.available(w))
		read, err := ledger.DecodeEntry(ledger.EncodeEntry(&first))
		require.NoError(t, err)
		require.Equal(t, key, read.Key)
		require.Equal(t, first.Hash, read.Hash)
	})
}

func FuzzGrantIDs(f *testing.F) {
	for _, s := range []string{"", "1.1", "12.34", "0.1", "1.0", "-1.1", "01.1", "1.01", "1", "1.", ".1", "1.1.1", "+1.1", "9223372036854775807.1", "9223372036854775808.1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		id, err := ledger.ParseGrantID(s)
		if err != nil {
			require.ErrorIs(t, err, ledger.ErrInvalid)
			return
		}
		require.Equal(t, s, id.String())
		again, err := ledger.ParseGrantID(id.String())
		require.NoError(t, err)
		require.Equal(t, id, again)
		b, w := small(t)
		_, err = b.Void(b.ctx, ledger.VoidRequest{Key: "v", WalletID: w, Grant: id})
		switch {
		case id.IsZero():
			require.ErrorIs(t, err, ledger.ErrInvalid)
		case id == ledger.GrantID{Seq: 2, N: 1}:
			require.NoError(t, err)
		default:
			require.ErrorIs(t, err, ledger.ErrNotFound)
		}
	})
}

// A number of a billion digits is refused by its exponent, not by writing it out.
func TestNumbersTooLargeAreRefusedAtOnce(t *testing.T) {
	b, w := small(t)
	for name, amount := range map[string]decimal.Decimal{
		"1e1000000000":         decimal.New(1, 1_000_000_000),
		"1e2147483647":         decimal.New(1, math.MaxInt32),
		"-1e2147483647":        decimal.New(-1, math.MaxInt32),
		"1e-2147483648":        decimal.New(1, math.MinInt32),
		"0e2147483647":         decimal.New(0, math.MaxInt32),
		"a number of 40 nines": dec(strings.Repeat("9", 40)),
		"40 decimals":          dec("0." + strings.Repeat("3", 40)),
	} {
		t.Run(name, func(t *testing.T) {
			requests := []ledger.Request{
				ledger.GrantRequest{Key: "k", WalletID: w, Source: ledger.SourcePromotion, Amount: amount},
				ledger.ChargeRequest{Key: "k", WalletID: w, Amount: amount, Item: "x"},
				ledger.ChargeRequest{Key: "k", WalletID: w, Uses: []ledger.Use{{Item: "x", Quantity: amount}}},
				ledger.RefundRequest{Key: "k", WalletID: w, Charge: "c", Amount: amount},
				ledger.RefundRequest{Key: "k", WalletID: w, Charge: "c", Quantity: amount},
				ledger.AdjustRequest{Key: "k", WalletID: w, Amount: amount, Info: ledger.Info{Reason: "r", Actor: "a"}},
				ledger.TransferRequest{Key: "k", From: w, To: ledger.WalletIDOf("other"), Amount: amount},
				ledger.HoldRequest{Key: "k", WalletID: w, Amount: amount, Life: hour},
				ledger.ExtendRequest{Key: "k", WalletID: w, Hold: 1, Amount: amount},
				ledger.CaptureRequest{Key: "k", WalletID: w, Hold: 1, Amount: amount},
				ledger.ReleaseRequest{Key: "k", WalletID: w, Hold: 1, Amount: amount},
				ledger.VoidRequest{Key: "k", WalletID: w, Grant: ledger.GrantID{Seq: 2, N: 1}, Amount: amount},
				ledger.AmendRequest{Key: "k", WalletID: w, Terms: ledger.Terms{CreditLimit: amount}},
			}
			if amount.IsZero() {
				requests = requests[:1] // zero is a number like others, however it is written
			}
			for _, r := range requests {
				start := time.Now()
				allocated := testing.AllocsPerRun(1, func() {
					_, err := b.Do(b.ctx, r)
					require.ErrorIs(t, err, ledger.ErrInvalid, "%T", r)
					require.Less(t, len(err.Error()), 500, "%T", r)
				})
				require.Less(t, allocated, 200.0, "%T", r)
				require.Less(t, time.Since(start), time.Second, "%T", r)
			}
		})
	}
}
