package report

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/ledger"
)

// An Amount is credits, and what was paid for them.
type Amount struct {
	Credits decimal.Decimal `json:"credits"`
	Money   decimal.Decimal `json:"money"`
}

// Add returns a plus b.
func (a Amount) Add(b Amount) Amount { return Amount{a.Credits.Add(b.Credits), a.Money.Add(b.Money)} }

// Sub returns a less b.
func (a Amount) Sub(b Amount) Amount { return Amount{a.Credits.Sub(b.Credits), a.Money.Sub(b.Money)} }

// Movements are flows added up by their classes.
type Movements struct {
	Sold     Amount `json:"sold"`
	Granted  Amount `json:"granted"`
	Received Amount `json:"received"`
	Carried  Amount `json:"carried"`
	Used     Amount `json:"used"` // its money: recognized by use
	Expired  Amount `json:"expired"`
	Voided   Amount `json:"voided"`
	Returned Amount `json:"returned"`
	Sent     Amount `json:"sent"`
}

// of returns where flows of class c are added up.
func (m *Movements) of(c Class) *Amount {
	switch c {
	case Sold:
		return &m.Sold
	case Granted:
		return &m.Granted
	case Received:
		return &m.Received
	case Carried:
		return &m.Carried
	case Used:
		return &m.Used
	case Expired:
		return &m.Expired
	case Voided:
		return &m.Voided
	case Returned:
		return &m.Returned
	case Sent:
	}
	return &m.Sent
}

func (m *Movements) add(f *Flow) {
	a := m.of(f.Class)
	*a = a.Add(Amount{f.Credits, f.Money.Amount})
}

// Add returns m and n together, such as of credits that were sold and of free ones.
func (m *Movements) Add(n *Movements) Movements {
	return Movements{
		Sold: m.Sold.Add(n.Sold), Granted: m.Granted.Add(n.Granted), Received: m.Received.Add(n.Received),
		Carried: m.Carried.Add(n.Carried), Used: m.Used.Add(n.Used), Expired: m.Expired.Add(n.Expired),
		Voided: m.Voided.Add(n.Voided), Returned: m.Returned.Add(n.Returned), Sent: m.Sent.Add(n.Sent),
	}
}

// Net returns what m adds to what wallets have.
func (m *Movements) Net() Amount {
	in := m.Sold.Add(m.Granted).Add(m.Received).Add(m.Carried)
	return in.Sub(m.Used).Sub(m.Breakage()).Sub(m.Returned).Sub(m.Sent)
}

// Breakage returns what ended unused: what expired or was voided. Its money is
// earned by that.
func (m *Movements) Breakage() Amount { return m.Expired.Add(m.Voided) }

// Redemption returns the share of the credits issued that was used, to four decimals;
// zero if none was issued. Issued is what was sold and granted, and what came from
// other wallets less what went to them: a transfer between two wallets of which m
// tells issues nothing.
func (m *Movements) Redemption() decimal.Decimal { return m.share(m.Used) }

// Expiration returns the share of the credits issued that expired, as Redemption does.
func (m *Movements) Expiration() decimal.Decimal { return m.share(m.Expired) }

func (m *Movements) share(of Amount) decimal.Decimal {
	issued := m.Sold.Add(m.Granted).Add(m.Received).Sub(m.Sent).Credits
	if !issued.IsPositive() {
		return decimal.Zero
	}
	return of.Credits.DivRound(issued, 4)
}

// A RollForward is what became of deferred revenue in a time:
//
//	Opening + what came in - what went out = Closing
//
// in credits and in the money that was paid for them, apart for what was paid in
// each currency and what was free. Transfers and what was carried stay deferred.
type RollForward struct {
	Unit     string `json:"unit"`
	Currency string `json:"currency"` // empty: free credits
	Opening  Amount `json:"opening"`
	Movements
	Closing Amount `json:"closing"`
}

// RollForwards returns the roll-forward of each unit and currency that q's wallets
// have had.
func RollForwards(ctx context.Context, books *ledger.Ledger, q Query) ([]RollForward, error) {
	rows := make(map[[2]string]*RollForward)
	all := q
	all.From = time.Time{}
	for f, err := range Flows(ctx, books, all) {
		if err != nil {
			return nil, err
		}
		k := [2]string{f.Wallet.Unit.Name, f.Grant.Paid.Currency}
		r := at(rows, k, func() RollForward { return RollForward{Unit: k[0], Currency: k[1]} })
		if q.before(f.Entry.EffectiveAt) {
			credits, money := f.Live()
			r.Opening = r.Opening.Add(Amount{credits, money.Amount})
		} else {
			r.add(&f)
		}
	}
	for _, r := range rows {
		r.Closing = r.Opening.Add(r.Net())
	}
	return sorted(rows, func(a, b RollForward) int {
		return cmp.Or(cmp.Compare(a.Unit, b.Unit), cmp.Compare(a.Currency, b.Currency))
	}), nil
}

// at returns the row of a key, made when it is first asked for.
func at[K comparable, R any](rows map[K]*R, k K, fresh func() R) *R {
	r := rows[k]
	if r == nil {
		row := fresh()
		r = &row
		rows[k] = r
	}
	return r
}

// sorted returns the rows in an order.
func sorted[K comparable, R any](rows map[K]*R, order func(a, b R) int) []R {
	all := make([]R, 0, len(rows))
	for _, r := range rows {
		all = append(all, *r)
	}
	slices.SortFunc(all, order)
	return all
}
