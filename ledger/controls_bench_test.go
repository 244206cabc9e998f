package ledger_test

import (
	"context"
	"fmt"
	"strconv"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/expiry"
	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/pricing"
	"github.com/scrip-go/scrip/store/memory"
)

// BenchmarkControls compares a charge with a hold and its capture, with a charge
// beside many open holds, and with one under limits and alerts.
func BenchmarkControls(b *testing.B) {
	ctx := context.Background()
	charge := func(l *ledger.Ledger, w ledger.WalletID, i int) error {
		_, err := l.Charge(ctx, ledger.ChargeRequest{Key: strconv.Itoa(i), WalletID: w, Item: "call", Amount: decimal.NewFromInt(3)})
		return err
	}
	holdAndCapture := func(l *ledger.Ledger, w ledger.WalletID, i int) error {
		e, err := l.Hold(ctx, ledger.HoldRequest{Key: strconv.Itoa(i), WalletID: w, Item: "call", Amount: decimal.NewFromInt(5), Life: hour})
		if err != nil {
			return err
		}
		_, err = l.Capture(ctx, ledger.CaptureRequest{
			Key: strconv.Itoa(i) + "c", WalletID: w, Hold: e.Hold.ID, Amount: decimal.NewFromInt(3),
		})
		return err
	}
	most := decimal.New(1, 12)
	limits := []ledger.Limit{
		{Name: "daily", Measure: ledger.MeasureCredits, Max: most, Per: expiry.Days(1)},
		{Name: "minute", Measure: ledger.MeasureQuantity, Max: most, Per: expiry.Minutes(1), PerActor: true},
		{Name: "one", Measure: ledger.MeasureCharge, Max: most},
	}
	for _, c := range []struct {
		name  string
		terms ledger.Terms
		holds int
		work  func(*ledger.Ledger, ledger.WalletID, int) error
	}{
		{"charge", ledger.Terms{}, 0, charge},
		{"hold and capture", ledger.Terms{}, 0, holdAndCapture},
		{"charge beside 1000 holds", ledger.Terms{}, 1000, charge},
		{"charge under 1 limit", ledger.Terms{Limits: limits[:1]}, 0, charge},
		{"charge under 3 limits", ledger.Terms{Limits: limits}, 0, charge},
		{"charge with alerts", ledger.Terms{Alerts: ledger.UsualAlerts()}, 0, charge},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			l := ledger.New(new(memory.Store), ledger.Config{})
			w, err := l.OpenWallet(ctx, ledger.OpenWalletRequest{Key: "w", Unit: pricing.Credits(), Terms: c.terms})
			for k := 0; k < 5 && err == nil; k++ {
				_, err = l.Grant(ctx, ledger.GrantRequest{Key: fmt.Sprint("g", k), WalletID: w.ID, Source: ledger.SourcePromotion, Amount: most})
			}
			for k := 0; k < c.holds && err == nil; k++ {
				_, err = l.Hold(ctx, ledger.HoldRequest{Key: fmt.Sprint("h", k), WalletID: w.ID, Amount: decimal.NewFromInt(1), Life: 24 * hour})
			}
			if err != nil {
				b.Fatal(err)
			}
			for i := 0; b.Loop(); i++ {
				if err := c.work(l, w.ID, i); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
