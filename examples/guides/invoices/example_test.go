package invoices_test

import (
	"cmp"
	"errors"
	"fmt"
	"os"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/expiry"
	"github.com/scrip-go/scrip/invoice"
	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/pricing"
)

var meters = ledger.Scope{Kinds: []string{invoice.KindMeter}}

// draft returns the invoice at the end of March: the plan's fee for April, and what
// March went beyond the plan.
func (a *account) draft() (v invoice.Invoice, err error) {
	w, err := a.Wallet(ctx, a.credits)
	if err != nil {
		return v, err
	}
	s, _ := w.Subscription("")
	plan, _ := a.catalog.Plan(s.Plan)
	v = invoice.Invoice{
		ID: "INV-2026-04-acme", Currency: "USD", At: s.Period.Start,
		Wallets: []invoice.Wallet{{ID: a.dollars}},
	}
	if !plan.Price.IsZero() {
		v.Lines = append(v.Lines, invoice.PlanFee(plan, s.Period))
	}
	bill, err := a.Bill(ctx, ledger.BillRequest{Key: "overage on " + v.ID, WalletID: a.credits, To: s.Period.Start})
	if err != nil {
		return v, err
	}
	lines, err := invoice.Overage(bill, plan.Beyond, pricing.RoundHalfUp)
	for _, l := range lines {
		l.Name = cmp.Or(l.Name, a.catalog.ItemName(l.Item.ID))
		v.Lines = append(v.Lines, l)
	}
	return v, err
}

// March in full: 1,250 pages on a plan of 1,000, and 20 dollars of credit.
func Example_month() {
	a := open("team")
	a.give("referral-7", "Referral", "20", ledger.Scope{})
	a.use(1_250)

	bill, err := invoice.Settle(ctx, a.Ledger, must(a.draft()))
	if err != nil {
		fmt.Println(err)
		return
	}
	_ = invoice.Document{Date: a.now, Buyer: []string{"Acme"}, Bill: bill}.WriteText(os.Stdout)
	// Output:
	// INVOICE INV-2026-04-acme
	// Date  1 April 2026
	// To    Acme
	//
	// Description                                   Quantity    Unit price        Amount
	// ----------------------------------------------------------------------------------
	// Team                                                                         49.00
	//   1 April 2026 to 30 April 2026
	// Pages read                                         250          0.02          5.00
	// ----------------------------------------------------------------------------------
	// Subtotal                                                                     54.00
	// Referral                                                                    -20.00
	// ----------------------------------------------------------------------------------
	// Due                                                                      USD 34.00
}

// A preview says what settling would come to, and which credits it would leave and
// why. Nothing changes.
func Example_preview() {
	a := open("team")
	a.give("referral-7", "Referral", "20", meters)
	a.give("seats-1", "Free seats", "15", ledger.Scope{Kinds: []string{invoice.KindLicence}})
	a.use(1_250)

	quote := must(invoice.Preview(ctx, a.Ledger, must(a.draft())))
	fmt.Println("due", quote.Due)
	for _, c := range quote.Credits {
		fmt.Println(c.Name, "pays", c.Amount, "of", c.Line)
	}
	for _, u := range quote.Unused {
		fmt.Println(u.Name, "keeps", u.Credits, "because of", u.Reason)
	}
	// Output:
	// due 49
	// Referral pays 5 of use/pages
	// Referral keeps 15 because of spare
	// Free seats keeps 15 because of scope
}

// The job that makes invoices is cut off and runs again. The overage is taken once,
// the credits are put once, and the second run has the same invoice in its hands.
func Example_again() {
	a := open("team")
	a.give("referral-7", "Referral", "20", ledger.Scope{})
	a.use(1_250)
	for range 2 {
		bill := must(invoice.Settle(ctx, a.Ledger, must(a.draft())))
		fmt.Println("due", bill.Due)
	}
	a.left("after:")

	v := must(a.draft())
	v.Lines = v.Lines[:1]
	_, err := invoice.Settle(ctx, a.Ledger, v)
	fmt.Println("with other lines:", errors.Is(err, ledger.ErrKeyReused))
	// Output:
	// due 34
	// due 34
	// after: 0 USD of credit
	// with other lines: true
}

// Credits with a scope pay for what they cover only. Of two that end together the one
// with a scope goes first, so that the other is kept for what nothing else pays.
func Example_scope() {
	a := open("team")
	a.give("launch", "Launch", "3", ledger.Scope{})
	a.give("referral-7", "Referral", "4", meters)
	a.use(1_250)
	bill := must(invoice.Settle(ctx, a.Ledger, must(a.draft())))
	for _, c := range bill.Credits {
		fmt.Println(c.Name, "paid", c.Amount, "of", c.Line)
	}
	for _, l := range bill.Lines {
		fmt.Println(l.ID, l.Amount, "less", l.Credit, "is", l.Due)
	}
	// Output:
	// Referral paid 4 of use/pages
	// Launch paid 3 of plan/team
	// plan/team 49 less 3 is 46
	// use/pages 5 less 4 is 1
}

// An invoice that is settled two days late still draws on what was live at its date:
// state At.
func Example_late() {
	a := open("team")
	a.use(1_250)
	v := must(a.draft())
	must(a.Grant(ctx, ledger.GrantRequest{
		Key: "spring", WalletID: a.dollars, Source: ledger.SourcePromotion, Name: "Spring", Amount: num("9"),
		Expiry: expiry.Policy{Kind: expiry.PolicyAfter, After: expiry.Days(1)},
	}))
	a.now = a.now.AddDate(0, 0, 2)
	fmt.Println("due", must(invoice.Settle(ctx, a.Ledger, v)).Due)

	v.ID, v.At = "INV-without-a-date", a.now
	fmt.Println("due", must(invoice.Settle(ctx, a.Ledger, v)).Due)
	// Output:
	// due 45
	// due 54
}

// Whether a credit saves tax is for your accountant to say. The invoice does as it is
// told.
func Example_tax() {
	for _, stage := range []invoice.Stage{invoice.StageBeforeTax, invoice.StageAfterTax, invoice.StageNetOnly} {
		a := open("team")
		a.give("referral-7", "Referral", "60", ledger.Scope{})
		a.use(1_250)
		v := must(a.draft())
		v.Stage = stage
		for i := range v.Lines {
			v.Lines[i].Tax = vat
		}
		bill := must(invoice.Settle(ctx, a.Ledger, v))
		fmt.Printf("%-10v %v + %v tax - %v credit = %v\n", stage, bill.Subtotal, bill.TaxAdded, bill.Credit, bill.Due)
	}
	// Output:
	// before_tax 54 + 0 tax - 54 credit = 0
	// after_tax  54 + 10.8 tax - 60 credit = 4.8
	// net_only   54 + 10.8 tax - 54 credit = 10.8
}

// Something was wrong with the pages. What credits paid goes back as credits, what
// money paid is yours to return.
func Example_creditNote() {
	a := open("team")
	a.give("referral-7", "Referral", "4", meters)
	a.use(1_250)
	v := must(a.draft())
	must(invoice.Settle(ctx, a.Ledger, v))
	a.left("settled:")

	note := must(invoice.CreditNote(ctx, a.Ledger, v, invoice.NoteRequest{Key: "CN-1", Line: "use/pages"}))
	fmt.Println("note on", note.Amount, "credits back", note.Credit, "money back", note.Money)
	a.left("noted:  ")
	// Output:
	// settled: 0 USD of credit
	// note on 5 credits back 4 money back 1
	// noted:   4 USD of credit
}

// An invoice that was wrong is voided and made anew, with a number of its own.
func Example_void() {
	a := open("team")
	a.give("referral-7", "Referral", "20", ledger.Scope{})
	a.use(1_250)
	v := must(a.draft())
	must(invoice.Settle(ctx, a.Ledger, v))
	a.left("settled:")
	must(invoice.Void(ctx, a.Ledger, v))
	a.left("voided: ")

	v.ID += "-2"
	v.Discounts = []invoice.Discount{{Name: "Contract", Percent: num("10")}}
	fmt.Println("due", must(invoice.Settle(ctx, a.Ledger, v)).Due)
	// Output:
	// settled: 0 USD of credit
	// voided:  20 USD of credit
	// due 28.6
}

// A wallet of credits can pay an invoice, too, at a price. It pays in steps that make
// whole cents: 0.003 dollars a credit makes three cents of ten.
func Example_price() {
	a := open("enterprise")
	must(a.Grant(ctx, ledger.GrantRequest{
		Key: "gift", WalletID: a.credits, Source: ledger.SourcePromotion, Name: "Gift", Amount: decimal.NewFromInt(1_005),
	}))
	v := invoice.Invoice{
		ID: "INV-1", Currency: "USD",
		Lines: []invoice.Line{{ID: "setup", Item: ledger.Item{ID: "setup", Kind: invoice.KindFee}, Amount: num("10")}},
		Wallets: []invoice.Wallet{{
			ID: a.credits, Price: pricing.CreditPrice{Price: num("0.003"), Currency: "USD"},
		}},
	}
	quote := must(invoice.Preview(ctx, a.Ledger, v))
	for _, c := range quote.Credits {
		fmt.Println(c.Credits, "credits pay", c.Amount)
	}
	for _, u := range quote.Unused {
		fmt.Println(u.Credits, "stay:", u.Reason)
	}
	fmt.Println("due", quote.Due)
	// Output:
	// 1000 credits pay 3
	// 5 stay: dust
	// due 7
}

// On a plan with a commitment, what use leaves of it is a line of its own.
func Example_commitment() {
	a := open("enterprise")
	a.use(20_000)
	for _, l := range must(a.draft()).Lines {
		fmt.Println(l.Name, l.Amount)
	}
	// Output:
	// Pages read 300
	// Minimum commitment 200
}

// A correction that comes to more than the invoice makes nobody rich: nothing is due,
// and the surplus is for the next invoice.
func Example_surplus() {
	v := invoice.Invoice{ID: "INV-1", Currency: "USD", Lines: []invoice.Line{
		{ID: "march", Item: ledger.Item{ID: "pages", Kind: invoice.KindMeter}, Amount: num("5")},
		{ID: "february, corrected", Item: ledger.Item{ID: "pages", Kind: invoice.KindMeter}, Amount: num("-8")},
	}}
	bill := must(v.Bill())
	fmt.Println("due", bill.Due, "and", bill.Surplus, "for the next")
	// Output:
	// due 0 and 3 for the next
}
