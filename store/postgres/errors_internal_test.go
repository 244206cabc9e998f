package postgres

import (
	"errors"
	"fmt"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/ledger"
)

// TestCommitErrors checks what is made of an error of the server that ends a commit.
func TestCommitErrors(t *testing.T) {
	t.Parallel()
	unknown, conflict := ledger.ErrUnknownOutcome, ledger.ErrConflict
	for _, c := range []struct {
		name, severity, code string
		want                 error // nil: neither unknown nor a conflict
		lost                 bool
	}{
		{"statement completion unknown", "ERROR", "40003", unknown, false},
		{"transaction resolution unknown", "ERROR", "08007", unknown, false},
		{"connection failure", "ERROR", "08006", unknown, false},
		{"admin shutdown", "FATAL", "57P01", unknown, false},
		{"admin shutdown that is not called fatal", "ERROR", "57P01", unknown, false},
		{"crash shutdown", "FATAL", "57P02", unknown, false},
		{"crash shutdown, told as a warning", "WARNING", "57P02", unknown, false},
		{"any fatal error", "FATAL", "XX000", unknown, false},
		{"a panic of the server", "PANIC", "53100", unknown, false},
		{"serialization failure that ends the connection", "FATAL", "40001", unknown, false},
		{"serialization failure", "ERROR", "40001", conflict, true},
		{"deadlock detected", "ERROR", "40P01", conflict, true},
		{"a key or a place that is taken", "ERROR", "23505", conflict, false},
		{"a comparison that failed", "ERROR", "22012", conflict, false},
		{"a lock that was not to be had", "ERROR", "55P03", conflict, false},
		{"a query that was cancelled", "ERROR", "57014", nil, false},
		{"a full disk", "ERROR", "53100", nil, false},
		{"a table that is missing", "ERROR", "42P01", nil, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			cause := &pgconn.PgError{SeverityUnlocalized: c.severity, Code: c.code}
			err := judged(nil, fmt.Errorf("wrapped: %w", cause))
			require.Equal(t, c.lost, lost(err))
			err = translate(err)
			require.ErrorIs(t, err, cause)
			for _, sentinel := range []error{unknown, conflict} {
				require.Equal(t, errors.Is(c.want, sentinel), errors.Is(err, sentinel), sentinel)
			}
		})
	}
}
