package main

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/scrip-go/scrip/ledger"
)

const (
	sessionCookie = "session"
	sessionLife   = 12 * time.Hour
)

// beginSession signs u in: the browser gets a random token, and the database what
// tells that token from others.
func (p *portal) beginSession(w http.ResponseWriter, r *http.Request, u user) error {
	token, now := rand.Text(), p.now()
	err := p.inTx(r.Context(), func(tx *sql.Tx, _ *ledger.Ledger) error {
		if _, err := tx.ExecContext(r.Context(), `DELETE FROM sessions WHERE expires_at <= ?`, now.UnixMicro()); err != nil {
			return err
		}
		_, err := tx.ExecContext(r.Context(), `INSERT INTO sessions (token, email, expires_at) VALUES (?, ?, ?)`,
			digest(token), u.email, now.Add(sessionLife).UnixMicro())
		return err
	})
	if err != nil {
		return err
	}
	http.SetCookie(w, p.cookie(token, int(sessionLife/time.Second)))
	return nil
}

// endSession signs out.
func (p *portal) endSession(w http.ResponseWriter, r *http.Request) error {
	if c, err := r.Cookie(sessionCookie); err == nil {
		if _, err := p.db.ExecContext(r.Context(), `DELETE FROM sessions WHERE token = ?`, digest(c.Value)); err != nil {
			return err
		}
	}
	http.SetCookie(w, p.cookie("", -1))
	return nil
}

// cookie returns the cookie of a session: out of reach of scripts and of requests
// that other sites make and, where there is TLS, of eavesdroppers.
func (p *portal) cookie(token string, maxAge int) *http.Cookie {
	return &http.Cookie{
		Name: sessionCookie, Value: token, Path: "/", MaxAge: maxAge,
		HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: strings.HasPrefix(p.address, "https:"),
	}
}

// signedIn returns who makes a request, and whether anybody does who is signed in.
func (p *portal) signedIn(ctx context.Context, r *http.Request) (u user, ok bool, err error) {
	c, err := r.Cookie(sessionCookie)
	if err != nil {
		return u, false, nil //nolint:nilerr // there is no such cookie
	}
	var organization sql.NullString
	err = p.db.QueryRowContext(ctx, `SELECT u.email, u.name, u.organization
		FROM sessions s JOIN users u ON u.email = s.email WHERE s.token = ? AND s.expires_at > ?`,
		digest(c.Value), p.now().UnixMicro()).Scan(&u.email, &u.Name, &organization)
	if errors.Is(err, sql.ErrNoRows) {
		return u, false, nil
	}
	u.organization = organization.String
	return u, err == nil, err
}

func digest(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}
