package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/shopspring/decimal"
)

// printTable prints rows under a head, in columns as wide as they need: the first
// aligned to the left, the others to the right.
func printTable(out io.Writer, rows [][]string) {
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], len(cell))
		}
	}
	for _, row := range rows {
		line := fmt.Sprintf("%-*s", widths[0], row[0])
		for i, cell := range row[1:] {
			line += fmt.Sprintf("  %*s", widths[i+1], cell)
		}
		fmt.Fprintln(out, strings.TrimRight(line, " "))
	}
}

// number returns a whole number, its digits in groups of three.
func number(d decimal.Decimal) string {
	s := d.String()
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// cents returns an amount of money.
func cents(d decimal.Decimal) string { return d.StringFixed(2) }
