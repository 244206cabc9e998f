package main

import (
	"cmp"
	"slices"
)

// A link is one of those at the top of a page.
type link struct {
	Name, Address string
	Here          bool // it leads to the page that it is on
}

// A section is a page that has a link at the top of the others.
type section struct {
	template string
	name     string
	path     string // below the organization's
}

var (
	clientSections = []section{
		{"overview", "Overview", ""},
		{"credits", "Credits", "/credits"},
		{"usage", "Usage", "/usage"},
		{"history", "History", "/history"},
		{"request", "Request", "/request"},
		{"packages", "Buy", "/packages"},
		{"invoices", "Invoices", "/invoices"},
	}
	deskSections = []section{
		{"desk", "Desk", ""},
		{"wallet", "Why this balance?", "/explain"},
	}
	deskPages = []string{"desk", "wallet", "explain", "grant"}
)

// links returns what stands at the top of the page that a template makes: the pages of
// the organization or, on the staff's pages, theirs.
func links(f frame, template string) (all []link) {
	if f.User.Name == "" {
		return nil
	}
	if f.User.Staff() {
		all = append(all, link{"Clients", "/staff", template == "staff"})
	}
	organization := cmp.Or(f.Org.ID, f.User.organization)
	if organization == "" {
		return all
	}
	sections, base := clientSections, "/o/"+organization
	if slices.Contains(deskPages, template) {
		sections, base = deskSections, "/staff/"+f.Org.ID
	}
	for _, s := range sections {
		all = append(all, link{s.name, base + s.path, s.template == template})
	}
	return all
}
