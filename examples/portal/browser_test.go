package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/ledger"
)

// A person uses the portal in a real browser.
type person struct {
	*site
	ctx    context.Context // of the browser's window
	screen screen
}

// A screen is the size of a window.
type screen struct {
	name          string
	width, height int64
	options       []chromedp.EmulateViewportOption
}

var screens = []screen{
	{"wide", 1280, 800, nil},
	{"narrow", 360, 740, []chromedp.EmulateViewportOption{chromedp.EmulateMobile, chromedp.EmulateTouch}},
}

// chromium returns a browser. Without one the test is skipped or, if SCRIP_REQUIRE_DB
// is set as in CI, fails.
func chromium(t *testing.T) context.Context {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		if os.Getenv("SCRIP_REQUIRE_DB") == "1" {
			t.Fatal("there is no chromium")
		}
		t.Skip("there is no chromium")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.UserDataDir(t.TempDir()),
		chromedp.NoSandbox, chromedp.DisableGPU, chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true))
	ctx, stop := context.WithTimeout(t.Context(), 2*time.Minute)
	t.Cleanup(stop)
	ctx, stop = chromedp.NewExecAllocator(ctx, options...)
	t.Cleanup(stop)
	ctx, stop = chromedp.NewContext(ctx)
	t.Cleanup(stop)
	require.NoError(t, chromedp.Do(ctx), "the browser starts")
	return ctx
}

// window opens a window of a size, in which nobody is signed in.
func (s *site) window(browser context.Context, size screen) *person {
	ctx, stop := chromedp.NewContext(browser, chromedp.WithNewBrowserContext())
	s.t.Cleanup(stop)
	p := &person{s, ctx, size}
	p.do(chromedp.EmulateViewport(size.width, size.height, size.options...))
	return p
}

func (p *person) do(steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	require.NoError(p.t, chromedp.Do(p.ctx, steps...))
}

// visit goes to a page and looks at it.
func (p *person) visit(path string) {
	p.t.Helper()
	p.do(chromedp.Navigate(p.address + path))
	p.look()
}

// press clicks a button or a link and looks at the page that it leads to.
func (p *person) press(selector string) {
	p.t.Helper()
	require.NoError(p.t, chromedp.Do(p.ctx, chromedp.ScrollIntoView(selector)))
	_, err := chromedp.RunResponse(p.ctx, chromedp.Click(selector))
	require.NoError(p.t, err, selector)
	p.look()
}

// reads requires that the page says something.
func (p *person) reads(want ...string) {
	p.t.Helper()
	text, err := chromedp.Run(p.ctx, chromedp.Text("body"))
	require.NoError(p.t, err)
	for _, w := range want {
		require.Contains(p.t, text, w)
	}
}

// tooWide names what is wider than the screen.
const tooWide = `[...document.querySelectorAll("body *")]
	.filter(e => e.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
	.filter(e => !e.closest("thead, .skip"))
	.map(e => e.tagName + "." + e.className).join(", ")`

// unlabelled counts what people fill in without being told what it is for, and pages
// without a heading or without their style.
const unlabelled = `[...document.querySelectorAll("input:not([type=hidden]), select")].filter(e => e.labels.length == 0).length +
	(document.querySelectorAll("h1").length == 1 ? 0 : 1) +
	(document.styleSheets.length == 1 && document.styleSheets[0].cssRules.length > 0 ? 0 : 1)`

// look requires that nothing is wider than the screen, and that there is a label for
// all that can be filled in. With PORTAL_SCREENSHOTS set to
// a directory, it keeps there what it sees.
func (p *person) look() {
	p.t.Helper()
	address, err := chromedp.Run(p.ctx, chromedp.Location())
	require.NoError(p.t, err)
	width, err := chromedp.Run(p.ctx, chromedp.Evaluate[int64]("document.documentElement.scrollWidth"))
	require.NoError(p.t, err)
	wide, err := chromedp.Run(p.ctx, chromedp.Evaluate[string](tooWide))
	require.NoError(p.t, err)
	require.Empty(p.t, wide, "%s at %s", address, p.screen.name)
	require.LessOrEqual(p.t, width, p.screen.width, "%s at %s", address, p.screen.name)
	missing, err := chromedp.Run(p.ctx, chromedp.Evaluate[int](unlabelled))
	require.NoError(p.t, err)
	require.Zero(p.t, missing, "%s lacks labels, a heading or its style", address)
	if dir := os.Getenv("PORTAL_SCREENSHOTS"); dir != "" {
		picture, err := chromedp.Run(p.ctx, chromedp.FullScreenshot(100))
		require.NoError(p.t, err)
		name := strings.NewReplacer(p.address, "", "/", "_", "?", "_").Replace(address)
		require.NoError(p.t, os.WriteFile(filepath.Join(dir, p.screen.name+name+".png"), picture, 0o600))
	}
}

func (p *person) signIn(email string) {
	p.t.Helper()
	p.visit("/sign-in")
	p.do(chromedp.SendKeys(`[name="email"]`, email), chromedp.SendKeys(`[name="password"]`, samplePassword))
	p.press("main button")
}

func TestPeopleUseThePortalInABrowser(t *testing.T) {
	t.Parallel()
	browser := chromium(t)
	for _, size := range screens {
		t.Run("on a "+size.name+" screen", func(t *testing.T) {
			s := newSite(t)
			t.Run("a client", func(t *testing.T) { s.window(browser, size).client(t) })
			t.Run("the staff", func(t *testing.T) { s.window(browser, size).staffMember(t) })
			require.Empty(t, s.log.String())
		})
	}
}

// client signs in, lacks credits, buys some, uses them and looks at the history.
func (p *person) client(t *testing.T) {
	p.signIn("dan@fisher.example")
	p.reads("Fisher & Sons Legal", "10 credits", "No monthly plan")

	p.press(`a[href$="/request"].button`)
	p.do(chromedp.SetValue(`[name="item"]`, "article"), chromedp.SendKeys(`[name="quantity"]`, "1500"))
	p.press("main button")
	p.reads("That takes 30 credits, and there are only 10 for it.", "Buy Professional")

	p.press(`form[action="packages/professional"] button`)
	p.reads("Pretend Payments", "449.00")
	p.press("main button")
	p.reads("Thank you", "+525", "535 credits now")
	p.press(`a.button[href="/o/fisher-legal"]`)
	p.reads("535 credits")

	p.visit("/o/fisher-legal/request?item=article&quantity=1500")
	p.press("section:nth-of-type(2) button")
	p.reads("−30", "Paid with")

	p.press(`nav a[href$="/history"]`)
	p.do(chromedp.SetValue(`[name="type"]`, "purchase"))
	p.press(".filters button")
	p.reads("Professional", "Starter")
	shown, err := chromedp.Run(p.ctx, chromedp.Evaluate[[]string](`[...document.querySelectorAll("tbody .type")].map(e => e.textContent)`))
	require.NoError(t, err)
	require.Equal(t, []string{"Purchase", "Purchase"}, shown)

	p.press(`nav a[href$="/usage"]`)
	bars, err := chromedp.Run(p.ctx, chromedp.Evaluate[int](`document.querySelectorAll(".day").length`))
	require.NoError(t, err)
	require.Equal(t, 30, bars)
	p.press(`nav a[href$="/credits"]`)
	p.press(`nav a[href$="/invoices"]`)
	p.press("tbody a")
	p.reads("Invoice", "449.00")
	p.visit("/o/fisher-legal")
	p.press(".out button")
	p.reads("Sign in")
}

// staffMember signs in, adds credits, refunds a charge, and explains both.
func (p *person) staffMember(t *testing.T) {
	p.signIn("maria@northlight.example")
	p.press(`a[href="/staff/acme-bakery"]`)
	add := `form[action$="/add"] `
	p.do(chromedp.SendKeys(add+`[name="amount"]`, "12"), chromedp.SendKeys(add+`[name="reason"]`, "We delivered late"))
	p.press(add + "button")
	p.reads("+12", "We delivered late")

	charge := p.last(acme, ledger.KindCharge)
	p.visit(fmt.Sprintf("/staff/acme-bakery/entries/%d", charge.Seq))
	p.do(chromedp.SendKeys(`[name="reason"]`, "Not to their taste"))
	p.press("main form button")
	p.reads("+"+charge.Amount().String(), "Not to their taste")

	p.visit("/staff/acme-bakery/explain")
	p.reads("What made the balance")
	p.visit(fmt.Sprintf("/staff/acme-bakery/grants/%v", charge.Moves[0].Grant))
	p.reads("Where they are")
	p.visit("/o/acme-bakery")
	p.reads("You see what the people of Acme Bakery see")
	p.visit("/nowhere")
	p.reads("There is no such page")
	require.NoError(t, p.books.Verify(t.Context(), acme.wallet()))
}
