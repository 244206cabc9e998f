package main

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func signInAs(email, password string) url.Values {
	return url.Values{"email": {email}, "password": {password}}
}

func TestSigningInLeadsToOnesOwnPage(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for email, want := range map[string]string{
		"ann@acme.example": "/o/acme-bakery", "  Cleo@Harbor.example ": "/o/harbor-yoga", "maria@northlight.example": "/staff",
	} {
		a := s.visitor().post("/sign-in", signInAs(email, samplePassword))
		require.Equal(t, http.StatusOK, a.status, email)
		require.Equal(t, want, a.path, email)
	}
}

func TestAWrongPasswordIsRefusedAsAnUnknownAddressIs(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	wrong := s.visitor().post("/sign-in", signInAs("ann@acme.example", "guess"))
	unknown := s.visitor().post("/sign-in", signInAs("xxx@acme.example", "guess"))
	require.Equal(t, http.StatusUnauthorized, wrong.status)
	require.Equal(t, http.StatusUnauthorized, unknown.status)
	require.Equal(t, strings.ReplaceAll(wrong.text, "ann@", "xxx@"), unknown.text)
	long := s.visitor().post("/sign-in", signInAs("ann@acme.example", strings.Repeat("x", maxPassword+1)))
	require.Equal(t, http.StatusBadRequest, long.status)
}

func TestPasswordsCannotBeGuessedByTryingMany(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for range maxAttempts {
		require.Equal(t, http.StatusUnauthorized, s.visitor().post("/sign-in", signInAs("ann@acme.example", "guess")).status)
	}
	a := s.visitor().post("/sign-in", signInAs("ANN@acme.example", samplePassword))
	require.Equal(t, http.StatusTooManyRequests, a.status)
	for range maxAttempts + 1 {
		s.as("bob@acme.example") // others can, and however often they are right
	}
	require.False(t, s.attempts.allow("ann@acme.example", noon.Add(attemptWindow-1)))
	require.True(t, s.attempts.allow("ann@acme.example", noon.Add(attemptWindow)))
}

func TestASessionEndsBySigningOutAndByTime(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.as("ann@acme.example")
	home, err := url.Parse(s.address)
	require.NoError(t, err)
	token := b.client.Jar.Cookies(home)
	a := b.post("/sign-out", url.Values{})
	require.Equal(t, "/sign-in", a.path)
	b.client.Jar.SetCookies(home, token)
	require.Equal(t, "/sign-in", b.get("/o/acme-bakery").path, "an old token is of no use")

	b = s.as("ann@acme.example")
	_, err = s.db.ExecContext(t.Context(), `UPDATE sessions SET expires_at = ?`, noon.UnixMicro())
	require.NoError(t, err)
	require.Equal(t, "/sign-in", b.get("/o/acme-bakery").path)
}

func TestASessionsCookieIsOutOfReach(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.visitor()
	b.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	a := b.post("/sign-in", signInAs("ann@acme.example", samplePassword))
	require.Equal(t, http.StatusSeeOther, a.status)
	cookie := a.header.Get("Set-Cookie")
	require.Contains(t, cookie, "HttpOnly")
	require.Contains(t, cookie, "SameSite=Lax")
	require.NotContains(t, cookie, "Secure", "there is no TLS here")
	s.address = "https" + strings.TrimPrefix(s.address, "http")
	require.True(t, s.cookie("x", 1).Secure)
	var kept []byte
	require.NoError(t, s.db.QueryRowContext(t.Context(), `SELECT token FROM sessions`).Scan(&kept))
	require.NotContains(t, cookie, string(kept), "what is kept does not let anybody in")
}

func TestPasswordsAreKeptHashed(t *testing.T) {
	t.Parallel()
	kept, err := hashPassword("secret", 2)
	require.NoError(t, err)
	again, err := hashPassword("secret", 2)
	require.NoError(t, err)
	require.NotEqual(t, kept, again, "each has its own salt")
	require.True(t, isPassword("secret", kept))
	require.False(t, isPassword("Secret", kept))
	for _, broken := range []string{"", "x", "2$x", "x$AAAA$AAAA", "2$!$AAAA", "2$AAAA$!", "2$AAAA$"} {
		require.False(t, isPassword("secret", broken), broken)
	}
}
