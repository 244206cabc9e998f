package invoice_test

import (
	"errors"
	"fmt"
	"iter"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/expiry"
	"github.com/scrip-go/scrip/invoice"
	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/pricing"
	"github.com/scrip-go/scrip/store/memory"
)

// A shop is books with plans and a package for sale, and one wallet.
type shop struct {
	*books
	catalog *pricing.Catalog
	wallet  ledger.WalletID
}

func openShop(t *testing.T) *shop {
	dollars := func(s string) pricing.Money { return pricing.Money{Amount: dec(s), Currency: "USD"} }
	plan := func(name, price string, cycle expiry.Cycle) pricing.Plan {
		p := pricing.Plan{Name: name, Cycle: cycle, Buckets: []pricing.Bucket{{Name: "monthly", Allowance: dec("100")}}}
		if price != "" {
			p.Price = dollars(price)
		}
		return p
	}
	catalog, err := pricing.New(pricing.Catalog{
		Unit:     credits,
		Packages: []pricing.Package{{Name: "pack", Credits: dec("10"), Price: dollars("5")}, {Name: "gift", Credits: dec("1"), Price: dollars("0")}},
		Plans: []pricing.Plan{
			plan("free", "", expiry.Months(1)), plan("small", "10", expiry.Months(1)),
			plan("large", "40", expiry.Months(1)), plan("yearly", "365", expiry.Years(1)),
		},
	})
	require.NoError(t, err)
	s := &shop{books: open(t), catalog: catalog}
	s.clock = time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC)
	s.Ledger = ledger.New(new(memory.Store), ledger.Config{Catalog: catalog, Now: func() time.Time { return s.clock }})
	s.wallet = s.books.wallet(credits)
	return s
}

func (s *shop) do(r ledger.Request) {
	s.t.Helper()
	_, err := s.Do(s.ctx, r)
	require.NoError(s.t, err)
}

func (s *shop) subscribe(plan string) {
	s.t.Helper()
	s.do(ledger.SubscribeRequest{Key: s.key(), WalletID: s.wallet, Offer: ledger.Offer{Plan: plan}})
}

func (s *shop) change(o ledger.Offer, later bool) {
	s.t.Helper()
	s.do(ledger.ChangeRequest{Key: s.key(), WalletID: s.wallet, Offer: o, AtPeriodEnd: later})
}

func (s *shop) buy(name string) {
	s.t.Helper()
	s.do(ledger.PurchaseRequest{Key: s.key(), WalletID: s.wallet, Package: name})
}

func (s *shop) journal() iter.Seq2[ledger.Entry, error] {
	return s.Journal(s.ctx, ledger.JournalQuery{WalletID: s.wallet})
}

func TestSalesAreReadOffTheJournal(t *testing.T) {
	own := ledger.Offer{Buckets: []ledger.Bucket{{Name: "monthly", Allowance: dec("70")}}}
	for name, c := range map[string]struct {
		do   func(*shop)
		want []string
	}{
		"nothing was sold": {func(s *shop) { s.give(s.wallet, "5", nil) }, nil},
		"a fee is due at the start and with each period": {
			func(s *shop) { s.subscribe("small"); s.clock = s.clock.Add(31 * day); s.buy("pack") },
			[]string{"09-01 small 10", "10-01 small 10", "10-02 pack 5"},
		},
		"free plans and packages are not sold": {func(s *shop) { s.subscribe("free"); s.buy("gift") }, nil},
		"credits are sold without a package": {func(s *shop) {
			s.give(s.wallet, "8", func(r *ledger.GrantRequest) {
				r.Name, r.Source, r.Paid = "eight", ledger.SourcePurchase, pricing.Money{Amount: dec("2.50"), Currency: "USD"}
			})
		}, []string{"09-01 eight 2.5"}},
		"a change at once costs the difference for the rest": {
			func(s *shop) {
				s.subscribe("small")
				s.clock = s.clock.Add(15 * day)
				s.change(ledger.Offer{Plan: "large"}, false)
			},
			[]string{"09-01 small 10", "09-16 small, unused -5", "09-16 large 20"},
		},
		"a change from a free plan costs the share of the new one": {
			func(s *shop) {
				s.subscribe("free")
				s.clock = s.clock.Add(15 * day)
				s.change(ledger.Offer{Plan: "large"}, false)
			},
			[]string{"09-16 large 20"},
		},
		"a change later costs the new fee then": {
			func(s *shop) {
				s.subscribe("large")
				s.change(ledger.Offer{Plan: "small"}, true)
				s.clock = s.clock.Add(30 * day)
				s.buy("gift")
			},
			[]string{"09-01 large 40", "10-01 small 10"},
		},
		"a change of cycle costs the whole new fee less what is unused of the old": {
			func(s *shop) {
				s.subscribe("small")
				s.clock = s.clock.Add(15 * day)
				s.change(ledger.Offer{Plan: "yearly"}, false)
			},
			[]string{"09-01 small 10", "09-16 small, unused -5", "09-16 yearly 365"},
		},
		"terms of the host's own are the host's to price": {
			func(s *shop) {
				s.subscribe("small")
				s.change(own, false)
				s.clock = s.clock.Add(31 * day)
				s.buy("pack")
			},
			[]string{"09-01 small 10", "10-02 pack 5"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := openShop(t)
			c.do(s)
			var got []string
			for sale, err := range invoice.Sales(s.catalog, s.journal()) {
				require.NoError(t, err)
				require.Equal(t, "USD", sale.Currency)
				for _, l := range sale.Lines {
					got = append(got, fmt.Sprintf("%s %s %v", sale.Entry.EffectiveAt.Format("01-02"), l.Name, l.Amount))
				}
				_, err := invoice.Invoice{ID: "1", Currency: sale.Currency, Lines: sale.Lines}.Bill()
				require.NoError(t, err, "the lines make an invoice")
			}
			require.Equal(t, c.want, got)
		})
	}
}

func TestSalesEndAfterTheFirstError(t *testing.T) {
	s := openShop(t)
	s.subscribe("small")
	s.buy("pack")
	empty, err := pricing.New(pricing.Catalog{Unit: credits})
	require.NoError(t, err)
	for _, err := range invoice.Sales(empty, s.journal()) {
		require.ErrorIs(t, err, ledger.ErrInvalid)
	}
	broken := errors.New("broken")
	failing := func(yield func(ledger.Entry, error) bool) {
		for e, err := range s.journal() {
			if !yield(e, err) {
				return
			}
		}
		yield(ledger.Entry{}, broken)
	}
	var last error
	n := 0
	for _, err := range invoice.Sales(s.catalog, failing) {
		require.NoError(t, last)
		last, n = err, n+1
	}
	require.ErrorIs(t, last, broken)
	require.Equal(t, 3, n)
	for _, err := range invoice.Sales(s.catalog, s.journal()) {
		require.NoError(t, err)
		break
	}
}
