package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/ledger"
)

// A chart shows the balance at the end of each day and what was used on it: two
// panels above each other, with one axis of time. Its drawings are stretched to the
// width of the page, so what is written beside them is text of the page.
type chart struct {
	Days    []chartDay
	Most    decimal.Decimal // the largest balance
	MostUse decimal.Decimal // the largest use of a day
	Used    decimal.Decimal // in all days
}

// A chartDay is one day of a chart.
type chartDay struct {
	Day     time.Time
	Balance decimal.Decimal // at its end
	Used    decimal.Decimal
}

// The size of a panel, in units of its own.
const (
	dayWidth    = 10
	panelHeight = 100
)

// chart returns the chart of the last days of o, today included. It is made of one
// statement, which lists the charges of these days.
func (p *portal) chart(ctx context.Context, o organization, days int) (c chart, err error) {
	now := p.now().In(o.location())
	first := time.Date(now.Year(), now.Month(), now.Day()-days+1, 0, 0, 0, 0, o.location())
	s, err := p.books.Statement(ctx, o.wallet(), first, now.Add(time.Microsecond))
	if err != nil {
		return c, err
	}
	balance, lines := s.Opening, s.Lines
	for i := range days {
		d := chartDay{Day: first.AddDate(0, 0, i)}
		for end := first.AddDate(0, 0, i+1); len(lines) > 0 && lines[0].EffectiveAt.Before(end); lines = lines[1:] {
			balance = lines[0].Running
			if lines[0].Movement == ledger.MovementUsage {
				d.Used = d.Used.Sub(lines[0].Change)
			}
		}
		d.Balance = balance
		c.add(d)
	}
	return c, nil
}

func (c *chart) add(d chartDay) {
	c.Days = append(c.Days, d)
	c.Most, c.MostUse = decimal.Max(c.Most, d.Balance), decimal.Max(c.MostUse, d.Used)
	c.Used = c.Used.Add(d.Used)
}

// Width returns the width of a panel.
func (c chart) Width() int { return len(c.Days) * dayWidth }

// Height returns the height of a panel.
func (c chart) Height() int { return panelHeight }

// First, Middle and Last return days to write below the panels.
func (c chart) First() time.Time  { return c.Days[0].Day }
func (c chart) Middle() time.Time { return c.Days[len(c.Days)/2].Day }
func (c chart) Last() time.Time   { return c.Days[len(c.Days)-1].Day }

// Line returns the points of the balance: it stays as it is until the day ends.
func (c chart) Line() string {
	var s strings.Builder
	for i, d := range c.Days {
		y := panelHeight - height(d.Balance, c.Most)
		fmt.Fprintf(&s, "%d,%d %d,%d ", i*dayWidth, y, (i+1)*dayWidth, y)
	}
	return strings.TrimSpace(s.String())
}

// Area returns the points of what lies below the line.
func (c chart) Area() string {
	return fmt.Sprintf("0,%d %s %d,%d", panelHeight, c.Line(), c.Width(), panelHeight)
}

// A bar is the use of one day in a panel.
type bar struct {
	chartDay
	X, Y, Height int
}

// Bars returns the use of each day.
func (c chart) Bars() []bar {
	bars := make([]bar, len(c.Days))
	for i, d := range c.Days {
		h := height(d.Used, c.MostUse)
		bars[i] = bar{d, i * dayWidth, panelHeight - h, h}
	}
	return bars
}

// BarWidth returns the width of a bar, with some space between it and the next.
func (c chart) BarWidth() int { return dayWidth * 7 / 10 }

// height returns how high d stands in a panel in which most stands at the top. What is
// below zero lies at the bottom.
func height(d, most decimal.Decimal) int {
	if !d.IsPositive() {
		return 0
	}
	return int(d.Mul(decimal.NewFromInt(panelHeight)).DivRound(most, 0).IntPart())
}
