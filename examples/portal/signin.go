package main

import (
	"net/http"
	"strings"
)

// A signInForm is the page at which people sign in.
type signInForm struct{ Email, Alert string }

func (p *portal) showSignIn(w http.ResponseWriter, r *http.Request) error {
	return p.render(w, http.StatusOK, frame{Title: "Sign in", Page: signInForm{}}, "signin")
}

// signIn begins a session. Whether it was the address or the password that was wrong
// is not told, nor can it be measured.
func (p *portal) signIn(w http.ResponseWriter, r *http.Request) error {
	email, password := strings.ToLower(strings.TrimSpace(r.PostFormValue("email"))), r.PostFormValue("password")
	refuse := func(status int, why string) error {
		return p.render(w, status, frame{Title: "Sign in", Page: signInForm{email, why}}, "signin")
	}
	if len(password) > maxPassword || len(email) > maxPassword {
		return refuse(http.StatusBadRequest, "That is too long for an address or a password.")
	}
	if !p.attempts.allow(email, p.now()) {
		return refuse(http.StatusTooManyRequests, "There were too many attempts. Please wait a quarter of an hour.")
	}
	u, ok, err := p.checkUser(r.Context(), email, password)
	switch {
	case err != nil:
		return err
	case !ok:
		return refuse(http.StatusUnauthorized, "There is nobody with this address and password.")
	}
	p.attempts.succeeded(email)
	if err := p.beginSession(w, r, u); err != nil {
		return err
	}
	http.Redirect(w, r, u.home(), http.StatusSeeOther)
	return nil
}

func (p *portal) signOut(w http.ResponseWriter, r *http.Request) error {
	if err := p.endSession(w, r); err != nil {
		return err
	}
	http.Redirect(w, r, "/sign-in", http.StatusSeeOther)
	return nil
}
