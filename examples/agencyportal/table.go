package main

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/shopspring/decimal"
)

// table prints rows in columns as wide as they need. Those whose indices are given
// are aligned to the right, the others to the left.
func (p *portal) table(rows [][]string, right ...int) {
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	for _, row := range rows {
		line := ""
		for i, cell := range row {
			width := widths[i]
			if !slices.Contains(right, i) {
				width = -width
			}
			line += fmt.Sprintf("  %*s", width, cell)
		}
		fmt.Fprintln(p.out, strings.TrimRight(line, " "))
	}
}

func percent(d decimal.Decimal) string { return d.String() + " %" }

// share returns a share of one as percents.
func share(d decimal.Decimal) string { return percent(d.Shift(2)) }

// signed returns d with its sign.
func signed(d decimal.Decimal) string {
	if d.IsPositive() {
		return "+" + d.String()
	}
	return d.String()
}
