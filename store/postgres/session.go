package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
)

// A session is one transaction on one connection. It begins with the first
// statement.
type session struct {
	conn  *pgx.Conn
	begin string
	begun bool
}

func (s *session) run(ctx context.Context, statements ...statement) error {
	if !s.begun {
		s.begun = true
		statements = append([]statement{{sql: s.begin}}, statements...)
	}
	return send(ctx, s.conn, statements)
}

// commit runs writes and makes the transaction durable, in one round trip. A lone
// statement is a transaction by itself. Until it is called, nothing has happened.
func (s *session) commit(ctx context.Context, writes []statement) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return judged(s.conn, s.finish(ctx, writes))
}

func (s *session) finish(ctx context.Context, writes []statement) error {
	if !s.begun && len(writes) == 1 {
		return send(ctx, s.conn, writes)
	}
	return s.run(ctx, append(writes[:len(writes):len(writes)], statement{sql: "COMMIT"})...)
}

// patience is how long a transaction that is not to be kept may take to end.
const patience = 5 * time.Second

// end rolls back what is not committed, whatever has become of ctx. A connection
// that does not answer is closed, which rolls back too.
func (s *session) end(ctx context.Context) {
	const idle = 'I'
	if s.conn.IsClosed() || s.conn.PgConn().TxStatus() == idle {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	if _, err := s.conn.Exec(ctx, "ROLLBACK"); err != nil {
		_ = s.conn.Close(ctx) // the connection is lost either way
	}
}
