package invoice

import (
	"fmt"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/ledger"
)

// Apply returns what v comes to if the credits of wallets, those of v.Wallets in
// their order, are put against it at an instant, and which of their credits stay
// unused. Nothing changes. [Preview] does the same with the wallets as they are.
//
// What is used at v.At, or that of a line, is paid by what was live then. It is an
// error wrapping [ledger.ErrInvalid] if v is not valid, or has other wallets.
func (v Invoice) Apply(wallets []ledger.Wallet, at time.Time) (Bill, []Unused, error) {
	v, err := v.check()
	if err != nil {
		return Bill{}, nil, err
	}
	a, err := v.apply(wallets, at)
	if err != nil {
		return Bill{}, nil, err
	}
	return a.finish(a.credits), a.unused(), nil
}

// An application is credits being put against an invoice.
type application struct {
	*work
	at      time.Time
	wallets []ledger.Wallet
	worths  []worth
	unpaid  []decimal.Decimal   // by line: what credits may still pay
	left    [][]decimal.Decimal // by wallet and grant: what stays unused
	order   []int               // of the lines: who is served first
	credits []Credit
}

// apply puts credits against v, which is in normal form.
func (v Invoice) apply(wallets []ledger.Wallet, at time.Time) (*application, error) {
	if len(wallets) != len(v.Wallets) {
		return nil, invalid("wallets", "are %d, and %d were given", len(v.Wallets), len(wallets))
	}
	a := &application{work: v.price(), at: at, wallets: wallets}
	if !v.At.IsZero() {
		a.at = v.At
	}
	for i := range wallets {
		if given := wallets[i].ID; given != v.Wallets[i].ID {
			return nil, invalid(fmt.Sprintf("wallets[%d].id", i), "is %v, and wallet %v was given in its place", v.Wallets[i].ID, given)
		}
		w, err := v.worthOf(i, wallets[i].Unit)
		if err != nil {
			return nil, err
		}
		a.worths = append(a.worths, w)
		a.left = append(a.left, remaining(&wallets[i]))
	}
	a.unpaid = a.payable()
	a.order = a.turns()
	for first := 0; first < len(wallets); {
		next := first + 1
		for next < len(wallets) && a.worths[next].equal(a.worths[first]) {
			next++
		}
		a.draw(first, next)
		first = next
	}
	return a, nil
}

// remaining returns what each grant of w has left.
func remaining(w *ledger.Wallet) []decimal.Decimal {
	left := make([]decimal.Decimal, len(w.Grants))
	for i := range w.Grants {
		left[i] = w.Grants[i].Remaining
	}
	return left
}

// turns returns the order in which lines are served: their own or, where a credit
// saves the more the higher the tax on what it pays, the higher tax first.
func (a *application) turns() []int {
	order := make([]int, len(a.bill.Lines))
	for i := range order {
		order[i] = i
	}
	if a.invoice.Strategy != ledger.StrategyFullest || a.invoice.Stage != StageBeforeTax {
		return order
	}
	added := func(i int) decimal.Decimal {
		if tax := a.bill.Lines[i].Tax; !tax.Inclusive {
			return tax.Rate
		}
		return decimal.Zero
	}
	slices.SortStableFunc(order, func(i, k int) int { return added(k).Cmp(added(i)) })
	return order
}

// draw lets the wallets from first up to, not including, next pay what they can,
// as if they were one: their credits make the same steps in money.
func (a *application) draw(first, next int) {
	pool, origins := a.pool(first, next)
	parts := make([]ledger.Part, len(a.order))
	for turn, i := range a.order {
		l := &a.bill.Lines[i]
		parts[turn] = ledger.Part{Line: l.ID, Item: l.Item, At: l.At, Amount: a.worths[first].floor(a.unpaid[i])}
	}
	draws, _ := pool.Allocate(parts, a.at, a.invoice.Strategy)
	a.credits = slices.Grow(a.credits, len(draws))
	for _, d := range draws {
		a.pay(a.order[d.Part], origins[d.Grant.Seq-1], d.Amount)
	}
}

// An origin is a grant of one of the wallets, by their indices.
type origin struct{ wallet, grant int }

// pool returns a wallet with the grants of several, in money. The number of each is
// the index of its origin, from 1.
func (a *application) pool(first, next int) (pool ledger.Wallet, origins []origin) {
	for i := first; i < next; i++ {
		for k, g := range a.wallets[i].Grants {
			origins = append(origins, origin{i, k})
			terms := *g.Grant
			terms.ID = ledger.GrantID{Seq: int64(len(origins)), N: 1}
			g.Grant = &terms
			g.Remaining, g.Expired = a.worths[i].payable(g.Remaining), a.worths[i].payable(g.Expired)
			pool.Grants = append(pool.Grants, g)
		}
	}
	return pool, origins
}

// pay lets a grant pay an amount of money of a line.
func (a *application) pay(line int, from origin, amount decimal.Decimal) {
	w, worth := &a.wallets[from.wallet], a.worths[from.wallet]
	g, left := w.Grants[from.grant], &a.left[from.wallet][from.grant]
	c := Credit{
		Line: a.bill.Lines[line].ID, WalletID: w.ID, Grant: g.ID, Name: g.Name,
		Amount: amount.Normalize(), Credits: worth.in(amount), Step: worth.money,
	}
	a.unpaid[line], *left = minus(a.unpaid[line], amount), minus(*left, c.Credits)
	a.credits = append(a.credits, c)
}

// applications returns what each wallet pays, as the ledger takes it.
func (a *application) applications() []ledger.Application {
	applied, lines := make([]ledger.Application, len(a.wallets)), a.bill.index()
	for i := range a.wallets {
		applied[i] = a.of(a.wallets[i].ID, lines)
	}
	return applied
}

func (a *application) of(id ledger.WalletID, lines map[string]int) (applied ledger.Application) {
	parts := make(map[string]int)
	for _, c := range a.credits {
		if c.WalletID != id {
			continue
		}
		part, ok := parts[c.Line]
		if !ok {
			part = len(applied.Parts)
			parts[c.Line] = part
			l := &a.bill.Lines[lines[c.Line]]
			applied.Parts = append(applied.Parts, ledger.Part{Line: l.ID, Item: l.Item, At: l.At})
		}
		p := &applied.Parts[part]
		p.Amount = p.Amount.Add(c.Credits).Normalize()
		applied.Draws = append(applied.Draws, ledger.Draw{Grant: c.Grant, Amount: c.Credits, Part: part})
	}
	return applied
}
