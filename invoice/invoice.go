package invoice

import (
	"fmt"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/pricing"
)

// Limits of an invoice.
const (
	MaxID    = 120 // bytes of the ID of an invoice, a line or a credit note
	MaxLines = ledger.MaxParts
)

// A Stage says at which point of an invoice credits are put against it.
type Stage string

// The stages. The empty Stage is StageBeforeTax.
const (
	StageBeforeTax Stage = "before_tax" // they reduce what is taxed
	StageAfterTax  Stage = "after_tax"  // they pay tax, too
	StageNetOnly   Stage = "net_only"   // they pay all but tax, which stays as it would be without them
)

// payable returns what credits may pay of an amount with its tax.
func (s Stage) payable(net, added, included decimal.Decimal) decimal.Decimal {
	switch s {
	case StageAfterTax:
		return net.Add(added)
	case StageNetOnly:
		return net.Sub(included)
	case StageBeforeTax:
	}
	return net
}

// An Invoice is what a customer used or bought, and whose credits may pay for it.
// The host keeps it: this package computes what is due and makes the credits follow.
// ID and Currency are required, and Lines or a Minimum.
type Invoice struct {
	ID       string `json:"id"`       // the idempotency key in each wallet that pays, at most [MaxID] bytes
	Currency string `json:"currency"` // ISO 4217

	// At is when what is on the invoice was used, and so which credits can pay for
	// it. Zero: when it is settled. It may be as far back as the wallets' lateness.
	At time.Time `json:"at,omitzero"`

	Lines     []Line          `json:"lines"`               // at most [MaxLines]
	Discounts []Discount      `json:"discounts,omitempty"` // one after the other, on what the earlier left
	Minimum   Minimum         `json:"minimum,omitzero"`
	Maximum   decimal.Decimal `json:"maximum,omitzero"` // what the lines come to at most, before credits and tax; zero: any amount

	Wallets  []Wallet        `json:"wallets,omitempty"`  // that pay, in this order
	Strategy ledger.Strategy `json:"strategy,omitempty"` // empty: StrategyInOrder
	Stage    Stage           `json:"stage,omitempty"`    // empty: StageBeforeTax

	Rounding  pricing.RoundingMode `json:"rounding,omitempty"`    // to the currency's minor unit; empty: RoundHalfUp
	TaxByLine bool                 `json:"tax_by_line,omitempty"` // tax is rounded line by line, not once for each tax
}

// A Minimum is what the lines of an invoice come to at least, before credits and
// tax. What they lack is a line of its own with the ID "minimum". The zero Minimum
// is none.
type Minimum struct {
	Amount decimal.Decimal `json:"amount"`
	Name   string          `json:"name,omitempty"` // of the line
	Item   ledger.Item     `json:"item,omitzero"`  // of the line: what credits with a scope look at
	Tax    Tax             `json:"tax,omitzero"`   // of the line
}

// minimumID is the ID of the line for what an invoice lacks of its minimum.
const minimumID = "minimum"

// A Wallet is one whose credits may pay an invoice.
type Wallet struct {
	ID ledger.WalletID `json:"id"`

	// Price is what one of its credits is worth. Zero: the wallet's unit is the
	// invoice's currency.
	Price pricing.CreditPrice `json:"price,omitzero"`
}

// Validate returns an error wrapping [ledger.ErrInvalid] that names the first field
// that is wrong, or nil.
func (v Invoice) Validate() error {
	_, err := v.check()
	return err
}

// check returns v in normal form: amounts without trailing zeros, times in UTC
// microseconds, what is left open filled in.
func (v Invoice) check() (_ Invoice, err error) {
	if err := checkID("id", v.ID); err != nil {
		return v, err
	}
	if _, ok := pricing.MinorUnits(v.Currency); !ok {
		return v, invalid("currency", "%.10q is not a currency of ISO 4217", v.Currency)
	}
	if len(v.Lines) == 0 && v.Minimum.Amount.IsZero() {
		return v, invalid("lines", "are not set, and there is no minimum")
	}
	if v.Lines, err = checkLines(v.Lines, !v.Minimum.Amount.IsZero()); err != nil {
		return v, err
	}
	if v.Discounts, err = checkDiscounts(v.Discounts); err != nil {
		return v, err
	}
	if err := v.checkBounds(); err != nil {
		return v, err
	}
	if err := v.checkWallets(); err != nil {
		return v, err
	}
	v.At = micros(v.At)
	return v, v.checkModes()
}

func checkLines(lines []Line, minimum bool) ([]Line, error) {
	if len(lines) > MaxLines {
		return nil, invalid("lines", "are %d, more than %d", len(lines), MaxLines)
	}
	lines = slices.Clone(lines)
	ids := make(map[string]bool, len(lines))
	for i := range lines {
		l := &lines[i]
		if err := l.check(); err != nil {
			return nil, within(fmt.Sprintf("lines[%d]", i), err)
		}
		if ids[l.ID] || minimum && l.ID == minimumID {
			return nil, invalid(fmt.Sprintf("lines[%d].id", i), "%q stands twice", l.ID)
		}
		ids[l.ID] = true
	}
	return lines, nil
}

func (v *Invoice) checkBounds() (err error) {
	if v.Minimum.Amount, err = pricing.Check("minimum.amount", v.Minimum.Amount); err != nil {
		return refused("", err)
	}
	if v.Maximum, err = pricing.Check("maximum", v.Maximum); err != nil {
		return refused("", err)
	}
	if err := checkItem("minimum.item", v.Minimum.Item); err != nil {
		return err
	}
	if v.Minimum.Tax, err = v.Minimum.Tax.check(); err != nil {
		return within("minimum.tax", err)
	}
	switch {
	case v.Minimum.Amount.IsNegative():
		return invalid("minimum.amount", "is %v and must not be negative", v.Minimum.Amount)
	case v.Maximum.IsNegative():
		return invalid("maximum", "is %v and must not be negative", v.Maximum)
	case v.Maximum.IsPositive() && v.Maximum.LessThan(v.Minimum.Amount):
		return invalid("maximum", "is %v, below the minimum of %v", v.Maximum, v.Minimum.Amount)
	}
	return nil
}

func (v *Invoice) checkWallets() error {
	seen := make(map[ledger.WalletID]bool, len(v.Wallets))
	for i, w := range v.Wallets {
		at := fmt.Sprintf("wallets[%d]", i)
		switch {
		case w.ID.IsZero():
			return invalid(at+".id", "is not set")
		case seen[w.ID]:
			return invalid(at+".id", "%v stands twice", w.ID)
		}
		seen[w.ID] = true
		if w.Price.IsZero() {
			continue
		}
		if err := w.Price.Validate(); err != nil {
			return refused(at+".price", err)
		}
		if w.Price.Currency != v.Currency {
			return invalid(at+".price.currency", "is %s, and the invoice is in %s", w.Price.Currency, v.Currency)
		}
	}
	return nil
}

func (v *Invoice) checkModes() error {
	if v.Strategy == "" {
		v.Strategy = ledger.StrategyInOrder
	}
	if v.Stage == "" {
		v.Stage = StageBeforeTax
	}
	if v.Rounding == "" {
		v.Rounding = pricing.RoundHalfUp
	}
	if v.Strategy != ledger.StrategyInOrder && v.Strategy != ledger.StrategyFullest {
		return invalid("strategy", "is %.40q and must be in_order or fullest", v.Strategy)
	}
	if v.Stage != StageBeforeTax && v.Stage != StageAfterTax && v.Stage != StageNetOnly {
		return invalid("stage", "is %.40q and must be before_tax, after_tax or net_only", v.Stage)
	}
	return refused("rounding", v.Rounding.Validate())
}
