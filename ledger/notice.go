package ledger

import (
	"time"

	"github.com/shopspring/decimal"
)

// A NoticeKind says what a notice is about.
type NoticeKind string

// A Notice is something that the host should act on or tell the owner. It is part
// of the entry that caused it, and delivered at least once.
type Notice struct {
	Kind   NoticeKind      `json:"kind"`
	Name   string          `json:"name,omitempty"` // of the limit, allowance or threshold
	Amount decimal.Decimal `json:"amount,omitzero"`
	Grant  GrantID         `json:"grant,omitzero"`
	At     time.Time       `json:"at,omitzero"` // the instant that it warns of
}

// watched is what notices compare before and after an entry.
type watched struct{}

func (w *Wallet) watch(*Entry) watched { return watched{} }

func (w *Wallet) notices(watched, *Entry) []Notice { return nil }

// nextWarning returns the next instant at which g makes a notice.
func (w *Wallet) nextWarning(*OpenGrant) time.Time { return time.Time{} }

func (d *draft) warn(time.Time) {}

// Alerts are the thresholds at which notices are made.
type Alerts struct{}

// TopUp is the rule for buying credits automatically.
type TopUp struct{}
