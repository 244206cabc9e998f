package main

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
)

// A user is somebody who can sign in.
type user struct {
	email        string
	Name         string
	organization string // its ID; empty: one of the agency's staff
}

// Staff reports whether u works for the agency.
func (u user) Staff() bool { return u.organization == "" }

// home is where u is taken after signing in.
func (u user) home() string {
	if u.Staff() {
		return "/staff"
	}
	return "/o/" + u.organization
}

// addUser adds u, who signs in with a password.
func (p *portal) addUser(ctx context.Context, u user, password string) error {
	kept, err := hashPassword(password, p.rounds)
	if err != nil {
		return err
	}
	_, err = p.db.ExecContext(ctx, `INSERT INTO users (email, name, organization, password)
		VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`,
		u.email, u.Name, sql.NullString{String: u.organization, Valid: !u.Staff()}, kept)
	return err
}

// nobody's password is compared with if there is no such user, so that it takes as
// long to be refused as a wrong password does.
const nobody = "600000$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

// checkUser returns the user with that address, in lower case, and password, and whether there is
// one.
func (p *portal) checkUser(ctx context.Context, email, password string) (u user, ok bool, err error) {
	var kept string
	var organization sql.NullString
	err = p.db.QueryRowContext(ctx, `SELECT email, name, organization, password FROM users WHERE email = ?`,
		email).Scan(&u.email, &u.Name, &organization, &kept)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return user{}, false, err
	}
	if !isPassword(password, cmp.Or(kept, nobody)) {
		return user{}, false, nil
	}
	u.organization = organization.String
	return u, true, nil
}
