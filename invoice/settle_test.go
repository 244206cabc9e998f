package invoice_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/expiry"
	"github.com/scrip-go/scrip/invoice"
	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/pricing"
	"github.com/scrip-go/scrip/store/memory"
	"github.com/scrip-go/scrip/store/storetest"
)

// stage opens the wallets of a random scene in b and returns its invoice.
func (s scene) stage(b *books) invoice.Invoice {
	v := s.Invoice
	v.Wallets = nil
	for i, w := range s.Wallets {
		id := b.wallet(w.Unit)
		v.Wallets = append(v.Wallets, invoice.Wallet{ID: id, Price: s.Invoice.Wallets[i].Price})
		for _, g := range w.Grants {
			if !g.Amount.IsPositive() {
				continue
			}
			b.give(id, g.Amount.String(), func(r *ledger.GrantRequest) {
				r.Name, r.Scope, r.EffectiveAt, r.Expiry = g.Name, g.Scope, g.EffectiveAt, until(g.ExpiresAt)
			})
		}
	}
	return v
}

func TestRandomInvoicesSettleAsPreviewedAndVoidLeavesTheBooksAsTheyWere(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	for n := 0; n < 300; n++ {
		s := randomScene(r)
		if len(s.Wallets) == 0 {
			continue
		}
		b := open(t)
		b.clock = noon.Add(-4 * day)
		v := s.stage(b)
		b.clock = noon
		before := make(map[ledger.WalletID]string)
		for _, w := range v.Wallets {
			before[w.ID] = b.available(w.ID)
		}
		quote, err := invoice.Preview(b.ctx, b.Ledger, v)
		require.NoError(t, err)
		got := b.settle(v)
		require.Equal(t, quote.Bill, got)
		requireSums(t, got)
		b.clock = noon.Add(day)
		require.Equal(t, got, b.settle(v), "again answers the same")
		again, err := invoice.Preview(b.ctx, b.Ledger, v)
		require.NoError(t, err)
		require.Equal(t, got, again.Bill, "and so does a preview")
		for range 2 {
			_, err = invoice.Void(b.ctx, b.Ledger, v)
			require.NoError(t, err)
			for id, available := range before {
				require.Equal(t, available, b.available(id))
			}
		}
	}
}

func TestCrashAndRepeatAtAnyPointSettlesOnce(t *testing.T) {
	for n, done := 1, false; !done; n++ {
		plan, over := storetest.Once(n)
		store := &switched{Store: new(memory.Store)}
		b := openOn(t, store)
		b.Ledger = b.In(store) // a fault reaches the caller, whatever a lane would make of it
		w1, w2 := b.wallet(usd), b.wallet(credits)
		b.give(w1, "30", nil)
		b.give(w2, "5000", nil)
		v := bill([]ledger.WalletID{w1}, line("tokens", "70"))
		v.Wallets = append(v.Wallets, invoice.Wallet{ID: w2, Price: pricing.CreditPrice{Price: dec("0.01"), Currency: "USD"}})
		faulty := storetest.Faulty(store.Store, plan)
		store.faults = faulty
		steps := []func() error{
			func() error { _, err := invoice.Settle(b.ctx, b.Ledger, v); return err },
			func() error {
				_, err := invoice.CreditNote(b.ctx, b.Ledger, v, invoice.NoteRequest{Key: "note", Amount: dec("15")})
				return err
			},
			func() error { _, err := invoice.Void(b.ctx, b.Ledger, v); return err },
		}
		want := [][2]string{{"0", "1000"}, {"0", "2500"}, {"30", "5000"}}
		for i, step := range steps {
			for range 2 { // and once more
				err := step()
				for try := 0; err != nil && try < 3; try++ {
					require.ErrorIs(t, err, storetest.ErrInjected)
					err = step()
				}
				require.NoError(t, err)
			}
			store.faults = nil
			left := [2]string{b.available(w1), b.available(w2)}
			require.Equal(t, want[i], left, "fault %d, step %d", n, i)
			store.faults = faulty
		}
		store.faults = nil
		done = over()
	}
}

// switched is a store whose faults can be turned on and off.
type switched struct {
	ledger.Store
	faults ledger.Store
}

func (s *switched) now() ledger.Store {
	if s.faults != nil {
		return s.faults
	}
	return s.Store
}

func TestAnotherInvoiceWithTheSameIDIsRefused(t *testing.T) {
	b := open(t)
	w := b.wallet(usd)
	b.give(w, "50", nil)
	v := bill([]ledger.WalletID{w}, line("tokens", "40"))
	b.settle(v)
	changes := map[string]func(*invoice.Invoice){
		"an amount":    func(v *invoice.Invoice) { v.Lines = []invoice.Line{line("tokens", "41")} },
		"a discount":   func(v *invoice.Invoice) { v.Discounts = []invoice.Discount{{Percent: dec("1")}} },
		"the stage":    func(v *invoice.Invoice) { v.Stage = invoice.StageAfterTax },
		"the strategy": func(v *invoice.Invoice) { v.Strategy = ledger.StrategyFullest },
		"the time of use": func(v *invoice.Invoice) {
			v.Lines = []invoice.Line{line("tokens", "40")}
			v.Lines[0].At = noon.Add(-day)
		},
		"the rounding": func(v *invoice.Invoice) { v.Rounding = pricing.RoundUp },
	}
	for name, change := range changes {
		other := v
		change(&other)
		_, err := invoice.Settle(b.ctx, b.Ledger, other)
		require.ErrorIs(t, err, ledger.ErrKeyReused, name)
	}
	same := v
	same.Lines = []invoice.Line{line("tokens", "40.00")}
	same.Strategy, same.Stage, same.Rounding = ledger.StrategyInOrder, invoice.StageBeforeTax, pricing.RoundHalfUp
	b.settle(same)
	require.Equal(t, "10", b.available(w), "what is the same in another form is the same invoice")
}

func TestSettleRefuses(t *testing.T) {
	b := open(t)
	frozen, other, ok := b.wallet(usd), b.wallet(credits), b.wallet(usd)
	b.give(ok, "5", nil)
	_, err := b.Freeze(b.ctx, ledger.StatusRequest{Key: "freeze", WalletID: frozen})
	require.NoError(t, err)
	cases := map[string]struct {
		wallets []ledger.WalletID
		err     error
		says    string
	}{
		"no wallet":                                {nil, ledger.ErrInvalid, "wallets are not set"},
		"a wallet that is not there":               {[]ledger.WalletID{ok, ledger.WalletIDOf("nobody")}, ledger.ErrNotFound, "wallet"},
		"a frozen wallet":                          {[]ledger.WalletID{ok, frozen}, ledger.ErrFrozen, "frozen"},
		"a wallet of another unit without a price": {[]ledger.WalletID{ok, other}, ledger.ErrInvalid, "wallets[1].price is not set"},
		"a wallet twice":                           {[]ledger.WalletID{ok, ok}, ledger.ErrInvalid, "wallets[1].id"},
	}
	for name, c := range cases {
		_, err := invoice.Settle(b.ctx, b.Ledger, bill(c.wallets, line("a", "5")))
		require.ErrorIs(t, err, c.err, name)
		require.ErrorContains(t, err, c.says, name)
		_, err = invoice.Preview(b.ctx, b.Ledger, bill(c.wallets, line("a", "5")))
		require.ErrorIs(t, err, c.err, name)
		require.Equal(t, "5", b.available(ok), "%s: all or nothing", name)
	}
	future := bill([]ledger.WalletID{ok}, line("a", "5"))
	future.Lines[0].At = noon.Add(time.Microsecond)
	_, err = invoice.Settle(b.ctx, b.Ledger, future)
	require.ErrorIs(t, err, ledger.ErrInvalid, "use in the future")
	require.ErrorContains(t, err, `At of line "a" is`)
	for _, err := range []error{
		func() error {
			_, err := invoice.Void(b.ctx, b.Ledger, bill([]ledger.WalletID{ok}, line("a", "5")))
			return err
		}(),
		func() error {
			_, err := invoice.CreditNote(b.ctx, b.Ledger, bill([]ledger.WalletID{ok}, line("a", "5")), invoice.NoteRequest{Key: "n"})
			return err
		}(),
	} {
		require.ErrorIs(t, err, ledger.ErrNotFound, "not settled")
	}
}

func TestWalletsPayInTheirOrderAllOrNothing(t *testing.T) {
	b := open(t)
	first, second := b.wallet(credits), b.wallet(usd)
	b.give(first, "1234", nil)
	b.give(second, "100", nil)
	v := bill(nil, line("tokens", "30"))
	v.Wallets = []invoice.Wallet{{ID: first, Price: pricing.CreditPrice{Price: dec("0.005"), Currency: "USD"}}, {ID: second}}
	got := b.settle(v)
	require.Equal(t, []string{"6.17 for 1234", "23.83 for 23.83"}, paidBy(got))
	require.Equal(t, "0", b.available(first))
	require.Equal(t, "76.17", b.available(second))
	require.Equal(t, "0", got.Due.String())
}

// paidBy returns what was paid, as "money for credits".
func paidBy(b invoice.Bill) (s []string) {
	for _, c := range b.Credits {
		s = append(s, fmt.Sprintf("%v for %v", c.Amount, c.Credits))
	}
	return s
}

func TestACreditNoteGoesBackToTheGrantsThatPaidTheLineLastFirst(t *testing.T) {
	b := open(t)
	w := b.wallet(usd)
	first := b.give(w, "10", func(r *ledger.GrantRequest) { r.Priority = 1 })
	meters := b.give(w, "10", func(r *ledger.GrantRequest) {
		r.Priority, r.Scope = 2, ledger.Scope{Kinds: []string{invoice.KindMeter}}
	})
	v := bill([]ledger.WalletID{w}, line("tokens", "15"), line("images", "20"))
	for i := range v.Lines {
		v.Lines[i].Tax = invoice.Tax{Name: "VAT", Rate: dec("20")}
	}
	require.Equal(t, "18", b.settle(v).Due.String())

	one := invoice.NoteRequest{Key: "CN-1", Line: "tokens", Amount: dec("7")}
	n, err := invoice.CreditNote(b.ctx, b.Ledger, v, one)
	require.NoError(t, err)
	require.Equal(t, "7", n.Credit.String())
	require.Equal(t, "0", n.Money.String())
	require.Equal(t, []ledger.GrantID{meters, first}, []ledger.GrantID{n.Credits[0].Grant, n.Credits[1].Grant})
	require.Equal(t, "7", b.available(w))
	again, err := invoice.CreditNote(b.ctx, b.Ledger, v, one)
	require.NoError(t, err)
	require.Equal(t, n, again)
	require.Equal(t, "7", b.available(w), "a note is applied once")

	rest, err := invoice.CreditNote(b.ctx, b.Ledger, v, invoice.NoteRequest{Key: "CN-2", Earlier: []invoice.Note{n}})
	require.NoError(t, err)
	require.Equal(t, "13", rest.Credit.String())
	require.Equal(t, "18", rest.Money.String(), "with the tax of what was taxed")
	require.Equal(t, "20", b.available(w))

	_, err = invoice.CreditNote(b.ctx, b.Ledger, v, invoice.NoteRequest{Key: "CN-3", Earlier: []invoice.Note{n, rest}})
	require.ErrorIs(t, err, ledger.ErrInvalid, "nothing is left")
	_, err = invoice.CreditNote(b.ctx, b.Ledger, v, invoice.NoteRequest{Key: "CN-3", Line: "tokens"})
	require.ErrorIs(t, err, ledger.ErrClosed, "the host forgot its notes, the ledger did not")
	require.Equal(t, "20", b.available(w))
	entries, err := invoice.Void(b.ctx, b.Ledger, v)
	require.NoError(t, err)
	require.Empty(t, entries, "nothing is left to void")
}

func TestANoteOnTheWholeInvoiceIsSplitOverItsLines(t *testing.T) {
	got, err := bill(nil, line("a", "0.01"), line("b", "0.01"), line("c", "0.01")).Bill()
	require.NoError(t, err)
	n, err := got.Note(invoice.NoteRequest{Key: "n", Amount: dec("0.02")})
	require.NoError(t, err)
	require.Len(t, n.Lines, 2)
	require.Equal(t, "0.02", n.Money.String())
}

func TestNoteRefuses(t *testing.T) {
	got, err := bill(nil, line("a", "5")).Bill()
	require.NoError(t, err)
	huge := decimal.New(1, 2_000_000_000)
	noted := func(l invoice.NotedLine) invoice.Note {
		return invoice.Note{Invoice: "INV-1", Lines: []invoice.NotedLine{l}}
	}
	for name, c := range map[string]struct {
		field string
		r     invoice.NoteRequest
	}{
		"no key":                          {"key", invoice.NoteRequest{Line: "a"}},
		"an unknown line":                 {"line", invoice.NoteRequest{Key: "n", Line: "b"}},
		"more than there is":              {"amount", invoice.NoteRequest{Key: "n", Amount: dec("5.01")}},
		"less than nothing":               {"amount", invoice.NoteRequest{Key: "n", Amount: dec("-1")}},
		"finer than the currency":         {"amount", invoice.NoteRequest{Key: "n", Amount: dec("0.001")}},
		"a note on another invoice":       {"earlier[0].invoice", invoice.NoteRequest{Key: "n", Earlier: []invoice.Note{{Invoice: "other"}}}},
		"a note out of bounds":            {"earlier[1].lines[0]", invoice.NoteRequest{Key: "n", Earlier: []invoice.Note{noted(invoice.NotedLine{}), noted(invoice.NotedLine{Amount: huge})}}},
		"a note with credits beyond them": {"earlier[0].credits[0]", invoice.NoteRequest{Key: "n", Earlier: []invoice.Note{{Invoice: "INV-1", Credits: []invoice.Credit{{Amount: huge}}}}}},
		"earlier notes that exceed it":    {"earlier", invoice.NoteRequest{Key: "n", Earlier: []invoice.Note{noted(invoice.NotedLine{Line: "a", Amount: dec("6")})}}},
	} {
		_, err := got.Note(c.r)
		var refused *ledger.InvalidError
		require.ErrorAs(t, err, &refused, name)
		require.Equal(t, c.field, refused.Field, name)
	}
}

func TestGrantsKeepTheirTermsWhenTheyComeBack(t *testing.T) {
	b := open(t)
	w := b.wallet(usd)
	id := b.give(w, "10", func(r *ledger.GrantRequest) {
		r.Name, r.Priority, r.Paid = "Pack", 7, pricing.Money{Amount: dec("8"), Currency: "USD"}
		r.Scope, r.Expiry = ledger.Scope{Items: []string{"tokens"}}, until(noon.Add(5*day))
	})
	v := bill([]ledger.WalletID{w}, line("tokens", "10"))
	b.settle(v)
	b.clock = noon.Add(day)
	_, err := invoice.Void(b.ctx, b.Ledger, v)
	require.NoError(t, err)
	balance, err := b.Balance(b.ctx, w, time.Time{})
	require.NoError(t, err)
	require.Len(t, balance.Grants, 1)
	g := balance.Grants[0]
	require.Equal(t, []any{id, "Pack", 7, noon.Add(5 * day)}, []any{g.ID, g.Name, g.Priority, g.ExpiresAt})
	require.Equal(t, "10", g.Remaining.String())
}

func TestExpiredGrantsAreVoidedByTheWalletsPolicy(t *testing.T) {
	for name, c := range map[string]struct {
		policy ledger.RefundPolicy
		want   string
	}{
		"they lapse at once":    {ledger.RefundPolicy{}, "0"},
		"they live for 30 days": {ledger.RefundPolicy{Life: expiry.Days(30)}, "10"},
	} {
		b := open(t)
		w, err := b.OpenWallet(b.ctx, ledger.OpenWalletRequest{Key: "w", Unit: usd, Terms: ledger.Terms{Refunds: c.policy}})
		require.NoError(t, err)
		b.give(w.ID, "10", func(r *ledger.GrantRequest) { r.Expiry = until(noon.Add(day)) })
		v := bill([]ledger.WalletID{w.ID}, line("tokens", "10"))
		b.settle(v)
		b.clock = noon.Add(2 * day)
		_, err = invoice.Void(b.ctx, b.Ledger, v)
		require.NoError(t, err)
		require.Equal(t, c.want, b.available(w.ID), name)
	}
}

func (s *switched) Update(ctx context.Context, fn func(ledger.Tx) error) error {
	return s.now().Update(ctx, fn)
}

func (s *switched) View(ctx context.Context, fn func(ledger.Tx) error) error {
	return s.now().View(ctx, fn)
}
