package ledger_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/expiry"
	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/pricing"
)

// noStore is a store that must not be asked for anything.
type noStore struct{ t *testing.T }

func (s noStore) Update(context.Context, func(ledger.Tx) error) error { return s.asked() }
func (s noStore) View(context.Context, func(ledger.Tx) error) error   { return s.asked() }

func (s noStore) asked() error {
	s.t.Error("the store was asked before the request was checked")
	return errors.New("asked")
}

// TestRequestsThatCanNeverWork: an error that wraps ErrInvalid names the field, and
// nothing was read.
func TestRequestsThatCanNeverWork(t *testing.T) {
	t.Parallel()
	w, other := ledger.WalletIDOf("one"), ledger.WalletIDOf("other")
	ten, huge := dec("10"), decimal.New(1, 2_000_000_000)
	long := strings.Repeat("x", ledger.MaxKey+1)
	grant := func(edit func(*ledger.GrantRequest)) ledger.Request {
		r := ledger.GrantRequest{Key: "k", WalletID: w, Source: ledger.SourcePromotion, Amount: ten}
		edit(&r)
		return r
	}
	charge := func(edit func(*ledger.ChargeRequest)) ledger.Request {
		r := ledger.ChargeRequest{Key: "k", WalletID: w, Amount: ten}
		edit(&r)
		return r
	}
	opening := func(edit func(*ledger.OpenWalletRequest)) ledger.Request {
		r := ledger.OpenWalletRequest{Key: "k", Unit: pricing.Credits()}
		edit(&r)
		return r
	}
	subscribe := func(edit func(*ledger.SubscribeRequest)) ledger.Request {
		r := ledger.SubscribeRequest{Key: "k", WalletID: w, Offer: ledger.Offer{Cycle: expiry.Months(1), Buckets: []ledger.Bucket{allowance("a", "1")}}}
		edit(&r)
		return r
	}
	for _, c := range []struct {
		name    string
		field   string
		request ledger.Request
	}{
		{"a key that is empty", "Key", charge(func(r *ledger.ChargeRequest) { r.Key = "" })},
		{"a key of 256 bytes", "Key", charge(func(r *ledger.ChargeRequest) { r.Key = long })},
		{"a key that is no text", "Key", charge(func(r *ledger.ChargeRequest) { r.Key = "\xff" })},
		{"a key with a zero byte", "Key", charge(func(r *ledger.ChargeRequest) { r.Key = "a\x00b" })},
		{"no wallet", "WalletID", charge(func(r *ledger.ChargeRequest) { r.WalletID = ledger.WalletID{} })},

		{"a wallet without a unit", "Unit.Name", opening(func(r *ledger.OpenWalletRequest) { r.Unit = ledger.Unit{} })},
		{"a unit of 13 decimals", "Unit.Scale", opening(func(r *ledger.OpenWalletRequest) { r.Unit.Scale = 13 })},
		{"an order that is none", "Order", opening(func(r *ledger.OpenWalletRequest) { r.Order = "random" })},
		{"a time zone that is none", "Zone", opening(func(r *ledger.OpenWalletRequest) { r.Zone = "Mars/Olympus" })},
		{"a credit limit below zero", "CreditLimit", opening(func(r *ledger.OpenWalletRequest) { r.CreditLimit = dec("-1") })},
		{"a credit limit finer than the unit", "CreditLimit", opening(func(r *ledger.OpenWalletRequest) { r.CreditLimit = dec("0.5") })},
		{"an owner of 256 bytes", "Owner", opening(func(r *ledger.OpenWalletRequest) { r.Owner = long })},
		{"a life of refunds that is none", "Refunds.Life.Unit", opening(func(r *ledger.OpenWalletRequest) { r.Refunds.Life = expiry.Cycle{Every: 1} })},
		{"two buckets of one name", "Buckets[1].Name", opening(func(r *ledger.OpenWalletRequest) { r.Buckets = []ledger.Bucket{{Name: "a"}, {Name: "a"}} })},
		{"a bucket without a name", "Buckets[0].Name", opening(func(r *ledger.OpenWalletRequest) { r.Buckets = []ledger.Bucket{{}} })},
		{"an allowance without a subscription", "Buckets[0].Allowance", opening(func(r *ledger.OpenWalletRequest) { r.Buckets = []ledger.Bucket{allowance("a", "1")} })},
		{"51 pairs of metadata", "Metadata", opening(func(r *ledger.OpenWalletRequest) { r.Terms.Metadata = pairs(51) })},
		{"metadata without a name", "Metadata", opening(func(r *ledger.OpenWalletRequest) { r.Terms.Metadata = map[string]string{"": "x"} })},
		{"terms that can never be", "Order", ledger.AmendRequest{Key: "k", WalletID: w, Terms: ledger.Terms{Order: "x"}}},

		{"a grant of nothing", "Amount", grant(func(r *ledger.GrantRequest) { r.Amount = decimal.Zero })},
		{"a grant below zero", "Amount", grant(func(r *ledger.GrantRequest) { r.Amount = dec("-1") })},
		{"a grant of two milliards of digits", "Amount", grant(func(r *ledger.GrantRequest) { r.Amount = huge })},
		{"a grant of 27 digits", "Amount", grant(func(r *ledger.GrantRequest) { r.Amount = dec("1" + strings.Repeat("0", 26)) })},
		{"a grant of 13 decimals", "Amount", grant(func(r *ledger.GrantRequest) { r.Amount = decimal.New(1, -13) })},
		{"a grant without a source", "Source", grant(func(r *ledger.GrantRequest) { r.Source = "" })},
		{"a grant of another source", "Source", grant(func(r *ledger.GrantRequest) { r.Source = "found" })},
		{"priority 101", "Priority", grant(func(r *ledger.GrantRequest) { r.Priority = 101 })},
		{"priority -1", "Priority", grant(func(r *ledger.GrantRequest) { r.Priority = -1 })},
		{"paid less than nothing", "Paid", grant(func(r *ledger.GrantRequest) { r.Paid = ledger.Money{Amount: dec("-1"), Currency: "USD"} })},
		{"paid in no currency", "Paid.Currency", grant(func(r *ledger.GrantRequest) { r.Paid = ledger.Money{Amount: ten, Currency: "ZZZ"} })},
		{"paid finer than the currency", "Paid.Amount", grant(func(r *ledger.GrantRequest) { r.Paid = ledger.Money{Amount: dec("0.001"), Currency: "USD"} })},
		{"a scope that names nothing", "Scope.Items[0]", grant(func(r *ledger.GrantRequest) { r.Scope = ledger.Scope{Items: []string{""}} })},
		{"an expiry that is none", "Expiry.Kind", grant(func(r *ledger.GrantRequest) { r.Expiry = expiry.Policy{Kind: "soon"} })},
		{"effective in the year 10000", "EffectiveAt", grant(func(r *ledger.GrantRequest) { r.EffectiveAt = time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC) })},
		{"a name of 256 bytes", "Name", grant(func(r *ledger.GrantRequest) { r.Name = long })},
		{"a reference of 256 bytes", "Reference", grant(func(r *ledger.GrantRequest) { r.Reference = long })},
		{"an actor of 256 bytes", "Actor", grant(func(r *ledger.GrantRequest) { r.Actor = long })},
		{"a reason of 1001 bytes", "Reason", grant(func(r *ledger.GrantRequest) { r.Reason = strings.Repeat("x", ledger.MaxText+1) })},

		{"a charge of nothing", "Amount", charge(func(r *ledger.ChargeRequest) { r.Amount = decimal.Zero })},
		{"a charge below zero", "Amount", charge(func(r *ledger.ChargeRequest) { r.Amount = dec("-1") })},
		{"a charge without bounds", "Amount", charge(func(r *ledger.ChargeRequest) { r.Amount = huge })},
		{"a quantity below zero", "Quantity", charge(func(r *ledger.ChargeRequest) { r.Quantity = dec("-1") })},
		{"an item and several uses", "Uses", charge(func(r *ledger.ChargeRequest) { r.Uses = []ledger.Use{{Amount: ten}} })},
		{"a use of nothing", "Uses[1].Amount", charge(func(r *ledger.ChargeRequest) { r.Amount, r.Uses = decimal.Zero, []ledger.Use{{Amount: ten}, {}} })},
		{"1001 uses", "Uses", charge(func(r *ledger.ChargeRequest) { r.Amount, r.Uses = decimal.Zero, make([]ledger.Use, ledger.MaxParts+1) })},
		{"a shortfall that is none", "Shortfall", charge(func(r *ledger.ChargeRequest) { r.Shortfall = "steal" })},

		{"an adjustment of nothing", "Amount", ledger.AdjustRequest{Key: "k", WalletID: w, Info: ledger.Info{Reason: "r", Actor: "a"}}},
		{"an adjustment without a reason", "Reason", ledger.AdjustRequest{Key: "k", WalletID: w, Amount: ten, Info: ledger.Info{Actor: "a"}}},
		{"an adjustment by nobody", "Actor", ledger.AdjustRequest{Key: "k", WalletID: w, Amount: ten, Info: ledger.Info{Reason: "r"}}},
		{"a void of no grant", "Grant", ledger.VoidRequest{Key: "k", WalletID: w}},
		{"a void below zero", "Amount", ledger.VoidRequest{Key: "k", WalletID: w, Grant: ledger.GrantID{Seq: 2, N: 1}, Amount: dec("-1")}},
		{"a refund of no charge", "Charge", ledger.RefundRequest{Key: "k", WalletID: w}},
		{"a refund below zero", "Amount", ledger.RefundRequest{Key: "k", WalletID: w, Charge: "c", Amount: dec("-1")}},
		{"a refund of an amount and a quantity", "Amount", ledger.RefundRequest{Key: "k", WalletID: w, Charge: "c", Amount: ten, Quantity: ten}},
		{"a transfer to nobody", "To", ledger.TransferRequest{Key: "k", From: w, Amount: ten}},
		{"a transfer to itself", "To", ledger.TransferRequest{Key: "k", From: w, To: w, Amount: ten}},
		{"a transfer of nothing", "Amount", ledger.TransferRequest{Key: "k", From: w, To: other}},
		{"a take-back of no purchase", "Purchase", ledger.TakeBackRequest{Key: "k", WalletID: w}},
		{"a purchase of nothing", "Package", ledger.PurchaseRequest{Key: "k", WalletID: w}},
		{"-1 packages", "Number", ledger.PurchaseRequest{Key: "k", WalletID: w, Package: "p", Number: -1}},
		{"1001 packages", "Number", ledger.PurchaseRequest{Key: "k", WalletID: w, Package: "p", Number: 1001}},
		{"nothing to redeem", "Code", ledger.RedeemRequest{Key: "k", WalletID: w}},

		{"neither plan nor buckets", "Buckets", subscribe(func(r *ledger.SubscribeRequest) { r.Buckets = nil })},
		{"a plan and buckets", "Plan", subscribe(func(r *ledger.SubscribeRequest) { r.Plan = "p" })},
		{"no cycle", "Cycle", subscribe(func(r *ledger.SubscribeRequest) { r.Cycle = expiry.Cycle{} })},
		{"a proration that is none", "Prorate", subscribe(func(r *ledger.SubscribeRequest) { r.Prorate = "half" })},
		{"two buckets of a plan of one name", "Buckets[1].Name", subscribe(func(r *ledger.SubscribeRequest) { r.Buckets = append(r.Buckets, r.Buckets[0]) })},
		{"a cancellation at two instants", "At", ledger.CancelRequest{Key: "k", WalletID: w, At: noon, AtPeriodEnd: true}},

		{"a hold without a life", "Life", ledger.HoldRequest{Key: "k", WalletID: w, Amount: ten}},
		{"a hold for longer than a year", "Life", ledger.HoldRequest{Key: "k", WalletID: w, Amount: ten, Life: ledger.MaxHoldLife + 1}},
		{"an extension by nothing", "Amount", ledger.ExtendRequest{Key: "k", WalletID: w, Hold: 1}},
		{"a capture of nothing", "Amount", ledger.CaptureRequest{Key: "k", WalletID: w, Hold: 1}},
		{"a release below zero", "Amount", ledger.ReleaseRequest{Key: "k", WalletID: w, Hold: 1, Amount: dec("-1")}},
	} {
		t.Run(c.name, func(t *testing.T) {
			books := ledger.New(noStore{t}, ledger.Config{})
			_, err := books.Do(t.Context(), c.request)
			var refused *ledger.InvalidError
			require.ErrorAs(t, err, &refused)
			require.Equal(t, c.field, refused.Field)
			require.NotEmpty(t, refused.Reason)
			require.NotContains(t, refused.Reason, "is none")
			require.ErrorIs(t, err, ledger.ErrInvalid)
		})
	}
}

// TestWhatTheCatalogRefusesNamesTheFieldOfTheRequest: the catalog itself calls fields
// as files do.
func TestWhatTheCatalogRefusesNamesTheFieldOfTheRequest(t *testing.T) {
	t.Parallel()
	one := pricing.Formula{Model: pricing.ModelPerUse, Price: dec("1")}
	catalog, err := pricing.New(pricing.Catalog{
		Unit:  pricing.Credits(),
		Items: []pricing.ItemDef{{ID: "sms", Kind: "meter"}, {ID: "chat", Kind: "meter"}, {ID: "fax", Kind: "meter"}},
		RateCards: []pricing.RateCard{{Name: "list", Rates: []pricing.Rate{
			{Item: "sms", Formula: one, Match: map[string]string{"to": "DE"}},
			{Item: "chat", Formula: pricing.Formula{Model: pricing.ModelSum, Parts: map[string]pricing.Formula{"token_in": one}}},
		}}},
	})
	require.NoError(t, err)
	b := open(t, ledger.Config{Catalog: catalog})
	w, gone := b.wallet(ledger.Terms{}), b.wallet(ledger.Terms{RateCard: "gone"})
	german := map[string]string{"to": "DE"}
	for _, c := range []struct {
		name, field, reason string
		wallet              ledger.WalletID
		use                 ledger.Use
	}{
		{"an unknown item", "Item", `"mms" is not in the catalog`, w, ledger.Use{Item: "mms", Quantity: dec("1")}},
		{"an item without a rate", "Item", `"fax" has no rate on card "list"`, w, ledger.Use{Item: "fax", Quantity: dec("1")}},
		{"half a use", "Quantity", "is 0.5, and uses are whole", w, ledger.Use{Item: "sms", Quantity: dec("0.5"), Attributes: german}},
		{"attributes without a rate", "Attributes", `match no rate of item "sms" on card "list": no attributes`, w, ledger.Use{Item: "sms", Quantity: dec("1")}},
		{"half a use of a part", "Quantities.token_in", "is 0.5, and uses are whole", w, ledger.Use{Item: "chat", Quantities: map[string]decimal.Decimal{"token_in": dec("0.5")}}},
		{"an unknown part", "Quantities.token_out", "is not a part of this item's rate", w, ledger.Use{Item: "chat", Quantities: map[string]decimal.Decimal{"token_out": dec("1")}}},
		{"a wallet whose card is gone", "RateCard", `"gone" is not in the catalog`, gone, ledger.Use{Item: "sms", Quantity: dec("1")}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := b.Charge(b.ctx, ledger.ChargeRequest{
				Key: c.name, WalletID: c.wallet, Item: c.use.Item, Quantity: c.use.Quantity,
				Quantities: c.use.Quantities, Attributes: c.use.Attributes,
			})
			var refused *ledger.InvalidError
			require.ErrorAs(t, err, &refused)
			require.Equal(t, c.field, refused.Field)
			require.Equal(t, c.reason, refused.Reason)
		})
	}
}

func pairs(n int) map[string]string {
	m := make(map[string]string, n)
	for i := range n {
		m[strings.Repeat("k", i+1)] = ""
	}
	return m
}

// TestWhatIsJustWithinTheLimits accepts the greatest of everything.
func TestWhatIsJustWithinTheLimits(t *testing.T) {
	t.Parallel()
	b := open(t, ledger.Config{})
	key := strings.Repeat("k", ledger.MaxKey)
	w, err := b.OpenWallet(b.ctx, ledger.OpenWalletRequest{
		Key: key, Unit: ledger.Unit{Name: "fine", Scale: ledger.MaxScale}, Terms: ledger.Terms{Owner: key, Metadata: pairs(ledger.MaxMetadata)},
	})
	require.NoError(t, err)
	b.opens = append(b.opens, w.ID)
	most := dec(strings.Repeat("9", ledger.MaxDigits) + "." + strings.Repeat("9", ledger.MaxScale))
	_, err = b.Grant(b.ctx, ledger.GrantRequest{
		Key: key, WalletID: w.ID, Source: ledger.SourcePromotion, Amount: most,
	})
	require.ErrorIs(t, err, ledger.ErrKeyReused, "the wallet's opening has the key")
	_, err = b.Grant(b.ctx, ledger.GrantRequest{
		Key: "g", WalletID: w.ID, Source: ledger.SourcePromotion, Amount: most, Priority: ledger.MaxPriority, Name: key,
		Info: ledger.Info{Reference: key, Actor: key, Reason: strings.Repeat("r", ledger.MaxText)},
	})
	require.NoError(t, err)
	uses := make([]ledger.Use, ledger.MaxParts)
	for i := range uses {
		uses[i].Amount = dec("0.000000000001")
	}
	_, err = b.Charge(b.ctx, ledger.ChargeRequest{Key: "c", WalletID: w.ID, Uses: uses})
	require.NoError(t, err)
	require.Equal(t, most.Sub(dec("0.000000001")).String(), b.available(w.ID))
}

// TestErrorsByName: what each operation answers where it cannot do as asked, and that
// it leaves the wallet as it was.
func TestErrorsByName(t *testing.T) {
	t.Parallel()
	adjust := ledger.Info{Reason: "r", Actor: "a"}
	for _, c := range []struct {
		name  string
		setup func(b *books, w ledger.WalletID)
		do    func(b *books, w ledger.WalletID) ledger.Request
		want  error
	}{
		{"a charge of more than there is", nil, func(b *books, w ledger.WalletID) ledger.Request {
			return ledger.ChargeRequest{Key: "k", WalletID: w, Amount: dec("101")}
		}, ledger.ErrInsufficientCredits},
		{"a charge finer than the unit", nil, func(b *books, w ledger.WalletID) ledger.Request {
			return ledger.ChargeRequest{Key: "k", WalletID: w, Amount: dec("0.5")}
		}, ledger.ErrInvalid},
		{"a charge by quantity without a catalog", nil, func(b *books, w ledger.WalletID) ledger.Request {
			return ledger.ChargeRequest{Key: "k", WalletID: w, Item: "x", Quantity: dec("1")}
		}, ledger.ErrInvalid},
		{"a charge in the future", nil, func(b *books, w ledger.WalletID) ledger.Request {
			return ledger.ChargeRequest{Key: "k", WalletID: w, Amount: dec("1"), At: b.clock.Add(time.Microsecond)}
		}, ledger.ErrInvalid},
		{"a charge on a wallet that is not there", nil, func(b *books, w ledger.WalletID) ledger.Request {
			return ledger.ChargeRequest{Key: "k", WalletID: ledger.WalletIDOf("nobody's"), Amount: dec("1")}
		}, ledger.ErrNotFound},
		{"a charge on a frozen wallet", frozen, func(b *books, w ledger.WalletID) ledger.Request {
			return ledger.ChargeRequest{Key: "k", WalletID: w, Amount: dec("1")}
		}, ledger.ErrFrozen},
		{"a hold on a frozen wallet", frozen, func(b *books, w ledger.WalletID) ledger.Request {
			return ledger.HoldRequest{Key: "k", WalletID: w, Amount: dec("1"), Life: hour}
		}, ledger.ErrFrozen},
		{"a deduction from a frozen wallet", frozen, func(b *books, w ledger.WalletID) ledger.Request {
			return ledger.AdjustRequest{Key: "k", WalletID: w, Amount: dec("-1"), Info: adjust}
		}, ledger.ErrFrozen},
		{"a transfer from a frozen wallet", frozen, func(b *books, w ledger.WalletID) ledger.Request {
			return ledger.TransferRequest{Key: "k", From: w, To: b.wallet(ledger.Terms{}), Amount: dec("1")}
		}, ledger.ErrFrozen},
		{"a grant to a closed wallet", closed, func(b *books, w ledger.WalletID) ledger.Request {
			return ledger.GrantRequest{Key: "k", WalletID: w, Amount: dec("1"), Source: ledger.SourcePromotion}
		}, ledger.ErrClosed},
		{"a transfer to a closed wallet", closed, func(b *books, w ledger.WalletID) ledger.Request {
			from := b.wallet(ledger.Terms{})
			b.give(from, "5", nil)
			return ledger.TransferRequest{Key: "k", From: from, To: w, Amount: dec("1")}
		}, ledger.ErrClosed},
		{"a charge on a closed wallet", closed, func(b *books, w ledger.WalletID) ledger.Request {
			return ledger.ChargeRequest{Key: "k", WalletID: w, Amount: dec("1")}
		}, ledger.ErrClosed},
		{"a transfer to another unit", nil, func(b *books, w ledger.WalletID) ledger.Request {
			to := b.walletIn(ledger.Unit{Name: "USD", Scale: 2}, ledger.Terms{})
			return ledger.TransferRequest{Key: "k", From: w, To: to, Amount: dec("1")}
		}, ledger.ErrInvalid},
		{"a transfer to nowhere", nil, func(b *books, w ledger.WalletID) ledger.Request {
			return ledger.TransferRequest{Key: "k", From: w, To: ledger.WalletIDOf("nobody's"), Amount: dec("1")}
		}, ledger.ErrNotFound},
		{"a transfer of more than there is", nil, func(b *books, w ledger.WalletID) ledger.Request {
			return ledger.TransferRequest{Key: "k", From: w, To: b.wallet(ledger.Terms{}), Amount: dec("101")}
		}, ledger.ErrInsufficientCredits},
		{"a grant to a bucket that is not there", nil, func(b *books, w ledger.WalletID) ledger.Request {
			return ledger.GrantRequest{Key: "k", WalletID: w, Amount: dec("1"), Source: ledger.SourcePromotion, Bucket: "x"}
		}, ledger.ErrNotFound},
		{"a grant that has ended before it is made", nil, func(b *books, w ledger.WalletID) ledger.Request {
			r := ledger.GrantRequest{Key: "k", WalletID: w, Amount: dec("1"), Source: ledger.SourcePromotion, EffectiveAt: b.clock.Add(-day)}
			until(b.clock)(&r)
			return r
		}, ledger.ErrInvalid},
		{"a grant that ends as it begins", nil, func(b *books, w ledger.WalletID) ledger.Request {
			r := ledger.GrantRequest{Key: "k", WalletID: w, Amount: dec("1"), Source: ledger.SourcePromotion, EffectiveAt: b.clock.Add(day)}
			until(b.clock.Add(day))(&r)
			return r
		}, ledger.ErrInvalid},
		{"a deduction of more than there is", nil, func(b *books, w ledger.WalletID) ledger.Request {
			return ledger.AdjustRequest{Key: "k", WalletID: w, Amount: dec("-101"), Info: adjust}
		}, ledger.ErrInsufficientCredits},
		{"a deduction from a bucket that is not there", nil, func(b *books, w ledger.WalletID) ledger.Request {
			return ledger.AdjustRequest{Key: "k", WalletID: w, Amount: dec("-1"), Bucket: "x", Info: adjust}
		}, ledger.ErrNotFound},
		{"a void of a grant that is not there", nil, func(b *books, w ledger.WalletID) ledger.Request {
			return ledger.VoidRequest{Key: "k", WalletID: w, Grant: ledger.GrantID{Seq: 2, N: 2}}
		}, ledger.ErrNotFound},
		{"a void of more than there is", nil, func(b *books, w ledger.WalletID) ledger.Request {
			return ledger.VoidRequest{Key: "k", WalletID: w, Grant: ledger.GrantID{Seq: 2, N: 1}, Amount: dec("101")}
		}, ledger.ErrInvalid},
		{"a void of a grant that was spent", func(b *books, w ledger.WalletID) { b.mustCharge(w, "100") }, func(b *books, w ledger.WalletID) ledger.Request {
			return ledger.VoidRequest{Key: "k", WalletID: w, Grant: ledger.GrantID{Seq: 2, N: 1}}
		}, ledger.ErrClosed},
		{"a refund of a charge that is not there", nil, func(b *books, w ledger.WalletID) ledger.Request {
			return ledger.RefundRequest{Key: "k", WalletID: w, Charge: "x"}
		}, ledger.ErrNotFound},
		{"a refund of what is no charge", nil, func(b *books, w ledger.WalletID) ledger.Request {
			return ledger.RefundRequest{Key: "k", WalletID: w, Charge: "key-2"}
		}, ledger.ErrNotFound},
		{"a refund of more than was charged", func(b *books, w ledger.WalletID) { b.mustCharge(w, "5") }, func(b *books, w ledger.WalletID) ledger.Request {
			return ledger.RefundRequest{Key: "k", WalletID: w, Charge: "key-3", Amount: dec("6")}
		}, ledger.ErrInvalid},
		{"a take-back of what is no purchase", func(b *books, w ledger.WalletID) { b.mustCharge(w, "5") }, func(b *books, w ledger.WalletID) ledger.Request {
			return ledger.TakeBackRequest{Key: "k", WalletID: w, Purchase: "key-3"}
		}, ledger.ErrNotFound},
		{"a take-back of what was spent", func(b *books, w ledger.WalletID) { b.mustCharge(w, "100") }, func(b *books, w ledger.WalletID) ledger.Request {
			return ledger.TakeBackRequest{Key: "k", WalletID: w, Purchase: "key-2"}
		}, ledger.ErrClosed},
		{"a capture of a hold that is not there", nil, func(b *books, w ledger.WalletID) ledger.Request {
			return ledger.CaptureRequest{Key: "k", WalletID: w, Hold: 7, Amount: dec("1")}
		}, ledger.ErrNotFound},
		{"a plan without a catalog", nil, func(b *books, w ledger.WalletID) ledger.Request {
			return ledger.SubscribeRequest{Key: "k", WalletID: w, Offer: ledger.Offer{Plan: "basic"}}
		}, ledger.ErrNotFound},
		{"a change of no subscription", nil, func(b *books, w ledger.WalletID) ledger.Request {
			return ledger.ChangeRequest{Key: "k", WalletID: w, Offer: ledger.Offer{Buckets: []ledger.Bucket{allowance("a", "1")}}}
		}, ledger.ErrNotFound},
		{"a cancellation of no subscription", nil, func(b *books, w ledger.WalletID) ledger.Request {
			return ledger.CancelRequest{Key: "k", WalletID: w}
		}, ledger.ErrNotFound},
		{"a subscription from the future", nil, func(b *books, w ledger.WalletID) ledger.Request {
			return ledger.SubscribeRequest{Key: "k", WalletID: w, Anchor: b.clock.Add(time.Microsecond), Offer: monthly("1")}
		}, ledger.ErrInvalid},
		{"a second subscription of a name", subscribed, func(b *books, w ledger.WalletID) ledger.Request {
			return ledger.SubscribeRequest{Key: "k", WalletID: w, Offer: ledger.Offer{Cycle: expiry.Months(1), Buckets: []ledger.Bucket{allowance("b", "1")}}}
		}, ledger.ErrInvalid},
		{"a second subscription of a bucket", subscribed, func(b *books, w ledger.WalletID) ledger.Request {
			return ledger.SubscribeRequest{Key: "k", WalletID: w, Name: "more", Offer: monthly("1")}
		}, ledger.ErrInvalid},
		{"a subscription finer than the unit", nil, func(b *books, w ledger.WalletID) ledger.Request {
			return ledger.SubscribeRequest{Key: "k", WalletID: w, Offer: monthly("0.5")}
		}, ledger.ErrInvalid},
		{"a cancellation in the past", subscribed, func(b *books, w ledger.WalletID) ledger.Request {
			return ledger.CancelRequest{Key: "k", WalletID: w, At: b.clock.Add(-time.Microsecond)}
		}, ledger.ErrInvalid},
		{"a bucket of its own that a subscription has", subscribed, func(b *books, w ledger.WalletID) ledger.Request {
			return ledger.AmendRequest{Key: "k", WalletID: w, Terms: ledger.Terms{Buckets: []ledger.Bucket{{Name: "plan"}}}}
		}, ledger.ErrInvalid},
		{"a package without a catalog", nil, func(b *books, w ledger.WalletID) ledger.Request {
			return ledger.PurchaseRequest{Key: "k", WalletID: w, Package: "starter"}
		}, ledger.ErrNotFound},
		{"nothing of a metered item", nil, func(b *books, w ledger.WalletID) ledger.Request {
			return ledger.ChargeRequest{Key: "k", WalletID: w, Item: "sms"}
		}, ledger.ErrInvalid},
		{"a coupon without a catalog", nil, func(b *books, w ledger.WalletID) ledger.Request {
			return ledger.RedeemRequest{Key: "k", WalletID: w, Code: "HELLO"}
		}, ledger.ErrNotFound},
		{"a wallet opened with another's key", nil, func(b *books, w ledger.WalletID) ledger.Request {
			return ledger.OpenWalletRequest{Key: "key-1", Unit: pricing.Credits(), Terms: ledger.Terms{Owner: "another"}}
		}, ledger.ErrKeyReused},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := open(t, ledger.Config{})
			w := b.wallet(ledger.Terms{})
			b.give(w, "100", nil)
			if c.setup != nil {
				c.setup(b, w)
			}
			r := c.do(b, w)
			seq := b.seq(w)
			_, would := b.Check(b.ctx, r)
			require.ErrorIs(t, would, c.want, "Check says the same")
			_, err := b.Do(b.ctx, r)
			require.ErrorIs(t, err, c.want)
			require.Equal(t, seq, b.seq(w), "it leaves no trace")
		})
	}
}

func frozen(b *books, w ledger.WalletID) {
	_, err := b.Freeze(b.ctx, ledger.StatusRequest{Key: b.key(), WalletID: w})
	require.NoError(b.t, err)
}

func closed(b *books, w ledger.WalletID) {
	_, err := b.CloseWallet(b.ctx, ledger.StatusRequest{Key: b.key(), WalletID: w})
	require.NoError(b.t, err)
}

func subscribed(b *books, w ledger.WalletID) {
	b.subscribe(w, ledger.SubscribeRequest{Offer: monthly("10")})
}
