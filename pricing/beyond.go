package pricing

import "github.com/shopspring/decimal"

// A BeyondKind says what happens when a subscriber has used up all credits. Values are stable,
// because they are stored.
type BeyondKind string

// The kinds. The empty string means [BeyondRefuse].
const (
	BeyondRefuse   BeyondKind = "refuse"   // nothing more can be used
	BeyondPackages BeyondKind = "packages" // credits are bought in packages
	BeyondOverage  BeyondKind = "overage"  // what no credit paid is invoiced
	BeyondPostpaid BeyondKind = "postpaid" // the same, with a minimum that is invoiced anyway
)

// Beyond is what happens beyond the allowance of a plan. The zero Beyond refuses.
type Beyond struct {
	Kind BeyondKind `json:"kind,omitempty"`

	// Package, with packages, is the one to buy by name. Empty means the least costly that will
	// do: see [Catalog.Cheapest].
	Package string `json:"package,omitempty"`

	// Price, with overage and postpaid, is what a credit costs.
	Price CreditPrice `json:"price,omitzero"`

	// Surcharge is in percent. With overage it is on every credit; with postpaid on what exceeds
	// the commitment.
	Surcharge decimal.Decimal `json:"surcharge,omitzero"`

	// Commitment, with postpaid, is the least that a period is invoiced at. What use leaves of it
	// is trued up.
	Commitment Money `json:"commitment,omitzero"`
}

// Validate returns an error wrapping [ErrInvalid] if b lacks what its kind needs or states what
// its kind does not use.
func (b Beyond) Validate() error {
	invoiced := b.Kind == BeyondOverage || b.Kind == BeyondPostpaid
	switch b.Kind {
	case "", BeyondRefuse, BeyondPackages, BeyondOverage, BeyondPostpaid:
	default:
		return invalid("kind", "is %.40q and must be refuse, packages, overage or postpaid", string(b.Kind))
	}
	switch {
	case b.Package != "" && b.Kind != BeyondPackages:
		return invalid("package", "is only for kind packages")
	case !b.Price.IsZero() && !invoiced:
		return invalid("price", "is only for kinds overage and postpaid")
	case !b.Surcharge.IsZero() && !invoiced:
		return invalid("surcharge", "is only for kinds overage and postpaid")
	case !b.Commitment.IsZero() && b.Kind != BeyondPostpaid:
		return invalid("commitment", "is only for kind postpaid")
	}
	if !invoiced {
		return nil
	}
	return b.validateInvoiced()
}

func (b Beyond) validateInvoiced() error {
	if err := within("price", b.Price.Validate()); err != nil {
		return err
	}
	if _, err := checkNotNegative("surcharge", b.Surcharge); err != nil {
		return err
	}
	if b.Surcharge.Cmp(decimal.New(maxPercent, 0)) > 0 {
		return invalid("surcharge", "is %v percent and may be %d", b.Surcharge, maxPercent)
	}
	if b.Kind == BeyondOverage {
		return nil
	}
	if err := within("commitment", b.Commitment.validatePrice()); err != nil {
		return err
	}
	if b.Commitment.Currency != b.Price.Currency {
		return invalid("commitment.currency", "is %s, and a credit's price is in %s",
			b.Commitment.Currency, b.Price.Currency)
	}
	return nil
}

// A Bill is what a period costs for what no credit paid. Use + Surcharge + TrueUp = Total.
type Bill struct {
	Use       Money // the credits at their price
	Surcharge Money // on top, for all of them or for those beyond the commitment
	TrueUp    Money // what use leaves of the commitment
	Total     Money // rounded once, so that the parts above it are too
}

// Bill returns what a period costs in which so many credits were used that no credit paid. It is
// for the kinds overage and postpaid; the others have nothing to invoice, and are an error
// wrapping [ErrInvalid]. So is a negative number of credits.
func (b Beyond) Bill(credits decimal.Decimal, mode RoundingMode) (Bill, error) {
	if b.Kind != BeyondOverage && b.Kind != BeyondPostpaid {
		return Bill{}, invalid("kind", "is %q, which invoices nothing", string(b.Kind))
	}
	credits, err := checkNotNegative("credits", credits)
	if err != nil {
		return Bill{}, err
	}
	if err := mode.Validate(); err != nil {
		return Bill{}, within("mode", err)
	}
	money := func(d decimal.Decimal) Money { return Money{Amount: d, Currency: b.Price.Currency}.Round(mode) }
	used := credits.Mul(b.Price.Price)
	beyond := decimal.Max(decimal.Zero, used.Sub(b.Commitment.Amount))
	least := decimal.Max(used, b.Commitment.Amount)
	bill := Bill{Use: money(used), Total: money(least.Add(beyond.Mul(b.Surcharge).Shift(-2)))}
	rest := money(bill.Total.Amount.Sub(bill.Use.Amount))
	if beyond.IsPositive() {
		bill.Surcharge, bill.TrueUp = rest, money(decimal.Zero)
	} else {
		bill.Surcharge, bill.TrueUp = money(decimal.Zero), rest
	}
	return bill, nil
}
