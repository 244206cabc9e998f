package main

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/ledger"
)

// alerts are what organizations get messages about.
var alerts = ledger.Alerts{
	Low:      []ledger.Level{{Amount: decimal.NewFromInt(20)}},
	Expiring: []int{30, 7},
	Events: []ledger.NoticeKind{
		ledger.NoticePurchased, ledger.NoticeGrace, ledger.NoticeExpired, ledger.NoticeRenewed, ledger.NoticeRollover,
	},
}

// runDue books what falls due, and tells of it, until ctx ends.
func (p *portal) runDue(ctx context.Context) {
	err := p.books.Run(ctx, ledger.RunConfig{Handle: p.deliver, Logger: p.log})
	if ctx.Err() == nil {
		p.log.ErrorContext(ctx, "what is due is not done any more", "error", err)
	}
}

// deliver sends the message that a notice is worth. With a new period comes an
// invoice for the plan. A notice may come twice: what is done about it is done once.
func (p *portal) deliver(ctx context.Context, d ledger.Delivery) error {
	return p.inTx(ctx, func(tx *sql.Tx, books *ledger.Ledger) error {
		o, err := organizationOf(ctx, tx, books, d.ID.WalletID)
		if err != nil {
			return err
		}
		if d.Notice.Kind == ledger.NoticeRenewed {
			if err := p.invoicePlan(ctx, tx, books, o, d.ID.EntryID); err != nil {
				return err
			}
		}
		text := words(d.Notice, o)
		if text == "" {
			return nil
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO messages (id, organization, sent_at, text) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`,
			d.ID.String(), o.ID, p.now().UnixMicro(), text)
		return err
	})
}

// organizationOf returns the organization that has a wallet.
func organizationOf(ctx context.Context, tx *sql.Tx, books *ledger.Ledger, id ledger.WalletID) (organization, error) {
	w, err := books.Wallet(ctx, id)
	if err != nil {
		return organization{}, err
	}
	return organizationIn(ctx, tx, w.Owner)
}

// words returns what a notice tells the people of o; empty: nothing.
func words(n ledger.Notice, o organization) string {
	day := n.At.In(o.location()).Format("2 January 2006")
	switch n.Kind { // the kinds of alerts
	case ledger.NoticePurchased:
		return fmt.Sprintf("Thank you for your purchase: %s were added.", credits(n.Amount))
	case ledger.NoticeLow:
		return fmt.Sprintf("Your balance is low: %s are left.", credits(n.Amount))
	case ledger.NoticeExpiring:
		return fmt.Sprintf("%s will expire on %s, in %v days.", credits(n.Amount), day, n.Level)
	case ledger.NoticeGrace:
		return fmt.Sprintf("%s have expired. You can still use them until %s.", credits(n.Amount), day)
	case ledger.NoticeExpired:
		return fmt.Sprintf("%s expired unused.", credits(n.Amount))
	case ledger.NoticeRenewed:
		return fmt.Sprintf("A new month has begun and brings %s.", credits(n.Amount))
	case ledger.NoticeRollover:
		return fmt.Sprintf("%s were carried over into the new month.", credits(n.Amount))
	}
	return ""
}

// A message is something that people were told.
type message struct {
	At   time.Time
	Text string
}

// messages returns the latest messages to o, the last first.
func (p *portal) messages(ctx context.Context, o organization, most int) (all []message, err error) {
	rows, err := p.db.QueryContext(ctx, `SELECT sent_at, text FROM messages
		WHERE organization = ? ORDER BY sent_at DESC, id DESC LIMIT ?`, o.ID, most)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var m message
		var at int64
		if err := rows.Scan(&at, &m.Text); err != nil {
			return nil, err
		}
		m.At = time.UnixMicro(at)
		all = append(all, m)
	}
	return all, rows.Err()
}
