package migrate_test

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/expiry"
	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/pricing"
)

// exported is what the old system had at the moment of the move, oldest first.
//
//go:embed old.csv
var exported string

// A lot is a block of credits in the old system.
type lot struct {
	customer, id, kind string
	granted, remaining decimal.Decimal
	paid               decimal.Decimal // in USD, for all that was granted
	until              time.Time       // the last day on which it can be spent; zero: for ever
}

// readLots reads an export, customer by customer.
func readLots(text string) (lots []lot, err error) {
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		return nil, err
	}
	for _, row := range rows[1:] {
		l := lot{customer: row[0], id: row[1], kind: row[2]}
		for i, to := range []*decimal.Decimal{&l.granted, &l.remaining, &l.paid} {
			if *to, err = decimal.NewFromString(row[3+i]); err != nil {
				return nil, fmt.Errorf("lot %s: %w", l.id, err)
			}
		}
		if row[6] != "" {
			if l.until, err = time.Parse(time.DateOnly, row[6]); err != nil {
				return nil, fmt.Errorf("lot %s: %w", l.id, err)
			}
		}
		lots = append(lots, l)
	}
	return lots, nil
}

// grant returns the request that brings what is left of l into the new books.
func (l lot) grant() ledger.GrantRequest {
	r := ledger.GrantRequest{
		Key: "import/" + l.id, WalletID: ledger.WalletIDOf(l.customer),
		Source: ledger.SourcePromotion, Name: "lot " + l.id, Amount: l.remaining,
		Expiry: expiry.Policy{Kind: expiry.PolicyNever}, // said outright, so that no default can end it
		Info:   ledger.Info{Reference: l.id, Reason: "import from the old system", Actor: "migration"},
	}
	if l.kind == "bought" {
		r.Source = ledger.SourcePurchase
		r.Paid = l.unearned()
	}
	if !l.until.IsZero() {
		r.Expiry = expiry.Policy{Kind: expiry.PolicyAt, At: l.until.AddDate(0, 0, 1)} // the day after, exclusive
	}
	return r
}

// unearned returns what was paid for what is left of l. The two parts of a price sum
// to it to the cent.
func (l lot) unearned() ledger.Money {
	parts := pricing.Split(l.paid, []decimal.Decimal{l.remaining, l.granted.Sub(l.remaining)}, 2)
	return ledger.Money{Amount: parts[0], Currency: "USD"}
}

// importLot opens the customer's wallet, if that has not been done, and grants what is
// left of a lot: both or neither.
func (t *target) importLot(l lot) error {
	_, err := t.Together(ctx,
		ledger.OpenWalletRequest{Key: l.customer, Unit: pricing.Credits(), Terms: ledger.Terms{Owner: l.customer}},
		l.grant(),
	)
	return err
}

// importAll imports lots one after the other.
func (t *target) importAll(lots []lot) error {
	for _, l := range lots {
		if err := t.importLot(l); err != nil {
			return fmt.Errorf("lot %s of %s: %w", l.id, l.customer, err)
		}
	}
	return nil
}
