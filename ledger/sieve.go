package ledger

import "hash/maphash"

// A sieve remembers texts in a few bits each, so that it takes little memory for a
// long journal: of a text that is new to it, it says now and then that it is not
// (Bloom, 1970).
type sieve struct {
	seed maphash.Seed
	bits []uint64
}

// maxSieve bounds the words of a sieve: 8 MB.
const maxSieve = 1 << 20

// newSieve returns a sieve for about n texts, with 16 bits for each.
func newSieve(n int64) sieve {
	words := min(n/4+1, maxSieve)
	return sieve{maphash.MakeSeed(), make([]uint64, words)}
}

// seen remembers text and reports whether it may have been seen before; false: it
// has not.
func (s *sieve) seen(text string) bool {
	h := maphash.String(s.seed, text)
	step := h>>32 | 1
	all := true
	for range 4 {
		word, bit := &s.bits[h/64%uint64(len(s.bits))], uint64(1)<<(h%64)
		all = all && *word&bit != 0
		*word |= bit
		h += step
	}
	return all
}
