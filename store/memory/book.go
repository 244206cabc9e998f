package memory

import (
	"slices"

	"github.com/scrip-go/scrip/ledger"
)

// A book is a wallet with its journal, where the entry of Seq n is at n-1, encoded: a
// long journal of bytes costs the garbage collector nothing.
type book struct {
	wallet *ledger.Wallet // nil until its first transaction ends
	until  int64          // its Seq, or that of the one which is to take its place
	bodies []string

	// The Seqs of entries:
	keyed map[string]int64  // by idempotency key
	of    map[int64][]int64 // by the Seq of the entry that they unwind or carry on
	late  []int64
}

func newBook() *book {
	return &book{keyed: make(map[string]int64), of: make(map[int64][]int64)}
}

// add appends e.
func (b *book) add(e *ledger.Entry) {
	b.bodies = append(b.bodies, e.Body())
	if e.Key != "" {
		b.keyed[e.Key] = e.Seq
	}
	if e.Of != 0 {
		b.of[e.Of] = append(b.of[e.Of], e.Seq)
	}
	if e.Late {
		b.late = append(b.late, e.Seq)
	}
}

// remove takes back that e was added, last.
func (b *book) remove(e *ledger.Entry) {
	b.bodies = withoutLast(b.bodies)
	delete(b.keyed, e.Key)
	if e.Of != 0 {
		b.of[e.Of] = withoutLast(b.of[e.Of])
	}
	if e.Late {
		b.late = withoutLast(b.late)
	}
}

func withoutLast[T any](s []T) []T { return slices.Delete(s, len(s)-1, len(s)) }

// entry returns the entry with that Seq, which must be there.
func (b *book) entry(seq int64) (ledger.Entry, error) {
	return ledger.DecodeEntry([]byte(b.bodies[seq-1]))
}

// seqs returns the Seqs of the entries that q asks for in all its pages together.
func (b *book) seqs(q ledger.Page) rising {
	switch {
	case q.Of != 0 && q.Late:
		return listed(slices.DeleteFunc(slices.Clone(b.of[q.Of]), func(seq int64) bool {
			_, found := slices.BinarySearch(b.late, seq)
			return !found
		}))
	case q.Of != 0:
		return listed(b.of[q.Of])
	case q.Late:
		return listed(b.late)
	}
	return rising{len(b.bodies), func(i int) int64 { return int64(i) + 1 }}
}
