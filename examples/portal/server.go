package main

import (
	"context"
	"net/http"
)

// maxForm is how many bytes a request may have.
const maxForm = 64 << 10

// handler returns what answers requests: all pages, behind what protects them. Of
// requests that another site made a browser send only those are let through that
// change nothing.
func (p *portal) handler() http.Handler {
	protected := http.NewCrossOriginProtection()
	protected.SetDenyHandler(p.page(func(http.ResponseWriter, *http.Request) error { return errCrossOrigin }))
	return secured(http.MaxBytesHandler(protected.Handler(p.routes()), maxForm))
}

// routes returns the pages by their addresses.
func (p *portal) routes() http.Handler {
	m := http.NewServeMux()
	m.Handle("GET /static/", http.FileServerFS(staticFiles))
	m.Handle("GET /sign-in", p.page(p.showSignIn))
	m.Handle("POST /sign-in", p.page(p.signIn))
	m.Handle("POST /sign-out", p.page(p.signOut))
	m.Handle("POST /webhooks/payments", p.page(p.receivePayment))
	m.Handle("/provider/", p.provider.routes())
	m.Handle("GET /{$}", p.user(p.showHome))
	p.clientRoutes(m)
	p.staffRoutes(m)
	m.Handle("/", p.user(func(http.ResponseWriter, *http.Request, visit) error { return errNoPage }))
	return m
}

// clientRoutes adds what the people of an organization see and do.
func (p *portal) clientRoutes(m *http.ServeMux) {
	m.Handle("GET /o/{org}", p.client(p.showOverview))
	m.Handle("GET /o/{org}/credits", p.client(p.showCredits))
	m.Handle("GET /o/{org}/usage", p.client(p.showUsage))
	m.Handle("GET /o/{org}/history", p.client(p.showHistory))
	m.Handle("GET /o/{org}/history.csv", p.client(p.exportHistory))
	m.Handle("GET /o/{org}/history/{seq}", p.client(p.showEntry))
	m.Handle("GET /o/{org}/request", p.client(p.showRequest))
	m.Handle("POST /o/{org}/request", p.client(p.makeRequest))
	m.Handle("GET /o/{org}/packages", p.client(p.showPackages))
	m.Handle("POST /o/{org}/packages/{package}", p.client(p.buyPackage))
	m.Handle("GET /o/{org}/orders/{id}", p.client(p.showOrder))
	m.Handle("GET /o/{org}/invoices", p.client(p.showInvoices))
	m.Handle("GET /o/{org}/invoices/{number}", p.client(p.showInvoice))
}

// staffRoutes adds what the agency's staff sees and does.
func (p *portal) staffRoutes(m *http.ServeMux) {
	m.Handle("GET /staff", p.staff(p.showOrganizations))
	m.Handle("GET /staff/{org}", p.staff(p.showOrganization))
	m.Handle("POST /staff/{org}/{action}", p.staff(p.adjust))
	m.Handle("GET /staff/{org}/explain", p.staff(p.explainWallet))
	m.Handle("GET /staff/{org}/entries/{seq}", p.staff(p.explainEntry))
	m.Handle("POST /staff/{org}/entries/{seq}", p.staff(p.refund))
	m.Handle("GET /staff/{org}/grants/{grant}", p.staff(p.explainGrant))
	m.Handle("POST /staff/{org}/grants/{grant}", p.staff(p.void))
}

// policy is what a page may load: its own style sheet, and no script at all.
const policy = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// secured adds the headers that keep browsers from doing what no page here needs.
func secured(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cache-Control", "no-store") // what was on the screen is not kept after signing out
		next.ServeHTTP(w, r)
	})
}

// A visit is a request of somebody who is signed in, to the pages of an organization
// or, without one, to those that belong to none.
type visit struct {
	User user
	Org  organization
}

// page makes a handler of a function that can fail.
func (p *portal) page(show func(http.ResponseWriter, *http.Request) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		err := r.ParseForm()
		if err == nil {
			err = show(w, r)
		} else {
			err = unreadable(err)
		}
		if err != nil {
			p.fail(w, r, visit{}, err)
		}
	})
}

// user lets those see a page who are signed in, and sends the others to sign in.
func (p *portal) user(show func(http.ResponseWriter, *http.Request, visit) error) http.Handler {
	return p.page(func(w http.ResponseWriter, r *http.Request) error {
		u, ok, err := p.signedIn(r.Context(), r)
		switch {
		case err != nil:
			return err
		case !ok:
			http.Redirect(w, r, "/sign-in", http.StatusSeeOther)
			return nil
		}
		if err := show(w, r, visit{User: u}); err != nil {
			p.fail(w, r, visit{User: u}, err)
		}
		return nil
	})
}

// client lets the people of an organization see its pages and use them. The agency's
// staff sees them, too. To everybody else there is no such page.
func (p *portal) client(show func(http.ResponseWriter, *http.Request, visit) error) http.Handler {
	return p.user(func(w http.ResponseWriter, r *http.Request, v visit) (err error) {
		id := r.PathValue("org")
		switch {
		case v.User.organization != id && !v.User.Staff():
			return errNoPage
		case v.User.Staff() && r.Method == http.MethodPost:
			return errClientsOnly
		}
		if v.Org, err = p.organization(r.Context(), id); err != nil {
			return err
		}
		return show(w, r, v)
	})
}

// staff lets the agency's staff see a page.
func (p *portal) staff(show func(http.ResponseWriter, *http.Request, visit) error) http.Handler {
	return p.user(func(w http.ResponseWriter, r *http.Request, v visit) (err error) {
		if !v.User.Staff() {
			return errStaffOnly
		}
		if id := r.PathValue("org"); id != "" {
			if v.Org, err = p.organization(r.Context(), id); err != nil {
				return err
			}
		}
		return show(w, r, v)
	})
}

func (p *portal) showHome(w http.ResponseWriter, r *http.Request, v visit) error {
	http.Redirect(w, r, v.User.home(), http.StatusSeeOther)
	return nil
}

// organization returns the organization with that ID.
func (p *portal) organization(ctx context.Context, id string) (organization, error) {
	return organizationIn(ctx, p.db, id)
}
