package ledger

import (
	"encoding"
	"encoding/json"
	"fmt"
	"strconv"
	"unicode/utf8"

	"github.com/shopspring/decimal"
)

// appendString appends s as a JSON string.
func appendString(b []byte, s string) []byte {
	for i := range len(s) {
		if !plain(s[i]) {
			return appendQuoted(b, s)
		}
	}
	b = append(b, '"')
	b = append(b, s...)
	return append(b, '"')
}

// plain reports whether c stands for itself in a JSON string. What HTML gives a
// meaning to does not.
func plain(c byte) bool {
	switch c {
	case '"', '\\', '<', '>', '&':
		return false
	}
	return ' ' <= c && c < utf8.RuneSelf
}

// appendQuoted appends a string of which something has to be escaped.
func appendQuoted(b []byte, s string) []byte {
	quoted, err := json.Marshal(s)
	if err != nil {
		panic(fmt.Sprintf("ledger: %v", err)) // every string has an encoding
	}
	return append(b, quoted...)
}

// appendText appends the text of x, in which nothing is to be escaped.
func appendText[T encoding.TextAppender](b []byte, x T) []byte {
	b, err := x.AppendText(b)
	if err != nil {
		panic(fmt.Sprintf("ledger: %v", err)) // an instant beyond the years that were checked
	}
	return b
}

// appendDecimal appends d in full, without an exponent and without zeros at the
// end of its fraction.
func appendDecimal(b []byte, d decimal.Decimal) []byte {
	if d.IsZero() {
		return append(b, '0')
	}
	if d.IsNegative() {
		b = append(b, '-')
	}
	var short [20]byte
	digits := appendDigits(short[:0], d)
	exponent := int(d.Exponent())
	for exponent < 0 && digits[len(digits)-1] == '0' {
		digits, exponent = digits[:len(digits)-1], exponent+1
	}
	whole := len(digits) + exponent // digits before the point
	switch {
	case exponent >= 0:
		return appendZeros(append(b, digits...), exponent)
	case whole > 0:
		b = append(b, digits[:whole]...)
		b = append(b, '.')
		return append(b, digits[whole:]...)
	}
	b = appendZeros(append(b, '0', '.'), -whole)
	return append(b, digits...)
}

// appendDigits appends the digits of d's coefficient.
func appendDigits(b []byte, d decimal.Decimal) []byte {
	if d.NumDigits() > 18 {
		c := d.Coefficient()
		return c.Abs(c).Append(b, 10)
	}
	n := d.CoefficientInt64()
	return strconv.AppendUint(b, uint64(max(n, -n)), 10)
}

func appendZeros(b []byte, n int) []byte {
	for range n {
		b = append(b, '0')
	}
	return b
}
