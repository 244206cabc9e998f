package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/ledger"
)

// alerts are what organizations get mail about.
var alerts = ledger.Alerts{
	Low:      []ledger.Level{{Amount: decimal.NewFromInt(20)}},
	Expiring: []int{30, 7},
	Events: []ledger.NoticeKind{
		ledger.NoticePurchased, ledger.NoticeGrace, ledger.NoticeExpired, ledger.NoticeRollover,
	},
}

// until lets days pass up to the morning of a day of 2026, each ending with a sweep.
// A server lets Ledger.Run do this.
func (p *portal) until(ctx context.Context, month time.Month, day int) error {
	morning := time.Date(2026, month, day, 9, 0, 0, 0, time.UTC)
	year, today, date := p.now.Date()
	for p.now = time.Date(year, today, date, 23, 59, 0, 0, time.UTC); p.now.Before(morning); p.now = p.now.AddDate(0, 0, 1) {
		if _, err := p.Settle(ctx, 100); err != nil {
			return err
		}
		if err := p.sendMail(ctx); err != nil {
			return err
		}
	}
	p.now = morning
	return nil
}

// sendMail sends what the ledger has to tell. A notice comes again if its mail could
// not be sent.
func (p *portal) sendMail(ctx context.Context) error {
	for {
		notices, err := p.TakeNotices(ctx, 100, time.Minute)
		if err != nil || len(notices) == 0 {
			return err
		}
		for _, n := range notices {
			p.send(n)
			if err := p.AckNotices(ctx, n.ID); err != nil {
				return err
			}
		}
	}
}

// send sends the mail that a notice is worth to the owner of the organization.
func (p *portal) send(n ledger.Delivery) {
	text := words(n.Notice)
	i := slices.IndexFunc(p.organizations, func(o *organization) bool { return o.wallet == n.ID.WalletID })
	if text != "" && i >= 0 {
		p.mail(p.organizations[i], text)
	}
}

// mail sends an organization mail.
func (p *portal) mail(to *organization, text string) {
	fmt.Fprintf(p.out, "  %s  %-14s    mail to %s: %s\n", p.now.Format("02 Jan"), to.name, to.owner, text)
}

// words returns what a notice tells its reader; empty: it is not worth a mail.
func words(n ledger.Notice) string {
	switch n.Kind { // the kinds of alerts
	case ledger.NoticePurchased:
		return fmt.Sprintf("thank you, %v credits were added", n.Amount)
	case ledger.NoticeLow:
		return fmt.Sprintf("your balance is low: %v credits. Time for a top-up?", n.Amount)
	case ledger.NoticeExpiring:
		return fmt.Sprintf("%v credits expire in %v days, on %s", n.Amount, n.Level, day(n.At))
	case ledger.NoticeGrace:
		return fmt.Sprintf("%v credits have expired; you can use them until %s", n.Amount, day(n.At))
	case ledger.NoticeExpired:
		return fmt.Sprintf("%v credits have ended unused", n.Amount)
	case ledger.NoticeRollover:
		return fmt.Sprintf("%v credits roll over into the new month", n.Amount)
	}
	return ""
}

func day(t time.Time) string { return t.Format("2 January") }
