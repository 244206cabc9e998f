package main

import (
	"context"
	"fmt"
	"time"
)

// samplePassword is that of all sample users. Only this machine can reach the sample:
// a portal that others can reach has neither it nor them.
const samplePassword = "northlight"

// The organizations of the sample.
var (
	acme   = organization{"acme-bakery", "Acme Bakery", "Europe/Berlin"}
	harbor = organization{"harbor-yoga", "Harbor Yoga", "America/New_York"}
	legal  = organization{"fisher-legal", "Fisher & Sons Legal", "UTC"}
)

// sampleUsers are told to whoever starts the portal.
var sampleUsers = []user{
	{"ann@acme.example", "Ann", acme.ID},
	{"bob@acme.example", "Bob", acme.ID},
	{"cleo@harbor.example", "Cleo", harbor.ID},
	{"dan@fisher.example", "Dan", legal.ID},
	{"maria@northlight.example", "Maria", ""},
}

// about says who one of sampleUsers is.
func about(u user) string {
	for _, o := range []organization{acme, harbor, legal} {
		if o.ID == u.organization {
			return u.Name + " of " + o.Name
		}
	}
	return u.Name + ", staff of " + agency
}

// sampleDays is for how long the clients of the sample have been clients.
const sampleDays = 95

// sample fills a new portal: its clients have been there for some months, as a story on
// the same database tells day by day.
func (p *portal) sample(ctx context.Context) error {
	var known bool
	if err := p.db.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM users)`).Scan(&known); err != nil || known {
		return err
	}
	now := p.now().UTC()
	s := new(story)
	cfg := p.config
	cfg.now = func() time.Time { return s.clock }
	s.portal = newPortal(p.db, p.catalog, cfg)
	for day := range sampleDays {
		s.clock = time.Date(now.Year(), now.Month(), now.Day()-sampleDays+day, 13, 0, 0, 0, time.UTC)
		if err := s.day(ctx, day); err != nil {
			return fmt.Errorf("sample, day %d: %w", day, err)
		}
		if err := s.evening(ctx); err != nil {
			return err
		}
	}
	if err := s.books.Close(ctx); err != nil {
		return err
	}
	for _, u := range sampleUsers {
		if err := p.addUser(ctx, u, samplePassword); err != nil {
			return err
		}
	}
	return nil
}
