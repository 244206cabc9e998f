package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/scrip-go/scrip/ledger"
)

// Result codes of SQLite, see https://sqlite.org/rescode.html. The low byte of an
// extended code is its primary code.
const (
	codeError   = 1
	codeBusy    = 5
	codeLocked  = 6
	codeCorrupt = 11
	codeFull    = 13
	codeNotADB  = 26
)

// codeOf returns the primary result code of SQLite behind err, or zero if there is
// none.
func codeOf(err error) int {
	var coded interface{ Code() int }
	if errors.As(err, &coded) {
		return coded.Code() & 0xff
	}
	return 0
}

// isBusy reports whether err says that another connection holds a lock.
func isBusy(err error) bool {
	code := codeOf(err)
	return code == codeBusy || code == codeLocked
}

// translate returns err, of any statement but COMMIT, as this module's callers
// know it.
func translate(err error) error {
	switch codeOf(err) {
	case codeBusy, codeLocked:
		return fmt.Errorf("%w: %w", ledger.ErrConflict, err)
	case codeCorrupt, codeNotADB:
		return fmt.Errorf("%w: %w", ledger.ErrCorrupt, err)
	}
	if err != nil && !isContext(err) {
		return fmt.Errorf("sqlite: %w", err)
	}
	return err
}

// commitError returns what err, of a COMMIT, means. One that found the database
// busy, the disk full or its context ended has been rolled back. After any other
// error, such as one of the disk, the change may yet turn out to have reached it.
func commitError(err error) error {
	switch {
	case err == nil, isContext(err), errors.Is(err, sql.ErrTxDone): // ErrTxDone: it was not sent
		return err
	case isBusy(err), codeOf(err) == codeFull:
		return translate(err)
	}
	return fmt.Errorf("%w: %w", ledger.ErrUnknownOutcome, err)
}

// ended returns err or, if ctx has ended, its error, unless err leaves the outcome
// open: the end rolls back the transaction that was begun with ctx, and what the later
// statements of that run into depends on how far this has got.
func ended(ctx context.Context, err error) error {
	if err == nil || ctx.Err() == nil || errors.Is(err, ledger.ErrUnknownOutcome) {
		return err
	}
	return ctx.Err()
}

func isContext(err error) bool {
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}
