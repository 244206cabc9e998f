package postgres

import (
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/scrip-go/scrip/ledger"
)

// Codes of errors, from appendix A of PostgreSQL's manual.
const (
	codeDivisionByZero       = "22012" // how [postEntries] says that it lost
	codeUniqueViolation      = "23505"
	codeSerializationFailure = "40001"
	codeCompletionUnknown    = "40003"
	codeDeadlockDetected     = "40P01"
	codeConnectionFailure    = "08006"
	codeResolutionUnknown    = "08007"
	codeAdminShutdown        = "57P01"
	codeCrashShutdown        = "57P02"
	codeDuplicateObject      = "42710"
	codeDuplicateTable       = "42P07"
	codeUndefinedColumn      = "42703"
	codeUndefinedTable       = "42P01"
	codeLockNotAvailable     = "55P03" // the host has set lock_timeout
)

func codeOf(err error) string {
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		return e.Code
	}
	return ""
}

// lost reports whether err is how the server ends a transaction that met another
// one, and that may well succeed when repeated.
func lost(err error) bool {
	switch codeOf(err) {
	case codeSerializationFailure, codeDeadlockDetected:
		return !errors.Is(err, ledger.ErrUnknownOutcome)
	}
	return false
}

// translate returns err in the ledger's words.
func translate(err error) error {
	if errors.Is(err, ledger.ErrUnknownOutcome) {
		return err
	}
	switch codeOf(err) {
	case codeDivisionByZero, codeUniqueViolation, codeLockNotAvailable, codeSerializationFailure, codeDeadlockDetected:
		return fmt.Errorf("%w: %w", ledger.ErrConflict, err)
	case codeUndefinedTable, codeUndefinedColumn:
		return fmt.Errorf("postgres: tables are missing or not up to date, see Store.Migrate: %w", err)
	}
	return err
}

// judged returns err, which ended a commit on c, as an unknown outcome if it is one.
func judged(c *pgx.Conn, err error) error {
	if err != nil && ambiguous(c, err) {
		return fmt.Errorf("%w: %w", ledger.ErrUnknownOutcome, err)
	}
	return err
}

// ambiguous reports whether err, which ended a commit on c, leaves open whether
// the change was kept. The server's own errors mean that it was not, except those
// by which it says that it does not know or goes away. Of others, pgx leaves the
// connection open only if nothing was sent.
func ambiguous(c *pgx.Conn, err error) bool {
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		return vague(e)
	}
	return c.IsClosed() && !pgconn.SafeToRetry(err)
}

// vague reports whether by e the server says that it does not know what became of a
// commit, or that it goes away. Not every server that speaks the protocol calls the
// latter fatal.
func vague(e *pgconn.PgError) bool {
	switch e.Code {
	case codeCompletionUnknown, codeResolutionUnknown, codeConnectionFailure, codeAdminShutdown, codeCrashShutdown:
		return true
	}
	return e.SeverityUnlocalized == "FATAL" || e.SeverityUnlocalized == "PANIC"
}
