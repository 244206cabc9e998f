package invoice

import (
	"fmt"
	"math/big"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/pricing"
)

// A worth says what a wallet's credits can pay in the invoice's currency: whole
// multiples of the least number of credits that makes whole minor units, so that no
// rounding is ever needed. At 0.001 EUR, ten credits make a cent, and 1,034 credits
// pay 1.03 EUR with 1,030.
type worth struct {
	credits decimal.Decimal // that number
	money   decimal.Decimal // what it pays
}

// worthOf returns the worth of the credits of the wallet with that index.
func (v *Invoice) worthOf(i int, unit ledger.Unit) (worth, error) {
	w, currency := &v.Wallets[i], v.Currency
	price := w.Price.Price
	if w.Price.IsZero() {
		if unit.Name != currency {
			return worth{}, invalid(fmt.Sprintf("wallets[%d].price", i),
				"is not set, and wallet %v counts %s, not %s", w.ID, unit.Name, currency)
		}
		price = decimal.NewFromInt(1)
	}
	minor, _ := pricing.MinorUnits(currency)
	// n steps of the unit cost n*p of the last decimal of both. It is whole minor
	// units if 10^finer divides it, which the least such n makes it do.
	n := big.NewInt(1)
	if finer := unit.Scale - price.Exponent() - minor; finer > 0 {
		whole := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(finer)), nil)
		n.Quo(whole, new(big.Int).GCD(nil, nil, whole, price.Coefficient()))
	}
	credits := decimal.NewFromBigInt(n, -unit.Scale)
	return worth{credits.Normalize(), credits.Mul(price).Normalize()}, nil
}

// equal reports whether o's credits make the same steps in money.
func (w worth) equal(o worth) bool { return w.money.Equal(o.money) }

// payable returns what credits can pay.
func (w worth) payable(credits decimal.Decimal) decimal.Decimal {
	return scaled(credits, w.credits, w.money)
}

// floor returns the most of an amount of money that credits can pay exactly.
func (w worth) floor(amount decimal.Decimal) decimal.Decimal {
	return scaled(amount, w.money, w.money)
}

// in returns the credits that pay an amount of money, a multiple of w.money.
func (w worth) in(amount decimal.Decimal) decimal.Decimal {
	return scaled(amount, w.money, w.credits).Normalize()
}

// scaled returns as many of to as from goes into amount, whole ones. If both are one
// in the same decimal place, and amount has no more, that is amount.
func scaled(amount, from, to decimal.Decimal) decimal.Decimal {
	if from.NumDigits() == 1 && from.CoefficientInt64() == 1 && amount.Exponent() >= from.Exponent() && from.Equal(to) {
		return amount
	}
	return steps(amount, from).Mul(to)
}

// steps returns how often step goes into amount.
func steps(amount, step decimal.Decimal) decimal.Decimal {
	n, _ := amount.QuoRem(step, 0)
	return n
}
