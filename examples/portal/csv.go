package main

import (
	"context"
	"iter"
	"net/http"
	"time"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/ledger/report"
)

// An exported line is one of a history as a file has it.
type exported struct {
	At      time.Time       `json:"date"`
	Type    string          `json:"type"`
	What    string          `json:"about"`
	Reason  string          `json:"reason"`
	By      string          `json:"by"`
	Change  decimal.Decimal `json:"credits"`
	Balance decimal.Decimal `json:"balance"`
}

// exportHistory sends all lines that the page of the history shows part of. Texts
// cannot become formulas of a spreadsheet: report.CSV sees to that. A file that could
// not be written whole is broken off, so that nobody takes it for whole.
func (p *portal) exportHistory(w http.ResponseWriter, r *http.Request, v visit) error {
	q, err := p.linesQuery(r, v.Org)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="history-`+v.Org.ID+`.csv"`)
	if err := report.CSV(w, p.allLines(r.Context(), q, v.Org)); err != nil {
		p.log.ErrorContext(r.Context(), "export failed", "error", err)
		panic(http.ErrAbortHandler)
	}
	return nil
}

// allLines returns the lines that q asks for, read in pages while the loop runs.
func (p *portal) allLines(ctx context.Context, q ledger.LinesQuery, o organization) iter.Seq2[exported, error] {
	q.Limit = 500
	return func(yield func(exported, error) bool) {
		for {
			found, err := p.books.Lines(ctx, q)
			var page []line
			if err == nil {
				page, err = p.lines(ctx, found)
			}
			if err != nil {
				yield(exported{}, err)
				return
			}
			for _, l := range page {
				at := l.At.In(o.location()).Truncate(time.Second)
				if !yield(exported{at, l.Type, l.What, l.Reason, l.By, l.Change, l.Balance}, nil) {
					return
				}
			}
			if len(found) < q.Limit {
				return
			}
			q.After = found[len(found)-1].Cursor()
		}
	}
}
