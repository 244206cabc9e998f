package ledger_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/store/memory"
)

// A machine drives a ledger and the model side by side and compares them after
// every step.
type machine struct {
	ctx   context.Context
	clock instant
	store ledger.Store
	books *ledger.Ledger
	sweep func(step int) bool // whether to sweep before a step; nil: never

	ids     []ledger.WalletID
	wallets []mWallet
	known   []knowledge // by wallet
	deeds   []deed
	answers []string // what every step was answered, but for hashes and times of recording
	keys    int
}

// knowledge is by which names the ledger knows what the model numbers.
type knowledge struct {
	grants    []ledger.GrantID
	charges   []string
	holds     []ledger.HoldID
	purchases []purchase
	seq       int64 // up to which the journal was checked
}

type purchase struct {
	key    string
	grants []int
}

// A deed is a request that was done, and its answer.
type deed struct {
	do     func() (ledger.Entry, error)
	answer []byte
}

// errWrongDraws is the model's answer to draws that cannot be.
var errWrongDraws = errors.New("draws that are not the grants' to give, or not as much as could be paid")

func newMachine(store ledger.Store) *machine {
	m := &machine{ctx: context.Background(), store: store}
	m.books = ledger.New(store, ledger.Config{Catalog: machineCatalog, Now: func() time.Time { return when(m.clock) }})
	return m
}

// when returns an instant of the model as a time. Never is the zero time.
func when(t instant) time.Time {
	if t == never {
		return time.Time{}
	}
	return noon.Add(time.Duration(t) * time.Microsecond)
}

func credits(n int64) decimal.Decimal { return decimal.New(n, 0) }

// run makes a machine take steps and returns what went wrong first.
func (m *machine) run(steps []uint64) error {
	for i, code := range steps {
		if m.sweep != nil && m.sweep(i) {
			if _, err := m.books.Settle(m.ctx, 100); err != nil {
				return fmt.Errorf("step %d: sweep: %w", i, err)
			}
		}
		d := dice(code)
		name, err := m.step(&d)
		if err == nil {
			err = m.compare()
		}
		if err != nil {
			return fmt.Errorf("step %d of %d, %s: %w", i, len(steps), name, err)
		}
	}
	return nil
}

// step takes the step that d says, on a wallet that d says, or opens a wallet.
func (m *machine) step(d *dice) (string, error) {
	if len(m.ids) == 0 {
		return "open", m.open(d)
	}
	for i := range m.wallets {
		m.wallets[i].settle(m.clock)
	}
	pick := d.n(weights)
	for _, a := range actions {
		if pick -= a.weight; pick < 0 {
			return a.name, a.do(m, d, d.n(len(m.ids)))
		}
	}
	panic("unreachable")
}

// try has the ledger check and do what r asks for, and compares its answers with
// that of the model's rule. It returns the entry, if there is one.
func (m *machine) try(r ledger.Request, rule func(got *ledger.Entry) error) (*ledger.Entry, error) {
	would, refusal := m.books.Check(m.ctx, r)
	got, err := m.do(func() (ledger.Entry, error) { return m.books.Do(m.ctx, r) }, rule)
	switch {
	case err != nil:
		return nil, err
	case got == nil && refusal == nil:
		return nil, fmt.Errorf("Check promised what Do refused: %v", r)
	case got != nil && refusal != nil:
		return nil, fmt.Errorf("Check refused what Do did: %w", refusal)
	case got != nil && !bytes.Equal(ledger.EncodeEntry(&would), ledger.EncodeEntry(got)):
		return nil, fmt.Errorf("Check promised\n%s, Do did\n%s", ledger.EncodeEntry(&would), ledger.EncodeEntry(got))
	}
	return got, nil
}

// do is try without a check.
func (m *machine) do(do func() (ledger.Entry, error), rule func(got *ledger.Entry) error) (*ledger.Entry, error) {
	got, refusal := do()
	before := make([]mWallet, len(m.wallets))
	for i := range m.wallets {
		before[i] = m.wallets[i].clone()
	}
	want := rule(&got)
	if want != nil {
		m.wallets = before
	}
	if !agree(want, refusal) {
		return nil, fmt.Errorf("the ledger answered %w, the model %w", refusal, want)
	}
	if refusal != nil {
		m.answers = append(m.answers, refusal.Error())
		return nil, nil
	}
	m.deeds = append(m.deeds, deed{do, ledger.EncodeEntry(&got)})
	m.answers = append(m.answers, timeless(got))
	return &got, nil
}

// agree reports whether the ledger refused as the model did. What is invalid for
// the wallet only, such as a use too long ago, may show after that it is frozen.
func agree(want, got error) bool {
	if want == nil || got == nil {
		return want == nil && got == nil
	}
	return errors.Is(got, want) || errors.Is(want, ledger.ErrFrozen) && errors.Is(got, ledger.ErrInvalid)
}

// timeless returns e without what depends on when it was written.
func timeless(e ledger.Entry) string {
	e.RecordedAt, e.Previous, e.Hash = time.Time{}, ledger.Hash{}, ledger.Hash{}
	return string(ledger.EncodeEntry(&e))
}

// key returns a key that was not used.
func (m *machine) key() string {
	m.keys++
	return fmt.Sprintf("key-%d", m.keys)
}

// compare compares each wallet of the ledger with the model's.
func (m *machine) compare() error {
	for i := range m.ids {
		m.wallets[i].settle(m.clock)
		if err := m.compareWallet(i); err != nil {
			return fmt.Errorf("wallet %d: %w", i, err)
		}
	}
	return nil
}

func (m *machine) compareWallet(i int) error {
	balance, err := m.books.Balance(m.ctx, m.ids[i], time.Time{})
	if err != nil {
		return err
	}
	if got, want := told(&balance), m.wallets[i].told(); got != want {
		return fmt.Errorf("the ledger has\n%s, the model\n%s", got, want)
	}
	if sum := balance.Available.Add(balance.Held).Sub(balance.Debt); !sum.Equal(balance.Total) {
		return fmt.Errorf("available, held and debt make %v, the total is %v", sum, balance.Total)
	}
	var stored ledger.Wallet
	err = m.store.View(m.ctx, func(tx ledger.Tx) error {
		found, err := tx.Wallets(m.ctx, m.ids[i:i+1])
		stored = found[0]
		return err
	})
	if err != nil || stored.Seq == m.known[i].seq {
		return err
	}
	m.known[i].seq = stored.Seq
	return m.compareJournal(i, &stored)
}

// compareJournal audits and replays a journal that has grown.
func (m *machine) compareJournal(i int, stored *ledger.Wallet) error {
	entries, err := m.journal(i)
	if err != nil {
		return err
	}
	replayed, err := ledger.Replay(slices.Values(entries))
	if err != nil {
		return err
	}
	if got, want := ledger.EncodeWallet(&replayed), ledger.EncodeWallet(stored); !bytes.Equal(got, want) {
		return fmt.Errorf("replayed\n%s, stored\n%s", got, want)
	}
	a, err := audit(entries)
	if err != nil {
		return err
	}
	m.known[i].grants = a.grants
	if !stored.DueAt.IsZero() && !stored.DueAt.After(when(m.clock)) && stored.Status != ledger.StatusClosed {
		return nil // what fell due since is not in the journal yet
	}
	if got, want := a.told(), m.wallets[i].pots(); got != want {
		return fmt.Errorf("the journal leads to the pots\n%s, the model to\n%s", got, want)
	}
	return nil
}

func (m *machine) journal(i int) (entries []ledger.Entry, err error) {
	for e, err := range m.books.Journal(m.ctx, ledger.JournalQuery{WalletID: m.ids[i]}) {
		if err != nil {
			return nil, err
		}
		entries = append(entries, e)
	}
	return entries, nil
}

// told writes a balance down: the sums, then the grants in the wallet's order.
func told(b *ledger.Balance) string {
	var s strings.Builder
	fmt.Fprintf(&s, "available %v held %v debt %v pending %v\n", b.Available, b.Held, b.Debt, b.Pending)
	for _, g := range b.Grants {
		paid := g.Paid.Amount.Shift(2)
		fmt.Fprintf(&s, "%s %q %v paid %v: left %v held %v, %s to %s, %d\n",
			g.Source, g.Bucket, g.Amount, paid, g.Remaining, g.Held, stamp(g.EffectiveAt), stamp(g.ExpiresAt), g.Priority)
	}
	return s.String()
}

func (w *mWallet) told() string {
	var available, held, pending int64
	var s strings.Builder
	for _, i := range w.inOrder() {
		g := &w.grants[i]
		available, held, pending = available+g.remaining, held+g.held, pending+g.pending
		if g.pending+g.remaining+g.held == 0 {
			continue
		}
		fmt.Fprintf(&s, "%s %q %v paid %v: left %v held %v, %s to %s, %d\n",
			g.source, g.bucket, g.amount, g.paid, g.pending+g.remaining, g.held, stamp(when(g.effective)), stamp(when(g.expires)), g.priority)
	}
	return fmt.Sprintf("available %v held %v debt %v pending %v\n%s", available, held, w.debt(), pending, s.String())
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return "never"
	}
	return t.Sub(noon).String()
}

// pots writes down the pots of all grants, in the order of issue.
func (w *mWallet) pots() string {
	var s strings.Builder
	for _, g := range w.grants {
		fmt.Fprintln(&s, g.amount, g.pending, g.remaining, g.held, g.spent, g.expired, g.voided, g.moved)
	}
	return s.String()
}

// An account is what a journal alone says of each grant.
type account struct {
	grants []ledger.GrantID
	pots   map[ledger.GrantID]map[ledger.Pot]decimal.Decimal
}

var pots = []ledger.Pot{
	ledger.PotPending, ledger.PotRemaining, ledger.PotHeld, ledger.PotSpent,
	ledger.PotExpired, ledger.PotVoided, ledger.PotMoved,
}

func (a *account) told() string {
	var s strings.Builder
	for _, id := range a.grants {
		total := decimal.Zero
		var amounts []any
		for _, p := range pots {
			total = total.Add(a.pots[id][p])
			amounts = append(amounts, a.pots[id][p])
		}
		fmt.Fprintln(&s, append([]any{total}, amounts...)...)
	}
	return s.String()
}

// audit adds a journal up by itself: no pot is ever below zero, every grant is
// conserved, every balance is the sum of what came before, and the instants of
// booking never fall.
func audit(entries []ledger.Entry) (*account, error) {
	a := &account{pots: make(map[ledger.GrantID]map[ledger.Pot]decimal.Decimal)}
	balance, owed, booked := decimal.Zero, decimal.Zero, time.Time{}
	for i := range entries {
		e := &entries[i]
		at := e.EffectiveAt
		if e.Late {
			at = e.RecordedAt
		}
		if at.Before(booked) || e.RecordedAt.Before(e.EffectiveAt) {
			return nil, fmt.Errorf("entry %d was booked at %v, before %v", e.Seq, at, booked)
		}
		booked = at
		for _, g := range e.Grants {
			a.grants = append(a.grants, g.ID)
			a.pots[g.ID] = map[ledger.Pot]decimal.Decimal{ledger.PotPending: g.Amount}
		}
		for _, m := range e.Moves {
			p := a.pots[m.Grant]
			if p == nil || !m.Amount.IsPositive() || p[m.From].LessThan(m.Amount) {
				return nil, fmt.Errorf("entry %d, %s, moves %v of %v, which has %v", e.Seq, e.Kind, m.Amount, m.Grant, p[m.From])
			}
			p[m.From], p[m.To] = p[m.From].Sub(m.Amount), p[m.To].Add(m.Amount)
		}
		for _, d := range e.Debts {
			owed = owed.Add(d.Amount)
		}
		total := owed.Neg()
		for _, p := range a.pots {
			total = total.Add(p[ledger.PotRemaining]).Add(p[ledger.PotHeld])
		}
		balance = balance.Add(e.Change)
		if !total.Equal(e.Balance) || !balance.Equal(e.Balance) || owed.IsNegative() {
			return nil, fmt.Errorf("entry %d, %s, has the balance %v; its pots make %v, the changes %v", e.Seq, e.Kind, e.Balance, total, balance)
		}
	}
	return a, nil
}

// newStore returns an empty store.
func newStore() ledger.Store { return new(memory.Store) }
