package main

import (
	"context"
	"fmt"
	"time"
)

// addClients adds clients with packages, and with recommended allocations.
func (a *agency) addClients(ctx context.Context) error {
	fmt.Fprintln(a.out, "\nMarch")
	for _, c := range []struct{ name, code, plan string }{
		{"Harbor Law", "HARBOR", "basic"},
		{"Fable Studio", "FABLE", "professional"},
		{"Metro Homes", "METRO", "enterprise"},
		{"Corner Bakery", "BAKERY", "standard"},
		{"Daily Crumb", "CRUMB", "active"},
	} {
		if err := a.addClient(ctx, c.name, c.code, c.plan); err != nil {
			return err
		}
	}
	return nil
}

// A session is edits that a client makes on a day.
type session struct {
	day    int
	client string
	edits  []runs
}

// work makes the sessions of a month.
func (a *agency) work(ctx context.Context, month time.Month, sessions ...session) error {
	for _, s := range sessions {
		a.on(month, s.day)
		if err := a.client(s.client).edit(ctx, s.edits...); err != nil {
			return err
		}
	}
	return nil
}

// march is a month in which a client needs more than it has.
func (a *agency) march(ctx context.Context) error {
	bakery := a.client("Corner Bakery")
	a.on(time.March, 3)
	if err := bakery.preview(ctx, runs{"block_editor", 3}, runs{"simple_blog", 1}); err != nil {
		return err
	}
	err := a.work(ctx, time.March,
		session{3, "Corner Bakery", []runs{{"block_editor", 3}, {"simple_blog", 1}}},
		session{4, "Harbor Law", []runs{{"block_editor", 3}}},
		session{5, "Fable Studio", []runs{{"block_editor", 3}, {"simple_blog", 1}}},
		session{6, "Metro Homes", []runs{{"page_builder", 5}, {"block_creator", 10}}},
		session{9, "Daily Crumb", []runs{{"simple_blog", 16}}},
		session{10, "Corner Bakery", []runs{{"block_editor", 6}}},
		session{12, "Fable Studio", []runs{{"element_editor", 2}}},
		session{18, "Harbor Law", []runs{{"element_editor", 2}}},
		session{19, "Corner Bakery", []runs{{"refresh_block", 2}}},
	)
	if err != nil {
		return err
	}
	a.on(time.March, 20)
	if err := bakery.topUp(ctx); err != nil {
		return err
	}
	return a.work(ctx, time.March,
		session{20, "Corner Bakery", []runs{{"refresh_block", 2}}},
		session{23, "Metro Homes", []runs{{"block_editor", 20}, {"simple_blog", 15}}},
		session{24, "Fable Studio", []runs{{"page_builder", 1}, {"refresh_block", 1}}},
	)
}

// april is when three clients ask for more, and each gets another answer.
func (a *agency) april(ctx context.Context) error {
	fmt.Fprintln(a.out, "\nApril")
	err := a.work(ctx, time.April,
		session{2, "Harbor Law", []runs{{"block_editor", 5}}},
		session{7, "Daily Crumb", []runs{{"simple_blog", 12}}},
		session{8, "Corner Bakery", []runs{{"block_editor", 9}, {"simple_blog", 2}}},
	)
	if err != nil {
		return err
	}
	for _, request := range []func(context.Context) error{a.project, a.ongoing, a.growing} {
		if err := request(ctx); err != nil {
			return err
		}
	}
	return nil
}

// project is a client that needs more once.
func (a *agency) project(ctx context.Context) error {
	a.on(time.April, 9)
	crumb := a.client("Daily Crumb")
	if err := crumb.ask(ctx, "for its spring campaign"); err != nil {
		return err
	}
	if err := crumb.addOneTime(ctx, number(100), "spring campaign"); err != nil {
		return err
	}
	return crumb.edit(ctx, runs{"page_builder", 6}, runs{"block_creator", 10})
}

// ongoing is a client that needs somewhat more every month.
func (a *agency) ongoing(ctx context.Context) error {
	a.on(time.April, 15)
	bakery := a.client("Corner Bakery")
	if err := bakery.ask(ctx, "for the same work every month"); err != nil {
		return err
	}
	if err := bakery.setMonthly(ctx, number(150)); err != nil {
		return err
	}
	return bakery.edit(ctx, runs{"block_editor", 3})
}

// growing is a client that has outgrown its package.
func (a *agency) growing(ctx context.Context) error {
	a.on(time.April, 16)
	harbor := a.client("Harbor Law")
	if err := harbor.ask(ctx, "for a site that grows"); err != nil {
		return err
	}
	if err := harbor.upgrade(ctx, "professional"); err != nil {
		return err
	}
	return harbor.edit(ctx, runs{"page_builder", 2})
}
