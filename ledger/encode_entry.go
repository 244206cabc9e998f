package ledger

import (
	"encoding"
	"strconv"

	"github.com/shopspring/decimal"
)

// entryText appends the JSON text of e: what an [encoder] of it would append, but
// written out, which takes half the time, because every operation pays for it. What few
// entries have is left to encoders.
func entryText(b []byte, e *Entry) []byte {
	start := len(b)
	b = quoted(named(b, "wallet_id"), e.WalletID)
	b = strconv.AppendInt(named(b, "seq"), e.Seq, 10)
	b = appendString(named(b, "kind"), string(e.Kind))
	b = unlessEmpty(b, "key", e.Key)
	b = unlessZero(b, "fingerprint", e.Fingerprint)
	b = quoted(named(b, "effective_at"), e.EffectiveAt)
	b = quoted(named(b, "recorded_at"), e.RecordedAt)
	b = rarely(b, "late", e.Late, e.Late)
	b = unlessNothing(b, "change", e.Change)
	b = unlessNothing(b, "balance", e.Balance)
	b = rarely(b, "of", e.Of, e.Of != 0)
	b = rarely(b, "peer", e.Peer, !e.Peer.IsZero())
	b = list(b, "parts", e.Parts, partText)
	b = list(b, "moves", e.Moves, moveText)
	b = rarely(b, "debts", e.Debts, len(e.Debts) > 0)
	b = rarely(b, "counts", e.Counts, len(e.Counts) > 0)
	b = rarely(b, "opening", e.Opening, e.Opening != nil)
	b = rarely(b, "grants", e.Grants, len(e.Grants) > 0)
	b = rarely(b, "reopened", e.Reopened, len(e.Reopened) > 0)
	b = rarely(b, "terms", e.Terms, e.Terms != nil)
	b = rarely(b, "subscription", e.Subscription, e.Subscription != nil)
	b = rarely(b, "hold", e.Hold, e.Hold != nil)
	b = rarely(b, "refusal", e.Refusal, e.Refusal != nil)
	b = rarely(b, "billed", e.Billed, e.Billed != 0)
	b = rarely(b, "checkpoint", e.Checkpoint, e.Checkpoint != nil)
	b = rarely(b, "returned", e.Returned, !e.Returned.IsZero())
	b = rarely(b, "notices", e.Notices, len(e.Notices) > 0)
	b = unlessEmpty(b, "reference", e.Reference)
	b = unlessEmpty(b, "reason", e.Reason)
	b = unlessEmpty(b, "actor", e.Actor)
	b = rarely(b, "metadata", e.Metadata, len(e.Metadata) > 0)
	b = quoted(named(b, "previous"), e.Previous)
	return object(b, start)
}

func partText(b []byte, p *Part) []byte {
	start := len(b)
	if p.Item != (Item{}) {
		b = itemText(named(b, "item"), p.Item)
	}
	b = unlessEmpty(b, "line", p.Line)
	b = unlessZero(b, "at", p.At)
	b = unlessNothing(b, "quantity", p.Quantity)
	b = rarely(b, "quantities", p.Quantities, len(p.Quantities) > 0)
	b = rarely(b, "attributes", p.Attributes, len(p.Attributes) > 0)
	b = amount(named(b, "amount"), p.Amount)
	b = unlessNothing(b, "debt", p.Debt)
	b = unlessNothing(b, "overage", p.Overage)
	b = unlessEmpty(b, "card", p.Card)
	b = unlessEmpty(b, "version", p.Version)
	b = rarely(b, "working", p.Working, len(p.Working) > 0)
	b = rarely(b, "counts", p.Counts, len(p.Counts) > 0)
	return object(b, start)
}

func itemText(b []byte, i Item) []byte {
	start := len(b)
	b = unlessEmpty(b, "kind", i.Kind)
	b = unlessEmpty(b, "id", i.ID)
	return object(b, start)
}

func moveText(b []byte, m *Move) []byte {
	start := len(b)
	b = quoted(named(b, "grant"), m.Grant)
	b = appendString(named(b, "from"), string(m.From))
	b = appendString(named(b, "to"), string(m.To))
	b = amount(named(b, "amount"), m.Amount)
	b = rarely(b, "part", m.Part, m.Part != 0)
	return object(b, start)
}

// named appends a comma and the name of a member, with a colon.
func named(b []byte, name string) []byte {
	b = append(b, ',', '"')
	b = append(b, name...)
	return append(b, '"', ':')
}

// object makes an object of the members from start on, of which there are some.
func object(b []byte, start int) []byte {
	b[start] = '{' // in place of the first comma
	return append(b, '}')
}

// quoted appends the text of x.
func quoted[T encoding.TextAppender](b []byte, x T) []byte {
	return append(appendText(append(b, '"'), x), '"')
}

// amount appends d.
func amount(b []byte, d decimal.Decimal) []byte {
	return append(appendDecimal(append(b, '"'), d), '"')
}

// The following append a member, unless it has nothing to say.

func unlessEmpty(b []byte, name, s string) []byte {
	if s == "" {
		return b
	}
	return appendString(named(b, name), s)
}

func unlessNothing(b []byte, name string, d decimal.Decimal) []byte {
	if d.IsZero() {
		return b
	}
	return amount(named(b, name), d)
}

func unlessZero[T interface {
	encoding.TextAppender
	IsZero() bool
}](b []byte, name string, x T) []byte {
	if x.IsZero() {
		return b
	}
	return quoted(named(b, name), x)
}

func list[T any](b []byte, name string, items []T, item func([]byte, *T) []byte) []byte {
	if len(items) == 0 {
		return b
	}
	b = append(named(b, name), '[')
	for i := range items {
		b = append(item(b, &items[i]), ',')
	}
	return end(b, ']')
}

func rarely[T any](b []byte, name string, v T, has bool) []byte {
	if !has {
		return b
	}
	return appendJSON(named(b, name), v)
}
