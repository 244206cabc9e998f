package ledger_test

import (
	"bytes"
	"errors"
	"fmt"
	"math/big"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/leanovate/gopter"
	"github.com/leanovate/gopter/gen"
	"github.com/leanovate/gopter/prop"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/expiry"
	"github.com/scrip-go/scrip/ledger"
)

// properties returns a suite with a fixed seed that makes so many runs, a tenth of
// them with -short. SCRIP_SEED and SCRIP_RUNS override both.
func properties(t *testing.T, runs int) *gopter.Properties {
	t.Helper()
	if testing.Short() {
		runs = (runs + 9) / 10
	}
	seed, number := int64(20260301), int64(runs)
	for name, value := range map[string]*int64{"SCRIP_SEED": &seed, "SCRIP_RUNS": &number} {
		if s := os.Getenv(name); s != "" {
			n, err := strconv.ParseInt(s, 10, 64)
			require.NoError(t, err, name)
			*value = n
		}
	}
	parameters := gopter.DefaultTestParametersWithSeed(seed)
	parameters.MinSuccessfulTests = int(number)
	parameters.MaxSize, parameters.MaxShrinkCount = 120, 300
	return gopter.NewProperties(parameters)
}

// genSteps makes the steps of a machine.
func genSteps() gopter.Gen { return gen.SliceOf(gen.UInt64()) }

// law tests one law about books to which the steps of a machine have led.
func law(t *testing.T, runs int, name string, check func(m *machine) error) {
	t.Helper()
	t.Parallel()
	laws := properties(t, runs)
	laws.Property(name, prop.ForAll(func(steps []uint64) string {
		m := newMachine(newStore())
		if err := m.run(steps); err != nil {
			return err.Error()
		}
		return reason(check(m))
	}, genSteps()))
	laws.TestingRun(t)
}

func reason(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// The model knows pots, answers and refusals: this one law is most of the others.
func TestLedgerIsWhatTheModelSays(t *testing.T) {
	law(t, 200, "after every operation wallets, pots, answers and refusals are the model's",
		func(*machine) error { return nil })
}

// TestLongJournals reads the past of a journal that goes beyond two checkpoints.
func TestLongJournals(t *testing.T) {
	t.Parallel()
	m := newMachine(newStore())
	require.NoError(t, m.open(new(dice)))
	_, err := m.books.Subscribe(m.ctx, ledger.SubscribeRequest{Key: m.key(), WalletID: m.ids[0], Offer: ledger.Offer{Plan: "pro"}})
	require.NoError(t, err)
	for i := range 2100 {
		at := m.clock - instant(i%3)*hours*20
		_, err := m.books.Charge(m.ctx, ledger.ChargeRequest{
			Key: m.key(), WalletID: m.ids[0], Amount: credits(1), At: when(max(0, at)), Shortfall: ledger.ShortfallPartial,
		})
		require.NoError(t, err)
		m.clock += 10 * 60 * second
	}
	require.NoError(t, m.books.Verify(m.ctx, m.ids[0]))
	entries, err := m.journal(0)
	require.NoError(t, err)
	require.Equal(t, ledger.KindCheckpoint, entries[1023].Kind)
	_, err = audit(entries)
	require.NoError(t, err)
	for share := range instant(50) {
		require.NoError(t, m.twoTimes(entries, when(m.clock*share/50), when(m.clock*(share+1)/50)))
	}
}

func TestExact(t *testing.T) {
	t.Parallel()
	laws := properties(t, 200)
	laws.Property("what is granted and not charged is left, to the last decimal, and what is finer is refused", prop.ForAll(
		func(scale int, granted, charged *big.Int) string {
			most := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(ledger.MaxDigits+scale)), nil)
			granted, charged = new(big.Int).Mod(granted, most), new(big.Int).Mod(charged, most)
			if granted.Cmp(charged) < 0 {
				granted, charged = charged, granted
			}
			if charged.Sign() == 0 {
				return ""
			}
			m := newMachine(newStore())
			unit := ledger.Unit{Name: "fine", Scale: int32(scale)}
			w, err := m.books.OpenWallet(m.ctx, ledger.OpenWalletRequest{Key: m.key(), Unit: unit})
			if err != nil {
				return err.Error()
			}
			amount := decimal.NewFromBigInt(granted, -int32(scale))
			if _, err := m.give(w.ID, amount); err != nil {
				return err.Error()
			}
			// A trailing zero makes no number finer.
			paid := decimal.NewFromBigInt(new(big.Int).Mul(charged, big.NewInt(10)), -int32(scale)-1)
			e, err := m.pay(w.ID, paid)
			if err != nil {
				return err.Error()
			}
			left := new(big.Int).Sub(granted, charged)
			if want := decimal.NewFromBigInt(left, -int32(scale)); !e.Balance.Equal(want) {
				return fmt.Sprintf("%v is left, not %v", e.Balance, want)
			}
			if _, err := m.pay(w.ID, decimal.New(1, -int32(scale)-1)); !errors.Is(err, ledger.ErrInvalid) {
				return fmt.Sprintf("a tenth of the least was answered %v", err)
			}
			return ""
		},
		gen.IntRange(0, ledger.MaxScale), digits(), digits(),
	))
	laws.TestingRun(t)
}

// digits makes numbers of 1 to as many digits as an amount can have.
func digits() gopter.Gen {
	return gopter.CombineGens(gen.IntRange(1, ledger.MaxDigits+ledger.MaxScale), whole(0, 1e18-1), whole(0, 1e18-1), whole(1, 99)).
		Map(func(drawn []any) *big.Int {
			text := fmt.Sprintf("%02d%018d%018d", drawn[3], drawn[1], drawn[2])
			n, _ := new(big.Int).SetString(text[len(text)-drawn[0].(int):], 10)
			return n
		})
}

func (m *machine) give(id ledger.WalletID, amount decimal.Decimal) (ledger.Entry, error) {
	return m.books.Grant(m.ctx, ledger.GrantRequest{Key: m.key(), WalletID: id, Source: ledger.SourcePromotion, Amount: amount})
}

func (m *machine) pay(id ledger.WalletID, amount decimal.Decimal) (ledger.Entry, error) {
	return m.books.Charge(m.ctx, ledger.ChargeRequest{Key: m.key(), WalletID: id, Amount: amount})
}

func TestConserved(t *testing.T) {
	law(t, 60, "what a wallet has of a grant is what the journal has not moved elsewhere", func(m *machine) error {
		if err := m.settleAll(); err != nil {
			return err
		}
		for i, id := range m.ids {
			entries, err := m.journal(i)
			if err != nil {
				return err
			}
			w, err := m.books.Wallet(m.ctx, id)
			if err != nil {
				return err
			}
			accounts, err := audit(entries)
			if err != nil {
				return err
			}
			for _, g := range w.Grants {
				gone := decimal.Zero
				for _, p := range []ledger.Pot{ledger.PotSpent, ledger.PotExpired, ledger.PotVoided, ledger.PotMoved} {
					gone = gone.Add(accounts.pots[g.ID][p])
				}
				if !g.Remaining.Add(g.Held).Add(gone).Equal(g.Amount) {
					return fmt.Errorf("of the %v of %v, %v remain, %v are held and %v are gone", g.Amount, g.ID, g.Remaining, g.Held, gone)
				}
			}
		}
		return nil
	})
}

func (m *machine) settleAll() error {
	_, err := m.books.Settle(m.ctx, 1000)
	return err
}

func TestHalfOpenTime(t *testing.T) {
	t.Parallel()
	laws := properties(t, 100)
	laws.Property("a grant pays from its first instant up to the last before its end, reported in time or late", prop.ForAll(
		func(from, life int64, late bool) string {
			m := newMachine(newStore())
			if err := m.open(new(dice)); err != nil {
				return err.Error()
			}
			_, err := m.books.Grant(m.ctx, ledger.GrantRequest{
				Key: m.key(), WalletID: m.ids[0], Source: ledger.SourcePromotion, Amount: credits(4),
				EffectiveAt: when(from), Expiry: expiry.Policy{Kind: expiry.PolicyAt, At: when(from + life)},
			})
			if err != nil {
				return err.Error()
			}
			for _, use := range []struct {
				at   instant
				pays bool
			}{{from - 1, false}, {from, true}, {from + life - 1, true}, {from + life, false}} {
				r := ledger.ChargeRequest{Key: m.key(), WalletID: m.ids[0], Amount: credits(1), At: when(use.at)}
				if m.clock = use.at; late {
					m.clock = from + life + hours
				}
				if _, err := m.books.Charge(m.ctx, r); (err == nil) != use.pays {
					return fmt.Sprintf("a use at %d of %d to %d was answered %v", use.at, from, from+life, err)
				}
			}
			return ""
		},
		whole(1, 24*hours), whole(2, 24*hours), gen.Bool(),
	))
	laws.TestingRun(t)
}

func TestTheTimeOfUseDecides(t *testing.T) {
	t.Parallel()
	laws := properties(t, 50)
	compared := make(map[bool]int) // by whether the wallet had a subscription
	laws.Property("sweeps put in anywhere, any number of times, change no answer and no balance", prop.ForAll(
		func(steps []uint64, often uint64) string {
			calm, swept := newMachine(newStore()), newMachine(newStore())
			swept.sweep = func(i int) bool { return often>>(i%64)&1 == 1 }
			if err := errors.Join(calm.run(steps), swept.run(steps), swept.settleAll(), swept.settleAll()); err != nil {
				return err.Error()
			}
			for i, answer := range calm.answers {
				if again := swept.answers[i]; again != answer {
					return fmt.Sprintf("answer\n%s, with sweeps\n%s", answer, again)
				}
			}
			return reason(swept.compare())
		},
		genSteps(), gen.UInt64(),
	))
	laws.Property("a use reported late draws on what it would have drawn on in time", prop.ForAll(
		func(steps []uint64, delay instant) string {
			prompt, late := newMachine(newStore()), newMachine(newStore())
			if err := errors.Join(prompt.run(steps), late.run(steps)); err != nil || len(late.ids) == 0 {
				return reason(err)
			}
			at := when(late.clock)
			late.clock += delay
			for i, id := range late.ids {
				r := ledger.ChargeRequest{Key: "use", WalletID: id, Item: "sms", Amount: credits(7), At: at, Shortfall: ledger.ShortfallPartial}
				in, refusal := prompt.books.Charge(prompt.ctx, r)
				after, refusalAfter := late.books.Charge(late.ctx, r)
				entries, err := late.journal(i)
				if err != nil {
					return err.Error()
				}
				if refusal != nil || slices.ContainsFunc(entries[min(int(in.Seq)-1, len(entries)):], shifts) {
					continue
				}
				if len(in.Moves) > 0 {
					compared[len(late.wallets[i].subs) > 0]++
				}
				if refusalAfter != nil || !slices.Equal(draws(in), draws(after)) {
					return fmt.Sprintf("%v later it drew %v, not %v: %v", delay, draws(after), draws(in), refusalAfter)
				}
			}
			return ""
		},
		genSteps(), whole(1, lateness),
	))
	laws.TestingRun(t)
	if !testing.Short() {
		require.Len(t, compared, 2, "with and without a subscription")
	}
}

// shifts reports whether e carried credits to another grant, or brought held ones back:
// a use reported after that finds others than were there.
func shifts(e ledger.Entry) bool {
	return e.Kind == ledger.KindRollover || e.Kind == ledger.KindRelease
}

func TestADeclaredTotalOrder(t *testing.T) {
	law(t, 60, "a charge of everything draws on grants in the order of their ranks", func(m *machine) error {
		for i := range m.ids {
			w := &m.wallets[i]
			if w.usable() != nil {
				continue
			}
			var all int64
			var want []string
			for _, k := range w.inOrder() {
				if g := &w.grants[k]; g.remaining > 0 && covers(g.scope, 1) {
					all += g.remaining
					want = append(want, fmt.Sprint(g.remaining))
				}
			}
			if all == 0 {
				continue
			}
			e, err := m.books.Charge(m.ctx, ledger.ChargeRequest{Key: m.key(), WalletID: m.ids[i], Item: "sms", Amount: credits(all)})
			if err != nil {
				return err
			}
			var got []string
			for _, d := range e.Draws() {
				got = append(got, d.Amount.String())
			}
			if !slices.Equal(got, want) {
				return fmt.Errorf("drew %v, the order says %v", got, want)
			}
		}
		return nil
	})
}

func TestTraceable(t *testing.T) {
	law(t, 60, "every part of a charge is draws, debt and overage, and refunds at once, part by part, put everything back in reverse", func(m *machine) error {
		for i, id := range m.ids {
			if m.wallets[i].usable() != nil || len(m.wallets[i].debts) > 0 {
				continue // what comes back to a wallet that owes goes to pay that
			}
			before, err := m.books.Balance(m.ctx, id, time.Time{})
			if err != nil {
				return err
			}
			r := ledger.ChargeRequest{Key: m.key(), WalletID: id, Shortfall: ledger.ShortfallPartial, Uses: []ledger.Use{
				{Item: "sms", Quantity: credits(3)}, {Item: "gpu", Amount: credits(8)}, {Amount: credits(20)},
			}}
			e, err := m.books.Charge(m.ctx, r)
			if err != nil {
				return err
			}
			for p := range e.Parts {
				paid := e.Parts[p].Debt.Add(e.Parts[p].Overage)
				for _, d := range e.Draws() {
					if d.Part == p {
						paid = paid.Add(d.Amount)
					}
				}
				if !paid.Equal(e.Parts[p].Amount) {
					return fmt.Errorf("part %d cost %v, of which %v is told", p, e.Parts[p].Amount, paid)
				}
			}
			if err := m.unwind(&e); err != nil {
				return err
			}
			after, err := m.books.Balance(m.ctx, id, time.Time{})
			if err == nil && told(&before) != told(&after) {
				err = fmt.Errorf("before the charge\n%s, after its refund\n%s", told(&before), told(&after))
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// unwind refunds a charge 7 credits at a time: what comes back each time are its last
// draws of which something is left, the last of them first.
func (m *machine) unwind(charge *ledger.Entry) error {
	left := charge.Draws()
	for len(left) > 0 {
		step := decimal.Min(credits(7), sum(left))
		e, err := m.books.Refund(m.ctx, ledger.RefundRequest{Key: m.key(), WalletID: charge.WalletID, Charge: charge.Key, Amount: step})
		if err != nil {
			return err
		}
		for _, move := range e.Moves {
			if move.From != ledger.PotSpent {
				continue
			}
			last := &left[len(left)-1]
			want := ledger.Draw{Grant: last.Grant, Amount: decimal.Min(last.Amount, step), Part: last.Part}
			if got := (ledger.Draw{Grant: move.Grant, Amount: move.Amount, Part: move.Part}); fmt.Sprint(got) != fmt.Sprint(want) {
				return fmt.Errorf("a refund gave back %v before %v", got, want)
			}
			step, last.Amount = step.Sub(move.Amount), last.Amount.Sub(move.Amount)
			if last.Amount.IsZero() {
				left = left[:len(left)-1]
			}
		}
		if !step.IsZero() {
			return fmt.Errorf("a refund gave %v too little back", step)
		}
	}
	_, err := m.books.Refund(m.ctx, ledger.RefundRequest{Key: m.key(), WalletID: charge.WalletID, Charge: charge.Key})
	if !errors.Is(err, ledger.ErrClosed) {
		return fmt.Errorf("a refund of what has been given back was answered %w", err)
	}
	return nil
}

func sum(draws []ledger.Draw) (total decimal.Decimal) {
	for _, d := range draws {
		total = total.Add(d.Amount)
	}
	return total
}

func TestIdempotent(t *testing.T) {
	law(t, 60, "everything done again, in any order, answers what it did and changes nothing", func(m *machine) error {
		if err := m.settleAll(); err != nil {
			return err
		}
		before, err := m.everything()
		if err != nil {
			return err
		}
		for _, deed := range slices.Backward(m.deeds) {
			e, err := deed.do()
			if err != nil || !bytes.Equal(ledger.EncodeEntry(&e), deed.answer) {
				return fmt.Errorf("first\n%s, then\n%s: %w", deed.answer, ledger.EncodeEntry(&e), err)
			}
		}
		after, err := m.everything()
		if err == nil && before != after {
			err = fmt.Errorf("before\n%s, after\n%s", before, after)
		}
		return err
	})
}

// everything returns all that the store has of the machine's wallets.
func (m *machine) everything() (string, error) {
	var all bytes.Buffer
	err := m.store.View(m.ctx, func(tx ledger.Tx) error {
		wallets, err := tx.Wallets(m.ctx, m.ids)
		slices.SortFunc(wallets, func(a, b ledger.Wallet) int { return a.ID.Compare(b.ID) })
		for i := range wallets {
			fmt.Fprintf(&all, "%s\n", ledger.EncodeWallet(&wallets[i]))
			entries, err := tx.Journal(m.ctx, ledger.Page{WalletID: wallets[i].ID, Limit: 10_000})
			if err != nil {
				return err
			}
			for k := range entries {
				fmt.Fprintf(&all, "%s\n", ledger.EncodeEntry(&entries[k]))
			}
		}
		return err
	})
	return all.String(), err
}

func TestAllOrNothing(t *testing.T) {
	law(t, 60, "requests together take effect all or none", func(m *machine) error {
		if len(m.ids) < 2 {
			return nil
		}
		before, err := m.everything()
		if err != nil {
			return err
		}
		grant := ledger.GrantRequest{Key: m.key(), WalletID: m.ids[0], Source: ledger.SourcePromotion, Amount: credits(5)}
		charge := ledger.ChargeRequest{Key: m.key(), WalletID: m.ids[0], Amount: credits(5)}
		tooMuch := ledger.TransferRequest{Key: m.key(), From: m.ids[1], To: m.ids[0], Amount: credits(1_000_000)}
		if _, err := m.books.Together(m.ctx, grant, charge, tooMuch); err == nil {
			return errors.New("a million credits were transferred")
		}
		after, err := m.everything()
		if err == nil && before != after {
			err = fmt.Errorf("before\n%s, after\n%s", before, after)
		}
		return err
	})
}

func TestNeverBelowZeroByAccident(t *testing.T) {
	law(t, 60, "a wallet owes no more than its overdrafts, each within the limit of its time", func(m *machine) error {
		for i := range m.ids {
			entries, err := m.journal(i)
			if err != nil {
				return err
			}
			limit, owed := decimal.Zero, decimal.Zero
			for k := range entries {
				e := &entries[k]
				if e.Terms != nil {
					limit = e.Terms.CreditLimit
				}
				raised := decimal.Zero
				for _, d := range e.Debts {
					raised = raised.Add(d.Amount)
				}
				owed = owed.Add(raised)
				if owed.IsNegative() || raised.IsPositive() && (owed.GreaterThan(limit) || !raised.Equal(e.Debt())) {
					return fmt.Errorf("entry %d, %s, raises the debt by %v to %v, where the limit is %v", e.Seq, e.Kind, raised, owed, limit)
				}
			}
		}
		return nil
	})
}

func TestOneSourceOfTruth(t *testing.T) {
	law(t, 60, "the journal, written down and read again, leads to the wallet, written down and read again", func(m *machine) error {
		for i, id := range m.ids {
			if err := m.books.Verify(m.ctx, id); err != nil {
				return err
			}
			entries, err := m.journal(i)
			if err != nil {
				return err
			}
			for k := range entries {
				if entries[k], err = ledger.DecodeEntry(ledger.EncodeEntry(&entries[k])); err != nil {
					return err
				}
			}
			w, err := ledger.Replay(slices.Values(entries))
			if err != nil {
				return err
			}
			again, err := ledger.DecodeWallet(ledger.EncodeWallet(&w))
			if err != nil || !bytes.Equal(ledger.EncodeWallet(&w), ledger.EncodeWallet(&again)) {
				return fmt.Errorf("%s became %s: %w", ledger.EncodeWallet(&w), ledger.EncodeWallet(&again), err)
			}
		}
		return nil
	})
}

func TestTamperEvident(t *testing.T) {
	t.Parallel()
	laws := properties(t, 60)
	laws.Property("no entry can be changed, left out, doubled or moved", prop.ForAll(
		func(steps []uint64, place int, how int) string {
			m := newMachine(newStore())
			if err := m.run(steps); err != nil || len(m.ids) == 0 {
				return reason(err)
			}
			entries, err := m.journal(0)
			if err != nil {
				return err.Error()
			}
			honest, err := ledger.Replay(slices.Values(entries))
			if err != nil {
				return err.Error()
			}
			k := place % len(entries)
			e := &entries[k]
			switch how {
			case 0:
				e.Actor += "x"
			case 1:
				e.Balance = e.Balance.Add(credits(1))
			case 2:
				e.EffectiveAt = e.EffectiveAt.Add(time.Microsecond)
			case 3:
				e.Actor += "x"
				e.Seal(e.Previous) // with a hash that fits, but for the next
			case 4:
				entries = slices.Delete(entries, k, k+1)
			case 5:
				entries = slices.Insert(entries, k, *e)
			case 6:
				next := (k + 1) % len(entries)
				entries[k], entries[next] = entries[next], entries[k]
				if k == next {
					return ""
				}
			}
			w, err := ledger.Replay(slices.Values(entries))
			if err == nil && w.Hash == honest.Hash {
				return fmt.Sprintf("way %d of changing entry %d of %d went unnoticed", how, k+1, len(entries))
			}
			return ""
		},
		genSteps(), gen.IntRange(0, 1000).WithShrinker(gopter.NoShrinker), gen.IntRange(0, 6).WithShrinker(gopter.NoShrinker),
	))
	laws.TestingRun(t)
}

func TestTwoTimes(t *testing.T) {
	t.Parallel()
	laws := properties(t, 60)
	laws.Property("a past balance is the sum of what took effect by then, and statements tie", prop.ForAll(
		func(steps []uint64, share, length int64) string {
			m := newMachine(newStore())
			if err := errors.Join(m.run(steps), m.settleAll()); err != nil || len(m.ids) == 0 {
				return reason(err)
			}
			from := when(m.clock * share / 100)
			to := when(m.clock*share/100 + length)
			entries, err := m.journal(0)
			if err != nil {
				return err.Error()
			}
			return reason(m.twoTimes(entries, from, to))
		},
		genSteps(), whole(0, 100), whole(1, 48*hours),
	))
	laws.TestingRun(t)
}

func (m *machine) twoTimes(entries []ledger.Entry, from, to time.Time) error {
	upTo, before, between := decimal.Zero, decimal.Zero, decimal.Zero
	for _, e := range entries {
		if !e.EffectiveAt.After(from) {
			upTo = upTo.Add(e.Change)
		}
		switch {
		case e.EffectiveAt.Before(from):
			before = before.Add(e.Change)
		case e.EffectiveAt.Before(to):
			between = between.Add(e.Change)
		}
	}
	b, err := m.books.Balance(m.ctx, m.ids[0], from)
	if err != nil {
		return err
	}
	if !b.Total.Equal(upTo) {
		return fmt.Errorf("at %v the balance is %v, the journal makes %v", from, b.Total, upTo)
	}
	s, err := m.books.Statement(m.ctx, m.ids[0], from, to)
	if err != nil {
		return err
	}
	if !s.Opening.Equal(before) || !s.Closing.Equal(before.Add(between)) {
		return fmt.Errorf("from %v to %v the statement goes from %v to %v, the journal from %v by %v", from, to, s.Opening, s.Closing, before, between)
	}
	return nil
}

// whole makes numbers in a range, which stay as they are while steps shrink.
func whole(least, most int64) gopter.Gen {
	return gen.Int64Range(least, most).WithShrinker(gopter.NoShrinker)
}
