package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/scrip-go/scrip/invoice"
	"github.com/scrip-go/scrip/ledger"
)

// issue makes the invoice for what an entry of o's journal sold, once. Invoices are
// numbered without a gap: nobody else writes while tx is under way.
func (p *portal) issue(ctx context.Context, tx *sql.Tx, o organization, e ledger.Entry, currency string, lines ...invoice.Line) error {
	year, count := e.EffectiveAt.UTC().Format("2006"), 0
	err := tx.QueryRowContext(ctx, `SELECT count(*) FROM invoices WHERE number LIKE ?`, year+"-%").Scan(&count)
	if err != nil {
		return err
	}
	number := invoiceNumber(year, count+1)
	bill, err := invoice.Invoice{ID: number, Currency: currency, Lines: lines}.Bill()
	if err != nil {
		return err
	}
	document, err := json.Marshal(invoice.Document{
		Date: e.EffectiveAt, Zone: o.Zone, Seller: []string{agency}, Buyer: []string{o.Name}, Bill: bill,
	})
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO invoices (number, organization, entry, issued_at, document)
		VALUES (?, ?, ?, ?, ?) ON CONFLICT (organization, entry) DO NOTHING`,
		number, o.ID, e.Seq, e.EffectiveAt.UnixMicro(), string(document))
	return err
}

func invoiceNumber(year string, n int) string { return fmt.Sprintf("%s-%04d", year, n) }

// invoicePlan makes the invoice for the period of o's plan that an entry began.
func (p *portal) invoicePlan(ctx context.Context, tx *sql.Tx, books *ledger.Ledger, o organization, id ledger.EntryID) error {
	e, err := books.EntryAt(ctx, id)
	if err != nil || e.Subscription == nil {
		return err
	}
	plan, ok := p.catalog.Plan(e.Subscription.Plan)
	if !ok {
		return fmt.Errorf("the catalog has no plan %q", e.Subscription.Plan)
	}
	return p.issue(ctx, tx, o, e, plan.Price.Currency, invoice.PlanFee(plan, e.Subscription.Period))
}

// An issued invoice is one in a list.
type issued struct {
	Number string
	At     time.Time
	For    string
	Due    ledger.Money
}

// invoices returns the invoices of o, the last first.
func (p *portal) invoices(ctx context.Context, o organization) (all []issued, err error) {
	rows, err := p.db.QueryContext(ctx, `SELECT document FROM invoices
		WHERE organization = ? ORDER BY issued_at DESC, number DESC`, o.ID)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var kept []byte
		if err := rows.Scan(&kept); err != nil {
			return nil, err
		}
		var d invoice.Document
		if err := json.Unmarshal(kept, &d); err != nil {
			return nil, err
		}
		due := ledger.Money{Amount: d.Bill.Due, Currency: d.Bill.Currency}
		all = append(all, issued{d.Bill.ID, d.Date, d.Bill.Lines[0].Name, due})
	}
	return all, rows.Err()
}

func (p *portal) showInvoices(w http.ResponseWriter, r *http.Request, v visit) error {
	all, err := p.invoices(r.Context(), v.Org)
	if err != nil {
		return err
	}
	return p.show(w, v, "Invoices", "invoices", all)
}

// documentPolicy lets an invoice be shown, which is one page with its style within.
const documentPolicy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"

// showInvoice shows an invoice as a page to print.
func (p *portal) showInvoice(w http.ResponseWriter, r *http.Request, v visit) error {
	var kept []byte
	err := p.db.QueryRowContext(r.Context(), `SELECT document FROM invoices WHERE organization = ? AND number = ?`,
		v.Org.ID, r.PathValue("number")).Scan(&kept)
	if errors.Is(err, sql.ErrNoRows) {
		return errNoPage
	}
	if err != nil {
		return err
	}
	var d invoice.Document
	if err := json.Unmarshal(kept, &d); err != nil {
		return err
	}
	w.Header().Set("Content-Security-Policy", documentPolicy)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	return d.WriteHTML(w)
}
