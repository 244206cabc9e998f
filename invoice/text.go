package invoice

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// Widths of the columns of an invoice as text.
const (
	nameWidth   = 40
	amountWidth = 14
	textWidth   = nameWidth + 3*amountWidth
)

// WriteText writes d as plain text, in columns. It is an error wrapping
// [ledger.ErrInvalid] if d's zone is not known.
func (d Document) WriteText(w io.Writer) error {
	p, err := d.page()
	if err != nil {
		return err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s\n", strings.ToUpper(p.Heading), p.Number)
	for _, f := range [][2]string{
		{"Date", p.Date},
		{"Due", p.DueDate},
		{"From", strings.Join(d.Seller, ", ")},
		{"To", strings.Join(d.Buyer, ", ")},
	} {
		if f[1] != "" {
			fmt.Fprintf(&b, "%-6s%s\n", f[0], f[1])
		}
	}
	b.WriteString("\n" + left("Description", nameWidth))
	for _, head := range []string{"Quantity", "Unit price", "Amount"} {
		b.WriteString(right(head, amountWidth))
	}
	rule := "\n" + strings.Repeat("-", textWidth) + "\n"
	b.WriteString(rule)
	for _, r := range p.Rows {
		b.WriteString(left(r.Name, nameWidth) + right(r.Quantity, amountWidth) +
			right(r.UnitPrice, amountWidth) + right(r.Amount, amountWidth) + "\n")
		if r.Detail != "" {
			b.WriteString("  " + r.Detail + "\n")
		}
	}
	b.WriteString(rule[1:])
	for _, t := range p.Totals {
		if t.Info {
			t.Name, t.Amount = t.Name+": "+t.Amount, ""
		}
		b.WriteString(strings.TrimRight(left(t.Name, textWidth-amountWidth)+right(t.Amount, amountWidth), " ") + "\n")
	}
	b.WriteString(rule[1:])
	b.WriteString(left("Due", textWidth-amountWidth-4) + right(p.Due, amountWidth+4) + "\n")
	if d.Note != "" {
		b.WriteString("\n" + d.Note + "\n")
	}
	_, err = io.WriteString(w, b.String())
	return err
}

// left returns s in a column of that width. What is longer moves the rest to the
// next line.
func left(s string, width int) string {
	if n := utf8.RuneCountInString(s); n < width {
		return s + strings.Repeat(" ", width-n)
	}
	return s + "\n" + strings.Repeat(" ", width)
}

func right(s string, width int) string {
	return strings.Repeat(" ", max(width-utf8.RuneCountInString(s), 1)) + s
}
