package ledger_test

import (
	"fmt"
	"slices"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/expiry"
	"github.com/scrip-go/scrip/ledger"
)

var caseErrors = map[string]error{
	"insufficient": ledger.ErrInsufficientCredits, "closed": ledger.ErrClosed, "frozen": ledger.ErrFrozen,
	"invalid": ledger.ErrInvalid, "not_found": ledger.ErrNotFound,
}

// step carries out one step and compares what came of it.
func (r *caseRun) step(i int, s *caseStep) {
	switch {
	case s.Grant != nil:
		r.grant(i, s, s.Grant)
	case s.Charge != nil:
		r.spend(i, s, s.Charge)
	case s.Refund != nil:
		r.refund(i, s, s.Refund)
	case s.Adjust != nil:
		e := r.do(i, s, ledger.AdjustRequest{
			Key: r.key(), WalletID: r.wallet, Amount: s.Adjust.Amount, Bucket: s.Adjust.Bucket,
			Info: ledger.Info{Reason: "the case says so", Actor: "the case"},
		})
		r.checkMoves(i, e, ledger.PotVoided, s.Adjust.Taken)
	case s.Balance != nil:
		r.checkBalance(i, r.clock, s.Balance)
	case s.History != nil:
		r.checkHistory(i, s.History)
	case s.TakeBack != nil:
		e := r.do(i, s, ledger.TakeBackRequest{Key: r.key(), WalletID: r.wallet, Purchase: "grant " + s.TakeBack.Grant})
		require.Equal(r.t, s.TakeBack.Returned.String(), e.Returned.String(), "step %d: the money to return", i)
	default:
		r.simple(i, s)
	}
}

// simple carries out a step of which nothing but an error is expected.
func (r *caseRun) simple(i int, s *caseStep) {
	switch {
	case s.Subscribe != nil:
		r.do(i, s, ledger.SubscribeRequest{
			Key: r.key(), WalletID: r.wallet, Name: s.Subscribe.Name, Offer: s.Subscribe.offer(),
			Anchor: s.Subscribe.Anchor, Prorate: s.Subscribe.Prorate,
		})
	case s.Change != nil:
		r.do(i, s, ledger.ChangeRequest{
			Key: r.key(), WalletID: r.wallet, Name: s.Change.Name, Offer: s.Change.offer(),
			AtPeriodEnd: s.Change.AtPeriodEnd, Prorate: s.Change.Prorate,
		})
	case s.Cancel != nil:
		r.do(i, s, ledger.CancelRequest{
			Key: r.key(), WalletID: r.wallet, At: s.Cancel.At, AtPeriodEnd: s.Cancel.AtPeriodEnd,
		})
	case s.Void != nil:
		r.do(i, s, ledger.VoidRequest{
			Key: r.key(), WalletID: r.wallet, Grant: r.grants[s.Void.Grant], Amount: s.Void.Amount,
		})
	case s.Hold != nil:
		life := hour
		if s.Hold.Life != "" {
			var err error
			life, err = time.ParseDuration(s.Hold.Life)
			require.NoError(r.t, err)
		}
		e := r.do(i, s, ledger.HoldRequest{Key: r.key(), WalletID: r.wallet, Item: s.Hold.Item, Amount: s.Hold.Amount, Life: life})
		if e.Hold != nil {
			r.holds[s.Hold.ID] = e.Hold.ID
		}
	case s.Capture != nil:
		r.ends(i, s.Capture, r.do(i, s, ledger.CaptureRequest{
			Key: r.key(), WalletID: r.wallet, Hold: r.holds[s.Capture.ID], Amount: s.Capture.Amount, Shortfall: r.c.Short,
		}))
	case s.Release != nil:
		r.ends(i, s.Release, r.do(i, s, ledger.ReleaseRequest{
			Key: r.key(), WalletID: r.wallet, Hold: r.holds[s.Release.ID], Amount: s.Release.Amount,
		}))
	default:
		require.Fail(r.t, "nothing to do", "step %d", i)
	}
}

// do carries out a request that must end as the step says.
func (r *caseRun) do(i int, s *caseStep, request ledger.Request) ledger.Entry {
	r.t.Helper()
	e, err := r.Do(r.ctx, request)
	if s.Error == "" {
		require.NoError(r.t, err, "step %d", i)
		return e
	}
	want, ok := caseErrors[s.Error]
	require.True(r.t, ok, "step %d: no error is called %q", i, s.Error)
	require.ErrorIs(r.t, err, want, "step %d", i)
	return e
}

func (c *caseSubscribe) offer() ledger.Offer { return ledger.Offer{Buckets: c.Buckets, Cycle: c.Cycle} }

func (r *caseRun) grant(i int, s *caseStep, g *caseGrant) {
	if g.Source == "" {
		g.Source = ledger.SourcePromotion
	}
	if !g.ExpiresAt.IsZero() {
		g.Expiry = expiry.Policy{Kind: expiry.PolicyAt, At: g.ExpiresAt}
	}
	e := r.do(i, s, ledger.GrantRequest{
		Key: "grant " + g.ID, WalletID: r.wallet, Source: g.Source, Name: g.ID, Amount: dec(g.Amount), Paid: g.Paid,
		Bucket: g.Bucket, Scope: g.Scope, Priority: g.Priority, EffectiveAt: g.EffectiveAt, Expiry: g.Expiry,
	})
	if len(e.Grants) == 0 {
		return
	}
	r.grants[g.ID] = e.Grants[0].ID
	if g.Repaid == nil {
		return
	}
	repaid := decimal.Zero
	for later, err := range r.Journal(r.ctx, ledger.JournalQuery{WalletID: r.wallet, After: e.Seq, Kinds: []ledger.Kind{ledger.KindRepay}}) {
		require.NoError(r.t, err)
		repaid = repaid.Sub(later.Debts[0].Amount)
	}
	require.Equal(r.t, *g.Repaid, repaid.String(), "step %d: what of the grant paid debts", i)
}

func (r *caseRun) spend(i int, s *caseStep, c *caseCharge) {
	key := r.key()
	if c.ID != "" {
		key = c.ID
	}
	short := c.Shortfall
	if short == "" {
		short = r.c.Short
	}
	e := r.do(i, s, ledger.ChargeRequest{
		Key: key, WalletID: r.wallet, Item: c.Item, Kind: c.Kind, Amount: c.Amount, Quantity: c.Quantity,
		At: c.UsedAt, Shortfall: short,
	})
	if !c.UsedAt.IsZero() && (r.late.IsZero() || c.UsedAt.Before(r.late)) {
		r.late = c.UsedAt
	}
	r.checkMoves(i, e, ledger.PotSpent, c.Draws)
	r.same(i, "overage", c.Overage, e.Overage())
	r.same(i, "debt", c.Debt, e.Debt())
}

func (r *caseRun) refund(i int, s *caseStep, f *caseRefund) {
	e := r.do(i, s, ledger.RefundRequest{
		Key: r.key(), WalletID: r.wallet, Charge: f.Charge, Amount: f.Amount, Quantity: f.Quantity,
	})
	r.checkMoves(i, e, ledger.PotRemaining, f.Restored)
	forgiven, returned := decimal.Zero, decimal.Zero
	for _, d := range e.Debts {
		forgiven = forgiven.Sub(d.Amount)
	}
	for _, m := range e.Moves {
		if m.From == ledger.PotSpent {
			returned = returned.Add(m.Amount)
		}
	}
	r.same(i, "forgiven", f.Forgiven, forgiven)
	r.same(i, "returned", f.Returned, returned)
}

// ends compares what a capture or a release gave back.
func (r *caseRun) ends(i int, h *caseHold, e ledger.Entry) {
	released := decimal.Zero
	for _, m := range e.Moves {
		if m.From == ledger.PotHeld && m.To != ledger.PotSpent {
			released = released.Add(m.Amount)
		}
	}
	r.same(i, "released", h.Released, released)
}

// checkMoves compares the moves of an entry to a pot, in their order, if any are
// expected.
func (r *caseRun) checkMoves(i int, e ledger.Entry, to ledger.Pot, want []caseDraw) {
	r.t.Helper()
	if want == nil {
		return
	}
	got := []caseDraw{}
	for _, m := range e.Moves {
		if m.To == to {
			got = append(got, caseDraw{r.nameOf(m.Grant), m.Amount.String()})
		}
	}
	require.Equal(r.t, want, got, "step %d: which grants", i)
}

// nameOf returns what the case calls a grant: its own name or, of what a plan gave,
// source and bucket.
func (r *caseRun) nameOf(id ledger.GrantID) string {
	for name, known := range r.grants {
		if known == id {
			return name
		}
	}
	for e, err := range r.Journal(r.ctx, ledger.JournalQuery{WalletID: r.wallet, Grant: id}) {
		require.NoError(r.t, err)
		for _, g := range e.Grants {
			if g.ID == id {
				return fmt.Sprintf("%s %s", g.Source, g.Bucket)
			}
		}
	}
	return id.String()
}

func (r *caseRun) same(i int, what, want string, got decimal.Decimal) {
	r.t.Helper()
	if want != "" {
		require.Equal(r.t, want, got.String(), "step %d: %s", i, what)
	}
}

func (r *caseRun) checkBalance(i int, at time.Time, want *caseBalance) {
	r.t.Helper()
	b, err := r.Balance(r.ctx, r.wallet, at)
	require.NoError(r.t, err)
	r.same(i, "available", want.Available, b.Available)
	r.same(i, "held", want.Held, b.Held)
	r.same(i, "debt", want.Debt, b.Debt)
	r.same(i, "total", want.Total, b.Total)
	r.same(i, "pending", want.Pending, b.Pending)
	remaining, issued := make(map[string]decimal.Decimal), make(map[string]decimal.Decimal)
	for _, g := range b.Grants {
		remaining[r.nameOf(g.ID)], issued[r.nameOf(g.ID)] = g.Remaining, g.Amount
	}
	r.sameAll(i, "grant", want.Grants, remaining)
	r.sameAll(i, "issued of", want.Issued, issued)
	r.sameAll(i, "bucket", want.Buckets, b.By(func(g *ledger.Grant) string { return g.Bucket }))
	r.sameAll(i, "source", want.Sources, b.By(func(g *ledger.Grant) string { return string(g.Source) }))
	for item, amount := range want.Items {
		r.same(i, "for "+item, amount, b.For(ledger.Item{ID: item}))
	}
	for bucket, blocks := range want.Carried {
		require.Equal(r.t, blocks, carriedIn(b, bucket), "step %d: carried in %s", i, bucket)
	}
	r.checkTotals(i, at, want)
}

func (r *caseRun) sameAll(i int, what string, want map[string]string, got map[string]decimal.Decimal) {
	r.t.Helper()
	for name, amount := range want {
		r.same(i, what+" "+name, amount, got[name])
	}
}

// carriedIn returns what remains of each carried block of a bucket, oldest first.
func carriedIn(b ledger.Balance, bucket string) []string {
	blocks := []ledger.OpenGrant{}
	for _, g := range b.Grants {
		if g.Bucket == bucket && g.Source == ledger.SourceRollover {
			blocks = append(blocks, g)
		}
	}
	slices.SortFunc(blocks, func(a, b ledger.OpenGrant) int { return a.ID.Compare(b.ID) })
	amounts := []string{}
	for _, g := range blocks {
		amounts = append(amounts, g.Remaining.String())
	}
	return amounts
}

// checkTotals compares what the journal adds up to at an instant.
func (r *caseRun) checkTotals(i int, at time.Time, want *caseBalance) {
	r.t.Helper()
	if want.Consumed+want.Expired+want.Voided+want.Overage == "" && want.Spent == nil {
		return
	}
	in := make(map[ledger.Pot]decimal.Decimal)
	owed, overage := decimal.Zero, decimal.Zero
	spent := make(map[string]decimal.Decimal)
	for _, e := range r.settledJournal(at) {
		overage = overage.Add(e.Overage())
		change := decimal.Zero
		for _, m := range e.Moves {
			in[m.From] = in[m.From].Sub(m.Amount)
			in[m.To] = in[m.To].Add(m.Amount)
			switch ledger.PotSpent {
			case m.From:
				change = change.Sub(m.Amount)
			case m.To:
				change = change.Add(m.Amount)
			}
		}
		for _, d := range e.Debts {
			owed = owed.Add(d.Amount)
		}
		spent[r.chargeOf(e)] = spent[r.chargeOf(e)].Add(change)
	}
	r.same(i, "consumed", want.Consumed, in[ledger.PotSpent].Add(owed))
	r.same(i, "expired", want.Expired, in[ledger.PotExpired])
	r.same(i, "voided", want.Voided, in[ledger.PotVoided])
	r.same(i, "overage", want.Overage, overage)
	r.sameAll(i, "spent by", want.Spent, spent)
}

// settledJournal returns the entries that took effect up to an instant, with what fell
// due by now.
func (r *caseRun) settledJournal(at time.Time) []ledger.Entry {
	r.sweep()
	var entries []ledger.Entry
	for e, err := range r.Journal(r.ctx, ledger.JournalQuery{WalletID: r.wallet, To: at.Add(time.Microsecond)}) {
		require.NoError(r.t, err)
		entries = append(entries, e)
	}
	return entries
}

// chargeOf returns the key of the charge that e is or unwinds.
func (r *caseRun) chargeOf(e ledger.Entry) string {
	if e.Of == 0 {
		return e.Key
	}
	for charge, err := range r.Journal(r.ctx, ledger.JournalQuery{WalletID: r.wallet, After: e.Of - 1}) {
		require.NoError(r.t, err)
		return charge.Key
	}
	return ""
}

func (r *caseRun) checkHistory(i int, want *caseHistory) {
	r.t.Helper()
	r.sweep()
	s, err := r.Statement(r.ctx, r.wallet, want.From, want.To)
	require.NoError(r.t, err)
	r.same(i, "opening", want.Opening, s.Opening)
	r.same(i, "closing", want.Closing, s.Closing)
	used := decimal.Zero
	lines := []caseLine{}
	for _, l := range s.Lines {
		used = used.Add(l.Amount())
		if !l.Change.IsZero() {
			lines = append(lines, caseLine{l.EffectiveAt, l.Kind, l.Change.String()})
		}
	}
	r.same(i, "used", want.Used, used)
	if want.Lines != nil {
		require.Equal(r.t, want.Lines, lines, "step %d: the lines", i)
	}
}
