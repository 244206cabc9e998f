package report

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/ledger"
)

// Hledger writes double-entry books of the wallets that q names to w, in the plain
// text format of hledger (https://hledger.org): a transaction for each entry that
// moved credits, and at the end of each wallet assertions of what it has, which
// hledger checks. Q's times are not looked at: books begin at the beginning.
//
// Every credit is in an account:
//
//	credits:wallets:WALLET:pending, :available, :held and :owed, which is below zero
//	credits:issued:sold and :granted, below zero
//	credits:used, :expired, :voided, :returned and :moved
//
// and so is the money that was paid for it:
//
//	assets:receivable              what buyers paid, less what was returned
//	liabilities:deferred:WALLET    what has yet to be earned, below zero
//	revenue:usage, :breakage       what has been earned, below zero
//	equity:transfers               between wallets: sums to zero
func Hledger(ctx context.Context, books *ledger.Ledger, q Query, w io.Writer) error {
	b := bookkeeper{out: bufio.NewWriter(w)}
	for wallet, err := range q.wallets(ctx, books) {
		if err != nil {
			return err
		}
		b.begin(&wallet)
		if err := new(Query).walk(ctx, books, &wallet, b.flow, func(e, _ *ledger.Entry) { b.entry(e) }); err != nil {
			return err
		}
		b.end(&wallet)
	}
	return b.out.Flush()
}

// A bookkeeper writes one wallet's transactions after the other.
type bookkeeper struct {
	out      *bufio.Writer // keeps its first error
	postings strings.Builder
	wallet   string // its accounts
	deferred string
	unit     string
	latest   time.Time // the date of the last transaction
	monies   Monies    // deferred so far
}

func (b *bookkeeper) begin(w *ledger.Wallet) {
	id := w.ID.String()
	b.wallet, b.deferred = "credits:wallets:"+id+":", "liabilities:deferred:"+id
	b.unit, b.latest, b.monies = commodity(w.Unit.Name), w.OpenedAt, nil
}

// commodity returns name as hledger wants the name of one.
func commodity(name string) string {
	return `"` + strings.Map(func(r rune) rune {
		if r == '"' || r == ';' || r < ' ' {
			return '_'
		}
		return r
	}, name) + `"`
}

// flow posts the money of f, which precedes its entry.
func (b *bookkeeper) flow(f Flow) bool {
	_, money := f.Live()
	if !money.Amount.IsZero() {
		b.monies = b.monies.add(money)
		b.post(b.deferred, money.Amount.Neg(), commodity(money.Currency))
		b.post(counterpart(f.Class), money.Amount, commodity(money.Currency))
	}
	return true
}

// counterpart returns the account that stands against what is deferred.
func counterpart(c Class) string {
	switch c {
	case Sold, Returned:
		return "assets:receivable"
	case Used:
		return "revenue:usage"
	case Expired, Voided:
		return "revenue:breakage"
	case Granted, Received, Carried, Sent:
	}
	return "equity:transfers"
}

// entry posts the credits of e, and writes its transaction.
func (b *bookkeeper) entry(e *ledger.Entry) {
	for _, g := range e.Grants {
		b.post(issuedAccount(e, g), g.Amount.Neg(), b.unit)
		b.post(b.wallet+"pending", g.Amount, b.unit)
	}
	for i := range e.Moves {
		m := &e.Moves[i]
		b.post(b.account(e, m.From), m.Amount.Neg(), b.unit)
		b.post(b.account(e, m.To), m.Amount, b.unit)
	}
	for _, d := range e.Debts {
		b.post(b.wallet+"owed", d.Amount.Neg(), b.unit)
		b.post("credits:used", d.Amount, b.unit)
	}
	if b.postings.Len() == 0 {
		return
	}
	if e.EffectiveAt.After(b.latest) {
		b.latest = e.EffectiveAt
	}
	b.transaction(e.EffectiveAt, fmt.Sprintf("(%d) %s", e.Seq, e.Kind))
}

// issuedAccount returns where the credits of a new grant come from.
func issuedAccount(e *ledger.Entry, g *ledger.Grant) string {
	switch issued(e, g) {
	case Sold:
		return "credits:issued:sold"
	case Received, Carried:
		return "credits:moved"
	case Granted, Used, Expired, Voided, Returned, Sent:
	}
	return "credits:issued:granted"
}

// account returns where the credits of a pot are.
func (b *bookkeeper) account(e *ledger.Entry, p ledger.Pot) string {
	switch p {
	case ledger.PotPending:
		return b.wallet + "pending"
	case ledger.PotRemaining:
		return b.wallet + "available"
	case ledger.PotHeld:
		return b.wallet + "held"
	case ledger.PotSpent:
		return "credits:used"
	case ledger.PotExpired:
		return "credits:expired"
	case ledger.PotMoved:
		return "credits:moved"
	case ledger.PotVoided:
	}
	return "credits:" + string(left(e, p))
}

// end asserts what the wallet has.
func (b *bookkeeper) end(w *ledger.Wallet) {
	balance := w.BalanceNow()
	b.assert(b.wallet+"pending", balance.Pending, b.unit)
	b.assert(b.wallet+"available", balance.Available, b.unit)
	b.assert(b.wallet+"held", balance.Held, b.unit)
	b.assert(b.wallet+"owed", balance.Debt.Neg(), b.unit)
	for _, currency := range b.monies {
		deferred := decimal.Zero
		for i := range balance.Grants {
			if g := &balance.Grants[i]; g.Paid.Currency == currency.Currency {
				deferred = deferred.Add(g.Unearned().Amount)
			}
		}
		b.assert(b.deferred, deferred.Neg(), commodity(currency.Currency))
	}
	b.transaction(b.latest, "balances of "+w.ID.String())
}

func (b *bookkeeper) post(account string, amount decimal.Decimal, commodity string) {
	b.postings.WriteString("    " + account + "  " + amount.String() + " " + commodity + "\n")
}

func (b *bookkeeper) assert(account string, amount decimal.Decimal, commodity string) {
	b.postings.WriteString("    " + account + "  0 " + commodity + " = " + amount.String() + " " + commodity + "\n")
}

// transaction writes the postings since the last one. Dates are in UTC.
func (b *bookkeeper) transaction(at time.Time, description string) {
	year := strconv.Itoa(at.Year())
	date := strings.Repeat("0", 4-len(year)) + year + at.Format("-01-02")
	_, _ = b.out.WriteString(date + " " + description + "\n" + b.postings.String() + "\n")
	b.postings.Reset()
}
