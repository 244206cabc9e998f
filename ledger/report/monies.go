package report

import (
	"slices"
	"strings"

	"github.com/scrip-go/scrip/ledger"
)

// Monies are amounts in several currencies, in the order of their names.
type Monies []ledger.Money

// add returns m plus one more amount; m's own slice may be changed.
func (m Monies) add(more ledger.Money) Monies {
	if more.Amount.IsZero() {
		return m
	}
	i, found := slices.BinarySearchFunc(m, more.Currency, func(a ledger.Money, currency string) int {
		return strings.Compare(a.Currency, currency)
	})
	if !found {
		return slices.Insert(m, i, more)
	}
	m[i].Amount = m[i].Amount.Add(more.Amount)
	return m
}

// In returns the amount in one currency.
func (m Monies) In(currency string) ledger.Money {
	for _, a := range m {
		if a.Currency == currency {
			return a
		}
	}
	return ledger.Money{Currency: currency}
}

// String returns the amounts, such as "9.90 EUR; 12.00 USD".
func (m Monies) String() string {
	texts := make([]string, len(m))
	for i, a := range m {
		texts[i] = a.String()
	}
	return strings.Join(texts, "; ")
}
