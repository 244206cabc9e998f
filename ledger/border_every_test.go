package ledger_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/expiry"
	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/pricing"
)

// What is no text is not read back as it was hashed, and what has a billion digits is
// never written out: no request brings either in, wherever it has a place for it.
func TestNoRequestBringsInWhatCannotBeKept(t *testing.T) {
	t.Parallel()
	offer := ledger.Offer{Cycle: expiry.Months(1), Buckets: []ledger.Bucket{allowance("plan", "50")}}
	info := ledger.Info{Reason: "why", Actor: "who"}
	w, other := ledger.WalletIDOf("w"), ledger.WalletIDOf("other")
	for _, r := range []ledger.Request{
		ledger.OpenWalletRequest{Key: "new", Unit: pricing.Credits(), Terms: ledger.Terms{
			Limits:  []ledger.Limit{{Name: "l", Measure: ledger.MeasureCredits, Max: credits(5)}},
			Buckets: []ledger.Bucket{{Name: "b"}},
			Rates:   []pricing.Rate{{Item: "sms", Formula: pricing.Formula{Model: pricing.ModelPerUnit, Price: credits(1)}}},
		}},
		ledger.AmendRequest{Key: "k", WalletID: w, Terms: ledger.Terms{Owner: "x"}},
		ledger.GrantRequest{Key: "k", WalletID: w, Source: ledger.SourcePromotion, Amount: credits(1)},
		ledger.ChargeRequest{Key: "k", WalletID: w, Item: "sms", Amount: credits(1)},
		ledger.ChargeRequest{Key: "k", WalletID: w, Uses: []ledger.Use{{Item: "sms", Amount: credits(1)}}},
		ledger.HoldRequest{Key: "k", WalletID: w, Item: "sms", Amount: credits(1), Life: time.Hour},
		ledger.RefundRequest{Key: "k", WalletID: w, Charge: "charge"},
		ledger.AdjustRequest{Key: "k", WalletID: w, Amount: credits(1), Info: info},
		ledger.AdjustRequest{Key: "k", WalletID: w, Amount: credits(-1), Info: info},
		ledger.TransferRequest{Key: "k", From: w, To: other, Amount: credits(1)},
		ledger.TakeBackRequest{Key: "k", WalletID: w, Purchase: "grant"},
		ledger.SubscribeRequest{Key: "k", WalletID: other, Offer: offer, Prorate: ledger.ProrateNone},
		ledger.ChangeRequest{Key: "k", WalletID: w, Offer: offer},
		ledger.CancelRequest{Key: "k", WalletID: w},
		ledger.BillRequest{Key: "k", WalletID: w},
	} {
		do := func(r ledger.Request) error {
			b := open(t, ledger.Config{})
			for _, key := range []string{"w", "other"} {
				_, err := b.OpenWallet(b.ctx, ledger.OpenWalletRequest{Key: key, Unit: pricing.Credits()})
				require.NoError(t, err)
			}
			_, err := b.Together(b.ctx,
				ledger.GrantRequest{Key: "grant", WalletID: w, Source: ledger.SourcePurchase, Amount: credits(100)},
				ledger.ChargeRequest{Key: "charge", WalletID: w, Item: "sms", Amount: credits(3)},
				ledger.SubscribeRequest{Key: "subscribe", WalletID: w, Offer: offer, Prorate: ledger.ProrateNone},
			)
			require.NoError(t, err)
			_, err = b.Do(b.ctx, r)
			return err
		}
		require.NoError(t, do(r), "%T", r)
		v := reflect.New(reflect.TypeOf(r)).Elem()
		v.Set(reflect.ValueOf(r))
		spoil(v, "", func(where string) {
			require.Error(t, do(v.Interface().(ledger.Request)), "%T%s", r, where)
		})
	}
}

// spoil calls visit for every place in v that takes a text or a number, with one there
// that cannot be kept. Formulas contain formulas: it goes down a few steps only.
func spoil(v reflect.Value, where string, visit func(where string)) {
	if strings.Count(where, ".") > 4 {
		return
	}
	was := reflect.New(v.Type()).Elem()
	was.Set(v)
	defer v.Set(was)
	if v.Type() == reflect.TypeFor[decimal.Decimal]() {
		v.Set(reflect.ValueOf(decimal.New(1, 1_000_000_000)))
		visit(where)
		return
	}
	switch v.Kind() { // nothing else has such places
	case reflect.String:
		v.SetString("\xff")
		visit(where)
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() {
				spoil(v.Field(i), where+"."+f.Name, visit)
			}
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), max(1, v.Len()), max(1, v.Len())))
		reflect.Copy(v, was)
		spoil(v.Index(0), where+"[0]", visit)
	case reflect.Map:
		spoilPair(v, where, visit)
	}
}

// spoilPair calls visit with a pair in v of which the name cannot be kept, and with one
// of which the value cannot.
func spoilPair(v reflect.Value, where string, visit func(where string)) {
	pair := func(name string, value reflect.Value) {
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(reflect.ValueOf(name), value)
	}
	value := reflect.New(v.Type().Elem()).Elem()
	pair("\xff", value)
	visit(where + " by name")
	spoil(value, where, func(where string) {
		pair("name", value)
		visit(where)
	})
}
