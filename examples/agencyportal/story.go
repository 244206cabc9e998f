package main

import (
	"context"
	"time"
)

// people are the organizations of the story.
type people struct{ acme, harbor, lakeside *organization }

func (p *portal) people(ctx context.Context) (all people, err error) {
	for _, o := range []struct {
		to          **organization
		name, owner string
	}{{&all.acme, "Acme Bakery", "Ann"}, {&all.harbor, "Harbor Yoga", "Cleo"}, {&all.lakeside, "Lakeside Legal", "Dan"}} {
		if *o.to, err = p.join(ctx, o.name, o.owner); err != nil {
			return all, err
		}
	}
	return all, nil
}

// tell is what happens from January to April.
func (p *portal) tell(ctx context.Context) error {
	all, err := p.people(ctx)
	if err != nil {
		return err
	}
	for _, chapter := range []func(context.Context) error{all.purchases, all.january, all.february, all.spring} {
		if err := chapter(ctx); err != nil {
			return err
		}
		if err := p.sendMail(ctx); err != nil {
			return err
		}
	}
	return nil
}

// purchases are the first of each. A package is bought, and a promotion earned.
func (all people) purchases(ctx context.Context) error {
	all.acme.head("The clients buy credits")
	if err := all.acme.announce(ctx); err != nil {
		return err
	}
	if err := all.acme.buy(ctx, "pi_1001", "professional"); err != nil {
		return err
	}
	if err := all.acme.apply(ctx, "pi_1001", "professional"); err != nil { // the message comes twice
		return err
	}
	if err := all.harbor.buy(ctx, "pi_1002", "new_year"); err != nil {
		return err
	}
	if err := all.acme.redeem(ctx, "referred Harbor Yoga", ""); err != nil {
		return err
	}
	return all.lakeside.buy(ctx, "pi_1003", "starter")
}

// january is a month of requests: one of a kind at once, up to five, any number, and
// one that the credits do not suffice for.
func (all people) january(ctx context.Context) error {
	acme := all.acme
	acme.head("January: the clients make requests")
	if err := acme.until(ctx, time.January, 7); err != nil {
		return err
	}
	logo := acme.newRequest("Ann", "logo_design", 1)
	if err := logo.preview(ctx); err != nil {
		return err
	}
	err := inTurn(ctx, logo.create,
		acme.newRequest("Bob", "logo_design", 1).create,
		acme.newRequest("Bob", "blog_post", 1200).create)
	if err != nil {
		return err
	}
	var graphics []request
	for range 6 {
		g := acme.newRequest("Ann", "social_graphic", 1)
		if err := g.create(ctx); err != nil {
			return err
		}
		graphics = append(graphics, g)
	}
	if err := inTurn(ctx, graphics[0].deliver, acme.newRequest("Bob", "social_graphic", 1).create,
		func(ctx context.Context) error { return graphics[1].cancel(ctx, "asked for twice") },
		graphics[2].deliver, graphics[3].deliver, graphics[4].deliver, logo.deliver); err != nil {
		return err
	}
	if err := acme.until(ctx, time.January, 14); err != nil {
		return err
	}
	lakeside := all.lakeside
	return inTurn(ctx, acme.newRequest("Bob", "logo_design", 1).create,
		lakeside.newRequest("Dan", "logo_design", 1).create,
		lakeside.newRequest("Dan", "blog_post", 3500).create,
		lakeside.newRequest("Dan", "blog_post", 2000).create)
}

// february is what the team does by hand, and a recurring service.
func (all people) february(ctx context.Context) error {
	acme, harbor, lakeside := all.acme, all.harbor, all.lakeside
	acme.head("February: the team adjusts, a recurring service begins")
	if err := acme.until(ctx, time.February, 2); err != nil {
		return err
	}
	return inTurn(ctx,
		func(ctx context.Context) error {
			return acme.adjust(ctx, "late delivery", 15, "late delivery, compensation", never)
		},
		func(ctx context.Context) error {
			return acme.adjust(ctx, "no-show", -5, "missed a meeting, penalty", byDefault)
		},
		func(ctx context.Context) error {
			return acme.transfer(ctx, "to Harbor Yoga", harbor, 50, "sister company")
		},
		func(ctx context.Context) error { return lakeside.buy(ctx, "pi_1004", "enterprise") },
		func(ctx context.Context) error { return lakeside.takeBack(ctx, "pi_1004", "bought by mistake") },
		func(ctx context.Context) error { return harbor.redeem(ctx, "coupon", "FIVE-YEARS") },
		func(ctx context.Context) error { return harbor.subscribe(ctx, "care") },
		harbor.newRequest("Cleo", "logo_design", 1).create,
		harbor.newRequest("Cleo", "social_graphic", 5).create,
	)
}

// spring is when credits end: with warnings, with grace, and with an exception.
func (all people) spring(ctx context.Context) error {
	acme, harbor, lakeside := all.acme, all.harbor, all.lakeside
	acme.head("March and April: credits end")
	if err := acme.until(ctx, time.April, 8); err != nil {
		return err
	}
	err := inTurn(ctx,
		acme.newRequest("Ann", "blog_post", 5000).create,
		harbor.newRequest("Cleo", "blog_post", 2000).create,
		lakeside.newRequest("Dan", "social_graphic", 1).create)
	if err != nil {
		return err
	}
	if err := acme.until(ctx, time.April, 30); err != nil {
		return err
	}
	lakeside.receive("pi_1005", "starter") // and the message about it is lost
	return lakeside.adjust(ctx, "on leave", 7, "was on leave, exception", never)
}

// inTurn does steps one after the other, up to the first error.
func inTurn(ctx context.Context, steps ...func(context.Context) error) error {
	for _, step := range steps {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}
