package ledger_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/expiry"
	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/pricing"
)

// A caseFile holds published cases: what another system states that comes of given
// terms, as the steps of one wallet and what must be there after them.
type caseFile struct {
	About string          `json:"about"`
	Cases []publishedCase `json:"cases"`
}

type publishedCase struct {
	ID     string `json:"id"`
	Rule   string `json:"rule"`
	Source string `json:"source"`

	Unit    ledger.Unit       `json:"unit,omitzero"` // zero: credits
	Terms   ledger.Terms      `json:"terms,omitzero"`
	Catalog *pricing.Catalog  `json:"catalog,omitempty"`
	Opened  time.Time         `json:"opened,omitzero"` // zero: at the first step
	Short   ledger.Shortfall  `json:"shortfall,omitempty"`
	Steps   []caseStep        `json:"steps"`
	Others  map[string]string `json:"published,omitempty"` // figures of the source that ours differ from
	Why     string            `json:"why,omitempty"`       // and why they do
}

// A caseStep is one operation at an instant, or a question about one. Exactly one of
// its pointers is set; no At is the instant of the step before.
type caseStep struct {
	At    time.Time `json:"at,omitzero"`
	Error string    `json:"error,omitempty"` // by name: insufficient, closed, frozen, invalid, not_found

	Grant     *caseGrant     `json:"grant,omitempty"`
	Subscribe *caseSubscribe `json:"subscribe,omitempty"`
	Change    *caseSubscribe `json:"change,omitempty"`
	Cancel    *caseCancel    `json:"cancel,omitempty"`
	Charge    *caseCharge    `json:"charge,omitempty"`
	Refund    *caseRefund    `json:"refund,omitempty"`
	Void      *caseVoid      `json:"void,omitempty"`
	Adjust    *caseAdjust    `json:"adjust,omitempty"`
	TakeBack  *caseTakeBack  `json:"take_back,omitempty"`
	Hold      *caseHold      `json:"hold,omitempty"`
	Capture   *caseHold      `json:"capture,omitempty"`
	Release   *caseHold      `json:"release,omitempty"`
	Balance   *caseBalance   `json:"balance,omitempty"`
	History   *caseHistory   `json:"history,omitempty"`
}

type caseGrant struct {
	ID          string        `json:"id"`
	Amount      string        `json:"amount"`
	Source      ledger.Source `json:"source,omitempty"` // empty: promotion
	Paid        ledger.Money  `json:"paid,omitzero"`
	Priority    int           `json:"priority,omitempty"`
	Scope       ledger.Scope  `json:"scope,omitzero"`
	Bucket      string        `json:"bucket,omitempty"`
	EffectiveAt time.Time     `json:"effective_at,omitzero"`
	Expiry      expiry.Policy `json:"expiry,omitzero"`
	ExpiresAt   time.Time     `json:"expires_at,omitzero"` // short for an expiry at an instant

	Repaid *string `json:"repaid,omitempty"` // expected: what of it paid debts at once
}

type caseSubscribe struct {
	Buckets     []ledger.Bucket  `json:"buckets"`
	Name        string           `json:"name,omitempty"`
	Cycle       expiry.Cycle     `json:"cycle,omitzero"`
	Anchor      time.Time        `json:"anchor,omitzero"`
	Prorate     ledger.Proration `json:"prorate,omitempty"`
	AtPeriodEnd bool             `json:"at_period_end,omitempty"`
}

type caseCancel struct {
	At          time.Time `json:"at,omitzero"`
	AtPeriodEnd bool      `json:"at_period_end,omitempty"`
}

type caseCharge struct {
	ID        string           `json:"id,omitempty"`
	Amount    decimal.Decimal  `json:"amount,omitzero"`
	Quantity  decimal.Decimal  `json:"quantity,omitzero"`
	Item      string           `json:"item,omitempty"`
	Kind      string           `json:"kind,omitempty"`
	UsedAt    time.Time        `json:"used_at,omitzero"`
	Shortfall ledger.Shortfall `json:"shortfall,omitempty"` // empty: the case's

	Draws   []caseDraw `json:"draws,omitempty"` // expected, in the order taken; absent: not looked at
	Overage string     `json:"overage,omitempty"`
	Debt    string     `json:"debt,omitempty"`
}

type caseDraw struct {
	Grant  string `json:"grant"`
	Amount string `json:"amount"`
}

type caseRefund struct {
	Charge   string          `json:"charge"`
	Amount   decimal.Decimal `json:"amount,omitzero"`
	Quantity decimal.Decimal `json:"quantity,omitzero"`

	Restored []caseDraw `json:"restored,omitempty"` // expected, in the order given back
	Forgiven string     `json:"forgiven,omitempty"` // expected, of what was owed
	Returned string     `json:"returned,omitempty"` // expected, all together
}

type caseVoid struct {
	Grant  string          `json:"grant"`
	Amount decimal.Decimal `json:"amount,omitzero"`
}

type caseAdjust struct {
	Amount decimal.Decimal `json:"amount"`
	Bucket string          `json:"bucket,omitempty"`
	Taken  []caseDraw      `json:"taken,omitempty"` // expected, in the order taken
}

type caseTakeBack struct {
	Grant    string       `json:"grant"`
	Returned ledger.Money `json:"returned,omitzero"` // expected
}

type caseHold struct {
	ID       string          `json:"id"`
	Amount   decimal.Decimal `json:"amount,omitzero"`
	Item     string          `json:"item,omitempty"`
	Life     string          `json:"life,omitempty"` // of a hold; empty: an hour
	Released string          `json:"released,omitempty"`
}

// A caseBalance is what must be there; what is absent is not looked at. The totals of
// what was consumed, expired and voided are those of the journal up to the instant.
type caseBalance struct {
	Available string `json:"available,omitempty"`
	Held      string `json:"held,omitempty"`
	Debt      string `json:"debt,omitempty"`
	Total     string `json:"total,omitempty"`
	Pending   string `json:"pending,omitempty"`
	Consumed  string `json:"consumed,omitempty"` // spent and owed
	Expired   string `json:"expired,omitempty"`
	Voided    string `json:"voided,omitempty"`
	Overage   string `json:"overage,omitempty"`

	Grants  map[string]string   `json:"grants,omitempty"`  // what remains of each
	Buckets map[string]string   `json:"buckets,omitempty"` // what is available in each
	Sources map[string]string   `json:"sources,omitempty"` // what is available of each
	Issued  map[string]string   `json:"issued,omitempty"`  // what each had when it was issued
	Items   map[string]string   `json:"items,omitempty"`   // what is available for each
	Carried map[string][]string `json:"carried,omitempty"` // what remains of each carried block of a bucket, oldest first
	Spent   map[string]string   `json:"spent,omitempty"`   // by each charge, less what was given back
}

// A caseHistory is a statement from an instant to another.
type caseHistory struct {
	From    time.Time  `json:"from"`
	To      time.Time  `json:"to"`
	Opening string     `json:"opening,omitempty"`
	Closing string     `json:"closing,omitempty"`
	Used    string     `json:"used,omitempty"`  // by charges in this time
	Lines   []caseLine `json:"lines,omitempty"` // those that changed the balance, oldest first
}

type caseLine struct {
	At     time.Time   `json:"at"`
	Kind   ledger.Kind `json:"kind"`
	Change string      `json:"change"`
}

// TestPublishedCases restates what other systems publish. Each case runs as written,
// with everything read before each step, and with the books swept before each step:
// neither reading nor sweeping changes an answer.
func TestPublishedCases(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/cases/*.json")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	seen := make(map[string]bool)
	for _, file := range files {
		for _, c := range loadCases(t, file).Cases {
			require.False(t, seen[c.ID], "%s stands twice", c.ID)
			seen[c.ID] = true
			t.Run(c.ID, func(t *testing.T) {
				require.NotEmpty(t, c.Rule)
				require.True(t, strings.HasPrefix(c.Source, "https://"), "the source of %s", c.ID)
				require.Equal(t, len(c.Others) > 0, c.Why != "", "a different figure needs a reason")
				t.Run("as written", func(t *testing.T) { runCase(t, c, func(*caseRun) {}) })
				t.Run("read before each step", func(t *testing.T) { runCase(t, c, (*caseRun).look) })
				t.Run("swept before each step", func(t *testing.T) { runCase(t, c, func(r *caseRun) { r.sweep() }) })
			})
		}
	}
}

func loadCases(t *testing.T, file string) caseFile {
	data, err := os.ReadFile(file)
	require.NoError(t, err)
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	var f caseFile
	require.NoError(t, d.Decode(&f), file)
	return f
}

// caseRun is a case under way.
type caseRun struct {
	*books
	c      publishedCase
	wallet ledger.WalletID
	grants map[string]ledger.GrantID
	holds  map[string]ledger.HoldID
	late   time.Time // the earliest instant of use reported late
}

func runCase(t *testing.T, c publishedCase, before func(*caseRun)) {
	cfg := ledger.Config{}
	if c.Catalog != nil {
		catalog, err := pricing.New(*c.Catalog)
		require.NoError(t, err)
		cfg.Catalog = catalog
	}
	r := &caseRun{books: open(t, cfg), c: c, grants: make(map[string]ledger.GrantID), holds: make(map[string]ledger.HoldID)}
	r.clock = c.Opened
	if r.clock.IsZero() {
		r.clock = c.Steps[0].At
	}
	if c.Unit == (ledger.Unit{}) {
		c.Unit = pricing.Credits()
	}
	r.wallet = r.walletIn(c.Unit, c.Terms)
	for i := range c.Steps {
		s := &c.Steps[i]
		if !s.At.IsZero() {
			r.clock = s.At
		}
		before(r)
		r.step(i, s)
	}
	r.again()
}

// again asks of the past what was asked of the present, but for what use reported late
// has changed since.
func (r *caseRun) again() {
	at := r.c.Opened
	for i, s := range r.c.Steps {
		if !s.At.IsZero() {
			at = s.At
		}
		settled := !slices.ContainsFunc(r.c.Steps[i:], func(s caseStep) bool { return s.Balance == nil && (s.At.IsZero() || s.At.Equal(at)) })
		if s.Balance != nil && settled && (r.late.IsZero() || at.Before(r.late)) {
			r.checkBalance(i, at, s.Balance)
		}
	}
}

func (r *caseRun) look() {
	_, err := r.Wallet(r.ctx, r.wallet)
	require.NoError(r.t, err)
	for _, ago := range []time.Duration{0, time.Microsecond, hour, day} {
		at := r.clock.Add(-ago)
		_, err = r.Balance(r.ctx, r.wallet, at)
		require.NoError(r.t, err)
		_, err = r.Statement(r.ctx, r.wallet, at.Add(-time.Microsecond), at)
		require.NoError(r.t, err)
	}
	_, _ = r.Check(r.ctx, ledger.ChargeRequest{WalletID: r.wallet, Amount: dec("1")})
}
