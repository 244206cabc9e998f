package storetest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/expiry"
	"github.com/scrip-go/scrip/ledger"
)

// A script makes up requests, and learns from their answers what can be asked next.
type script struct {
	random  *rand.Rand
	now     time.Time
	wallets []*actor
}

// An actor is a wallet of a script, with what requests to it can name.
type actor struct {
	id     ledger.WalletID
	name   string
	keys   int // used so far
	past   []call
	spent  []string // keys of charges
	grants []ledger.GrantID
	holds  []ledger.HoldID
}

// A call is one request to one wallet.
type call struct {
	name string
	of   *actor
	key  string
	wide bool // it touches another wallet as well
	do   func(ctx context.Context, l *ledger.Ledger) (ledger.Entry, error)
}

func newScript(seed uint64) *script {
	s := &script{random: rand.New(rand.NewPCG(seed, seed)), now: noon}
	for i := range 7 {
		name := fmt.Sprintf("wallet %d", i)
		s.wallets = append(s.wallets, &actor{id: ledger.WalletIDOf(name), name: name})
	}
	return s
}

// opened returns the wallets that the first round opens: all but one.
func (s *script) opened() []*actor { return s.wallets[1:] }

// round returns the calls of a round, no two of which touch the same wallet.
func (s *script) round(n int) []call {
	var calls []call
	if n == 0 {
		for i, a := range s.opened() {
			calls = append(calls, s.open(a, i))
		}
		return calls
	}
	if s.random.IntN(3) == 0 {
		s.now = s.now.Add(time.Duration(s.random.Int64N(int64(40 * time.Hour)))).Truncate(time.Microsecond)
	}
	free := s.shuffled()
	for range 1 + s.random.IntN(len(free)-1) {
		if len(free) < 2 {
			break
		}
		a, other := free[0], free[1]
		free = free[1:]
		switch s.random.IntN(12) {
		case 0, 1:
			again := pick(s, a.past)
			if again.wide && len(calls) == 0 {
				return []call{again} // alone, since its other wallet may not be free
			}
			if again.do != nil && !again.wide {
				calls = append(calls, again)
			}
		case 2:
			free = free[1:]
			calls = append(calls, s.transfer(a, other))
		default:
			calls = append(calls, s.call(a))
		}
	}
	return calls
}

// shuffled returns the wallets in random order, the one that does not exist only now
// and then.
func (s *script) shuffled() []*actor {
	all := s.opened()
	if s.random.IntN(8) == 0 {
		all = s.wallets
	}
	all = slices.Clone(all)
	s.random.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all
}

// pick returns one of the items, or the zero value if there is none.
func pick[T any](s *script, items []T) T {
	if len(items) == 0 {
		var none T
		return none
	}
	return items[s.random.IntN(len(items))]
}

// last returns up to n items from the end.
func last[T any](items []T, n int) []T { return items[max(0, len(items)-n):] }

// amount returns an amount, now and then one that is refused.
func (s *script) amount(most int64) decimal.Decimal {
	if s.random.IntN(40) == 0 {
		return decimal.New(s.random.Int64N(3)-1, -13)
	}
	return decimal.New(1+s.random.Int64N(most*1_000_000), -6)
}

// key returns a new key, now and then one that has been used.
func (s *script) key(a *actor) string {
	if s.random.IntN(25) > 0 {
		a.keys++
	}
	return fmt.Sprintf("key %d", a.keys)
}

// learn remembers what an answer has made possible.
func (s *script) learn(c call, a answer) {
	c.of.past = append(c.of.past, c)
	if a.err != nil {
		return
	}
	for _, g := range a.entry.Grants {
		c.of.grants = append(c.of.grants, g.ID)
	}
	switch a.entry.Kind { // nothing follows the others
	case ledger.KindCharge, ledger.KindCapture:
		c.of.spent = append(c.of.spent, c.key)
	case ledger.KindHold:
		c.of.holds = append(c.of.holds, a.entry.Hold.ID)
	}
}

// request returns a call that does r.
func request(name string, a *actor, key string, r ledger.Request) call {
	return call{name: name, of: a, key: key, do: func(ctx context.Context, l *ledger.Ledger) (ledger.Entry, error) {
		return l.Do(ctx, r)
	}}
}

func (s *script) open(a *actor, i int) call {
	terms := ledger.Terms{Owner: a.name, Limits: []ledger.Limit{
		{Name: "daily", Measure: ledger.MeasureCredits, Max: decimal.NewFromInt(400), Per: expiry.Days(1)},
	}}
	if i%2 == 1 {
		terms.CreditLimit, terms.Zone = decimal.NewFromInt(50), "Europe/Berlin"
	}
	r := ledger.OpenWalletRequest{Key: a.name, Unit: ledger.Unit{Name: "credits", Scale: 6}, Terms: terms}
	return call{name: "OpenWallet", of: a, key: a.name, do: func(ctx context.Context, l *ledger.Ledger) (ledger.Entry, error) {
		w, err := l.OpenWallet(ctx, r)
		return ledger.Entry{WalletID: w.ID, Seq: w.Seq, Kind: ledger.KindOpen, Hash: w.Hash}, err
	}}
}

func (s *script) transfer(a, to *actor) call {
	key := s.key(a)
	c := request("Transfer", a, key, ledger.TransferRequest{Key: key, From: a.id, To: to.id, Amount: s.amount(50)})
	c.wide = true
	return c
}

// call returns a request to a.
func (s *script) call(a *actor) call {
	makers := []func(*actor, string) call{
		s.grant, s.grant, s.grant, s.charge, s.charge, s.charge, s.charge, s.late, s.hold, s.hold,
		s.capture, s.extend, s.release, s.refund, s.refund, s.void, s.adjust, s.subscribe, s.cancel, s.status,
	}
	return pick(s, makers)(a, s.key(a))
}

func (s *script) grant(a *actor, key string) call {
	r := ledger.GrantRequest{
		Key: key, WalletID: a.id, Amount: s.amount(200), Priority: s.random.IntN(4) * 25,
		Source: pick(s, []ledger.Source{ledger.SourcePurchase, ledger.SourcePromotion}),
	}
	if s.random.IntN(2) == 0 {
		r.Expiry = expiry.Policy{Kind: expiry.PolicyAfter, After: expiry.Days(1 + s.random.IntN(20))}
	}
	if s.random.IntN(5) == 0 {
		r.EffectiveAt = s.now.Add(24 * time.Hour)
	}
	if r.Source == ledger.SourcePurchase {
		r.Paid = ledger.Money{Amount: decimal.NewFromInt(10), Currency: "EUR"}
	}
	r.Reason = fill[ledger.Info]().Reason
	return request("Grant", a, key, r)
}

func (s *script) charge(a *actor, key string) call {
	return request("Charge", a, key, ledger.ChargeRequest{
		Key: key, WalletID: a.id, Item: "sms", Amount: s.amount(60), Final: s.random.IntN(3) == 0,
		Shortfall: pick(s, []ledger.Shortfall{"", ledger.ShortfallPartial, ledger.ShortfallOverdraft}),
	})
}

func (s *script) late(a *actor, key string) call {
	ago := time.Duration(s.random.IntN(80)) * time.Hour
	return request("Charge late", a, key, ledger.ChargeRequest{
		Key: key, WalletID: a.id, Item: "call", Amount: s.amount(30), At: s.now.Add(-ago),
	})
}

func (s *script) hold(a *actor, key string) call {
	life := time.Duration(1+s.random.IntN(100)) * time.Hour
	return request("Hold", a, key, ledger.HoldRequest{Key: key, WalletID: a.id, Item: "model", Amount: s.amount(60), Life: life})
}

func (s *script) capture(a *actor, key string) call {
	return request("Capture", a, key, ledger.CaptureRequest{
		Key: key, WalletID: a.id, Hold: pick(s, last(a.holds, 2)), Amount: s.amount(60),
		More: s.random.IntN(2) == 0, OrCharge: s.random.IntN(2) == 0,
	})
}

func (s *script) extend(a *actor, key string) call {
	return request("Extend", a, key, ledger.ExtendRequest{Key: key, WalletID: a.id, Hold: pick(s, last(a.holds, 2)), Amount: s.amount(10)})
}

func (s *script) release(a *actor, key string) call {
	return request("Release", a, key, ledger.ReleaseRequest{Key: key, WalletID: a.id, Hold: pick(s, last(a.holds, 2))})
}

func (s *script) refund(a *actor, key string) call {
	r := ledger.RefundRequest{Key: key, WalletID: a.id, Charge: pick(s, last(a.spent, 4))}
	if s.random.IntN(2) == 0 {
		r.Amount = s.amount(20)
	}
	return request("Refund", a, key, r)
}

func (s *script) void(a *actor, key string) call {
	return request("Void", a, key, ledger.VoidRequest{Key: key, WalletID: a.id, Grant: pick(s, last(a.grants, 4))})
}

func (s *script) adjust(a *actor, key string) call {
	amount := s.amount(20)
	if s.random.IntN(2) == 0 {
		amount = amount.Neg()
	}
	r := ledger.AdjustRequest{Key: key, WalletID: a.id, Amount: amount}
	r.Reason, r.Actor = "counted again", "auditor"
	return request("Adjust", a, key, r)
}

func (s *script) subscribe(a *actor, key string) call {
	bucket := ledger.Bucket{Name: "monthly", Allowance: decimal.NewFromInt(100), Priority: 40}
	return request("Subscribe", a, key, ledger.SubscribeRequest{
		Key: key, WalletID: a.id, Offer: ledger.Offer{Buckets: []ledger.Bucket{bucket}, Cycle: expiry.Weeks(1)},
	})
}

func (s *script) cancel(a *actor, key string) call {
	return request("Cancel", a, key, ledger.CancelRequest{Key: key, WalletID: a.id, AtPeriodEnd: s.random.IntN(2) == 0})
}

// status thaws a wallet more often than it freezes one.
func (s *script) status(a *actor, key string) call {
	r, freeze := ledger.StatusRequest{Key: key, WalletID: a.id}, s.random.IntN(4) == 0
	return call{name: "Freeze or Thaw", of: a, key: key, do: func(ctx context.Context, l *ledger.Ledger) (ledger.Entry, error) {
		if freeze {
			return l.Freeze(ctx, r)
		}
		return l.Thaw(ctx, r)
	}}
}
