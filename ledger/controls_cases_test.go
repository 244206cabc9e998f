package ledger_test

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"sync"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/expiry"
	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/pricing"
)

// published are cases that other systems have published, restated in the words of
// this package. Where it does something else on purpose, Differs says why.
type published struct {
	Sources map[string]string
	Alerts  []struct {
		origin
		Levels []decimal.Decimal
		Moves  []struct {
			From, To decimal.Decimal
			Crossed  []string
		}
	}
	Caps []struct {
		origin
		Limit      ledger.Limit
		Main, Uses []decimal.Decimal
		AddOn      decimal.Decimal `json:"add_on"`
		Grant      decimal.Decimal
		Refused    int
		Usage      string
		Left       string
	}
	Holds []struct {
		origin
		Scale  int32
		Cost   decimal.Decimal
		Items  bool
		Grants []struct {
			Amount    decimal.Decimal
			Ends, Any bool
		}
		Runs []struct {
			Use, Hold, Capture decimal.Decimal
			Left               []decimal.Decimal
		}
	}
	Bursts []struct {
		origin
		Balance     string
		Callers     int
		Use         decimal.Decimal
		Spent, Left string
	}
	TopUps []struct {
		origin
		Package, Bonus    decimal.Decimal
		Threshold, Target decimal.Decimal
		Steps             []struct {
			Balance decimal.Decimal
			Number  int
			Then    *decimal.Decimal
			After   string
		}
	} `json:"top_ups"`
}

// origin says where a case is from.
type origin struct{ ID, Name, Source, Path, Differs string }

func TestPublishedCasesOfControls(t *testing.T) {
	data, err := os.ReadFile("testdata/controls/published.json")
	require.NoError(t, err)
	var p published
	require.NoError(t, json.Unmarshal(data, &p))
	run := func(o origin, f func(*testing.T)) {
		t.Run(o.Source+"/"+o.Name, func(t *testing.T) {
			require.Contains(t, p.Sources, o.Source)
			f(t)
		})
	}
	p.runAlerts(run)
	p.runCaps(run)
	p.runHolds(run)
	p.runBursts(run)
	p.runTopUps(run)
}

// A runner runs a case as a test named after its origin.
type runner = func(origin, func(*testing.T))

func (p *published) runAlerts(run runner) {
	for _, c := range p.Alerts {
		run(c.origin, func(t *testing.T) {
			for _, m := range c.Moves {
				require.Equal(t, m.Crossed, crossed(t, c.Levels, m.From, m.To), "%v to %v", m.From, m.To)
			}
		})
	}
}

func (p *published) runCaps(run runner) {
	for _, c := range p.Caps {
		run(c.origin, func(t *testing.T) {
			b := open(t, ledger.Config{})
			w := b.wallet(ledger.Terms{Limits: []ledger.Limit{c.Limit}})
			b.plan(w, "", c.Main)
			b.plan(w, "add-on", []decimal.Decimal{c.AddOn})
			if c.Grant.IsPositive() {
				b.give(w, c.Grant.String(), nil)
			}
			usage, refused := b.meter(w, c.Uses)
			require.Equal(t, []any{c.Usage, c.Refused, c.Left}, []any{usage, refused, b.available(w)})
		})
	}
}

func (p *published) runHolds(run runner) {
	for _, c := range p.Holds {
		for _, r := range c.Runs {
			run(c.origin, func(t *testing.T) {
				b := open(t, ledger.Config{})
				w := b.walletIn(pricing.Unit{Name: "credits", Scale: c.Scale}, ledger.Terms{})
				cost := decimal.Max(c.Cost, decimal.Zero)
				credits := func(units decimal.Decimal) decimal.Decimal {
					if cost.IsZero() {
						return units
					}
					return units.Mul(cost)
				}
				for _, g := range c.Grants {
					b.give(w, credits(g.Amount).String(), func(r *ledger.GrantRequest) {
						if g.Ends {
							r.Expiry = expiry.Policy{Kind: expiry.PolicyAfter, After: expiry.Days(30)}
						}
						if c.Items && !g.Any {
							r.Scope = ledger.Scope{Items: []string{"answer"}}
						}
					})
				}
				if r.Use.IsPositive() {
					_, err := b.Charge(b.ctx, ledger.ChargeRequest{Key: b.key(), WalletID: w, Item: "answer", Amount: credits(r.Use)})
					require.NoError(t, err)
				}
				b.settleHold(w, credits(r.Hold), credits(r.Capture))
				for i, left := range r.Left {
					require.Equal(t, credits(left).String(), b.remains(w, ledger.GrantID{Seq: int64(i + 2), N: 1}))
				}
				b.has(w, b.available(w), "0")
			})
		}
	}
}

func (p *published) runBursts(run runner) {
	for _, c := range p.Bursts {
		run(c.origin, func(t *testing.T) {
			b := open(t, ledger.Config{})
			w := b.wallet(ledger.Terms{})
			b.give(w, c.Balance, nil)
			require.Equal(t, c.Spent, b.burst(w, c.Callers, c.Use).String())
			require.Equal(t, c.Left, b.available(w))
		})
	}
}

func (p *published) runTopUps(run runner) {
	for _, c := range p.TopUps {
		run(c.origin, func(t *testing.T) {
			catalog, err := pricing.New(pricing.Catalog{Unit: pricing.Unit{Name: "credits", Scale: 1}, Packages: []pricing.Package{{
				Name: "pack", Credits: c.Package, Price: ledger.Money{Amount: dec("1"), Currency: "USD"}, Bonus: pricing.Bonus{Credits: c.Bonus},
			}}})
			require.NoError(t, err)
			b := open(t, ledger.Config{Catalog: catalog})
			w := b.walletIn(catalog.Unit, ledger.Terms{
				CreditLimit: dec("1000"), TopUp: ledger.TopUp{Package: "pack", Threshold: c.Threshold, Target: c.Target},
			})
			for _, s := range c.Steps {
				b.move(w, s.Balance)
				if s.Number == 0 {
					require.Empty(t, b.heard())
					continue
				}
				n := b.asked()
				require.Equal(t, s.Number, n.Notice.Number)
				if s.Then != nil {
					b.move(w, *s.Then)
				}
				b.buy(n)
				require.Equal(t, s.After, b.balance(w).Total.String())
			}
			require.Empty(t, b.heard())
		})
	}
}

// settleHold holds an amount, then captures another and releases the rest.
func (b *books) settleHold(w ledger.WalletID, held, took decimal.Decimal) {
	b.t.Helper()
	e, err := b.hold(w, held.String())
	if held.IsZero() {
		require.ErrorIs(b.t, err, ledger.ErrInvalid)
		return
	}
	require.NoError(b.t, err)
	if took.IsPositive() {
		_, err = b.capture(w, e.Hold.ID, took.String())
	} else {
		_, err = b.release(w, e.Hold.ID, "0")
	}
	require.NoError(b.t, err)
}

// crossed returns the levels that a balance crosses on its way down.
func crossed(t *testing.T, levels []decimal.Decimal, from, to decimal.Decimal) []string {
	t.Helper()
	b := open(t, ledger.Config{})
	var alerts ledger.Alerts
	for _, l := range levels {
		alerts.Low = append(alerts.Low, ledger.Level{Amount: l})
	}
	w := b.wallet(ledger.Terms{CreditLimit: dec("1000"), Alerts: alerts})
	b.move(w, from)
	taken, err := b.TakeNotices(b.ctx, 100, hour)
	require.NoError(t, err)
	before := len(taken)
	b.move(w, to)
	taken, err = b.TakeNotices(b.ctx, 100, hour)
	require.NoError(t, err)
	require.LessOrEqual(t, before, len(levels))
	var low []decimal.Decimal
	for _, d := range taken {
		if d.Notice.Kind == ledger.NoticeLow {
			low = append(low, d.Notice.Level)
		}
	}
	slices.SortFunc(low, decimal.Decimal.Cmp)
	names := []string{}
	for _, l := range low {
		names = append(names, l.String())
	}
	return names
}

// move brings a wallet's balance to an amount by one charge or grant.
func (b *books) move(w ledger.WalletID, to decimal.Decimal) {
	b.t.Helper()
	switch by := to.Sub(b.balance(w).Total); by.Sign() {
	case 1:
		b.give(w, by.String(), nil)
	case -1:
		b.overdraw(w, by.Neg().String())
	}
}

// plan subscribes a wallet to allowances, if there are any.
func (b *books) plan(w ledger.WalletID, name string, allowances []decimal.Decimal) {
	b.t.Helper()
	var buckets []ledger.Bucket
	for i, a := range allowances {
		if a.IsPositive() {
			buckets = append(buckets, ledger.Bucket{Name: fmt.Sprint(name, i), Allowance: a})
		}
	}
	if len(buckets) == 0 {
		return
	}
	_, err := b.Subscribe(b.ctx, ledger.SubscribeRequest{
		Key: b.key(), WalletID: w, Name: name, Offer: ledger.Offer{Cycle: expiry.Months(1), Buckets: buckets},
	})
	require.NoError(b.t, err)
}

// meter charges uses, whatever no credit pays being overage, and returns how much
// was used and how many were refused.
func (b *books) meter(w ledger.WalletID, uses []decimal.Decimal) (usage string, refused int) {
	total := decimal.Zero
	for _, u := range uses {
		_, err := b.Charge(b.ctx, ledger.ChargeRequest{
			Key: b.key(), WalletID: w, Item: "use", Amount: u, Shortfall: ledger.ShortfallPartial,
		})
		if err != nil {
			require.ErrorIs(b.t, err, ledger.ErrLimit)
			refused++
			continue
		}
		total = total.Add(u)
	}
	return total.String(), refused
}

// remains returns what remains of a grant.
func (b *books) remains(w ledger.WalletID, id ledger.GrantID) string {
	for _, g := range b.balance(w).Grants {
		if g.ID == id {
			return g.Remaining.String()
		}
	}
	return "0"
}

// burst charges an amount from several callers at once and returns what credits
// paid of it.
func (b *books) burst(w ledger.WalletID, callers int, amount decimal.Decimal) decimal.Decimal {
	paid := make([]decimal.Decimal, callers)
	var group sync.WaitGroup
	for i := range callers {
		group.Go(func() {
			e, err := b.Charge(b.ctx, ledger.ChargeRequest{
				Key: fmt.Sprint("burst-", i), WalletID: w, Amount: amount, Shortfall: ledger.ShortfallPartial,
			})
			if err != nil {
				b.t.Error(err)
				return
			}
			paid[i] = e.Amount().Sub(e.Overage())
		})
	}
	group.Wait()
	return decimal.Sum(decimal.Zero, paid...)
}
