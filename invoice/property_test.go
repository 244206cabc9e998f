package invoice_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"github.com/leanovate/gopter"
	"github.com/leanovate/gopter/gen"
	"github.com/leanovate/gopter/prop"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/invoice"
	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/pricing"
)

// parameters returns gopter's settings: the seed is fixed, so that a failure
// repeats.
func parameters(t *testing.T, runs int) *gopter.TestParameters {
	t.Helper()
	p := gopter.DefaultTestParametersWithSeed(20260901)
	p.MinSuccessfulTests = runs
	if testing.Short() {
		p.MinSuccessfulTests = runs / 10
	}
	return p
}

// A scene is an invoice, wallets that may pay it, and the instant.
type scene struct {
	Invoice invoice.Invoice
	Wallets []ledger.Wallet
}

// genScene makes scenes from one number, so that a failing one has a name.
func genScene() gopter.Gen {
	return gen.UInt64().Map(func(seed uint64) scene { return randomScene(rand.New(rand.NewPCG(seed, 1))) })
}

var items = []ledger.Item{
	{ID: "tokens", Kind: invoice.KindMeter},
	{ID: "images", Kind: invoice.KindMeter},
	{ID: "seats", Kind: invoice.KindLicence},
	{ID: "plan", Kind: invoice.KindFee},
}

var scopes = []ledger.Scope{
	{},
	{Kinds: []string{invoice.KindMeter}},
	{Items: []string{"tokens", "seats"}},
	{Items: []string{"images", "plan"}},
	{ExceptItems: []string{"tokens"}},
}

var taxes = []invoice.Tax{
	{},
	{Name: "VAT", Rate: dec("19")},
	{Name: "reduced", Rate: dec("7")},
	{Name: "VAT", Rate: dec("19"), Inclusive: true},
	{Name: "odd", Rate: dec("8.875")},
}

func pick[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }

func randomScene(r *rand.Rand) scene {
	s := scene{Invoice: invoice.Invoice{
		ID: "INV", Currency: pick(r, []string{"USD", "USD", "JPY", "KWD"}),
		Strategy: pick(r, []ledger.Strategy{ledger.StrategyInOrder, ledger.StrategyFullest}),
		Stage:    pick(r, []invoice.Stage{invoice.StageBeforeTax, invoice.StageAfterTax, invoice.StageNetOnly}),
		Rounding: pick(r, []pricing.RoundingMode{"", pricing.RoundHalfEven, pricing.RoundUp, pricing.RoundDown}),
	}}
	s.Invoice.TaxByLine = r.IntN(3) == 0
	for i := range 1 + r.IntN(7) {
		s.Invoice.Lines = append(s.Invoice.Lines, randomLine(r, i))
	}
	for range r.IntN(3) {
		s.Invoice.Discounts = append(s.Invoice.Discounts, randomDiscount(r))
	}
	if r.IntN(5) == 0 {
		s.Invoice.Minimum = invoice.Minimum{Amount: amount(r, 30), Item: pick(r, items), Tax: pick(r, taxes)}
	}
	if r.IntN(5) == 0 {
		s.Invoice.Maximum = s.Invoice.Minimum.Amount.Add(amount(r, 50)).Add(dec("0.01"))
	}
	for i := range r.IntN(4) {
		s.addWallet(r, i)
	}
	return s
}

// amount returns up to so many whole ones, sometimes finer than a cent.
func amount(r *rand.Rand, most int) decimal.Decimal {
	return decimal.New(int64(r.IntN(most*1000)), -3).Round(int32(r.IntN(4)))
}

func randomLine(r *rand.Rand, i int) invoice.Line {
	l := invoice.Line{ID: fmt.Sprintf("l%d", i), Item: pick(r, items), Tax: pick(r, taxes)}
	switch r.IntN(5) {
	case 0:
		l.Amount = amount(r, 20).Neg()
		return l
	case 1:
		l.Quantity, l.UnitPrice = decimal.NewFromInt(int64(r.IntN(2000))), decimal.New(int64(r.IntN(9)), -3)
	default:
		l.Amount = amount(r, 40)
	}
	for range r.IntN(3) {
		d := randomDiscount(r)
		d.Scope = ledger.Scope{}
		l.Discounts = append(l.Discounts, d)
	}
	if r.IntN(4) == 0 {
		l.At = noon.Add(-10 * day)
	}
	return l
}

func randomDiscount(r *rand.Rand) invoice.Discount {
	d := invoice.Discount{Scope: pick(r, scopes)}
	if r.IntN(2) == 0 {
		d.Percent = decimal.New(int64(1+r.IntN(10_000)), -2)
	} else {
		d.Amount = amount(r, 10).Add(dec("0.001"))
	}
	return d
}

func (s *scene) addWallet(r *rand.Rand, i int) {
	w := ledger.Wallet{ID: ledger.WalletIDOf(fmt.Sprint(i))}
	w.Unit = ledger.Unit{Name: s.Invoice.Currency, Scale: 3}
	source := invoice.Wallet{ID: w.ID}
	if r.IntN(2) == 0 {
		w.Unit = ledger.Unit{Name: "credits", Scale: int32(r.IntN(2))}
		source.Price = pricing.CreditPrice{Price: pick(r, []decimal.Decimal{dec("0.001"), dec("0.01"), dec("0.015"), dec("3")}), Currency: s.Invoice.Currency}
	}
	for k := range r.IntN(5) {
		g := &ledger.Grant{ID: ledger.GrantID{Seq: int64(k + 2), N: 1}, Name: fmt.Sprintf("g%d", k), Scope: pick(r, scopes), EffectiveAt: noon.Add(-20 * day)}
		if r.IntN(4) == 0 {
			g.EffectiveAt = noon.Add(-5 * day)
		}
		if r.IntN(4) == 0 {
			g.ExpiresAt = noon.Add(-3 * day)
		}
		g.Amount = amount(r, 30).Truncate(w.Unit.Scale)
		open := ledger.OpenGrant{Grant: g, Remaining: g.Amount}
		if !g.ExpiresAt.IsZero() {
			open.Remaining, open.Expired, open.LapsedAt = decimal.Zero, g.Amount, g.ExpiresAt
		}
		w.Grants = append(w.Grants, open)
	}
	s.Wallets, s.Invoice.Wallets = append(s.Wallets, w), append(s.Invoice.Wallets, source)
}

func (s scene) apply() (invoice.Bill, []invoice.Unused, error) {
	return s.Invoice.Apply(s.Wallets, noon)
}

// with returns s with another strategy.
func (s scene) with(strategy ledger.Strategy) scene {
	s.Invoice.Strategy = strategy
	return s
}

func TestLawsOfInvoices(t *testing.T) {
	properties := gopter.NewProperties(parameters(t, 1_000))
	law := func(name string, holds func(scene) string) { properties.Property(name, prop.ForAll(holds, genScene())) }

	law("what a customer sees adds up, to the minor unit", func(s scene) string {
		b, _, err := s.apply()
		if err != nil {
			return err.Error()
		}
		return wrongSum(b)
	})

	law("due is never negative and never more than without credit", func(s scene) string {
		with, _, _ := s.apply()
		without, err := s.Invoice.Bill()
		switch {
		case err != nil:
			return err.Error()
		case with.Due.IsNegative():
			return "due is " + with.Due.String()
		case with.Due.GreaterThan(without.Due):
			return fmt.Sprintf("%v with credit, %v without", with.Due, without.Due)
		}
		return ""
	})

	law("no line is paid beyond its amount, no grant beyond what it has, none outside its scope and time", func(s scene) string {
		b, _, _ := s.apply()
		for _, l := range b.Lines {
			most := l.Net
			if s.Invoice.Stage == invoice.StageAfterTax {
				most = l.Net.Add(l.TaxAdded)
			}
			if l.Credit.GreaterThan(most) {
				return "line " + l.ID
			}
		}
		return s.wrongDraw(b)
	})

	law("no credit that could still pay is left unused", func(s scene) string {
		b, unused, _ := s.apply()
		for _, u := range unused {
			if open := s.couldPay(b, u); open != "" && u.Reason != invoice.ReasonDust {
				return fmt.Sprintf("%s of wallet %v could pay line %s: %s", u.Name, u.WalletID, open, u.Reason)
			}
		}
		return ""
	})

	law("fullest is never worse than in order", func(s scene) string {
		inOrder, _, _ := s.with(ledger.StrategyInOrder).apply()
		fullest, _, _ := s.with(ledger.StrategyFullest).apply()
		if s.even() && fullest.Due.Sub(inOrder.Due).GreaterThan(s.tolerance(fullest)) {
			return fmt.Sprintf("%v fullest, %v in order", fullest.Due, inOrder.Due)
		}
		return ""
	})

	law("the same invoice gives the same bill", func(s scene) string {
		a, _, _ := s.apply()
		if b, _, _ := s.apply(); !reflect.DeepEqual(a, b) {
			return "it does not"
		}
		return ""
	})

	law("credit notes on all of a line, in any parts, add up to it", func(s scene) string {
		b, _, _ := s.apply()
		return wrongNotes(b)
	})
	properties.TestingRun(t)
}

// even reports whether the credits of all wallets pay in the same steps.
func (s scene) even() bool {
	for _, w := range s.Invoice.Wallets {
		if !w.Price.IsZero() && !w.Price.Price.Equal(dec("0.01")) && !w.Price.Price.Equal(dec("0.001")) {
			return false
		}
	}
	return s.Invoice.Currency == "USD"
}

// tolerance is by how much rounding each tax can move what is due.
func (s scene) tolerance(b invoice.Bill) decimal.Decimal {
	n := len(b.Taxes)
	if s.Invoice.TaxByLine {
		n = len(b.Lines)
	}
	if s.Invoice.Stage != invoice.StageBeforeTax {
		n = 0
	}
	return decimal.New(int64(n), -2)
}

func (s scene) grant(id ledger.WalletID, g ledger.GrantID) (*ledger.OpenGrant, ledger.Unit) {
	for i := range s.Wallets {
		for k := range s.Wallets[i].Grants {
			if s.Wallets[i].ID == id && s.Wallets[i].Grants[k].ID == g {
				return &s.Wallets[i].Grants[k], s.Wallets[i].Unit
			}
		}
	}
	return nil, ledger.Unit{}
}

func used(l invoice.BilledLine) time.Time {
	if l.At.IsZero() {
		return noon
	}
	return l.At
}

func (s scene) wrongDraw(b invoice.Bill) string {
	drawn := make(map[string]decimal.Decimal)
	for _, c := range b.Credits {
		g, unit := s.grant(c.WalletID, c.Grant)
		l, ok := b.Line(c.Line)
		key := c.WalletID.String() + c.Grant.String()
		drawn[key] = drawn[key].Add(c.Credits)
		switch {
		case g == nil || !ok || !c.Amount.IsPositive() || !c.Credits.IsPositive():
			return fmt.Sprintf("%+v", c)
		case !g.Scope.Covers(l.Item) || !g.LiveAt(used(l)):
			return "a draw outside scope or time"
		case drawn[key].GreaterThan(g.Remaining.Add(g.Expired)):
			return "an overdrawn grant"
		case !c.Credits.Equal(c.Credits.Truncate(unit.Scale)):
			return "a draw finer than the unit"
		}
		for _, w := range s.Invoice.Wallets {
			if w.ID == c.WalletID && !w.Price.IsZero() && !c.Credits.Mul(w.Price.Price).Equal(c.Amount) {
				return "a draw that is not worth what it pays"
			}
		}
	}
	return ""
}

// couldPay returns a line that is due and that an unused grant may pay.
func (s scene) couldPay(b invoice.Bill, u invoice.Unused) string {
	g, _ := s.grant(u.WalletID, u.Grant)
	for _, l := range b.Lines {
		left := l.Net.Sub(l.Credit)
		if s.Invoice.Stage == invoice.StageNetOnly {
			left = left.Sub(l.TaxIncluded)
		}
		if left.IsPositive() && g.Scope.Covers(l.Item) && g.LiveAt(used(l)) {
			return l.ID
		}
	}
	return ""
}

// wrongNotes takes every line off b in three notes and returns what is wrong with
// them.
func wrongNotes(b invoice.Bill) string {
	for _, l := range b.Lines {
		if !l.Net.IsPositive() {
			continue
		}
		var notes []invoice.Note
		scale, _ := pricing.MinorUnits(b.Currency)
		third := l.Net.Mul(dec("0.37")).Truncate(scale)
		for i, amount := range []decimal.Decimal{third, third, {}} {
			if i < 2 && amount.IsZero() {
				continue
			}
			n, err := b.Note(invoice.NoteRequest{Key: fmt.Sprint("n", i), Line: l.ID, Amount: amount, Earlier: notes})
			if i < 2 && errors.Is(err, ledger.ErrInvalid) {
				continue // neither money nor whole steps of credits come to it
			}
			if err != nil {
				return err.Error()
			}
			if !n.Amount.Add(n.TaxAdded).Equal(n.Credit.Add(n.Money)) || n.Money.IsNegative() || n.Credit.IsNegative() {
				return fmt.Sprintf("%+v", n)
			}
			notes = append(notes, n)
		}
		var amount, credit, money, added decimal.Decimal
		for _, n := range notes {
			amount, credit, money, added = amount.Add(n.Amount), credit.Add(n.Credit), money.Add(n.Money), added.Add(n.TaxAdded)
		}
		if !amount.Equal(l.Net) || !credit.Equal(l.Credit) || !money.Equal(l.Due) || !added.Equal(l.TaxAdded) {
			return fmt.Sprintf("line %s: %v %v %v %v of %+v", l.ID, amount, credit, money, added, l)
		}
		if _, err := b.Note(invoice.NoteRequest{Key: "more", Line: l.ID, Earlier: notes}); err == nil {
			return "a note on nothing"
		}
	}
	return ""
}

// bruteDue returns the least that can be due: it tries every way to let each cent of
// credit pay a line, for lines and grants of few cents.
func bruteDue(v invoice.Invoice, w ledger.Wallet) decimal.Decimal {
	base, _ := v.Bill()
	left := make([]int64, len(base.Lines))
	rates := make([]decimal.Decimal, len(base.Lines))
	for i, l := range base.Lines {
		left[i], rates[i] = l.Net.Shift(2).IntPart(), dec("1").Add(l.Tax.Rate.Shift(-2))
	}
	total := func() decimal.Decimal {
		sum := decimal.Zero
		for i := range left {
			sum = sum.Add(decimal.NewFromInt(left[i]).Mul(rates[i]))
		}
		return sum
	}
	best := total()
	var try func(g int, cents int64)
	try = func(g int, cents int64) {
		if g == len(w.Grants) {
			best = decimal.Min(best, total())
			return
		}
		next := func(g int) (int, int64) {
			if g+1 < len(w.Grants) {
				return g + 1, w.Grants[g+1].Remaining.Shift(2).IntPart()
			}
			return g + 1, 0
		}
		paid := false
		for i, l := range base.Lines {
			if cents > 0 && left[i] > 0 && w.Grants[g].Scope.Covers(l.Item) {
				paid = true
				left[i]--
				try(g, cents-1)
				left[i]++
			}
		}
		if !paid {
			n, c := next(g)
			try(n, c)
		}
	}
	if len(w.Grants) > 0 {
		try(0, w.Grants[0].Remaining.Shift(2).IntPart())
	}
	return best
}

func TestFullestIsTheBestThatTryingEverythingFinds(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	better := 0
	for range 400 {
		v := invoice.Invoice{ID: "INV", Currency: "USD", Strategy: ledger.StrategyFullest, Wallets: []invoice.Wallet{{ID: ledger.WalletIDOf("w")}}}
		w := ledger.Wallet{ID: ledger.WalletIDOf("w")}
		w.Unit = usd
		for i := range 2 + r.IntN(2) {
			v.Lines = append(v.Lines, invoice.Line{
				ID: fmt.Sprint(i), Item: items[i], Amount: decimal.New(int64(1+r.IntN(3)), -2),
				Tax: pick(r, []invoice.Tax{{}, {Rate: dec("50")}, {Rate: dec("100")}}),
			})
		}
		for k := range 1 + r.IntN(3) {
			w.Grants = append(w.Grants, ledger.OpenGrant{
				Grant:     &ledger.Grant{ID: ledger.GrantID{Seq: int64(k + 2), N: 1}, Scope: pick(r, scopes)},
				Remaining: decimal.New(int64(1+r.IntN(3)), -2),
			})
		}
		got, _, err := v.Apply([]ledger.Wallet{w}, noon)
		require.NoError(t, err)
		exact := decimal.Zero // before tax is rounded
		for _, l := range got.Lines {
			exact = exact.Add(l.Net.Sub(l.Credit).Mul(dec("1").Add(l.Tax.Rate.Shift(-2))))
		}
		require.True(t, exact.Shift(2).Equal(bruteDue(v, w)), "%v, and %v is possible: %+v", exact.Shift(2), bruteDue(v, w), v)
		v.Strategy = ledger.StrategyInOrder
		inOrder, _, _ := v.Apply([]ledger.Wallet{w}, noon)
		if got.Due.LessThan(inOrder.Due) {
			better++
		}
	}
	require.Positive(t, better, "the cases are too easy to tell the strategies apart")
}
