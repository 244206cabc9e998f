package main

import (
	"bytes"
	"context"
	"html"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/ledger"
)

// noon is when all tests happen.
var noon = time.Date(2026, 3, 20, 12, 0, 0, 0, time.UTC)

// sampleFile is a database with the sample in it, which is made once.
var sampleFile = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "portal")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	path := filepath.Join(dir, "portal.db")
	p, err := open(context.Background(), path, testConfig(io.Discard))
	if err != nil {
		return nil, err
	}
	if err := p.sample(context.Background()); err != nil {
		return nil, err
	}
	if err := p.close(); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

func testConfig(log io.Writer) config {
	return config{now: func() time.Time { return noon }, log: slog.New(slog.NewTextHandler(log, nil)), rounds: 1}
}

// A site is a portal that answers requests.
type site struct {
	*portal
	t   *testing.T
	log *bytes.Buffer // what it logged: nothing, unless something is wrong
}

// newSite starts a portal with the sample in it.
func newSite(t *testing.T) *site {
	t.Helper()
	data, err := sampleFile()
	require.NoError(t, err)
	path := filepath.Join(t.TempDir(), "portal.db")
	require.NoError(t, os.WriteFile(path, data, 0o600))
	s := &site{t: t, log: new(bytes.Buffer)}
	s.portal, err = open(t.Context(), path, testConfig(s.log))
	require.NoError(t, err)
	server := httptest.NewServer(s.handler())
	s.address = server.URL
	t.Cleanup(func() {
		server.Close()
		require.NoError(t, s.close())
	})
	return s
}

// A browser is somebody's, who may be signed in.
type browser struct {
	*site
	client *http.Client
}

// visitor returns the browser of somebody who is not signed in.
func (s *site) visitor() *browser {
	jar, err := cookiejar.New(nil)
	require.NoError(s.t, err)
	return &browser{s, &http.Client{Jar: jar}}
}

// as returns the browser of somebody who has signed in.
func (s *site) as(email string) *browser {
	b := s.visitor()
	a := b.post("/sign-in", url.Values{"email": {email}, "password": {samplePassword}})
	require.Equal(s.t, http.StatusOK, a.status, a.text)
	return b
}

// An answer is what a browser shows in the end.
type answer struct {
	status int
	text   string
	shown  string // the text without what escapes it
	path   string // where it has been sent to
	header http.Header
}

func (b *browser) get(path string) answer { return b.do(http.MethodGet, path, nil, nil) }

func (b *browser) post(path string, form url.Values) answer {
	return b.do(http.MethodPost, path, form, nil)
}

func (b *browser) do(method, path string, form url.Values, header http.Header) answer {
	b.t.Helper()
	r, err := http.NewRequestWithContext(b.t.Context(), method, b.address+path, strings.NewReader(form.Encode()))
	require.NoError(b.t, err)
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for name, values := range header {
		r.Header[name] = values
	}
	response, err := b.client.Do(r)
	require.NoError(b.t, err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	require.NoError(b.t, err)
	return answer{response.StatusCode, string(text), html.UnescapeString(string(text)), response.Request.URL.Path, response.Header}
}

var keyField = regexp.MustCompile(`name="key" value="([A-Z2-7]{26})"`)

// key returns the key of the first form of a page.
func (b *browser) key(path string) string {
	b.t.Helper()
	found := keyField.FindStringSubmatch(b.get(path).text)
	require.Len(b.t, found, 2, "%s has no form", path)
	return found[1]
}

// available returns what an organization can spend.
func (s *site) available(o organization) string {
	s.t.Helper()
	b, err := s.books.Balance(s.t.Context(), o.wallet(), noon)
	require.NoError(s.t, err)
	return b.Available.String()
}

// entries returns the Seq of the last entry of an organization's journal.
func (s *site) entries(o organization) int64 {
	s.t.Helper()
	w, err := s.books.Wallet(s.t.Context(), o.wallet())
	require.NoError(s.t, err)
	return w.Seq
}

// count returns how many entries of some kind an organization's journal has.
func (s *site) count(o organization, kind ledger.Kind) (n int) {
	s.t.Helper()
	for _, err := range s.books.Journal(s.t.Context(), ledger.JournalQuery{WalletID: o.wallet(), Kinds: []ledger.Kind{kind}}) {
		require.NoError(s.t, err)
		n++
	}
	return n
}

// rows returns how many rows of a table have something.
func (s *site) rows(query string, args ...any) (n int) {
	s.t.Helper()
	require.NoError(s.t, s.db.QueryRowContext(s.t.Context(), "SELECT count(*) FROM "+query, args...).Scan(&n))
	return n
}

// last returns the last entry of some kind in an organization's journal.
func (s *site) last(o organization, kind ledger.Kind) ledger.Entry {
	s.t.Helper()
	for e, err := range s.books.Journal(s.t.Context(), ledger.JournalQuery{
		WalletID: o.wallet(), Kinds: []ledger.Kind{kind}, Descending: true,
	}) {
		require.NoError(s.t, err)
		return e
	}
	require.Fail(s.t, "there is none", kind)
	return ledger.Entry{}
}

func TestTheProgramStartsTellsHowToSignInAndStops(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	out, in := io.Pipe()
	done := make(chan error, 1)
	path := filepath.Join(t.TempDir(), "portal.db")
	data, err := sampleFile()
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(path, data, 0o600))
	go func() {
		err := run(ctx, in, path, 0)
		_ = in.Close()
		done <- err
	}()
	welcome := make([]byte, 4096)
	n, err := out.Read(welcome)
	require.NoError(t, err)
	go func() { _, _ = io.Copy(io.Discard, out) }()
	address := regexp.MustCompile(`http://127\.0\.0\.1:\d+`).FindString(string(welcome[:n]))
	require.NotEmpty(t, address, "%s", welcome[:n])
	response, err := http.Get(address + "/sign-in")
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	require.Equal(t, http.StatusOK, response.StatusCode)
	stop()
	require.NoError(t, <-done)
	_, err = http.Get(address + "/sign-in")
	require.Error(t, err, "it has stopped")
}

func TestTheSampleIsMadeOnceAndItsBooksAreRight(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	before := s.entries(acme)
	require.NoError(t, s.sample(t.Context()))
	require.Equal(t, before, s.entries(acme))
	for v, err := range s.books.VerifyAll(t.Context(), ledger.WalletID{}) {
		require.NoError(t, err)
		require.NoError(t, v.Err)
	}
}
