package ledger

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/pricing"
)

// date is how texts for people write an instant.
const date = "2 Jan 2006 15:04 UTC"

// quantity returns so many of a unit, such as "37 credits".
func quantity(d decimal.Decimal, u Unit) string { return d.String() + " " + u.Name }

// title returns what people call g.
func (g *Grant) title() string {
	name := cmp.Or(g.Name, g.Package, string(g.Source))
	return fmt.Sprintf("%q (%v)", name, g.ID)
}

// ends returns until when g can be spent.
func (g *Grant) ends() string {
	if g.ExpiresAt.IsZero() {
		return "never expires"
	}
	return "expires " + g.ExpiresAt.Format(date)
}

// skipped has what texts say of each reason.
var skipped = map[Skip]string{
	SkipNotNeeded: "was not needed",
	SkipScope:     "may not pay for this",
	SkipPending:   "had yet to take effect",
	SkipExpired:   "had expired",
	SkipEmpty:     "was used up",
	SkipHeld:      "was held for something else",
	SkipVoided:    "had been cancelled",
	SkipMoved:     "had been carried on or transferred",
}

// String tells what was charged, how its price came about, and grant by grant who
// paid and who did not.
func (x Explanation) String() string {
	var s strings.Builder
	e := &x.Entry
	fmt.Fprintf(&s, "%s %d of %s\n", e.Kind, e.Seq, e.EffectiveAt.Format(date))
	for i := range e.Parts {
		x.part(&s, &e.Parts[i])
	}
	for _, c := range x.Considered {
		if c.Skip == "" {
			fmt.Fprintf(&s, "- %s of %s, which %s\n", quantity(c.Drawn, x.Unit), c.Grant.title(), c.Grant.ends())
		} else {
			fmt.Fprintf(&s, "- nothing of %s: it %s\n", c.Grant.title(), skipped[c.Skip])
		}
	}
	return s.String()
}

// part tells what one part cost, and what no grant paid of it.
func (x Explanation) part(s *strings.Builder, p *Part) {
	fmt.Fprintf(s, "%s for %s", quantity(p.Amount, x.Unit), cmp.Or(p.Item.ID, "what was used"))
	if p.Card != "" {
		fmt.Fprintf(s, ", priced by %q", strings.TrimSpace(p.Card+" "+p.Version))
	}
	for _, step := range p.Working {
		fmt.Fprintf(s, "; %s", line(step))
	}
	if p.Debt.IsPositive() {
		fmt.Fprintf(s, "; %v owed", p.Debt)
	}
	if p.Overage.IsPositive() {
		fmt.Fprintf(s, "; %v to be invoiced", p.Overage)
	}
	s.WriteString("\n")
}

// line returns a step of a price's working: "units: 7 at 4 = 28", "free units: 10" or,
// where it counts nothing, "minimum: 5".
func line(s pricing.Step) string {
	switch {
	case s.Quantity.IsZero():
		return fmt.Sprintf("%s: %v", s.Label, s.Amount)
	case s.Price.IsZero():
		return fmt.Sprintf("%s: %v", s.Label, s.Quantity)
	}
	return fmt.Sprintf("%s: %v at %v = %v", s.Label, s.Quantity, s.Price, s.Amount)
}

// places has what texts say of the credits in each pot, in the order of telling.
var places = []struct {
	pot  Pot
	text string
}{
	{PotPending, "have yet to take effect"},
	{PotRemaining, "can be spent"},
	{PotHeld, "are held"},
	{PotSpent, "were spent"},
	{PotExpired, "expired"},
	{PotVoided, "were cancelled"},
	{PotMoved, "were carried on or transferred"},
}

// String tells where the grant's credits are, and what happened to them.
func (x GrantExplanation) String() string {
	var s strings.Builder
	g := x.Grant
	fmt.Fprintf(&s, "%s: %s, issued %s", g.title(), quantity(g.Amount, x.Unit), g.IssuedAt.Format(date))
	if g.Paid.Amount.IsPositive() {
		fmt.Fprintf(&s, " for %v", g.Paid)
	}
	fmt.Fprintf(&s, ", %s\n", g.ends())
	for _, p := range places {
		if d := x.Pots[p.pot]; !d.IsZero() {
			fmt.Fprintf(&s, "%v %s\n", d, p.text)
		}
	}
	for _, step := range x.Steps {
		fmt.Fprintf(&s, "- %s: %s %d took %v from %s to %s", step.At.Format(date), step.Kind, step.Seq, step.Amount, step.From, step.To)
		if step.Item.ID != "" {
			fmt.Fprintf(&s, " for %s", step.Item.ID)
		}
		s.WriteString("\n")
	}
	return s.String()
}

// String answers "why do I have 37 credits?".
func (x WalletExplanation) String() string {
	var s strings.Builder
	b := &x.Balance
	fmt.Fprintf(&s, "%s available on %s", quantity(b.Available, x.Unit), b.At.Format(date))
	for _, more := range []struct {
		amount decimal.Decimal
		text   string
	}{{b.Held, "held"}, {b.Debt, "owed"}, {b.Pending, "to come"}} {
		if more.amount.IsPositive() {
			fmt.Fprintf(&s, ", %v %s", more.amount, more.text)
		}
	}
	s.WriteString("\n")
	for i := range b.Grants {
		x.grant(&s, &b.Grants[i], b.At)
	}
	fmt.Fprintf(&s, "How the balance of %v came about:\n", b.Total)
	for _, m := range slices.Sorted(maps.Keys(x.By)) {
		fmt.Fprintf(&s, "- %s: %s\n", m, signed(x.By[m]))
	}
	x.spent(&s)
	if !x.Overage.IsZero() {
		fmt.Fprintf(&s, "Overage that is yet to be billed: %v\n", x.Overage)
	}
	return s.String()
}

// spent tells what usage and refunds were for.
func (x WalletExplanation) spent(s *strings.Builder) {
	if len(x.Items)+len(x.Invoices) == 0 {
		return
	}
	fmt.Fprintf(s, "What was used, less refunds, is %v:\n", x.By[MovementUsage].Add(x.By[MovementRefund]).Neg())
	for _, item := range slices.Sorted(maps.Keys(x.Items)) {
		fmt.Fprintf(s, "- %v for %s\n", x.Items[item], cmp.Or(item, "no item in particular"))
	}
	for _, key := range slices.Sorted(maps.Keys(x.Invoices)) {
		fmt.Fprintf(s, "- %v for invoice %q\n", x.Invoices[key], key)
	}
}

// grant tells what is left of one grant.
func (x WalletExplanation) grant(s *strings.Builder, g *OpenGrant, at time.Time) {
	fmt.Fprintf(s, "- %v left of %v from %s", g.Remaining, g.Amount, g.title())
	if g.Held.IsPositive() {
		fmt.Fprintf(s, ", %v held", g.Held)
	}
	if g.EffectiveAt.After(at) {
		fmt.Fprintf(s, ", from %s", g.EffectiveAt.Format(date))
	}
	fmt.Fprintf(s, ", %s\n", g.ends())
}

// signed returns d with its sign, also above zero.
func signed(d decimal.Decimal) string {
	if d.IsPositive() {
		return "+" + d.String()
	}
	return d.String()
}
