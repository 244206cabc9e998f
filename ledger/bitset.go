package ledger

import (
	"encoding/binary"
	"iter"
	"math/bits"
)

// A bitset is a set of small numbers.
type bitset []uint64

// newBitset returns an empty set that has room for the numbers below n.
func newBitset(n int) bitset { return make(bitset, (n+63)/64) }

func (s bitset) add(i int) { s[i/64] |= 1 << (i % 64) }

func (s bitset) remove(i int) { s[i/64] &^= 1 << (i % 64) }

func (s bitset) has(i int) bool { return s[i/64]&(1<<(i%64)) != 0 }

// fill adds the numbers below n.
func (s bitset) fill(n int) {
	for i := range n {
		s.add(i)
	}
}

// in returns the numbers that are in both s and o, in order. During the loop they
// may be removed.
func (s bitset) in(o bitset) iter.Seq[int] {
	return func(yield func(int) bool) {
		for i := range s {
			for word := s[i] & o[i]; word != 0; word &= word - 1 {
				if !yield(i*64 + bits.TrailingZeros64(word)) {
					return
				}
			}
		}
	}
}

// key returns a text that is equal for equal sets with room for as many numbers.
func (s bitset) key() string {
	b := make([]byte, 0, 8*len(s))
	for _, word := range s {
		b = binary.LittleEndian.AppendUint64(b, word)
	}
	return string(b)
}
