package main

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/pricing"
	"github.com/scrip-go/scrip/store/sqlite"
)

// fill writes a small file of books: 100 credits for 9.99 USD, 41 of them used and
// 15 refunded.
func fill(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "books.db")
	db, err := sqlite.Open(path)
	require.NoError(t, err)
	defer db.Close()
	store := sqlite.New(db, sqlite.Config{})
	require.NoError(t, store.Migrate(t.Context()))
	noon := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	books := ledger.New(store, ledger.Config{Now: func() time.Time { return noon }})
	w, err := books.OpenWallet(t.Context(), ledger.OpenWalletRequest{Key: "org-42", Unit: pricing.Credits()})
	require.NoError(t, err)
	for _, r := range []ledger.Request{
		ledger.GrantRequest{
			Key: "pay-1", WalletID: w.ID, Source: ledger.SourcePurchase, Name: "starter", Amount: decimal.New(100, 0),
			Paid: ledger.Money{Amount: decimal.New(999, -2), Currency: "USD"},
		},
		ledger.ChargeRequest{Key: "use-1", WalletID: w.ID, Item: "logo", Amount: decimal.New(41, 0)},
		ledger.RefundRequest{Key: "back-1", WalletID: w.ID, Charge: "use-1", Amount: decimal.New(15, 0)},
	} {
		_, err := books.Do(t.Context(), r)
		require.NoError(t, err)
	}
	return path
}

func TestCommandsAnswerFromTheBooks(t *testing.T) {
	t.Parallel()
	path := fill(t)
	for name, want := range map[string][]string{
		"balance org-42":                         {"available 74, held 0, owed 0, to come 0\n      74 of 100  2.1    purchase\n"},
		"balance org-42 2026-03-01T11:00:00Z":    {"available 0"},
		"statement org-42 2026-03-01 2026-03-02": {"purchase        100      100", "usage           -41       59", "refund           15       74"},
		"explain org-42":                         {"74 credits available on ", "- usage: -41\n"},
		"explain org-42 3":                       {"- 41 credits of \"starter\" (2.1), which never expires\n"},
		"explain org-42 2.1":                     {"74 can be spent\n26 were spent\n"},
		"verify":                                 {"1 wallets with 4 entries are right\n"},
		"liability":                              {"unit,currency,month,credits,money,wallets\ncredits,USD,,74,7.39,1\n"},
		"export journal":                         {`"kind":"refund"`},
		"export clients":                         {"credits.sold"},
		"export usage":                           {"2026-03-01T00:00:00Z,,,,logo,credits,1,0,41,0,26,2.60 USD\n"},
		"export sales":                           {"2026-03-01T00:00:00Z,,credits,USD,1,100,9.99,9.99,100,0\n"},
		"export deferred":                        {"credits,USD,0,0,100,9.99,"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			args := append([]string{"-db", path}, strings.Fields(name)...)
			require.NoError(t, run(t.Context(), args, &out, io.Discard))
			for _, w := range want {
				require.Contains(t, out.String(), w)
			}
		})
	}
}

func TestWrongBooksAndWrongCommandsAreErrors(t *testing.T) {
	t.Parallel()
	path := fill(t)
	for args, want := range map[string]string{
		"":                                       "usage: audit [-db FILE] COMMAND",
		"-x verify":                              "usage: audit",
		"balance":                                "usage: audit",
		"export everything":                      "usage: audit",
		"balance nobody":                         `there is no wallet with the key "nobody"`,
		"explain nobody":                         `there is no wallet with the key "nobody"`,
		"balance org-42 today":                   `"today" is not an instant such as 2026-03-01T12:00:00Z`,
		"statement org-42 2026-03-01 31.3.":      `"31.3." is not a day such as 2026-03-01`,
		"statement nobody 2026-03-01 2026-03-02": `there is no wallet with the key "nobody"`,
		"explain org-42 x":                       `"x" is neither an entry, such as 3, nor a grant, such as 2.1`,
		"explain org-42 x.1":                     `"x.1" is neither an entry`,
		"verify x":                               `"x" is not a UUID`,
	} {
		err := run(t.Context(), append([]string{"-db", path}, strings.Fields(args)...), io.Discard, io.Discard)
		require.ErrorContains(t, err, want, args)
	}
	require.ErrorContains(t, run(t.Context(), nil, io.Discard, io.Discard), "usage: audit", "also where there is no file")
	require.Error(t, run(t.Context(), []string{"-db", path + "x", "verify"}, io.Discard, io.Discard), "no such file")

	db, err := sqlite.Open(path)
	require.NoError(t, err)
	_, err = db.ExecContext(t.Context(), `UPDATE scrip_entries SET body = replace(body, '"41"', '"40"') WHERE seq = 3`)
	require.NoError(t, err)
	require.NoError(t, db.Close())
	var out bytes.Buffer
	require.Error(t, run(t.Context(), []string{"-db", path, "verify"}, &out, io.Discard))
	require.Contains(t, out.String(), "/3 ", "the changed entry is named")
}

func TestHledgerAgreesOnTheExamplesBooks(t *testing.T) {
	t.Parallel()
	program, err := exec.LookPath("hledger")
	if err != nil && os.Getenv("SCRIP_REQUIRE_DB") != "1" {
		t.Skip("hledger is not installed")
	}
	require.NoError(t, err)
	file, err := os.Create(filepath.Join(t.TempDir(), "books.journal"))
	require.NoError(t, err)
	require.NoError(t, run(t.Context(), []string{"-db", fill(t), "export", "hledger"}, file, io.Discard))
	require.NoError(t, file.Close())
	out, err := exec.CommandContext(t.Context(), program, "check", "-f", file.Name()).CombinedOutput()
	require.NoError(t, err, "%s", out)
}
