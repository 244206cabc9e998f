package main

import (
	"net/http"
	"strconv"
	"time"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/ledger/report"
)

// A usagePage is what an organization used in some days, by service and by person.
type usagePage struct {
	Days    int
	Choices []int
	Chart   chart
	Items   []usageRow
	People  []usageRow
}

// A usageRow is what was used of one service, or by one person.
type usageRow struct {
	Name    string
	Times   int
	Credits decimal.Decimal // less what was given back
	Share   int             // of all credits used, in percent
}

// usageDays are how many days the page of the usage can show.
var usageDays = []int{7, 30, 90}

func (p *portal) showUsage(w http.ResponseWriter, r *http.Request, v visit) (err error) {
	page := usagePage{Days: 30, Choices: usageDays}
	if text := r.FormValue("days"); text != "" {
		if page.Days = chosenDays(text); page.Days == 0 {
			return badRequest("Usage is shown of 7, 30 or 90 days.")
		}
	}
	if page.Chart, err = p.chart(r.Context(), v.Org, page.Days); err != nil {
		return err
	}
	q := report.Query{Wallets: []ledger.WalletID{v.Org.wallet()}, From: page.Chart.First(), To: p.now().Add(time.Microsecond)}
	items, err := report.Usages(r.Context(), p.books, q, report.UsageGroup{})
	if err != nil {
		return err
	}
	people, err := report.Usages(r.Context(), p.books, q, report.UsageGroup{Actor: true})
	if err != nil {
		return err
	}
	page.Items = usageRows(items, func(u report.Usage) string { return p.catalog.ItemName(u.Item) })
	page.People = usageRows(people, func(u report.Usage) string { return u.Actor })
	return p.show(w, v, "Usage", "usage", page)
}

// chosenDays returns one of usageDays, or zero.
func chosenDays(text string) int {
	for _, n := range usageDays {
		if strconv.Itoa(n) == text {
			return n
		}
	}
	return 0
}

// usageRows adds up usages by what name returns for each, in their order.
func usageRows(usages []report.Usage, name func(report.Usage) string) (rows []usageRow) {
	total, place := decimal.Zero, map[string]int{}
	for _, u := range usages {
		i, known := place[name(u)]
		if !known {
			i = len(rows)
			place[name(u)] = i
			rows = append(rows, usageRow{Name: name(u)})
		}
		rows[i].Times += u.Uses
		rows[i].Credits = rows[i].Credits.Add(u.Credits)
		total = total.Add(u.Credits)
	}
	for i := range rows {
		if total.IsPositive() {
			rows[i].Share = int(rows[i].Credits.Mul(decimal.NewFromInt(100)).DivRound(total, 0).IntPart())
		}
	}
	return rows
}
