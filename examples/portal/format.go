package main

import (
	"strings"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/ledger"
)

// minus is the sign that is as wide as a plus.
const minus = "\u2212"

// number returns d as people read it: 1,250.
func number(d decimal.Decimal) string {
	whole, fraction, _ := strings.Cut(d.Abs().String(), ".")
	var s strings.Builder
	if d.IsNegative() {
		s.WriteString(minus)
	}
	for i, digit := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			s.WriteByte(',')
		}
		s.WriteRune(digit)
	}
	if fraction != "" {
		s.WriteString("." + fraction)
	}
	return s.String()
}

// signed returns d with its sign, also above zero.
func signed(d decimal.Decimal) string {
	if d.IsPositive() {
		return "+" + number(d)
	}
	return number(d)
}

// money returns m as people read it: 1,599.00 USD.
func money(m ledger.Money) string {
	amount, currency, _ := strings.Cut(m.String(), " ")
	whole, fraction, _ := strings.Cut(amount, ".")
	if d, err := decimal.NewFromString(whole); err == nil {
		whole = number(d)
	}
	return strings.TrimSuffix(whole+"."+fraction, ".") + "\u00a0" + currency
}

// credits returns d in words: 1 credit, 25 credits.
func credits(d decimal.Decimal) string {
	if d.Equal(decimal.NewFromInt(1)) {
		return "1 credit"
	}
	return number(d) + " credits"
}
