package pricing

import "github.com/shopspring/decimal"

// Resale is the terms on which a reseller sells credits on. What its clients buy goes into their
// own wallets; nothing here touches the wallet of the reseller.
type Resale struct {
	Currency  string          `json:"currency"`        // ISO 4217
	Wholesale decimal.Decimal `json:"wholesale"`       // what a credit costs the reseller
	Floor     decimal.Decimal `json:"floor,omitzero"`  // the lowest retail price allowed
	Retail    decimal.Decimal `json:"retail,omitzero"` // what a credit costs a client
}

// Validate returns an error wrapping [ErrInvalid] if a price is negative, if the retail price is
// zero, or if it is below the floor.
func (r Resale) Validate() error {
	if err := checkCurrency("currency", r.Currency); err != nil {
		return err
	}
	if _, err := checkNotNegative("wholesale", r.Wholesale); err != nil {
		return err
	}
	if _, err := checkNotNegative("floor", r.Floor); err != nil {
		return err
	}
	if err := checkPositive("retail", r.Retail); err != nil {
		return err
	}
	if r.Retail.Cmp(r.Floor) < 0 {
		return invalid("retail", "is %v, below the floor of %v", Money{r.Retail, r.Currency}, Money{r.Floor, r.Currency})
	}
	return nil
}

// Margin returns what a sale of credits brings and costs, each rounded once to the minor unit.
func (r Resale) Margin(credits decimal.Decimal, mode RoundingMode) Margin {
	return Margin{
		Revenue: CreditPrice{r.Retail, r.Currency}.Money(credits, mode),
		Cost:    CreditPrice{r.Wholesale, r.Currency}.Money(credits, mode),
	}
}

// A Margin is what something brings and what it costs: a purchase, or all of a client or a period
// added up. The zero Margin is nothing, and adds to any other.
type Margin struct {
	Revenue Money
	Cost    Money // in the currency of Revenue
}

// Profit returns what is left of the revenue. It is negative if the cost is higher. Two currencies
// are an error wrapping [ErrInvalid].
func (m Margin) Profit() (Money, error) { return m.Revenue.Sub(m.Cost) }

// Percent returns the profit in percent of the revenue, rounded once, and whether there is a
// revenue to compare it with.
func (m Margin) Percent(r Rounding) (percent decimal.Decimal, ok bool) {
	if !m.Revenue.Amount.IsPositive() {
		return decimal.Zero, false
	}
	profit := m.Revenue.Amount.Sub(m.Cost.Amount)
	return r.Quo(profit.Shift(2), m.Revenue.Amount).Normalize(), true
}

// Add returns the margin of both together. Two currencies are an error wrapping [ErrInvalid].
func (m Margin) Add(o Margin) (Margin, error) {
	revenue, err := m.Revenue.Add(o.Revenue)
	if err != nil {
		return Margin{}, within("revenue", err)
	}
	cost, err := m.Cost.Add(o.Cost)
	if err != nil {
		return Margin{}, within("cost", err)
	}
	return Margin{Revenue: revenue, Cost: cost}, nil
}

// A Sale is one purchase by a client, and its margin.
type Sale struct {
	Client string
	Period string // as the reseller names periods, such as "2026-03"
	Margin Margin
}

// Margins adds up sales by what key returns for each: its client, its period, or both. Two
// currencies under one key are an error wrapping [ErrInvalid].
func Margins[K comparable](sales []Sale, key func(Sale) K) (map[K]Margin, error) {
	sums := make(map[K]Margin)
	for i, s := range sales {
		sum, err := sums[key(s)].Add(s.Margin)
		if err != nil {
			return nil, within(index("sales", i), err)
		}
		sums[key(s)] = sum
	}
	return sums, nil
}
