package main

import (
	"context"
	"fmt"
	"iter"

	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/ledger/report"
)

// received returns the payments that the provider knows of.
func (p *portal) received() iter.Seq[report.Payment] {
	return func(yield func(report.Payment) bool) {
		for _, r := range p.payments {
			if !yield(report.Payment{Reference: r.id, Money: r.money}) {
				return
			}
		}
	}
}

// faults are what can be wrong with a payment, in words.
var faults = map[report.Fault]string{
	report.NotGranted: "but no credits were added: they are now", report.NotPaid: "but credits were added",
	report.Doubled: "more than once on one of the sides", report.Differs: "but another amount was booked",
}

// checkPayments compares payments with purchases, and applies the one whose message
// was lost.
func (p *portal) checkPayments(ctx context.Context) error {
	p.head("Payments and purchases")
	for range 2 {
		wrong, err := report.Payments(ctx, p.Ledger, report.Query{}, p.received())
		if err != nil {
			return err
		}
		fmt.Fprintf(p.out, "  %d payments, of which %d do not agree with the books\n", len(p.payments), len(wrong))
		for _, m := range wrong {
			fmt.Fprintf(p.out, "  %s: %s paid, %s\n", m.Reference, m.Paid, faults[m.Fault])
			if m.Fault != report.NotGranted {
				continue
			}
			if err := p.organizations[2].apply(ctx, m.Reference, "starter"); err != nil {
				return err
			}
		}
	}
	return p.sendMail(ctx)
}

// reconcile compares what every journal adds up to with the balance of its wallet.
func (p *portal) reconcile(ctx context.Context) error {
	p.head("Balance reconciliation")
	rows := [][]string{{"client", "in", "used", "ended", "moved", "paid back", "makes", "balance", ""}}
	for _, o := range p.organizations {
		m, err := p.flows(ctx, report.Query{Wallets: []ledger.WalletID{o.wallet}})
		if err != nil {
			return err
		}
		b, err := p.Balance(ctx, o.wallet, p.now)
		if err != nil {
			return err
		}
		makes, verdict := m.Net().Credits, "agrees"
		if !makes.Equal(b.Total) {
			verdict = "DIFFERS"
		}
		in := m.Sold.Add(m.Granted).Add(m.Carried)
		rows = append(rows, []string{
			o.name, in.Credits.String(), m.Used.Credits.String(), m.Breakage().Credits.String(),
			m.Received.Sub(m.Sent).Credits.String(), m.Returned.Credits.String(), makes.String(), b.Total.String(), verdict,
		})
	}
	p.table(rows, 1, 2, 3, 4, 5, 6, 7)
	return nil
}

// flows returns what became of all the credits that q is about, paid for and free.
func (p *portal) flows(ctx context.Context, q report.Query) (all report.Movements, err error) {
	list, err := report.RollForwards(ctx, p.Ledger, q)
	for _, r := range list {
		all = all.Add(&r.Movements)
	}
	return all, err
}

// verify replays every journal: no transaction stands twice, none is missing, none
// was changed.
func (p *portal) verify(ctx context.Context) error {
	var wallets, entries int64
	for v, err := range p.VerifyAll(ctx, ledger.WalletID{}) {
		if err != nil {
			return err
		}
		if v.Err != nil {
			return v.Err
		}
		wallets, entries = wallets+1, entries+v.Entries
	}
	_, err := fmt.Fprintf(p.out, "\nThe books are right: %d wallets, replayed from their journals of %d entries.\n", wallets, entries)
	return err
}
