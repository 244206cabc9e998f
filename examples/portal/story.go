package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/expiry"
	"github.com/scrip-go/scrip/ledger"
)

// A story is a portal whose clock is set to what is told of it.
type story struct {
	*portal
	clock time.Time
}

// day is what happens on a day.
func (s *story) day(ctx context.Context, day int) error {
	switch day {
	case 0:
		return inTurn(
			func() error { return s.join(ctx, acme) },
			func() error { return s.join(ctx, harbor) },
			func() error { return s.join(ctx, legal) },
			func() error { return s.subscribe(ctx, acme, "studio") },
			func() error { return s.subscribe(ctx, harbor, "essential") },
			func() error { return s.welcome(ctx, acme) },
		)
	case 8:
		return s.buy(ctx, harbor, "cleo@harbor.example", "starter")
	case 20:
		return s.buy(ctx, acme, "ann@acme.example", "professional")
	case 50:
		return s.buy(ctx, legal, "dan@fisher.example", "starter")
	case 70:
		return s.byHand(ctx, ledger.RefundRequest{
			Key: "refund 69", WalletID: acme.wallet(), Charge: "request acme-bakery 69.0", Info: byMaria("The logo was not to their taste"),
		})
	case 84:
		return s.byHand(ctx, ledger.AdjustRequest{
			Key: "late", WalletID: acme.wallet(), Amount: decimal.NewFromInt(15), Info: byMaria("We delivered late"),
		})
	case 88:
		return s.byHand(ctx, ledger.AdjustRequest{
			Key: "meeting", WalletID: acme.wallet(), Amount: decimal.NewFromInt(-5), Info: byMaria("Missed a meeting"),
		})
	case 92:
		return s.byHand(ctx, ledger.HoldRequest{
			Key: "draft", WalletID: acme.wallet(), Item: "logo", Quantity: decimal.NewFromInt(1), Life: 30 * 24 * time.Hour,
			Info: ledger.Info{Actor: "bob@acme.example", Reason: "A draft of a logo"},
		})
	}
	return s.use(ctx, day)
}

// A sampleHabit is what somebody asks for again and again.
type sampleHabit struct {
	organization
	email    string
	item     string
	quantity int64
	every    int // days
	first    int
}

var sampleHabits = []sampleHabit{
	{acme, "ann@acme.example", "logo", 1, 23, 23},
	{acme, "ann@acme.example", "article", 1_200, 6, 2},
	{acme, "bob@acme.example", "graphic", 1, 3, 1},
	{acme, "bob@acme.example", "support", 1, 9, 4},
	{acme, "ann@acme.example", "article", 600, 14, 11},
	{harbor, "cleo@harbor.example", "graphic", 1, 4, 3},
	{harbor, "cleo@harbor.example", "article", 800, 15, 10},
	{legal, "dan@fisher.example", "article", 2_500, 17, 57},
}

// use is what is asked for on a day. It may be too much for what is there.
func (s *story) use(ctx context.Context, day int) error {
	for i, h := range sampleHabits {
		if day < h.first || (day-h.first)%h.every != 0 {
			continue
		}
		s.clock = s.clock.Add(time.Duration(i+1) * 11 * time.Minute)
		_, err := s.charge(ctx, ledger.ChargeRequest{
			Key: fmt.Sprintf("request %s %d.%d", h.ID, day, i), WalletID: h.wallet(), Item: h.item,
			Quantity: decimal.NewFromInt(h.quantity), Info: ledger.Info{Actor: h.email},
		}, visit{user{email: h.email}, h.organization})
		if err != nil && !errors.Is(err, ledger.ErrInsufficientCredits) {
			return err
		}
	}
	return nil
}

// evening ends a day: what is due is done, and people are told.
func (s *story) evening(ctx context.Context) error {
	if _, err := s.books.Settle(ctx, 100); err != nil {
		return err
	}
	notices, err := s.books.TakeNotices(ctx, 100, time.Minute)
	if err != nil {
		return err
	}
	for _, n := range notices {
		if err := s.deliver(ctx, n); err != nil {
			return err
		}
		if err := s.books.AckNotices(ctx, n.ID); err != nil {
			return err
		}
	}
	return nil
}

// buy orders a package and pays for it.
func (s *story) buy(ctx context.Context, o organization, email, name string) error {
	k, _ := s.catalog.Package(name)
	id := "sample-" + o.ID
	ordered, err := s.order(ctx, "order "+id, order{ID: id, organization: o.ID, Email: email, Package: name, Price: k.Price})
	if err != nil {
		return err
	}
	return s.fulfil(ctx, paid{ID: "payment " + id, Reference: ordered.ID, Money: k.Price})
}

// welcome gives a new client some credits.
func (p *portal) welcome(ctx context.Context, o organization) error {
	return p.byHand(ctx, ledger.GrantRequest{
		Key: "welcome", WalletID: o.wallet(), Source: ledger.SourcePromotion, Name: "Welcome gift", Amount: decimal.NewFromInt(25),
		Expiry: expiry.Policy{Kind: expiry.PolicyAfter, After: expiry.Days(30)},
	})
}

func (p *portal) byHand(ctx context.Context, r ledger.Request) error {
	_, err := p.books.Do(ctx, r)
	return err
}

func byMaria(reason string) ledger.Info {
	return ledger.Info{Actor: "maria@northlight.example", Reason: reason}
}

// inTurn does one thing after the other, up to the first that fails.
func inTurn(steps ...func() error) error {
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}
