package main

import (
	"context"
	"errors"
	"fmt"
)

// A workspace is the agency's settings on which credits depend.
type workspace struct {
	credits   bool   // the credit system module is enabled
	billing   bool   // and so is the billing module
	processor string // how payments are processed, such as "Stripe" or "manual"; empty: not at all
	plan      string // the agency's own plan
}

var (
	errModule   = errors.New("enable the credit system module in the workspace settings")
	errBilling  = errors.New("enable the billing module to sell credits")
	errPayments = errors.New("configure Stripe or manual payment processing")
	errPlan     = errors.New("credit billing takes the Plus plan or a higher one")
)

// ready returns what is missing to bill with credits.
func (w *workspace) ready() error {
	switch {
	case !w.credits:
		return errModule
	case w.plan != "Plus" && w.plan != "Pro":
		return errPlan
	case !w.billing:
		return errBilling
	case w.processor == "":
		return errPayments
	}
	return nil
}

// setUp is what the agency does before its clients can buy.
func (p *portal) setUp(context.Context) error {
	p.head("Setting up")
	for _, step := range []struct {
		what string
		set  func()
	}{
		{"a new workspace", func() { p.plan = "Plus" }},
		{"the credit system module", func() { p.credits = true }},
		{"the billing module", func() { p.billing = true }},
		{"payments by Stripe", func() { p.processor = "Stripe" }},
	} {
		step.set()
		outcome := "ready"
		if err := p.ready(); err != nil {
			outcome = "next: " + err.Error()
		}
		fmt.Fprintf(p.out, "  %-26s  %s\n", step.what, outcome)
	}
	return p.ready()
}

// head begins a part of what the program prints.
func (p *portal) head(title string) { fmt.Fprintf(p.out, "\n%s\n", title) }
